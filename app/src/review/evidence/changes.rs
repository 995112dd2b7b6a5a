//! What moved against the last approved version, worst first.
use crate::{
    evaluation::changes_table,
    ui::{Card, Notice, Stack, Tone},
};
use domain::view::review::Review;
use leptos::prelude::*;

pub fn card(review: &Review) -> AnyView {
    let version = format!(
        "/models/{}/versions/{}",
        review.release.model, review.release.number
    );
    let words = Some(review.manifest.changes.clone()).filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| "The version does not say what changed.".to_owned());
    let model = review.release.model.to_string();
    let Some(baseline) = review.baseline else {
        return view! {
            <Card title="What changed" id="evidence-changes">
                <p>{words}</p>
                <Notice tone=Tone::Absent title="No approved version to compare with">
                    "This is the first release of " {model} "."
                </Notice>
            </Card>
        }
        .into_any();
    };
    let labels = (baseline.to_string(), format!("{}, this", review.release.number));
    let table = if review.regressions.is_empty() {
        view! { <p class="muted">"No measure can be compared: one of the two was not evaluated."</p> }
            .into_any()
    } else {
        changes_table(&review.regressions, labels.0, labels.1)
    };
    let footer = view! { <a href=format!("{version}?compare=1")>"See every difference"</a> };
    view! {
        <Stack>
            <Card
                title="What changed"
                note=format!("against {baseline}, the last approved")
                id="evidence-changes"
                footer
            >
                <p>{words}</p>
            </Card>
            {table}
        </Stack>
    }
    .into_any()
}
