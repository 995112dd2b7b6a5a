//! The figures of these tasks under the ids that policy gates ask for.

use super::{Attribute, Entry, Multiclass, Ranking, Regression, Report};
use crate::facts::{Direction, Fact, Unit};
use crate::report::{Figure, Gap};
use crate::stats::real;

/// Figures of which less is better; all others are better the higher, but for those of no direction.
const ERRORS: [&str; 8] = [
    "mae",
    "mse",
    "rmse",
    "medae",
    "max_error",
    "log_loss",
    "brier",
    "calibration_error",
];

impl Multiclass {
    /// Every figure that a gate may ask for, named as in a binary report: `performance.<id>`, and for gaps
    /// `fairness.<id>.<attribute>`, `fairness.<id>` (the worst attribute) and `fairness.intersection.<id>` (the worst
    /// pair).
    pub fn facts(&self) -> Vec<Fact> {
        facts(self)
    }
}

impl Regression {
    /// As [`Multiclass::facts`].
    pub fn facts(&self) -> Vec<Fact> {
        facts(self)
    }
}

impl Ranking {
    /// As [`Multiclass::facts`]; those of a cut end in its id, such as `performance.precision.top_100`.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = facts(self);
        for cut in &self.detail.cuts {
            let of_cut = performance(&cut.figures)
                .into_iter()
                .chain(fairness(&cut.attributes));
            facts.extend(of_cut.map(|fact| Fact {
                id: format!("{}.{}", fact.id, cut.id),
                ..fact
            }));
        }
        facts
    }
}

fn facts<D>(report: &Report<D>) -> Vec<Fact> {
    let rows = Figure::new(real(report.rows), None, report.rows);
    let mut facts = vec![fact("rows", "Rows", &rows, Direction::HigherIsBetter)];
    facts.extend(performance(&report.overall));
    facts.extend(fairness(&report.attributes));
    facts
}

fn performance(entries: &[Entry]) -> Vec<Fact> {
    let one = |entry: &Entry| {
        let id = entry.id.split('.').next().unwrap_or_default();
        let direction = if ERRORS.contains(&id) {
            Direction::LowerIsBetter
        } else {
            Direction::HigherIsBetter
        };
        fact(
            &format!("performance.{}", entry.id),
            &entry.id,
            &entry.figure,
            direction,
        )
    };
    entries.iter().map(one).collect()
}

fn fairness(attributes: &[Attribute]) -> Vec<Fact> {
    let (pairs, singles): (Vec<_>, Vec<_>) = attributes
        .iter()
        .partition(|attribute| attribute.columns.len() > 1);
    let Some(first) = attributes.first() else {
        return Vec::new();
    };
    let of = |(at, gap): (usize, &Gap)| {
        let worst_of = |attributes: &[&Attribute], id: String| {
            let each = attributes
                .iter()
                .filter_map(|attribute| Some((*attribute, attribute.gaps.get(at)?)));
            worst(each.collect(), id)
        };
        let mut facts: Vec<Fact> = Vec::new();
        facts.extend(worst_of(&singles, format!("fairness.{}", gap.id)));
        facts.extend(worst_of(&pairs, format!("fairness.intersection.{}", gap.id)));
        let each = attributes
            .iter()
            .filter_map(|attribute| Some((attribute, attribute.gaps.get(at)?)));
        facts.extend(each.map(|(attribute, gap)| {
            of_gap(format!("fairness.{}.{}", gap.id, attribute.id()), attribute, gap)
        }));
        facts
    };
    first.gaps.iter().enumerate().flat_map(of).collect()
}

/// The widest gap; one without a value only if none has one.
fn worst(each: Vec<(&Attribute, &Gap)>, id: String) -> Option<Fact> {
    let facts: Vec<Fact> = each
        .into_iter()
        .map(|(attribute, gap)| of_gap(id.clone(), attribute, gap))
        .collect();
    let is_worse = |a: &Fact, b: &Fact| match a.direction {
        Direction::HigherIsBetter => a.value < b.value,
        Direction::LowerIsBetter => a.value > b.value,
    };
    let defined = facts.iter().filter(|fact| fact.value.is_some());
    defined
        .reduce(|worst, next| if is_worse(next, worst) { next } else { worst })
        .or(facts.first())
        .cloned()
}

fn of_gap(id: String, attribute: &Attribute, gap: &Gap) -> Fact {
    let is_ratio = gap.id.split('.').next().is_some_and(|id| id.ends_with("_ratio"));
    let direction = if is_ratio {
        Direction::HigherIsBetter
    } else {
        Direction::LowerIsBetter
    };
    let between = gap.between.as_ref();
    let about = between.map(|(high, low)| format!("{low} against {high} ({})", attribute.title()));
    Fact {
        about: about.unwrap_or_default(),
        ..fact(&id, &gap.title, &gap.figure, direction)
    }
}

fn fact(id: &str, title: &str, figure: &Figure, direction: Direction) -> Fact {
    Fact {
        id: id.to_owned(),
        title: title.to_owned(),
        value: figure.value,
        low: figure.low,
        high: figure.high,
        n: figure.n,
        about: String::new(),
        reason: figure.reason.clone(),
        direction,
        unit: if id == "rows" { Unit::Count } else { Unit::Score },
    }
}
