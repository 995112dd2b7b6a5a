//! What changed since the last approved version, in the requester's words, and the three worst numbers.
use super::figure;
use crate::ui::{Notice, Section, Tone, Trio, Verdict};
use domain::view::{evaluation::Moved, release::Release};
use leptos::prelude::*;

pub fn section(release: &Release) -> AnyView {
    let row = &release.row;
    let title = match release.baseline {
        Some(number) => format!("What changed since version {number}, the last approved"),
        None => "The first release: there is no approved version to compare with".to_owned(),
    };
    let version = format!("/models/{}/versions/{}", row.model, row.number);
    let (version, name) = match release.baseline {
        Some(_) => (format!("{version}?compare=1"), "See every difference".to_owned()),
        None => (version, format!("See {} {}", row.model, row.number)),
    };
    let changes =
        Some(release.changes.clone()).filter(|changes| !changes.is_empty() && *changes != row.reason);
    let changes =
        changes.map(|changes| view! { <p class="muted">"The version says of itself: " {changes}</p> });
    let report = release
        .evaluation
        .map(|id| view! { " · " <a href=format!("/evaluations/{id}")>"Read the full report"</a> });
    let reason = row.reason.clone();
    view! {
        <Section title>
            <Verdict>{reason}</Verdict>
            {changes}
            <p class="small">
                <a href=version>{name}</a>
                {report}
            </p>
        </Section>
    }
    .into_any()
}

/// The three worst regressions; where nothing got worse, or nothing can be compared, the three weakest numbers.
pub fn worst(release: &Release) -> AnyView {
    let regressions = figure::of_changes(release);
    let clearly = release
        .regressions
        .iter()
        .any(|change| matches!(change.verdict, Moved::Worse | Moved::Unjudged));
    let note = match release.baseline {
        Some(number) if release.regressions.is_empty() => {
            format!("Version {number} can’t be compared: one of the two was not evaluated. ")
        }
        Some(number) if regressions.is_empty() => {
            format!("No measure moved the wrong way against version {number}. ")
        }
        Some(number) if !clearly => {
            format!("Nothing got worse than version {number} by more than its interval. ")
        }
        _ => String::new(),
    };
    let (title, figures) = match regressions.len() {
        0 => ("Weakest numbers", figure::of_gates(release)),
        1 => ("Worst regression", regressions),
        2 => ("Two worst regressions", regressions),
        _ => ("Three worst regressions", regressions),
    };
    let content = if figures.is_empty() {
        view! {
            <Notice tone=Tone::Absent title="Nothing was measured">
                "This release has no number that a rule or a comparison reads."
            </Notice>
        }
        .into_any()
    } else {
        view! { <Trio>{figures}</Trio> }.into_any()
    };
    let note = format!("{note}The dashed line is the target; the bar is the 95\u{a0}% interval.");
    view! { <Section title note>{content}</Section> }.into_any()
}
