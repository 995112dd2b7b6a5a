//! White cards: with a body, with something that reaches the edges, or with one number.
use super::{Range, RangeMark, Slot, Status, Tone, Words};
use leptos::prelude::*;

/// Rank of a card's heading among those of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Heading {
    /// A part of the page.
    #[default]
    Two,
    /// A part of a section.
    Three,
}

fn header(title: Words, heading: Heading, note: Slot, aside: Slot) -> Option<impl IntoView> {
    title.0.map(|title| {
        let title = match heading {
            Heading::Two => view! { <h2>{title}</h2> }.into_any(),
            Heading::Three => view! { <h3>{title}</h3> }.into_any(),
        };
        view! {
            <header>
                {title}
                {note.map(|note| view! { <p>{note}</p> })}
                {aside.map(|aside| view! { <span class="push">{aside}</span> })}
            </header>
        }
    })
}

/// A card whose content stands in from the edges.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Words,
    #[prop(optional)] heading: Heading,
    /// Beside the title, in grey.
    #[prop(optional, into)]
    note: Slot,
    /// At the end of the head: a badge, a link.
    #[prop(optional, into)]
    aside: Slot,
    #[prop(optional, into)] footer: Slot,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] id: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" data-tone=tone.name() id=id.0>
            {header(title, heading, note, aside)}
            <div class="body">{children()}</div>
            {footer.map(|footer| view! { <footer>{footer}</footer> })}
        </section>
    }
}

/// A card whose content reaches the edges: a table, a list of gates, entries, questions.
#[component]
pub fn Panel(
    #[prop(optional, into)] title: Words,
    #[prop(optional)] heading: Heading,
    #[prop(optional, into)] note: Slot,
    #[prop(optional, into)] aside: Slot,
    #[prop(optional, into)] footer: Slot,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] id: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" data-tone=tone.name() id=id.0>
            {header(title, heading, note, aside)}
            {children()}
            {footer.map(|footer| view! { <footer>{footer}</footer> })}
        </section>
    }
}

/// One number with its verdict, target, interval and n: it never stands alone.
#[component]
pub fn Figure(
    #[prop(into)] title: String,
    #[prop(into)] value: String,
    /// Small, after the number: "was 0.87", "points".
    #[prop(optional, into)]
    beside: Words,
    tone: Tone,
    /// "Met, narrowly", "Below target", "Too few to judge".
    #[prop(into)]
    verdict: String,
    /// "At least 0.80".
    #[prop(optional, into)]
    target: Words,
    /// "0.78 to 0.86"; the words "95 % interval" are added.
    #[prop(optional, into)]
    interval: Words,
    /// As [`super::number::sample`] writes it.
    #[prop(into)]
    sample: String,
    #[prop(optional_no_strip, into)] range: Option<Range>,
) -> impl IntoView {
    view! {
        <article class="card figure">
            <h3>{title}</h3>
            <p class="value">
                {value}
                {beside.0.map(|beside| view! { " " <small>{beside}</small> })}
            </p>
            {range.map(|range| view! { <RangeMark range/> })}
            <Status tone>{verdict}</Status>
            {target.0.map(|target| view! { <p>{target}</p> })}
            <p class="faint">
                {interval.0.map(|interval| view! { "95\u{a0}% interval " {interval} <br/> })}
                {sample}
            </p>
        </article>
    }
}
