//! (being written)
use leptos::prelude::*;

#[component]
pub fn RequestPage() -> impl IntoView {
    view! { <p>"RequestPage"</p> }
}

#[component]
pub fn ReleasesPage() -> impl IntoView {
    view! { <p>"ReleasesPage"</p> }
}

#[component]
pub fn ReleasePage() -> impl IntoView {
    view! { <p>"ReleasePage"</p> }
}
