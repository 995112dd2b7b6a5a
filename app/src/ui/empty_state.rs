//! A page or list with nothing in it yet: what belongs here, and the one button that starts it.
use super::Slot;
use leptos::prelude::*;

/// What belongs here (the children), under a title, with the button that starts it.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(optional, into)] action: Slot,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <strong>{title}</strong>
            <p>{children()}</p>
            {action.0}
        </div>
    }
}
