//! The figures of these tasks under the ids that policy gates ask for.

use super::named::{fact, plain};
use super::{Attribute, Entry, Multiclass, Ranking, Regression, Report, Weighted, find};
use crate::facts::weighted::by_weight;
use crate::facts::{Direction, Fact, Unit};
use crate::report::{Figure, Gap};
use crate::stats::real;

impl Multiclass {
    /// Every figure that a gate may ask for, named as in a binary report: `performance.<id>`, and for gaps
    /// `fairness.<id>.<attribute>`, `fairness.<id>` (the worst attribute) and `fairness.intersection.<id>` (the worst
    /// pair).
    pub fn facts(&self) -> Vec<Fact> {
        facts(self)
    }
}

impl Regression {
    /// As [`Multiclass::facts`], and `performance.mean_error_size`: how far predictions lie off on average, too high or
    /// too low.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = facts(self);
        let size = |figures: &[Entry]| {
            let size = size(find(figures, "mean_error_pred_minus_true")?);
            let (id, title) = ("performance.mean_error_size", "Size of the mean error");
            Some(plain(
                id,
                title.to_owned(),
                &size,
                Direction::LowerIsBetter,
                Unit::Score,
            ))
        };
        facts.extend(size(&self.overall));
        let weighted = self.weighted.as_ref();
        facts.extend(
            weighted
                .and_then(|weighted| size(&weighted.figures))
                .map(by_weight),
        );
        facts
    }
}

impl Ranking {
    /// As [`Multiclass::facts`]; those of a cut end in its id, such as `performance.precision.top_100`.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = facts(self);
        for cut in &self.detail.cuts {
            let of_cut = performance(&cut.figures)
                .into_iter()
                .chain(fairness(&cut.attributes, &|attribute| &attribute.gaps))
                .chain(weighted(cut.weighted.as_ref(), &cut.attributes));
            facts.extend(of_cut.map(|fact| Fact {
                id: format!("{}.{}", fact.id, cut.id),
                title: format!("{}, {}", fact.title, cut.words()),
                ..fact
            }));
        }
        facts
    }
}

/// How large a figure is, whatever its sign.
fn size(figure: &Figure) -> Figure {
    let interval = figure.interval().map(|(low, high)| {
        let reach = low.abs().max(high.abs());
        let least = low.max(-high).max(0.0);
        (least, reach)
    });
    Figure {
        value: figure.value.map(f64::abs),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        ..figure.clone()
    }
}

fn facts<D>(report: &Report<D>) -> Vec<Fact> {
    let rows = Figure::new(real(report.rows), None, report.rows);
    let mut facts = vec![plain(
        "rows",
        "Rows".to_owned(),
        &rows,
        Direction::HigherIsBetter,
        Unit::Count,
    )];
    facts.extend(performance(&report.overall));
    facts.extend(fairness(&report.attributes, &|attribute| &attribute.gaps));
    facts.extend(weighted(report.weighted.as_ref(), &report.attributes));
    facts
}

/// The same by weight; none where rows have no weights.
fn weighted(weighted: Option<&Weighted>, attributes: &[Attribute]) -> Vec<Fact> {
    let Some(weighted) = weighted else {
        return Vec::new();
    };
    let facts = performance(&weighted.figures).into_iter();
    let facts = facts.chain(fairness(attributes, &|attribute| &attribute.weighted_gaps));
    facts.map(by_weight).collect()
}

fn performance(entries: &[Entry]) -> Vec<Fact> {
    let facts = entries.iter().filter_map(|entry| fact("performance", entry));
    facts.collect()
}

fn fairness(attributes: &[Attribute], gaps: &dyn Fn(&Attribute) -> &Vec<Gap>) -> Vec<Fact> {
    let (pairs, singles): (Vec<_>, Vec<_>) = attributes
        .iter()
        .partition(|attribute| attribute.columns.len() > 1);
    let Some(first) = attributes.first() else {
        return Vec::new();
    };
    let of = |(at, gap): (usize, &Gap)| {
        let facts = |attributes: &[&Attribute]| -> Vec<Fact> {
            let each = attributes
                .iter()
                .filter_map(|attribute| Some(of_gap(attribute, gaps(attribute).get(at)?)));
            each.collect()
        };
        let (singles, pairs) = (facts(&singles), facts(&pairs));
        let mut all: Vec<Fact> = Vec::new();
        all.extend(worst(&singles, format!("fairness.{}", gap.id), &gap.title));
        let title = format!("{}, two attributes together", gap.title);
        all.extend(worst(&pairs, format!("fairness.intersection.{}", gap.id), &title));
        all.extend(singles.into_iter().chain(pairs));
        all
    };
    gaps(first).iter().enumerate().flat_map(of).collect()
}

/// The worst of facts of one kind, under an id and title of its own; one without a value only if none has one.
pub(crate) fn worst(facts: &[Fact], id: String, title: &str) -> Option<Fact> {
    let is_worse = |a: &Fact, b: &Fact| match a.direction {
        Direction::HigherIsBetter => a.value < b.value,
        Direction::LowerIsBetter => a.value > b.value,
    };
    let judged = facts
        .iter()
        .filter(|fact| fact.value.is_some() && fact.reason.is_none());
    let worst = judged
        .reduce(|worst, next| if is_worse(next, worst) { next } else { worst })
        .or(facts.first())?;
    Some(Fact {
        id,
        title: title.to_owned(),
        ..worst.clone()
    })
}

fn of_gap(attribute: &Attribute, gap: &Gap) -> Fact {
    let is_ratio = gap.id.split('.').any(|id| id.ends_with("_ratio"));
    let (direction, unit) = if is_ratio {
        (Direction::HigherIsBetter, Unit::Ratio)
    } else {
        (Direction::LowerIsBetter, Unit::Score)
    };
    let between = gap.between.as_ref();
    let about = between.map(|(high, low)| format!("{low} against {high} ({})", attribute.title()));
    let id = format!("fairness.{}.{}", gap.id, attribute.id());
    let title = format!("{}, {}", gap.title, attribute.title());
    Fact {
        about: about.unwrap_or_default(),
        ..plain(&id, title, &gap.figure, direction, unit)
    }
}

#[cfg(test)]
mod tests {
    use super::size;
    use crate::report::Figure;

    #[test]
    fn the_size_of_an_error_has_an_interval_from_nought_where_it_may_be_none() {
        let of = |value, interval| size(&Figure::new(value, Some(interval), 9)).interval();
        assert_eq!(of(-0.5, (-0.75, -0.25)), Some((0.25, 0.75)));
        assert_eq!(of(0.5, (0.25, 0.75)), Some((0.25, 0.75)));
        assert_eq!(of(-0.25, (-0.75, 0.25)), Some((0.0, 0.75)));
    }
}
