//! Moves the cut-off of a score under the reader's hand. Every number was written on the server.
use leptos::prelude::*;

/// A slider over cut-offs; `points` says of each, in the order of `heads`, what it would have come to. Without a script
/// it stands still at `start`, and the table beside it says the rest.
#[island]
pub fn Explorer(heads: Vec<String>, points: Vec<Vec<String>>, start: usize) -> impl IntoView {
    let at = RwSignal::new(start);
    let last = points.len().saturating_sub(1);
    let cuts: Vec<String> = points.iter().filter_map(|point| point.first().cloned()).collect();
    let points = StoredValue::new(points);
    let rows = heads
        .into_iter()
        .enumerate()
        .map(|(row, head)| {
            let value = move || points.with_value(|points| points.get(at.get())?.get(row).cloned());
            view! { <dt>{head}</dt> <dd>{value}</dd> }
        })
        .collect_view();
    let move_to = move |event| {
        if let Ok(chosen) = event_target_value(&event).parse::<usize>() {
            at.set(chosen.min(last));
        }
    };
    let spoken = move || cuts.get(at.get()).cloned();
    view! {
        <label class="stack needs-script" data-gap="hair">
            <span class="small muted">"Move the line: left lets more people through"</span>
            <input type="range" min="0" max=last.to_string() value=start.to_string() aria-valuetext=spoken on:input=move_to/>
        </label>
        <dl class="facts" aria-live="polite">{rows}</dl>
    }
}
