//! The one button of a version's page: it follows the state, and says why where it may not be pressed.
use crate::ui::{Blocked, ButtonLink, Explained, Icon, button::Kind};
use domain::{
    deployment,
    model::Tier,
    release::State,
    view::{release::Row, version::Version},
};
use leptos::prelude::*;

/// What is to be done next with a version, by whoever reads its page.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// It may never be released.
    Prohibited,
    Evaluate,
    Ask,
    /// Decisions are being made there.
    See(String),
    /// Approved there, and not running.
    Deploy(String, String),
    /// Approved and running there.
    Runs(String, String),
}

/// The button, with its reason; nothing where nothing is the reader's.
pub fn view(version: &Version) -> AnyView {
    let page = format!("/models/{}/versions/{}", version.model, version.number);
    let next = next(version);
    match next {
        Next::Prohibited => view! {
            <Blocked
                kind=Kind::Primary
                icon=Icon::Release
                reason="Its model is in the prohibited tier: no version of it may be released."
            >
                "Ask for a release"
            </Blocked>
        }
        .into_any(),
        Next::Evaluate | Next::Ask if !version.can_work => ().into_any(),
        Next::Evaluate => {
            let href = format!("{page}/evaluate");
            view! {
                <Explained reason="Nothing can be asked for before there is something to judge.">
                    <ButtonLink href kind=Kind::Primary icon=Icon::Chart>
                        "Evaluate"
                    </ButtonLink>
                </Explained>
            }
            .into_any()
        }
        Next::Ask => {
            let href = format!("{page}/release");
            view! {
                <ButtonLink href kind=Kind::Primary icon=Icon::Release>
                    "Ask for a release"
                </ButtonLink>
            }
            .into_any()
        }
        Next::See(release) => {
            let href = format!("/releases/{release}");
            view! {
                <Explained reason="It is being decided on there." icon=Icon::Wait>
                    <ButtonLink href kind=Kind::Primary icon=Icon::Release>
                        {format!("See release {release}")}
                    </ButtonLink>
                </Explained>
            }
            .into_any()
        }
        Next::Deploy(release, environment) if version.can_work => {
            let href = format!("/releases/{release}");
            view! {
                <Explained reason=format!("Approved by release {release}; you trigger it there.")>
                    <ButtonLink href kind=Kind::Primary icon=Icon::Deploy>
                        {format!("Deploy to {environment}…")}
                    </ButtonLink>
                </Explained>
            }
            .into_any()
        }
        Next::Deploy(release, environment) | Next::Runs(release, environment) => {
            let href = format!("/releases/{release}");
            view! {
                <ButtonLink href icon=Icon::Release>
                    {format!("See its release for {environment}")}
                </ButtonLink>
            }
            .into_any()
        }
    }
}

fn next(version: &Version) -> Next {
    if version.tier == Tier::Prohibited {
        return Next::Prohibited;
    }
    let of = |state: State| {
        version
            .releases
            .iter()
            .filter(move |release| release.state == state)
    };
    let words = |release: &Row| (release.id.to_string(), release.environment.to_string());
    let runs = |release: &Row| {
        let live = |row: &domain::view::deployment::Row| {
            row.environment == release.environment && row.state == deployment::State::Live
        };
        version.deployments.iter().any(live)
    };
    // What ran and was rolled back is not offered again of itself.
    let ran = |release: &Row| {
        version
            .deployments
            .iter()
            .any(|row| row.release == release.id && ended(row.state))
    };
    let waits = |release: &&Row| !runs(release) && !ran(release) && is_latest(version, release);
    if let Some(release) = of(State::Approved).find(waits) {
        let (id, environment) = words(release);
        return Next::Deploy(id, environment);
    }
    if let Some(release) = of(State::Open).next() {
        return Next::See(release.id.to_string());
    }
    if version.evaluations.is_empty() {
        return Next::Evaluate;
    }
    match of(State::Approved).find(|release| runs(release)) {
        // Where it runs in every environment, there is nowhere else to ask for.
        Some(release)
            if of(State::Approved).filter(|release| runs(release)).count() >= version.environments.len() =>
        {
            let (id, environment) = words(release);
            Next::Runs(id, environment)
        }
        _ => Next::Ask,
    }
}

/// Whether a deployment did what it was for, and is over.
const fn ended(state: deployment::State) -> bool {
    matches!(state, deployment::State::Replaced)
}

/// Whether the approval is what stands in its environment: a later version's takes its place.
fn is_latest(version: &Version, release: &Row) -> bool {
    version.standings.iter().any(|standing| {
        standing.environment == release.environment
            && standing
                .approved
                .as_ref()
                .is_some_and(|(number, id)| *number == version.number && *id == release.id)
    })
}
