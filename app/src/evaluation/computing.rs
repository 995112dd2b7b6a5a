//! How far an evaluation is, as it happens.
use crate::{
    deployment::{events, on},
    ui::{ProgressBar, number},
};
use domain::view::evaluation::Progress;
use leptos::prelude::*;

/// A bar and a sentence. Without a script they say what was so when the page was loaded.
#[island]
pub fn Computing(id: i64, bytes: i64, progress: Progress) -> impl IntoView {
    let seen = RwSignal::new(progress);
    let lost = RwSignal::new(false);
    Effect::new(move || listen(id, seen, lost));
    let share = Signal::derive(move || share(seen.get(), bytes));
    let words = move || {
        if lost.get() {
            "The live view was lost; look again for how far it is.".to_owned()
        } else {
            words(seen.get(), bytes)
        }
    };
    view! {
        <p class="row" role="status">
            <ProgressBar share/>
            <span>{words}</span>
        </p>
    }
}

/// Listens until the evaluation is over, then loads the page once more, which leads to the report.
fn listen(id: i64, seen: RwSignal<Progress>, lost: RwSignal<bool>) {
    let Some(source) = events(&format!("/jobs/{id}/events"), lost) else {
        return;
    };
    on(&source, "progress", move |event| {
        let progress = event
            .data()
            .as_string()
            .and_then(|data| serde_json::from_str(&data).ok());
        if let Some(progress) = progress {
            seen.set(progress);
        }
    });
}

/// The part of the file that has been read, 0 to 1.
fn share(progress: Progress, bytes: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a bar shows no more")]
    let share = progress.bytes as f64 / bytes.max(1) as f64;
    share.clamp(0.0, 1.0)
}

fn words(progress: Progress, bytes: i64) -> String {
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    if progress == Progress::default() {
        return "Not begun to read yet.".to_owned();
    }
    format!(
        "{:.0}\u{202f}% of {} read, {} rows.",
        share(progress, bytes) * 100.0,
        number::bytes(whole(bytes)),
        number::thousands(whole(progress.rows)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is_stands_in_words() {
        assert_eq!(words(Progress::default(), 100), "Not begun to read yet.");
        let half = Progress {
            bytes: 1_500_000,
            rows: 12_345,
        };
        assert_eq!(
            words(half, 3_000_000).replace(['\u{202f}', '\u{a0}'], " "),
            "50 % of 3.0 MB read, 12 345 rows."
        );
        assert!(share(half, 0) <= 1.0);
    }
}
