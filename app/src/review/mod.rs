//! (being written)
use leptos::prelude::*;

#[component]
pub fn ReviewsPage() -> impl IntoView {
    view! { <p>"ReviewsPage"</p> }
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    view! { <p>"ReviewPage"</p> }
}
