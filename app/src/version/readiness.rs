//! The rail of a version's page: every rule a release has to meet, and who can meet it.
use crate::{
    page::now,
    release::words::waited,
    ui::{Gate, GateList, GateState, Panel},
};
use chrono::{DateTime, Utc};
use domain::{
    release::{Rule, State},
    view::version::Version,
};
use leptos::prelude::*;

/// The list, unmet rules first.
pub fn view(version: &Version) -> AnyView {
    let title = match &version.readiness_of {
        Some((release, _)) => format!("What release {release} takes"),
        None => "What a release takes".to_owned(),
    };
    let (met, all) = (
        version
            .readiness
            .iter()
            .filter(|rule| rule.state.is_met())
            .count(),
        version.readiness.len(),
    );
    let footer = match &version.readiness_of {
        Some((release, _)) => {
            let href = format!("/releases/{release}");
            view! { <a href=href>"Open the release: signatures, findings, history"</a> }.into_any()
        }
        None => view! { "By the " <a href="/policies">"policy in force"</a> " for this tier; a manager countersigns last." }
            .into_any(),
    };
    if version.readiness.is_empty() {
        return view! {
            <Panel title id="readiness">
                <p class="body muted">
                    "No policy is in force for this tier, so nothing of it can be released."
                </p>
            </Panel>
        }
        .into_any();
    }
    let note = format!("{met} of {all} rules met");
    let asked = version
        .releases
        .first()
        .filter(|release| release.state == State::Open);
    let rules = list(&version.readiness, asked.map(|release| release.requested_at));
    view! {
        <Panel title note footer id="readiness">
            {rules}
        </Panel>
    }
    .into_any()
}

/// The rules themselves.
fn list(rules: &[Rule], asked: Option<DateTime<Utc>>) -> AnyView {
    let mut rules = rules.to_vec();
    rules.sort_by_key(|rule| order(rule.state.into()));
    let gates = rules
        .into_iter()
        .map(|rule| {
            let state = GateState::from(rule.state);
            let outcome = waited(state.word(), asked.filter(|_| !rule.state.is_met()), now());
            let owner = (!rule.state.is_met()).then_some(rule.owner);
            view! {
                <Gate state rule=rule.title outcome owner>
                    {rule.detail}
                </Gate>
            }
        })
        .collect_view();
    view! { <GateList>{gates}</GateList> }.into_any()
}

/// What someone has to act on comes first.
const fn order(state: GateState) -> u8 {
    match state {
        GateState::Fail => 0,
        GateState::Wait => 1,
        GateState::Absent => 2,
        GateState::Near => 3,
        GateState::Pass => 4,
    }
}
