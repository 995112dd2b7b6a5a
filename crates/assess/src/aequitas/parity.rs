//! Whether disparities are fair by Aequitas' rule, by group, by attribute and overall.

use super::{Disparity, Metric};

/// Aequitas' parities, each with the metric it judges.
const SIMPLE: [(&str, Metric); 10] = [
    ("Statistical Parity", Metric::PredictedPositiveRatio),
    ("Impact Parity", Metric::PredictedPrevalence),
    ("FDR Parity", Metric::FalseDiscovery),
    ("FPR Parity", Metric::FalsePositive),
    ("FOR Parity", Metric::FalseOmission),
    ("FNR Parity", Metric::FalseNegative),
    ("TPR Parity", Metric::TruePositive),
    ("TNR Parity", Metric::TrueNegative),
    ("NPV Parity", Metric::NegativePredictive),
    ("Precision Parity", Metric::Precision),
];

/// Parities made of two others each; later ones build on earlier ones.
const PAIRS: [(&str, [&str; 2]); 5] = [
    ("TypeI Parity", ["FDR Parity", "FPR Parity"]),
    ("TypeII Parity", ["FOR Parity", "FNR Parity"]),
    ("Equalized Odds", ["FPR Parity", "TPR Parity"]),
    ("Unsupervised Fairness", ["Statistical Parity", "Impact Parity"]),
    ("Supervised Fairness", ["TypeI Parity", "TypeII Parity"]),
];

/// How many parities there are.
pub const PARITIES: usize = SIMPLE.len() + PAIRS.len();

/// The verdicts on a group or an attribute under Aequitas' names; none is not assessable.
#[derive(Debug, Clone, PartialEq)]
pub struct Parities(Vec<(&'static str, Option<bool>)>);

impl Parities {
    /// The verdicts on one group: a disparity is fair from `tau` to 1/`tau`, both included.
    pub fn of_group(disparities: &[Disparity], tau: f64) -> Self {
        let fair = |ratio: f64| tau <= ratio && ratio <= 1.0 / tau;
        let one = |metric| disparities.iter().find(|one| one.metric == metric);
        let simple = SIMPLE.map(|(name, metric)| (name, one(metric).and_then(|one| one.ratio).map(fair)));
        let mut parities = Self(simple.to_vec());
        for (name, [a, b]) in PAIRS {
            // One undefined half makes the pair unfair, as in Aequitas; two make it undefined.
            let verdict = match (parities.get(a), parities.get(b)) {
                (None, None) => None,
                (a, b) => Some(a == Some(true) && b == Some(true)),
            };
            parities.0.push((name, verdict));
        }
        parities
    }

    /// The verdicts on an attribute: fair where every group with a verdict is, none where no group has one.
    pub fn of_attribute(groups: &[Self]) -> Self {
        let names = SIMPLE
            .map(|(name, _)| name)
            .into_iter()
            .chain(PAIRS.map(|(name, _)| name));
        let every = |name| {
            let verdicts = groups.iter().filter_map(|group| group.get(name));
            verdicts.reduce(|all, one| all && one)
        };
        Self(names.map(|name| (name, every(name))).collect())
    }

    /// A verdict by its name.
    pub fn get(&self, name: &str) -> Option<bool> {
        self.0.iter().find(|(known, _)| *known == name)?.1
    }

    /// Every verdict under its name.
    pub fn named(&self) -> &[(&'static str, Option<bool>)] {
        &self.0
    }
}

/// The verdicts on a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overall {
    pub unsupervised: bool,
    pub supervised: bool,
    pub overall: bool,
}

/// The verdicts over all attributes. Nothing assessable counts as fair, as in Aequitas: a model that selects nobody
/// passes. Read it beside the verdicts it comes from.
pub fn overall(attributes: &[Parities]) -> Overall {
    let fair = |name| !attributes.iter().any(|one| one.get(name) == Some(false));
    let (unsupervised, supervised) = (fair("Unsupervised Fairness"), fair("Supervised Fairness"));
    Overall {
        unsupervised,
        supervised,
        overall: unsupervised && supervised,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(of: &[(Metric, f64)]) -> Parities {
        let disparities: Vec<_> = of
            .iter()
            .map(|(metric, ratio)| Disparity {
                metric: *metric,
                ratio: Some(*ratio),
                against: "a".to_owned(),
            })
            .collect();
        Parities::of_group(&disparities, 0.8)
    }

    #[test]
    fn both_ends_of_the_range_are_fair() {
        let edge = group(&[
            (Metric::PredictedPositiveRatio, 0.8),
            (Metric::PredictedPrevalence, 1.25),
            (Metric::FalsePositive, 1.26),
        ]);
        assert_eq!(edge.get("Unsupervised Fairness"), Some(true));
        assert_eq!(edge.get("FPR Parity"), Some(false));
        // The false discovery rate is undefined.
        assert_eq!(edge.get("TypeI Parity"), Some(false));
        assert_eq!(edge.get("TypeII Parity"), None);
        assert_eq!(edge.named().len(), PARITIES);
    }

    #[test]
    fn an_attribute_is_as_fair_as_its_least_fair_group() {
        let groups = [
            group(&[(Metric::FalsePositive, 1.0)]),
            group(&[(Metric::FalsePositive, 0.5)]),
        ];
        let attribute = Parities::of_attribute(&groups);
        assert_eq!(attribute.get("FPR Parity"), Some(false));
        assert_eq!(attribute.get("TPR Parity"), None);
        assert!(!overall(&[attribute]).supervised);
        let nothing = overall(&[Parities::of_attribute(&[])]);
        assert!(nothing.overall && nothing.unsupervised);
    }
}
