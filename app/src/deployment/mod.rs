//! (being written)
use leptos::prelude::*;

#[component]
pub fn DeploymentsPage() -> impl IntoView {
    view! { <p>"DeploymentsPage"</p> }
}

#[component]
pub fn DeploymentPage() -> impl IntoView {
    view! { <p>"DeploymentPage"</p> }
}
