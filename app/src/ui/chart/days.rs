//! How much happened on each of the last days, as a strip.
use crate::ui::{number::thousands, range::percent};
use leptos::prelude::*;

/// Height of the strip in pixels.
const HEIGHT: f64 = 48.0;

/// Counts a day, oldest first; the last is today.
#[component]
pub fn DayStrip(
    counts: Vec<u32>,
    /// "entries".
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let days = counts.len();
    let most = counts.iter().copied().max().unwrap_or(0);
    let today = counts.last().copied().unwrap_or(0);
    let label = format!(
        "{of} a day over {days} days, at most {}; {} so far today",
        thousands(u64::from(most)),
        thousands(u64::from(today))
    );
    let step = 1.0 / f64::from(u32::try_from(days.max(1)).unwrap_or(u32::MAX));
    let bars = counts
        .into_iter()
        .zip(0u32..)
        .map(|(count, at)| {
            let height = f64::from(count) / f64::from(most.max(1)) * HEIGHT;
            let now = usize::try_from(at).is_ok_and(|at| at + 1 == days);
            view! {
                <rect
                    data-now=now
                    x=percent(f64::from(at) * step)
                    y=format!("{:.1}", HEIGHT - height)
                    width=percent(step * 0.78)
                    height=format!("{height:.1}")
                    rx="1.5"
                />
            }
        })
        .collect_view();
    view! { <svg class="day-strip" role="img" aria-label=label>{bars}</svg> }
}
