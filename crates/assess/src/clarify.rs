//! The numbers that SageMaker Clarify (`smclarify` 0.5) gives for a facet, quirks included
//! (<https://github.com/aws/amazon-sagemaker-clarify>).
//!
//! Positive means the favourable answer here ([`Confusion::favouring`]). `a` is the advantaged group, `d` the
//! disadvantaged one: everybody else, pooled. Differences have the sign opposite to AIF360's. Numbers are Clarify's:
//! 0/0 is 0, a number over 0 is infinite; distances of labels leave out an answer that either group lacks.

use crate::aif360;
use crate::report::Confusion;
use crate::stats::real;

/// The counts of both groups, by favourable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facets {
    pub advantaged: Confusion,
    pub disadvantaged: Confusion,
}

/// One stratum of conditional disparity: people alike in another attribute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stratum {
    /// People accepted, and those of them who are disadvantaged.
    pub accepted: (u64, u64),
    /// People rejected, and those of them who are disadvantaged.
    pub rejected: (u64, u64),
}

impl Facets {
    /// The metrics of predictions under Clarify's names.
    pub fn post_training(&self) -> [(&'static str, f64); 11] {
        let (a, d) = (&self.advantaged, &self.disadvantaged);
        let selection = |counts: &Confusion| over(counts.tp + counts.fp, counts.n());
        let acceptance = |counts: &Confusion| over(counts.positives(), counts.tp + counts.fp);
        let rejection = |counts: &Confusion| over(counts.negatives(), counts.tn + counts.fn_);
        let recall = |counts: &Confusion| over(counts.tp, counts.positives());
        let specificity = |counts: &Confusion| over(counts.tn, counts.negatives());
        let precision = |counts: &Confusion| over(counts.tp, counts.tp + counts.fp);
        let npv = |counts: &Confusion| over(counts.tn, counts.tn + counts.fn_);
        let accuracy = |counts: &Confusion| over(counts.tp + counts.tn, counts.n());
        let treatment = |counts: &Confusion| over(counts.fn_, counts.fp);
        let everybody = aif360::Groups {
            unprivileged: *d,
            privileged: *a,
        };
        [
            ("DPPL", selection(a) - selection(d)),
            ("DI", divide(selection(d), selection(a))),
            ("DCA", apart(acceptance(a), acceptance(d))),
            ("DCR", apart(rejection(d), rejection(a))),
            ("RD", recall(a) - recall(d)),
            ("SD", specificity(d) - specificity(a)),
            ("DAR", precision(a) - precision(d)),
            ("DRR", npv(d) - npv(a)),
            ("AD", accuracy(a) - accuracy(d)),
            ("TE", apart(treatment(d), treatment(a))),
            ("GE", everybody.generalised_entropy(2.0)),
        ]
    }

    /// The metrics of labels under Clarify's names; logarithms are natural, the divergences not square-rooted.
    pub fn pre_training(&self) -> [(&'static str, f64); 7] {
        let (a, d) = (&self.advantaged, &self.disadvantaged);
        let (n_a, n_d) = (real(a.n()), real(d.n()));
        let share =
            |counts: &Confusion| [counts.positives(), counts.negatives()].map(|x| over(x, counts.n()));
        let pairs = share(a).into_iter().zip(share(d));
        // The library compares only the answers that both groups have.
        let pairs: Vec<(f64, f64)> = pairs.filter(|(a, d)| *a > 0.0 && *d > 0.0).collect();
        let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(a, d)| f(*a, *d)).sum::<f64>();
        let distances = || pairs.iter().map(|(a, d)| (a - d).abs());
        let middle = |p: f64, a: f64, d: f64| p * (p / (0.5 * (a + d))).ln();
        [
            ("CI", (n_a - n_d) / (n_a + n_d)),
            ("DPL", over(a.positives(), a.n()) - over(d.positives(), d.n())),
            ("KL", sum(&|a, d| a * (a / d).ln())),
            (
                "JS",
                0.5 * (sum(&|a, d| middle(a, a, d)) + sum(&|a, d| middle(d, a, d))),
            ),
            ("LP", sum(&|a, d| (a - d).powi(2)).sqrt()),
            ("TVD", 0.5 * distances().sum::<f64>()),
            ("KS", distances().fold(0.0, f64::max)),
        ]
    }
}

/// Conditional demographic disparity: the share of the disadvantaged among the rejected less that among the accepted,
/// averaged over strata by their size. `CDDPL` of predictions, `CDDL` of labels. None where nobody is accepted, or
/// nobody rejected, which Clarify refuses.
pub fn conditional_disparity(strata: &[Stratum]) -> Option<f64> {
    let all = |of: fn(&Stratum) -> u64| strata.iter().map(of).sum::<u64>();
    let (accepted, rejected) = (all(|one| one.accepted.0), all(|one| one.rejected.0));
    if accepted == 0 || rejected == 0 {
        return None;
    }
    let weighted = strata.iter().map(|one| {
        let disparity = over(one.rejected.1, one.rejected.0) - over(one.accepted.1, one.accepted.0);
        // A stratum without any accepted (or rejected) counts that share as 0.
        real(one.accepted.0 + one.rejected.0) * disparity
    });
    Some(weighted.sum::<f64>() / real(accepted + rejected))
}

fn over(x: u64, n: u64) -> f64 {
    divide(real(x), real(n))
}

/// Clarify's division: 0/0 is 0, a positive number over 0 is infinite.
fn divide(x: f64, n: f64) -> f64 {
    if n > 0.0 || x > 0.0 { x / n } else { 0.0 }
}

/// A difference; two infinities aren't apart.
fn apart(a: f64, b: f64) -> f64 {
    if a.is_infinite() && b.is_infinite() {
        0.0
    } else {
        a - b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// German credit, logistic regression, women against men, 1 favourable.
    const GERMAN: Facets = Facets {
        disadvantaged: Confusion {
            tp: 168,
            fp: 44,
            tn: 65,
            fn_: 33,
        },
        advantaged: Confusion {
            tp: 443,
            fp: 112,
            tn: 79,
            fn_: 56,
        },
    };

    #[test]
    fn metrics_equal_those_of_the_library() {
        let found: Vec<_> = GERMAN
            .post_training()
            .into_iter()
            .chain(GERMAN.pre_training())
            .collect();
        for (name, expected) in [
            ("DPPL", 0.120_476_858_345_021_09),
            ("DI", 0.850_217_959_895_379_2),
            ("DCA", -0.049_014_108_448_070_64),
            ("DCR", -0.302_569_916_855_631_06),
            ("RD", 0.051_954_655_579_816_38),
            ("SD", 0.182_717_709_784_331_6),
            ("DAR", 0.005_745_368_009_518_859),
            ("DRR", 0.078_080_120_937_263_8),
            ("AD", 0.004_908_835_904_628_317),
            ("TE", 0.25),
            ("GE", 0.105_627_283_179_723_38),
            ("CI", 0.38),
            ("DPL", 0.074_801_309_022_907_82),
            ("KL", 0.012_747_470_771_464_764),
            ("JS", 0.003_251_546_103_493_208),
            ("LP", 0.105_785_025_703_457_3),
            ("TVD", 0.074_801_309_022_907_88),
            ("KS", 0.074_801_309_022_907_94),
        ] {
            let (_, value) = found.iter().find(|(known, _)| *known == name).unwrap();
            assert!(
                (value - expected).abs() < 1e-14,
                "{name}: {value}, not {expected}"
            );
        }
    }

    #[test]
    fn division_by_0_is_clarifys() {
        let nobody = Facets {
            advantaged: Confusion {
                tp: 1,
                fp: 0,
                tn: 1,
                fn_: 1,
            },
            disadvantaged: Confusion {
                tp: 1,
                fp: 0,
                tn: 1,
                fn_: 2,
            },
        };
        let post = nobody.post_training();
        assert!(post.contains(&("TE", 0.0)), "{post:?}");
        let alone = Stratum {
            accepted: (2, 1),
            rejected: (0, 0),
        };
        assert_eq!(conditional_disparity(&[alone]), None);
        let other = Stratum {
            accepted: (0, 0),
            rejected: (2, 2),
        };
        assert_eq!(conditional_disparity(&[alone, other]), Some(0.25));
    }
}
