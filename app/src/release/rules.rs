//! The rules of the frozen policy, worst first: each with what was measured, where it comes from, and who can meet it.
use super::{figure, words::waited};
use crate::{
    page::now,
    ui::{Card, Digest, Fact, Facts, Gate, GateList, GateState, Panel, Section, When},
};
use chrono::{DateTime, Utc};
use domain::{
    actor::Discipline,
    policy::Outcome,
    release::{Rule, RuleState, State},
    review,
    view::release::Release,
};
use leptos::prelude::*;

/// Where a rule comes from: that decides its words.
#[derive(Clone, Copy)]
enum Kind<'a> {
    Gate(&'a Outcome),
    Evidence,
    Other,
}

pub fn section(release: &Release) -> AnyView {
    let now = now();
    let gates = release
        .gates
        .iter()
        .map(Kind::Gate)
        .map(Some)
        .chain(std::iter::repeat(None));
    let mut rules: Vec<(&Rule, Kind<'_>)> = release
        .rules
        .iter()
        .zip(gates)
        .map(|(rule, gate)| {
            let evidence = rule.title.starts_with("Evidence");
            (
                rule,
                gate.unwrap_or(if evidence { Kind::Evidence } else { Kind::Other }),
            )
        })
        .collect();
    rules.sort_by_key(|(rule, _)| rank(rule.state));
    let met = rules.iter().filter(|(rule, _)| rule.state.is_met()).count();
    let of = rules.len();
    // Whatever the dossier stands on changed last when its gates ran; since then each open rule has waited.
    let waiting = (release.row.state == State::Open).then_some(release.gates_at);
    let list = rules
        .into_iter()
        .map(|(rule, kind)| line(rule, kind, waiting))
        .collect_view();
    let countersignature = countersignature(release);
    let at = release.gates_at;
    let note = view! { {format!("{met} of {of} met. ")} "Gates computed " <When at now/> " from the frozen policy." };
    view! {
        <Section title="Gates and rules" note id="rules">
            <Panel>
                <GateList wide=true>{countersignature} {list}</GateList>
            </Panel>
        </Section>
    }
    .into_any()
}

fn rank(state: RuleState) -> u8 {
    match state {
        RuleState::Fail => 0,
        RuleState::Wait => 1,
        RuleState::Near => 2,
        RuleState::Pass => 3,
    }
}

fn line(rule: &Rule, kind: Kind<'_>, waiting: Option<DateTime<Utc>>) -> AnyView {
    let word = match (rule.state, kind) {
        (RuleState::Wait, Kind::Gate(_)) => "Not measured",
        (RuleState::Wait, Kind::Evidence) => "Missing",
        (RuleState::Near, Kind::Evidence) => "Met, expires soon",
        (RuleState::Near, Kind::Other) => "Met, with conditions",
        (state, _) => GateState::from(state).word(),
    };
    let outcome = waited(word, waiting.filter(|_| !rule.state.is_met()), now());
    let state = match kind {
        Kind::Gate(gate) => gate.state.into(),
        Kind::Evidence | Kind::Other => rule.state.into(),
    };
    let owner = (!rule.state.is_met()).then(|| rule.owner.clone());
    let gate = match kind {
        Kind::Gate(gate) => Some(gate),
        Kind::Evidence | Kind::Other => None,
    };
    let range = gate.and_then(|gate| figure::range(gate.fact.as_ref()?, Some(gate.expression.threshold)));
    let source = gate
        .map(|gate| gate.source.clone())
        .filter(|source| !source.is_empty());
    let source = source.map(|source| view! { <br/> <span class="faint">{source}</span> });
    let detail = rule.detail.clone();
    view! { <Gate state rule=rule.title.clone() outcome owner range>{detail} {source}</Gate> }.into_any()
}

/// The rule that the manager alone can meet.
fn countersignature(release: &Release) -> AnyView {
    let (have, need) = release.quorum;
    let (state, outcome) = match release.row.state {
        State::Approved => (GateState::Pass, "Met"),
        State::Open => (GateState::Wait, "Waiting"),
        State::Refused
            if release
                .reviews
                .iter()
                .any(|review| review.state == review::State::Rejected) =>
        {
            (GateState::Absent, "Not asked any more")
        }
        State::Refused => (GateState::Fail, "Refused"),
        State::Withdrawn => (GateState::Absent, "Not asked any more"),
    };
    let signed = release.signatures.iter().map(|signature| signature.at).max();
    let since = signed.map_or(release.gates_at, |signed| signed.max(release.gates_at));
    let outcome = waited(outcome, Some(since).filter(|_| state == GateState::Wait), now());
    let owner = (state == GateState::Wait).then_some("manager");
    let rule = if need == 1 {
        "A manager countersigns".to_owned()
    } else {
        format!("{need} managers countersign")
    };
    let detail = format!(
        "{have} of {need} signed; by someone who had no part in making, measuring, asking or reviewing."
    );
    view! { <Gate state rule outcome owner>{detail}</Gate> }.into_any()
}

/// The policy that was frozen into this release, named, with its rules and where they come from.
pub fn policy(release: &Release) -> AnyView {
    let policy = &release.policy;
    let name = format!("{}-risk {}", policy.tier, policy.number);
    let disciplines = policy
        .rules
        .disciplines
        .iter()
        .map(Discipline::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let disciplines = if disciplines.is_empty() {
        "none".to_owned()
    } else {
        disciplines
    };
    let evidence = policy
        .rules
        .evidence
        .iter()
        .map(|kind| kind.replace('-', " "))
        .collect::<Vec<_>>()
        .join(", ");
    let evidence = if evidence.is_empty() {
        "none".to_owned()
    } else {
        evidence
    };
    let (quorum, days) = (
        policy.rules.quorum.to_string(),
        format!("{} days", policy.rules.validity_days),
    );
    let (title, digest) = (policy.title.clone(), policy.digest.clone());
    view! {
        <Card title="Frozen policy" aside=view! { <a href="/policies">{name}</a> } id="policy">
            <p>{title}</p>
            <Facts>
                <Fact name="Reviews">{disciplines}</Fact>
                <Fact name="Evidence">{evidence}</Fact>
                <Fact name="Managers">{quorum}</Fact>
                <Fact name="Holds for">{days}</Fact>
                <Fact name="SHA-256">
                    <Digest value=digest/>
                </Fact>
            </Facts>
        </Card>
    }
    .into_any()
}
