//! The way from the list down to this page.
use leptos::prelude::*;

/// Places above this one as (words, address), then this one.
#[component]
pub fn Breadcrumb(trail: Vec<(String, String)>, #[prop(into)] here: String) -> impl IntoView {
    let above = trail
        .into_iter()
        .map(|(words, href)| view! { <li><a href=href>{words}</a></li> })
        .collect_view();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                {above}
                <li><span aria-current="page">{here}</span></li>
            </ol>
        </nav>
    }
}
