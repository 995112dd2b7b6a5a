//! (being written)
use leptos::prelude::*;

#[component]
pub fn RegisterPage() -> impl IntoView {
    view! { <p>"RegisterPage"</p> }
}

#[component]
pub fn VersionPage() -> impl IntoView {
    view! { <p>"VersionPage"</p> }
}

#[component]
pub fn EvidencePage() -> impl IntoView {
    view! { <p>"EvidencePage"</p> }
}
