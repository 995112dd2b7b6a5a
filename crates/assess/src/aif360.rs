//! The numbers that AIF360 0.6 gives for a privileged and an unprivileged group, quirks included (Bellamy et al.
//! 2018, <https://github.com/Trusted-AI/AIF360>).
//!
//! Positive means the favourable answer here ([`Confusion::favouring`]), and everybody not in the reference group is
//! unprivileged, pooled. Numbers are AIF360's: precision, false discovery and false omission over nobody are 0, any
//! other 0/0 is not-a-number, a number over 0 is infinite. Differences are unprivileged minus privileged, so that
//! negative is worse for the unprivileged.

use crate::report::Confusion;
use crate::stats::real;

/// The counts of both groups, by favourable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups {
    pub unprivileged: Confusion,
    pub privileged: Confusion,
}

/// The rates of one group.
struct Rates {
    base: f64,
    selection: f64,
    tpr: f64,
    fpr: f64,
    fnr: f64,
    precision: f64,
    discovery: f64,
    omission: f64,
    error: f64,
}

impl Rates {
    fn of(counts: &Confusion) -> Self {
        let part = |x: u64, n: u64| real(x) / real(n);
        // The library guards these, and only these, against an empty denominator.
        let guarded = |x: u64, n: u64| if n == 0 { 0.0 } else { part(x, n) };
        let (positives, negatives, n) = (counts.positives(), counts.negatives(), counts.n());
        let (selected, rejected) = (counts.tp + counts.fp, counts.tn + counts.fn_);
        Self {
            base: part(positives, n),
            selection: part(selected, n),
            tpr: part(counts.tp, positives),
            fpr: part(counts.fp, negatives),
            fnr: part(counts.fn_, positives),
            precision: guarded(counts.tp, selected),
            discovery: guarded(counts.fp, selected),
            omission: guarded(counts.fn_, rejected),
            error: 1.0 - guarded(counts.tp + counts.tn, n),
        }
    }
}

impl Groups {
    /// The metrics of predictions under AIF360's names (`ClassificationMetric`).
    pub fn classification(&self) -> Vec<(&'static str, f64)> {
        let (u, p) = (Rates::of(&self.unprivileged), Rates::of(&self.privileged));
        let (tpr, fpr) = (u.tpr - p.tpr, u.fpr - p.fpr);
        vec![
            ("disparate_impact", u.selection / p.selection),
            ("statistical_parity_difference", u.selection - p.selection),
            ("average_odds_difference", 0.5 * (fpr + tpr)),
            ("average_abs_odds_difference", 0.5 * (fpr.abs() + tpr.abs())),
            ("equal_opportunity_difference", tpr),
            ("true_positive_rate_difference", tpr),
            ("equalized_odds_difference", python_max(fpr.abs(), tpr.abs())),
            ("error_rate_difference", u.error - p.error),
            ("error_rate_ratio", u.error / p.error),
            ("false_positive_rate_difference", fpr),
            ("false_positive_rate_ratio", u.fpr / p.fpr),
            ("false_negative_rate_difference", u.fnr - p.fnr),
            ("false_negative_rate_ratio", u.fnr / p.fnr),
            ("false_discovery_rate_difference", u.discovery - p.discovery),
            ("false_discovery_rate_ratio", u.discovery / p.discovery),
            ("false_omission_rate_difference", u.omission - p.omission),
            ("false_omission_rate_ratio", u.omission / p.omission),
            (
                "average_predictive_value_difference",
                0.5 * ((u.precision - p.precision) + (u.omission - p.omission)),
            ),
            ("theil_index", self.generalised_entropy(1.0)),
            (
                "coefficient_of_variation",
                (2.0 * self.generalised_entropy(2.0)).sqrt(),
            ),
            ("between_group_theil_index", self.between_groups(1.0)),
            (
                "between_group_generalized_entropy_index",
                self.between_groups(2.0),
            ),
            (
                "between_group_coefficient_of_variation",
                (2.0 * self.between_groups(2.0)).sqrt(),
            ),
            (
                "differential_fairness_bias_amplification",
                self.bias_amplification(),
            ),
        ]
    }

    /// The metrics of labels under AIF360's names (`BinaryLabelDatasetMetric`).
    pub fn labels(&self) -> [(&'static str, f64); 4] {
        let (u, p) = (Rates::of(&self.unprivileged), Rates::of(&self.privileged));
        [
            ("disparate_impact", u.base / p.base),
            ("mean_difference", u.base - p.base),
            ("statistical_parity_difference", u.base - p.base),
            ("base_rate", Rates::of(&self.all()).base),
        ]
    }

    fn all(&self) -> Confusion {
        let mut all = self.unprivileged;
        all.add(&self.privileged);
        all
    }

    /// The generalised entropy index of everybody's benefit (Speicher et al. 2018): 0 is equal, α = 1 is Theil's
    /// index, α = 0 is infinite as soon as one benefit is 0. The same for every attribute.
    pub fn generalised_entropy(&self, alpha: f64) -> f64 {
        let all = self.all();
        let benefits = [(2.0, all.fp), (1.0, all.tp + all.tn), (0.0, all.fn_)];
        entropy(&benefits, alpha)
    }

    /// The same of the groups' mean benefits: what of the inequality lies between the groups.
    pub fn between_groups(&self, alpha: f64) -> f64 {
        let mean = |counts: &Confusion| {
            let benefit = 2 * counts.fp + counts.tp + counts.tn;
            (real(benefit) / real(counts.n()), counts.n())
        };
        entropy(&[mean(&self.unprivileged), mean(&self.privileged)], alpha)
    }

    /// How much further apart predictions are than labels, by smoothed differential fairness.
    fn bias_amplification(&self) -> f64 {
        let each = [&self.unprivileged, &self.privileged];
        let predictions = each.map(|counts| (counts.tp + counts.fp, counts.n()));
        let labels = each.map(|counts| (counts.positives(), counts.n()));
        smoothed_edf(&predictions) - smoothed_edf(&labels)
    }
}

/// Smoothed empirical differential fairness of groups given as favourable answers in rows (Foulds et al. 2018,
/// concentration 1 over both answers): the largest distance of logarithms of rates, of either answer, between any
/// two groups. 0 is fair; not-a-number with fewer than two groups.
pub fn smoothed_edf(groups: &[(u64, u64)]) -> f64 {
    differential_fairness(groups, |_| 0.5)
}

/// The same by `aif360.sklearn`, which spreads the concentration over the answers that a group has: one that has a
/// single answer is smoothed more, and one that has only the favourable answer is infinitely far from others.
pub fn sklearn_smoothed_edf(groups: &[(u64, u64)]) -> f64 {
    differential_fairness(groups, |(x, n)| if x == 0 || x == n { 1.0 } else { 0.5 })
}

fn differential_fairness(groups: &[(u64, u64)], smoothing: impl Fn((u64, u64)) -> f64) -> f64 {
    let groups = groups.iter().filter(|(_, n)| *n > 0);
    let rate = |group: &(u64, u64)| (real(group.0) + smoothing(*group)) / (real(group.1) + 1.0);
    let rates: Vec<f64> = groups.map(rate).collect();
    if rates.len() < 2 {
        return f64::NAN;
    }
    let spread = |logs: &dyn Fn(f64) -> f64| {
        let logs = || rates.iter().map(|rate| logs(*rate));
        logs().fold(f64::NEG_INFINITY, f64::max) - logs().fold(f64::INFINITY, f64::min)
    };
    spread(&f64::ln).max(spread(&|rate| (1.0 - rate).ln()))
}

/// The generalised entropy of values, each so many times.
fn entropy(values: &[(f64, u64)], alpha: f64) -> f64 {
    let n: f64 = values.iter().map(|(_, times)| real(*times)).sum();
    let mean_of = |f: &dyn Fn(f64) -> f64| {
        let present = values.iter().filter(|(_, times)| *times > 0);
        present
            .map(|(value, times)| real(*times) * f(*value))
            .sum::<f64>()
            / n
    };
    let mean = mean_of(&|value| value);
    if alpha.total_cmp(&1.0).is_eq() {
        // 0 · ln 0 is 0.
        mean_of(&|value| (value / mean).powf(value).ln() / mean)
    } else if alpha.total_cmp(&0.0).is_eq() {
        // The library divides by the mean here too; the paper doesn't.
        -mean_of(&|value| (value / mean).ln() / mean)
    } else {
        mean_of(&|value| (value / mean).powf(alpha) - 1.0) / (alpha * (alpha - 1.0))
    }
}

/// Python's `max`: the first unless the second is greater, so that a leading not-a-number stays.
fn python_max(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// German credit, logistic regression, women against men, 1 favourable.
    const GERMAN: Groups = Groups {
        unprivileged: Confusion {
            tp: 168,
            fp: 44,
            tn: 65,
            fn_: 33,
        },
        privileged: Confusion {
            tp: 443,
            fp: 112,
            tn: 79,
            fn_: 56,
        },
    };

    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-11 * expected.abs(),
            "{found}, not {expected}"
        );
    }

    fn metric(groups: &Groups, name: &str) -> f64 {
        groups
            .classification()
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
    }

    #[test]
    fn metrics_equal_those_of_the_library() {
        for (name, expected) in [
            ("disparate_impact", 0.850_217_959_895_379_2),
            ("average_odds_difference", -0.117_336_182_682_073_96),
            ("theil_index", 0.137_831_239_802_879_45),
            ("coefficient_of_variation", 0.459_624_375_288_611_9),
            ("between_group_theil_index", 0.000_197_067_964_176_171_3),
            (
                "between_group_generalized_entropy_index",
                0.000_195_983_499_567_061_73,
            ),
            ("average_predictive_value_difference", -0.041_912_744_473_391_33),
            (
                "differential_fairness_bias_amplification",
                0.240_048_167_222_432_83,
            ),
        ] {
            near(metric(&GERMAN, name), expected);
        }
        near(smoothed_edf(&[(212, 310), (555, 690)]), 0.479_431_819_446_723_3);
        near(
            sklearn_smoothed_edf(&[(212, 310), (555, 690)]),
            0.479_431_819_446_723_3,
        );
        near(GERMAN.generalised_entropy(2.0), 0.105_627_283_179_723_38);
        assert!(GERMAN.generalised_entropy(0.0).is_infinite());
    }

    #[test]
    fn what_the_library_cannot_say_it_says_its_own_way() {
        let nobody = Groups {
            unprivileged: Confusion {
                tp: 0,
                fp: 0,
                tn: 3,
                fn_: 0,
            },
            privileged: Confusion {
                tp: 0,
                fp: 0,
                tn: 2,
                fn_: 2,
            },
        };
        assert!(metric(&nobody, "disparate_impact").is_nan());
        assert!(metric(&nobody, "equal_opportunity_difference").is_nan());
        assert!(metric(&nobody, "false_discovery_rate_difference").abs() < f64::EPSILON);
        assert!(smoothed_edf(&[(1, 2)]).is_nan());
        assert!(sklearn_smoothed_edf(&[(2, 2), (1, 2)]).is_infinite());
        assert!(smoothed_edf(&[(2, 2), (1, 2)]).is_finite());
    }
}
