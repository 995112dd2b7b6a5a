//! (being written)
use leptos::prelude::*;

#[component]
pub fn AuditPage() -> impl IntoView {
    view! { <p>"AuditPage"</p> }
}
