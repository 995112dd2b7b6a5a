//! What the reader must know now: a notice in the page, a toast after something was done.
use super::{Icon, Tone, Words};
use leptos::prelude::*;

/// A notice; the title is the fact, the children what to do about it.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    /// "status" or "alert" for a notice that answers what the reader just did.
    #[prop(optional, into)]
    role: Words,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let icon = icon.unwrap_or(if tone == Tone::Danger {
        Icon::Warn
    } else {
        tone.icon()
    });
    view! {
        <div class="notice" data-tone=tone.name() role=role.0>
            {icon.view()}
            <p><strong>{title}</strong></p>
            {children.map(|children| view! { <div>{children()}</div> })}
        </div>
    }
}

/// Says once that something was done, at the edge of the page; it does not go by itself and covers nothing.
#[component]
pub fn Toast(#[prop(default = Tone::Ok)] tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class="notice toast" data-tone=tone.name() role="status">
            {tone.icon().view()}
            <p>{children()}</p>
        </div>
    }
}
