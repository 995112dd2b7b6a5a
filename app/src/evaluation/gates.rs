//! The gates of the policy in force, judged on this report.
use crate::ui::{Gate, GateList, GateState, Panel, Range, Section};
use domain::{policy::Outcome, view::evaluation::Evaluation};
use leptos::prelude::*;

/// The list, unmet gates first.
pub fn view(evaluation: &Evaluation) -> AnyView {
    let tier = evaluation.tier;
    if evaluation.gates.is_empty() {
        return view! {
            <Section title="What the policy says" id="gates">
                <p class="muted">{format!("No policy is in force for the {tier} tier, so no gate judges this report.")}</p>
            </Section>
        }
        .into_any();
    }
    let mut gates = evaluation.gates.clone();
    gates.sort_by_key(|gate| gate.state.is_met());
    let met = gates.iter().filter(|gate| gate.state.is_met()).count();
    let note = format!(
        "{met} of {} gates of the policy for the {tier} tier are met.",
        gates.len()
    );
    let gates = gates.into_iter().map(gate).collect_view();
    view! {
        <Section title="What the policy says" note id="gates">
            <Panel>
                <GateList wide=true>{gates}</GateList>
            </Panel>
        </Section>
    }
    .into_any()
}

fn gate(gate: Outcome) -> AnyView {
    let state = GateState::from(gate.state);
    let range = gate.fact.as_ref().and_then(|fact| {
        let interval = fact.low.zip(fact.high);
        Some(Range::around(
            fact.value?,
            interval,
            Some(gate.expression.threshold),
        ))
    });
    let (detail, source) = (gate.detail, gate.source);
    view! {
        <Gate state rule=gate.title outcome=state.word() range>
            {detail}
            <br/>
            <span class="faint">{source}</span>
        </Gate>
    }
    .into_any()
}
