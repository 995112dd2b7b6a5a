//! The time line of a release: what it waits for, and all that happened, newest first.
use super::words;
use crate::{
    audit::unsealed,
    page::now,
    ui::{Card, Icon, Moment, Timeline, Tone, When, time},
};
use domain::{
    release::State,
    view::{audit::Entry, release::Release},
};
use leptos::prelude::*;

/// How many entries stand in the rail; the rest is in the log.
const SHOWN: usize = 14;

pub fn card(release: &Release) -> AnyView {
    let entries = release.history.iter().take(SHOWN).map(moment).collect_view();
    let waits = waits(release);
    let href = format!("/audit?release={}", release.row.id);
    let footer = view! { <a href=href>"All its entries in the log"</a> };
    view! {
        <Card title="Time line" footer>
            <Timeline>{waits} {entries}</Timeline>
        </Card>
    }
    .into_any()
}

fn waits(release: &Release) -> AnyView {
    let now = now();
    let deployed = release
        .deployments
        .iter()
        .any(|row| row.finished_at.is_none() || row.state == domain::deployment::State::Live);
    let whom = match release.row.state {
        State::Open => {
            let unmet: Vec<_> = release
                .rules
                .iter()
                .filter(|rule| !rule.state.is_met())
                .map(|rule| rule.owner.as_str())
                .collect();
            if unmet.is_empty() {
                "a manager, to countersign".to_owned()
            } else {
                words::owners(unmet)
            }
        }
        State::Approved if !deployed => "an engineer, to deploy it".to_owned(),
        _ => return ().into_any(),
    };
    let since = release
        .history
        .first()
        .map_or(release.row.requested_at, |entry| entry.at);
    let when = format!("since {}", time::span(now - since));
    view! { <Moment tone=Tone::Wait when>"Waits for " <b>{whom}</b></Moment> }.into_any()
}

fn moment(entry: &Entry) -> AnyView {
    let now = now();
    let (tone, icon) = face(entry);
    let at = entry.at;
    let (who, sentence) = (entry.actor_name.clone(), entry.sentence.clone());
    let mark = unsealed(entry);
    view! { <Moment tone icon when=view! { <When at now/> }><b>{who}</b> " " {sentence} {mark}</Moment> }
        .into_any()
}

fn face(entry: &Entry) -> (Tone, Icon) {
    if entry.refused {
        return (Tone::Danger, Icon::Fail);
    }
    match entry.action.as_str() {
        "release.requested" => (Tone::Plain, Icon::Release),
        "release.countersigned" => (Tone::Ok, Icon::Seal),
        "release.refused" => (Tone::Danger, Icon::Fail),
        "release.withdrawn" => (Tone::Absent, Icon::Back),
        "release.dossier_changed" => (Tone::Warn, Icon::Warn),
        "review.decided" => match entry.after["state"].as_str() {
            Some("approved") => (Tone::Ok, Icon::Pass),
            Some("rejected") => (Tone::Danger, Icon::Fail),
            _ => (Tone::Warn, Icon::Flag),
        },
        "review.recused" => (Tone::Plain, Icon::Out),
        "finding.raised" => (Tone::Warn, Icon::Flag),
        "finding.closed" => (Tone::Ok, Icon::Pass),
        action if action.starts_with("deployment.") => (Tone::Plain, Icon::Deploy),
        _ => (Tone::Plain, Icon::Audit),
    }
}
