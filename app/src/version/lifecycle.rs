//! The strip on a version's page: registered, evaluated, requested, reviewed, countersigned, deployed.
use crate::{
    page::now,
    ui::{Lifecycle, LifecycleStep, Reached, Slot, When},
};
use domain::{
    deployment,
    release::{RuleState, State},
    view::{release::Row, version::Version},
};
use leptos::prelude::*;

/// The strip, for the version's newest release.
pub fn view(version: &Version) -> AnyView {
    let release = version.releases.first();
    let steps = [
        ("Registered", Reached::Done, when(version.registered_at)),
        evaluated(version),
        requested(release),
        reviewed(version, release),
        countersigned(version, release),
        deployed(version),
    ];
    let steps = in_order(steps)
        .into_iter()
        .map(|(name, reached, when)| view! { <LifecycleStep name reached when/> })
        .collect_view();
    view! { <Lifecycle label="Where this version stands">{steps}</Lifecycle> }.into_any()
}

type Step = (&'static str, Reached, Slot);

/// Only one step is where we are: the first that is not behind us.
fn in_order(steps: [Step; 6]) -> Vec<Step> {
    let mut here = false;
    steps
        .into_iter()
        .map(|(name, reached, when)| {
            let reached = match reached {
                Reached::Now | Reached::Next if !here => Reached::Now,
                Reached::Now => Reached::Next,
                reached => reached,
            };
            here |= matches!(reached, Reached::Now | Reached::Ended);
            (name, reached, when)
        })
        .collect()
}

fn when(at: chrono::DateTime<chrono::Utc>) -> Slot {
    Slot::from(view! { <When at now=now()/> })
}

fn evaluated(version: &Version) -> Step {
    match version.evaluations.first() {
        Some(newest) => ("Evaluated", Reached::Done, when(newest.evaluated_at)),
        None => ("Evaluated", Reached::Next, "not yet".into()),
    }
}

fn requested(release: Option<&Row>) -> Step {
    match release {
        Some(release) => ("Requested", Reached::Done, when(release.requested_at)),
        None => ("Requested", Reached::Next, "not yet".into()),
    }
}

fn reviewed(version: &Version, release: Option<&Row>) -> Step {
    let reviews = || {
        version
            .readiness
            .iter()
            .filter(|rule| rule.title.ends_with(" review"))
    };
    let met = reviews().filter(|rule| rule.state.is_met()).count();
    let all = reviews().count();
    let words = match (release, all) {
        (_, 0) => "needs none".to_owned(),
        (None, all) => format!("takes {all}"),
        (Some(_), all) => format!("{met} of {all}"),
    };
    let reached = match release {
        Some(release) if release.state == State::Approved || met == all => Reached::Done,
        Some(_) => Reached::Now,
        None => Reached::Next,
    };
    ("Reviewed", reached, words.into())
}

fn countersigned(version: &Version, release: Option<&Row>) -> Step {
    let name = "Countersigned";
    match release.map(|release| release.state) {
        Some(State::Approved) => {
            let until = version
                .releases
                .first()
                .and_then(|release| release.approved_until);
            let words = until.map_or_else(
                || Slot::from("approved"),
                |at| Slot::from(view! { "lapses " <When at now=now()/> }),
            );
            (name, Reached::Done, words)
        }
        Some(State::Refused) => {
            let review = version
                .readiness
                .iter()
                .find(|rule| rule.title.ends_with(" review") && rule.state == RuleState::Fail);
            let by = review.map_or_else(
                || "by a manager".to_owned(),
                |rule| format!("in the {}", rule.title.to_lowercase()),
            );
            ("Refused", Reached::Ended, by.into())
        }
        Some(State::Withdrawn) => ("Withdrawn", Reached::Ended, "taken back".into()),
        Some(State::Open) => (name, Reached::Next, "waits for a manager".into()),
        None => (name, Reached::Next, "not yet".into()),
    }
}

fn deployed(version: &Version) -> Step {
    let live = version
        .deployments
        .iter()
        .find(|row| row.state == deployment::State::Live);
    if let Some(row) = live {
        let environment = row.environment.to_string();
        let at = row.finished_at.unwrap_or(row.requested_at);
        let words = view! { {environment} ", " <When at now=now()/> };
        return ("Deployed", Reached::Done, Slot::from(words));
    }
    let words = match version.deployments.first().map(|row| row.state) {
        None => "not yet",
        Some(deployment::State::Failed) => "failed",
        Some(deployment::State::Replaced) => "not any more",
        Some(_) => "at work",
    };
    ("Deployed", Reached::Next, words.into())
}
