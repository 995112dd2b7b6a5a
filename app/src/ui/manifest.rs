//! A version's manifest: names and values in lines, as exact as the digest that covers them.
use super::Words;
use leptos::prelude::*;

/// Lines of a manifest; children are [`Part`]s. Put it in a [`super::Panel`].
#[component]
pub fn Manifest(children: Children) -> impl IntoView {
    view! { <dl class="manifest">{children()}</dl> }
}

/// One line: its name, a small explanation, and its value.
#[component]
pub fn Part(
    #[prop(into)] name: String,
    #[prop(optional, into)] note: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <dt>
                {name}
                {note.0.map(|note| view! { <small>{note}</small> })}
            </dt>
            <dd>{children()}</dd>
        </div>
    }
}
