//! What a careful reader would ask about before trusting a report.
use crate::ui::{Notice, Tone};
use assess::report::Warning;
use leptos::prelude::*;

/// One notice for all that looks odd; nothing where nothing does.
pub fn view(warnings: &[Warning]) -> Option<AnyView> {
    if warnings.is_empty() {
        return None;
    }
    let items = warnings
        .iter()
        .map(|warning| {
            let column = (!warning.column.is_empty()).then(|| view! { <b>{warning.column.clone()}</b> ": " });
            view! { <li>{column} {warning.words.clone()}</li> }
        })
        .collect_view();
    let notice = view! {
        <Notice tone=Tone::Warn title="Worth a question before you rely on this">
            <ul>{items}</ul>
        </Notice>
    };
    Some(notice.into_any())
}
