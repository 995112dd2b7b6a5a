//! How a page is laid out: head, sections, columns with a rail, facts.
use super::{Icon, Slot, Words};
use leptos::prelude::*;

/// The head of a page: what it is, what a manager would say, and the one button.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// One sentence that says where things stand.
    #[prop(optional, into)]
    lead: Slot,
    /// The button of this page, with its reason.
    #[prop(optional, into)]
    action: Slot,
    /// Marks below the title: tier, state, digest, who and when.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div class="row">
                <div class="stack" data-gap="tight">
                    <h1>{title}</h1>
                    {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
                    {children.map(|children| view! { <div class="row" data-gap="wide">{children()}</div> })}
                </div>
                {action.0}
            </div>
        </header>
    }
}

/// How far apart things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gap {
    /// Within a label.
    Hair,
    /// Within a card.
    Tight,
    /// Between cards.
    #[default]
    Normal,
    /// Between sections.
    Wide,
}

/// Things one below the other.
#[component]
pub fn Stack(#[prop(optional)] gap: Gap, children: Children) -> impl IntoView {
    let gap = match gap {
        Gap::Hair => Some("hair"),
        Gap::Tight => Some("tight"),
        Gap::Normal => None,
        Gap::Wide => Some("wide"),
    };
    view! { <div class="stack" data-gap=gap>{children()}</div> }
}

/// A part of a page with a heading and a line that says what it holds.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(optional, into)] note: Slot,
    /// Where links to this part lead.
    #[prop(optional, into)]
    id: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" id=id.0>
            <div class="section-head">
                <h2>{title}</h2>
                {note.map(|note| view! { <p>{note}</p> })}
            </div>
            {children()}
        </section>
    }
}

/// Content with a rail beside it; below about 60 rem the rail follows the content. Sections stand wide apart.
#[component]
pub fn WithRail(
    #[prop(into)] rail: Slot,
    /// What the rail is, for screen readers.
    #[prop(into)]
    rail_label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="columns">
            <div class="stack" data-gap="wide">
                {children()}
            </div>
            <aside class="rail stack" aria-label=rail_label>
                {rail.0}
            </aside>
        </div>
    }
}

/// A link to something in the rail that stays in sight while the rail is far below. Put it last in the content.
#[component]
pub fn Jump(#[prop(into)] href: String, children: Children) -> impl IntoView {
    view! {
        <a class="jump button screen-only" data-kind="primary" href=href>
            {Icon::Lower.view()}
            {children()}
        </a>
    }
}

/// Two cards side by side where there is room.
#[component]
pub fn Pair(children: Children) -> impl IntoView {
    view! { <div class="pair">{children()}</div> }
}

/// Three cards side by side where there is room.
#[component]
pub fn Trio(children: Children) -> impl IntoView {
    view! { <div class="trio">{children()}</div> }
}

/// A page that reads like a report: a narrower measure.
#[component]
pub fn ReportBody(children: Children) -> impl IntoView {
    view! { <div class="report stack" data-gap="wide">{children()}</div> }
}

/// A list of facts: children are [`Fact`]s.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One fact: its name, and what it is.
#[component]
pub fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{children()}</dd>
    }
}

/// Something that opens on a click, without a script.
#[component]
pub fn Disclosure(
    #[prop(into)] summary: String,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>
                {Icon::Right.view()}
                {summary}
            </summary>
            {children()}
        </details>
    }
}

/// The row of search and chips above a list; a form that sends to the page itself.
#[component]
pub fn Filters(
    #[prop(into)] action: String,
    /// The name of the words in the address.
    #[prop(default = "q")]
    name: &'static str,
    /// Words already searched for.
    #[prop(optional, into)]
    query: Words,
    #[prop(into)] placeholder: String,
    /// Chips and selects.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <form class="filters" method="get" action=action aria-label="Filters">
            <label class="search">
                {Icon::Search.view()}
                <input name=name type="search" aria-label=placeholder.clone() placeholder=placeholder value=query.0/>
            </label>
            {children.map(|children| children())}
        </form>
    }
}
