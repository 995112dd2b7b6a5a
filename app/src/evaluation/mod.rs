//! (being written)
use leptos::prelude::*;

#[component]
pub fn EvaluatePage() -> impl IntoView {
    view! { <p>"EvaluatePage"</p> }
}

#[component]
pub fn ReportPage() -> impl IntoView {
    view! { <p>"ReportPage"</p> }
}
