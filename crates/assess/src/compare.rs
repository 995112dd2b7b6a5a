//! Two reports side by side: each fact, its change, and whether the change exceeds noise; worst first.

mod comparison;

use crate::facts::{Direction, Fact, Unit};
use crate::report::Report;
use crate::stats;
use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
pub(crate) use comparison::Move;
pub use comparison::{Bootstrap, COMPARISON, Comparison, Decisions, Method, Moved, Pairing};

/// How one fact moved from one report to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The fact's id.
    pub id: String,
    pub title: String,
    /// Between whom, after the change (before it, where the fact has gone).
    pub about: String,
    pub before: Option<f64>,
    pub after: Option<f64>,
    /// After minus before, with its interval, as if the reports were of different people: for the same people it
    /// is wider than it need be.
    pub change: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub outcome: Outcome,
    pub unit: Unit,
}

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Worse,
    /// The wrong way, with no interval to tell it from noise: bad news is told all the same, good news is not claimed.
    Unjudged,
    /// Only one of the reports has a value.
    NotComparable,
    /// The interval of the change covers zero.
    NoClearChange,
    Better,
}

impl Outcome {
    /// The outcome in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Unjudged => "worse, not judged",
            Self::NotComparable => "not comparable",
            Self::NoClearChange => "no clear change",
            Self::Better => "better",
        }
    }
}

/// Compares each fact of two reports (all but the number of rows, which is neither good nor bad), worst first.
pub fn compare(before: &Report, after: &Report) -> Vec<Change> {
    facts(&before.facts(), &after.facts())
}

/// The same of the facts of two assessments, whatever their task.
pub fn facts(before: &[Fact], after: &[Fact]) -> Vec<Change> {
    let mut changes: Vec<_> = after
        .iter()
        .filter(|fact| fact.unit != Unit::Count)
        .map(|fact| change(before.iter().find(|was| was.id == fact.id), Some(fact), fact))
        .chain(
            before
                .iter()
                .filter(|was| after.iter().all(|fact| fact.id != was.id))
                .map(|was| change(Some(was), None, was)),
        )
        .filter(|change| change.before.is_some() || change.after.is_some())
        .collect();
    worst_first(&mut changes, |change| {
        (change.outcome, change.before, change.change)
    });
    changes
}

/// Sorts changes by what they mean, and then by how far they moved.
fn worst_first<T>(changes: &mut [T], of: impl Fn(&T) -> (Outcome, Option<f64>, Option<f64>)) {
    changes.sort_by(|a, b| {
        let (a, b) = (of(a), of(b));
        a.0.cmp(&b.0).then_with(|| size(b).total_cmp(&size(a)))
    });
}

/// A value below this is so small that its share tells nothing: a step from 0.001 to 0.003 is no tripling.
const SMALL: f64 = 0.05;

/// How far a fact moved, against what it was, for facts have units of their own; for those that grew better, the least
/// first.
fn size((outcome, before, change): (Outcome, Option<f64>, Option<f64>)) -> f64 {
    let from = before.map_or(1.0, f64::abs).max(SMALL);
    let moved = change.map_or(0.0, f64::abs) / from;
    if outcome == Outcome::Better { -moved } else { moved }
}

fn change(before: Option<&Fact>, after: Option<&Fact>, fact: &Fact) -> Change {
    let values = before
        .and_then(|was| was.value)
        .zip(after.and_then(|is| is.value));
    let interval = before.zip(after).and_then(|(was, is)| interval(was, is));
    Change {
        id: fact.id.clone(),
        title: fact.title.clone(),
        about: fact.about.clone(),
        before: before.and_then(|was| was.value),
        after: after.and_then(|is| is.value),
        change: values.map(|(was, is)| is - was),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        outcome: match values {
            None => Outcome::NotComparable,
            Some((was, is)) => outcome(is - was, interval, fact.direction),
        },
        unit: fact.unit,
    }
}

/// The interval of a change; where one side has none (a perfect score, say) it counts as exact.
fn interval(before: &Fact, after: &Fact) -> Option<stats::Interval> {
    let known = |fact: &Fact| fact.low.zip(fact.high);
    if known(before).is_none() && known(after).is_none() {
        return None;
    }
    let (was, is) = (before.value?, after.value?);
    Some(stats::difference(
        (is, known(after).unwrap_or((is, is))),
        (was, known(before).unwrap_or((was, was))),
    ))
}

fn outcome(change: f64, interval: Option<stats::Interval>, direction: Direction) -> Outcome {
    let better = match direction {
        Direction::HigherIsBetter => change > 0.0,
        Direction::LowerIsBetter => change < 0.0,
    };
    match interval {
        Some((low, high)) if low <= 0.0 && high >= 0.0 => Outcome::NoClearChange,
        Some(_) if better => Outcome::Better,
        Some(_) => Outcome::Worse,
        None if better || change == 0.0 => Outcome::NoClearChange,
        None => Outcome::Unjudged,
    }
}
