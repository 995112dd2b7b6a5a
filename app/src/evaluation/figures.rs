//! The three numbers of a report: the weakest in fairness, the widest gap, and how well it predicts; each with its target.
use crate::ui::{Figure, Range, Tone, Trio, Unit, Words, number::sample};
use assess::{Assessment, Fact, report::Task};
use domain::{
    policy::{Bound, GateState, Outcome},
    view::evaluation::Evaluation,
};
use leptos::prelude::*;

/// The three figures.
pub fn view(evaluation: &Evaluation, assessment: &Assessment) -> AnyView {
    let facts = assessment.facts();
    let chosen = match assessment.task() {
        Task::Binary => of_two_answers(&facts, &evaluation.gates),
        task => of_other_task(&facts, &evaluation.gates, task),
    };
    let figures = chosen
        .into_iter()
        .map(|(title, fact)| figure(title, fact, &evaluation.gates))
        .collect_view();
    view! {
        <section aria-label="Three numbers">
            <h2 class="hidden-visually">"Three numbers"</h2>
            <Trio>{figures}</Trio>
        </section>
    }
    .into_any()
}

/// What is shown: what the policy has a gate for comes first.
fn of_two_answers<'a>(facts: &'a [Fact], gates: &[Outcome]) -> Vec<(String, &'a Fact)> {
    let find = |id: &str| facts.iter().find(|fact| fact.id == id);
    let gated = |ids: &[&'static str]| {
        let gate = |id: &&&str| gates.iter().any(|gate| gate.expression.fact == **id);
        let first = ids.iter().find(gate).or(ids.first())?;
        find(first)
    };
    let gap = gated(&[
        "fairness.equal_opportunity_difference",
        "fairness.equalised_odds_difference",
        "fairness.demographic_parity_difference",
        "fairness.predictive_parity_difference",
        "fairness.accuracy_difference",
    ]);
    let performance = match find("performance.roc_auc") {
        Some(auc) if auc.value.is_some() => Some(auc),
        _ => gated(&[
            "performance.accuracy",
            "performance.balanced_accuracy",
            "performance.f1",
        ]),
    };
    [
        find("fairness.impact_ratio").map(|fact| titled("Lowest ", fact)),
        gap.map(|fact| titled("Widest ", fact)),
        performance.map(|fact| titled("", fact)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The widest gap between groups, and the two figures of how well it predicts that the task is known by.
fn of_other_task<'a>(facts: &'a [Fact], gates: &[Outcome], task: Task) -> Vec<(String, &'a Fact)> {
    let find = |id: &str| facts.iter().find(|fact| fact.id == id);
    let is_gated = |fact: &&Fact| gates.iter().any(|gate| gate.expression.fact == fact.id);
    let is_gap = |fact: &&Fact| fact.id.starts_with("fairness.") && fact.id.matches('.').count() == 1;
    let gap = facts
        .iter()
        .filter(is_gap)
        .find(is_gated)
        .or(facts.iter().find(is_gap));
    let usual = match task {
        Task::Multiclass => ["performance.accuracy", "performance.f1_macro"],
        Task::Regression => ["performance.mae", "performance.r2"],
        Task::Binary | Task::Ranking => ["performance.roc_auc", "performance.average_precision"],
    };
    let is_performance = |fact: &&Fact| fact.id.starts_with("performance.");
    let gated = facts.iter().filter(is_performance).filter(is_gated);
    let mut performance: Vec<&Fact> = gated.collect();
    for fact in usual.into_iter().filter_map(find) {
        if !performance.contains(&fact) {
            performance.push(fact);
        }
    }
    let gap = gap.map(|fact| titled("Widest ", fact));
    let performance = performance.into_iter().take(2).map(|fact| titled("", fact));
    gap.into_iter().chain(performance).collect()
}

/// A fact with its name as a heading, and between whom it is.
fn titled<'a>(before: &str, fact: &'a Fact) -> (String, &'a Fact) {
    let title = if before.is_empty() {
        fact.title.clone()
    } else {
        format!("{before}{}", lower(&fact.title))
    };
    let about = if fact.about.is_empty() {
        String::new()
    } else {
        format!(": {}", fact.about)
    };
    (format!("{title}{about}"), fact)
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn figure(title: String, fact: &Fact, gates: &[Outcome]) -> AnyView {
    let unit = Unit::of_fact(&fact.id);
    let gate = gates.iter().find(|gate| gate.expression.fact == fact.id);
    let target = gate.map(|gate| target(gate, unit));
    let judged = fact.value.filter(|_| fact.reason.is_none());
    let (tone, verdict) = match (judged, gate) {
        (None, _) => (
            Tone::Absent,
            fact.reason
                .clone()
                .map_or_else(|| "Not measured".to_owned(), |why| format!("Not judged: {why}")),
        ),
        (Some(_), None) => (Tone::Plain, "The policy sets no target".to_owned()),
        (Some(_), Some(gate)) => verdict(gate),
    };
    let (value, beside) = match fact.value {
        None => ("–".to_owned(), None),
        Some(value) if unit == Unit::Points => (unit.bare(value), Some("points".to_owned())),
        Some(value) => (unit.write(value), None),
    };
    let bounds = fact.low.zip(fact.high);
    let interval = bounds.map(|(low, high)| unit.interval(low, high));
    let range = judged.map(|value| Range::around(value, bounds, gate.map(|gate| gate.expression.threshold)));
    let sample = sample(fact.n);
    view! {
        <Figure
            title
            value
            beside=Words(beside)
            tone
            verdict
            target=Words(target)
            interval=Words(interval)
            sample
            range
        />
    }
    .into_any()
}

/// "Target at least 0.80", "Limit 20.0 points".
pub fn target(gate: &Outcome, unit: Unit) -> String {
    let threshold = unit.write(gate.expression.threshold);
    match gate.expression.bound {
        Bound::AtLeast => format!("Target at least {threshold}"),
        Bound::AtMost => format!("Limit {threshold}"),
    }
}

fn verdict(gate: &Outcome) -> (Tone, String) {
    let words = match (gate.state, gate.expression.bound) {
        (GateState::Pass, _) => (Tone::Ok, "Met"),
        (GateState::Near, _) => (Tone::Warn, "Met, narrowly"),
        (GateState::Fail, Bound::AtLeast) => (Tone::Danger, "Below target"),
        (GateState::Fail, Bound::AtMost) => (Tone::Danger, "Above limit"),
        (GateState::NotMeasured, _) => (Tone::Absent, "Not measured"),
    };
    (words.0, words.1.to_owned())
}
