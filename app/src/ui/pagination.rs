//! Newer and older: paging by key, so that a page stays the same while the list grows.
use super::{Icon, Words};
use leptos::prelude::*;

/// Links to the neighbouring pages; where there is none, the word stays and cannot be pressed.
#[component]
pub fn Pagination(
    /// "1 to 50 of 4 813 entries".
    #[prop(into)]
    summary: String,
    #[prop(optional, into)] newer: Words,
    #[prop(optional, into)] older: Words,
    /// Words of the two links; "Newer" and "Older" unless the list is sorted otherwise.
    #[prop(default = ("Newer", "Older"))]
    words: (&'static str, &'static str),
) -> impl IntoView {
    let newer = step(newer, "prev", view! { {Icon::Left.view()} {words.0} });
    let older = step(older, "next", view! { {words.1} {Icon::Right.view()} });
    view! {
        <nav class="pagination" aria-label="Pages">
            <span>{summary}</span>
            <ul>
                <li>{newer}</li>
                <li>{older}</li>
            </ul>
        </nav>
    }
}

fn step(href: Words, rel: &'static str, words: impl IntoView + 'static) -> AnyView {
    match href.0 {
        Some(href) => view! { <a href=href rel=rel>{words}</a> }.into_any(),
        None => view! { <span>{words}</span> }.into_any(),
    }
}
