//! The numbers and verdicts that Aequitas 1.1 gives for the same groups, quirks included (Saleiro et al. 2018,
//! <https://github.com/dssg/aequitas>).
//!
//! Every group takes part, however small. Undefined is none here, where Aequitas writes not-a-number; a number
//! divided by 0 is [`CAP`], as there. Its tests of significance are left out: they are t-tests on columns of 0 and 1.

mod parity;

use crate::report::{Confusion, Rate};
use crate::stats::real;

pub use parity::{Overall, PARITIES, Parities, overall};

/// What Aequitas writes for a number divided by 0.
pub const CAP: f64 = 10.0;

/// A rate that Aequitas compares between groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Share of everybody selected who is in the group: depends on the group's size.
    PredictedPositiveRatio,
    /// Share of the group that is selected: what others call selection rate.
    PredictedPrevalence,
    Precision,
    FalseDiscovery,
    FalseOmission,
    FalsePositive,
    FalseNegative,
    TruePositive,
    TrueNegative,
    NegativePredictive,
}

impl Metric {
    /// Every metric, in Aequitas' order.
    pub const ALL: [Self; 10] = [
        Self::PredictedPositiveRatio,
        Self::PredictedPrevalence,
        Self::Precision,
        Self::FalseDiscovery,
        Self::FalseOmission,
        Self::FalsePositive,
        Self::FalseNegative,
        Self::TruePositive,
        Self::TrueNegative,
        Self::NegativePredictive,
    ];

    /// Aequitas' name, e.g. `ppr`.
    pub fn id(self) -> &'static str {
        match self {
            Self::PredictedPositiveRatio => "ppr",
            Self::PredictedPrevalence => "pprev",
            Self::Precision => "precision",
            Self::FalseDiscovery => "fdr",
            Self::FalseOmission => "for",
            Self::FalsePositive => "fpr",
            Self::FalseNegative => "fnr",
            Self::TruePositive => "tpr",
            Self::TrueNegative => "tnr",
            Self::NegativePredictive => "npv",
        }
    }
}

/// A group of one attribute, with its counts and what they stand among.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosstab {
    /// The group's name, parts of a crossed one joined by `|`.
    pub group: String,
    pub counts: Confusion,
    /// Rows predicted positive in the whole file, those without a group included (Aequitas' `k`).
    pub selected: u64,
}

impl Crosstab {
    /// A metric of the group, between 0 and 1; none where its denominator is 0.
    pub fn metric(&self, metric: Metric) -> Option<f64> {
        let counts = &self.counts;
        let (positive, negative) = (counts.tp + counts.fp, counts.tn + counts.fn_);
        let share = |x: u64, n: u64| (n > 0).then(|| real(x) / real(n));
        match metric {
            Metric::PredictedPositiveRatio => share(positive, self.selected),
            Metric::PredictedPrevalence => counts.rate(Rate::Selection),
            Metric::Precision => counts.rate(Rate::Precision),
            Metric::FalseDiscovery => share(counts.fp, positive),
            Metric::FalseOmission => share(counts.fn_, negative),
            Metric::FalsePositive => counts.rate(Rate::Fpr),
            Metric::FalseNegative => counts.rate(Rate::Fnr),
            Metric::TruePositive => counts.rate(Rate::Tpr),
            Metric::TrueNegative => counts.rate(Rate::Tnr),
            Metric::NegativePredictive => share(counts.tn, negative),
        }
    }
}

/// Which group others are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// The group of this name, for every metric.
    Named(&'a str),
    /// The group with the most rows, the first of several.
    Largest,
    /// For each metric the group with its smallest value, the first of several; the first group at all where the
    /// metric is undefined in each.
    Smallest,
}

/// A metric of a group over that of its reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Disparity {
    pub metric: Metric,
    /// 1 is parity; none for 0/0 and where either is undefined; [`CAP`] for a number divided by 0.
    pub ratio: Option<f64>,
    /// The reference's name.
    pub against: String,
}

/// Every group's disparities, in the order of the groups and of [`Metric::ALL`]. Groups must come sorted by name,
/// for ties go to the first. None where there is no such reference.
pub fn disparities(groups: &[Crosstab], reference: Reference<'_>) -> Option<Vec<Vec<Disparity>>> {
    let references: Option<Vec<&Crosstab>> = Metric::ALL
        .into_iter()
        .map(|metric| referred(groups, reference, metric))
        .collect();
    let references = references?;
    let row = |group: &Crosstab| {
        let pairs = Metric::ALL.into_iter().zip(&references);
        pairs
            .map(|(metric, other)| disparity(group, other, metric))
            .collect()
    };
    Some(groups.iter().map(row).collect())
}

fn referred<'a>(groups: &'a [Crosstab], reference: Reference<'_>, metric: Metric) -> Option<&'a Crosstab> {
    let first_of = |better: &dyn Fn(&Crosstab, &Crosstab) -> bool| {
        groups
            .iter()
            .reduce(|best, next| if better(next, best) { next } else { best })
    };
    match reference {
        Reference::Named(name) => groups.iter().find(|group| group.group == name),
        Reference::Largest => first_of(&|next, best| next.counts.n() > best.counts.n()),
        Reference::Smallest => first_of(&|next, best| match (next.metric(metric), best.metric(metric)) {
            (Some(next), Some(best)) => next < best,
            (next, best) => next.is_some() && best.is_none(),
        }),
    }
}

fn disparity(group: &Crosstab, other: &Crosstab, metric: Metric) -> Disparity {
    let ratio = group
        .metric(metric)
        .zip(other.metric(metric))
        .map(|(ours, theirs)| ours / theirs)
        .filter(|ratio| !ratio.is_nan())
        .map(|ratio| if ratio.is_infinite() { CAP } else { ratio });
    Disparity {
        metric,
        ratio,
        against: other.group.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, [tp, fp, tn, fn_]: [u64; 4], selected: u64) -> Crosstab {
        Crosstab {
            group: name.to_owned(),
            counts: Confusion { tp, fp, tn, fn_ },
            selected,
        }
    }

    fn of(groups: &[Crosstab], reference: Reference<'_>, metric: Metric) -> Vec<(Option<f64>, String)> {
        let each = disparities(groups, reference).unwrap().into_iter();
        let one = |row: Vec<Disparity>| row.into_iter().find(|one| one.metric == metric).unwrap();
        each.map(|row| (one(row.clone()).ratio, one(row).against))
            .collect()
    }

    #[test]
    fn disparities_equal_those_of_aequitas() {
        // German credit, logistic regression, by sex.
        let groups = [
            group("female", [168, 44, 65, 33], 767),
            group("male", [443, 112, 79, 56], 767),
        ];
        let found = of(&groups, Reference::Named("male"), Metric::PredictedPositiveRatio);
        assert!((found[0].0.unwrap() - 0.381_981_981_981_982).abs() < 1e-15);
        assert_eq!(found[1].0, Some(1.0));
        assert_eq!(
            of(&groups, Reference::Largest, Metric::FalsePositive)[0].1,
            "male"
        );
        assert_eq!(
            of(&groups, Reference::Smallest, Metric::FalsePositive)[1].1,
            "female"
        );
        assert_eq!(disparities(&groups, Reference::Named("none")), None);
    }

    #[test]
    fn a_number_over_0_is_capped_and_0_over_0_is_nothing() {
        let groups = [group("a", [0, 0, 5, 5], 4), group("b", [3, 1, 4, 2], 4)];
        let found = of(&groups, Reference::Smallest, Metric::PredictedPrevalence);
        assert_eq!(found, [(None, "a".to_owned()), (Some(CAP), "a".to_owned())]);
        // Undefined in the first group: the reference is the next.
        assert_eq!(of(&groups, Reference::Smallest, Metric::Precision)[1].1, "b");
        assert_eq!(disparities(&[], Reference::Largest), None);
    }
}
