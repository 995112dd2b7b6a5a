//! The log as it is read: a day, a sentence an entry, and behind it what the entry holds and proves.
use super::{Icon, Slot, avatar::initials, number::thousands, time};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// The head of a day: "Today, 23 November", and how many of its entries are shown.
#[component]
pub fn DayHead(#[prop(into)] day: String, #[prop(optional, into)] note: Slot) -> impl IntoView {
    view! {
        <div class="day-head">
            <h2>{day}</h2>
            {note.map(|note| view! { <span>{note}</span> })}
        </div>
    }
}

/// The thing an entry is about, within its sentence. Not a link: links are in the body.
#[component]
pub fn Object(children: Children) -> impl IntoView {
    view! { <span class="object">{children()}</span> }
}

/// One entry; the children are what opens: before and after, facts, proof, links.
#[component]
pub fn AuditEntry(
    at: DateTime<Utc>,
    /// Who did it.
    #[prop(into)]
    actor: String,
    /// The sentence, without links.
    #[prop(into)]
    sentence: Slot,
    /// Its place in the log.
    serial: u64,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="entry" open=open id=format!("entry-{serial}")>
            <summary>
                <time datetime=time::machine(at) title=time::title(at)>{time::clock(at)}</time>
                <span class="avatar" aria-hidden="true">{initials(&actor)}</span>
                <span class="text">{sentence.0}</span>
                <span class="serial">
                    <span class="hidden-visually">"entry "</span>
                    {thousands(serial)}
                </span>
                {Icon::Right.view()}
            </summary>
            <div class="body">{children()}</div>
        </details>
    }
}

/// What the log proves now: a sentence, and behind it tree size, root, signers and witnesses.
#[component]
pub fn Proof(
    #[prop(into)] sentence: Slot,
    /// Unset where the log could not be verified: then it is a warning.
    #[prop(default = true)]
    holds: bool,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    let icon = if holds { Icon::Seal } else { Icon::Warn };
    view! {
        <details class="proof" id="proof" open=open data-tone=(!holds).then_some("danger")>
            <summary>
                {icon.view()}
                <span>{sentence.0}</span>
                <span class="push">
                    {Icon::Right.view()}
                    "Proof"
                </span>
            </summary>
            <div class="body">{children()}</div>
        </details>
    }
}
