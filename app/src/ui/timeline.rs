//! What happened, newest first, with what it waits for at the top.
use super::{Icon, Slot, Tone};
use leptos::prelude::*;

/// The line; children are [`Moment`]s.
#[component]
pub fn Timeline(children: Children) -> impl IntoView {
    view! { <ol class="timeline">{children()}</ol> }
}

/// One thing that happened: a sentence (the children) and its time.
#[component]
pub fn Moment(
    #[prop(optional)] tone: Tone,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    /// [`super::When`], or words such as "since 3 hours".
    #[prop(into)]
    when: Slot,
    /// A second line, in grey.
    #[prop(optional, into)]
    note: Slot,
    children: Children,
) -> impl IntoView {
    view! {
        <li data-tone=tone.name()>
            {icon.unwrap_or(tone.icon()).view()}
            <p>{children()}</p>
            {note.map(|note| view! { <p class="muted">{note}</p> })}
            <span class="when">{when.0}</span>
        </li>
    }
}
