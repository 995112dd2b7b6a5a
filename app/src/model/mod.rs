//! (being written)
use leptos::prelude::*;

#[component]
pub fn ModelsPage() -> impl IntoView {
    view! { <p>"ModelsPage"</p> }
}

#[component]
pub fn NewModelPage() -> impl IntoView {
    view! { <p>"NewModelPage"</p> }
}

#[component]
pub fn ModelPage() -> impl IntoView {
    view! { <p>"ModelPage"</p> }
}
