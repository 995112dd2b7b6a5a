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

pub fn worst(release: &Release) -> AnyView {
    let (title, note, figures) = match release.baseline {
        Some(number) => {
            let clearly = figure::once_a_kind(release)
                .iter()
                .filter(|change| change.verdict == Moved::Worse)
                .count();
            let note = match clearly {
                0 => format!("Nothing got worse than {number} by more than its interval. "),
                1 => format!("One is worse than {number} by more than its interval. "),
                clearly => {
                    format!("{clearly} measures are worse than {number} by more than their intervals. ")
                }
            };
            ("Three worst regressions", note, figure::of_changes(release))
        }
        None => ("Three weakest numbers", String::new(), figure::of_gates(release)),
    };
    let content = if figures.is_empty() {

    } else {
        view! { <Trio>{figures}</Trio> }.into_any()
    };
    let note = format!("{note}The dashed line is the target; the bar is the 95\u{a0}% interval.");
    view! { <Section title note>{content}</Section> }.into_any()
}
