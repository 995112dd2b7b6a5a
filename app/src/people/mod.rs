//! (being written)
use leptos::prelude::*;

#[component]
pub fn PeoplePage() -> impl IntoView {
    view! { <p>"PeoplePage"</p> }
}
