//! (being written)
use leptos::prelude::*;

#[component]
pub fn PoliciesPage() -> impl IntoView {
    view! { <p>"PoliciesPage"</p> }
}

#[component]
pub fn TemplatesPage() -> impl IntoView {
    view! { <p>"TemplatesPage"</p> }
}

#[component]
pub fn EnvironmentsPage() -> impl IntoView {
    view! { <p>"EnvironmentsPage"</p> }
}
