//! Numbers as figures: value, what it was, target, interval and n, worst first.
use crate::ui::{Figure, Range, Tone, Unit, number};
use domain::{
    fact::{Direction, Fact},
    policy::{Bound, Expression, GateState, Outcome},
    view::{
        evaluation::{Change, Moved},
        release::Release,
    },
};
use leptos::prelude::*;

/// How many figures are shown: as many as one takes in at a glance.
const SHOWN: usize = 3;

/// The changes that differ in kind, worst first: a rate and its complement, or the worst group and the attribute that
/// it belongs to, are one piece of news.
pub fn once_a_kind(release: &Release) -> Vec<Change> {
    let gated = |change: &Change| {
        release
            .gates
            .iter()
            .any(|gate| gate.expression.fact == change.now.id)
    };
    let mut news: Vec<Change> = Vec::new();
    for change in &release.regressions {
        match news
            .iter_mut()
            .find(|known| kind(&known.now.id) == kind(&change.now.id))
        {
            // The same number under the id that a gate reads says more.
            Some(known) if known.now.value == change.now.value && gated(change) && !gated(known) => {
                *known = change.clone();
            }
            Some(_) => {}
            None => news.push(change.clone()),
        }
    }
    news
}

fn kind(id: &str) -> String {
    let mut parts = id.split('.');
    let kind = match (parts.next(), parts.next(), parts.next()) {
        (Some("fairness"), Some("intersection"), Some(kind)) => return format!("intersection.{kind}"),
        (Some("fairness"), Some(kind), Some(pair)) if pair.contains('|') => {
            return format!("intersection.{kind}");
        }
        (Some(_), Some(kind), _) => kind,
        _ => id,
    };
    match kind {
        "fnr" => "tpr",
        "tnr" => "fpr",
        "demographic_parity_ratio" => "impact_ratio",
        kind => kind,
    }
    .to_owned()
}

/// The three worst changes against the last approved version: what got clearly worse, then what moved the wrong way
/// within its interval, the furthest first.
pub fn of_changes(release: &Release) -> Vec<AnyView> {
    let news = once_a_kind(release)
        .into_iter()
        .filter(|change| change.now.id != "rows");
    let (clear, rest): (Vec<_>, Vec<_>) = news.partition(|change| change.verdict == Moved::Worse);
    let mut unclear: Vec<_> = rest
        .into_iter()
        .filter(|change| worsening(change) > 0.0)
        .collect();
    unclear.sort_by(|a, b| worsening(b).total_cmp(&worsening(a)));
    let figures = clear.into_iter().chain(unclear).take(SHOWN).map(|change| {
        let gate = release
            .gates
            .iter()
            .find(|gate| gate.expression.fact == change.now.id);
        figure(&change.now, change.before, gate, Some(change.verdict))
    });
    figures.collect()
}

/// How far a number moved the wrong way, against what it was; nothing where it can't be compared.
fn worsening(change: &Change) -> f64 {
    let Some((now, before)) = change.now.value.zip(change.before) else {
        return 0.0;
    };
    let worse = match change.now.direction {
        Direction::HigherIsBetter => before - now,
        Direction::LowerIsBetter => now - before,
    };
    worse / before.abs().max(0.05)
}

/// The three gates that are met the least, for a first release.
pub fn of_gates(release: &Release) -> Vec<AnyView> {
    let mut gates: Vec<(&Outcome, &Fact)> = release
        .gates
        .iter()
        .filter_map(|gate| Some((gate, gate.fact.as_ref()?)))
        .collect();
    gates.sort_by(|(a, x), (b, y)| {
        rank(a.state)
            .cmp(&rank(b.state))
            .then(margin(a, x).total_cmp(&margin(b, y)))
    });
    gates
        .into_iter()
        .take(SHOWN)
        .map(|(gate, fact)| figure(fact, None, Some(gate), None))
        .collect()
}

fn rank(state: GateState) -> u8 {
    match state {
        GateState::Fail => 0,
        GateState::NotMeasured => 1,
        GateState::Near => 2,
        GateState::Pass => 3,
    }
}

/// How far a number is on the good side of its threshold, against the threshold's size.
fn margin(gate: &Outcome, fact: &Fact) -> f64 {
    let Expression { bound, threshold, .. } = gate.expression;
    let value = fact.value.unwrap_or(f64::NEG_INFINITY);
    let distance = match bound {
        Bound::AtLeast => value - threshold,
        Bound::AtMost => threshold - value,
    };
    distance / threshold.abs().max(f64::EPSILON)
}

/// "At least 0.80".
pub fn target(expression: &Expression) -> String {
    let unit = Unit::of_fact(&expression.fact);
    let bound = match expression.bound {
        Bound::AtLeast => "At least",
        Bound::AtMost => "At most",
    };
    let threshold = if unit == Unit::Count {
        number::fixed(expression.threshold, 0)
    } else {
        unit.write(expression.threshold)
    };
    format!("{bound} {threshold}")
}

/// Where a fact lies to a target.
pub fn range(fact: &Fact, target: Option<f64>) -> Option<Range> {
    fact.value
        .map(|value| Range::around(value, fact.low.zip(fact.high), target))
}

/// A fact in words: "0.82 (95 % interval 0.78 to 0.86, n 2 118)".
pub fn written(fact: &Fact) -> String {
    let unit = Unit::of_fact(&fact.id);
    let n = number::sample(fact.n);
    match (fact.value, fact.low.zip(fact.high)) {
        (None, _) => format!(
            "not measured ({})",
            if fact.about.is_empty() {
                "no value"
            } else {
                &fact.about
            }
        ),
        (Some(value), Some((low, high))) => {
            format!(
                "{} (95\u{a0}% interval {}, {n})",
                unit.write(value),
                unit.interval(low, high)
            )
        }
        (Some(value), None) => format!("{} ({n})", unit.write(value)),
    }
}

/// The name of a fact with whom it is about.
pub fn named(fact: &Fact) -> String {
    if fact.about.is_empty() || fact.value.is_none() {
        fact.title.clone()
    } else {
        format!("{}: {}", fact.title, fact.about)
    }
}

fn figure(fact: &Fact, before: Option<f64>, gate: Option<&Outcome>, moved: Option<Moved>) -> AnyView {
    let unit = Unit::of_fact(&fact.id);
    let value = fact
        .value
        .map_or_else(|| "Not measured".to_owned(), |value| unit.write(value));
    let beside = before.map(|before| format!("was {}", unit.write(before)));
    let (tone, verdict) = verdict(gate.map(|gate| gate.state), moved);
    let interval = fact
        .low
        .zip(fact.high)
        .map(|(low, high)| unit.interval(low, high));
    let range = range(fact, gate.map(|gate| gate.expression.threshold));
    let target = gate.map(|gate| target(&gate.expression));
    let sample = number::sample(fact.n);
    view! { <Figure title=named(fact) value beside tone verdict target interval sample range/> }.into_any()
}

/// Where a number stands to its gate, and which way it went.
fn verdict(gate: Option<GateState>, moved: Option<Moved>) -> (Tone, String) {
    let gate = gate.map(|state| match state {
        GateState::Pass => (Tone::Ok, "Met"),
        GateState::Near => (Tone::Warn, "Met, narrowly"),
        GateState::Fail => (Tone::Danger, "Target missed"),
        GateState::NotMeasured => (Tone::Absent, "Not measured"),
    });
    let moved = moved.map(|moved| match moved {
        Moved::Worse => (Tone::Warn, "worse than before"),
        Moved::Unjudged => (Tone::Warn, "worse, with no interval to tell chance by"),
        Moved::NotComparable => (Tone::Absent, "not comparable"),
        Moved::NoClearChange => (Tone::Plain, "no clear change"),
        Moved::Better => (Tone::Ok, "better than before"),
    });
    match (gate, moved) {
        (Some((tone, gate)), Some((_, moved))) => (tone, format!("{gate}; {moved}")),
        (None, Some((tone, moved))) => (
            tone,
            crate::problem::sentence(moved).trim_end_matches('.').to_owned(),
        ),
        (Some((tone, gate)), None) => (tone, gate.to_owned()),
        (None, None) => (Tone::Plain, "No target".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complements_and_groups_are_one_kind() {
        assert_eq!(kind("performance.fnr"), kind("performance.tpr"));
        assert_eq!(kind("fairness.impact_ratio.sex"), kind("fairness.impact_ratio"));
        assert_ne!(
            kind("fairness.intersection.impact_ratio"),
            kind("fairness.impact_ratio")
        );
        assert_eq!(kind("rows"), "rows");
    }

    #[test]
    fn a_target_is_written_as_what_it_bounds() {
        let target = |text: &str| super::target(&text.parse().unwrap());
        assert_eq!(target("fairness.impact_ratio >= 0.8"), "At least 0.80");
        assert_eq!(target("performance.accuracy >= 0.7"), "At least 70.0\u{a0}%");
        assert_eq!(target("rows >= 500"), "At least 500");
    }

    #[test]
    fn a_verdict_says_target_and_direction() {
        assert_eq!(
            verdict(Some(GateState::Near), Some(Moved::Worse)).1,
            "Met, narrowly; worse than before"
        );
        assert_eq!(verdict(None, Some(Moved::NoClearChange)).1, "No clear change");
    }
}
