//! The drift scores as evidently 0.7 computes them: its own bins, its own small shares for empty ones, rows without a
//! value in the denominators, and p-values under the name of a score. For readers who check our figures against the
//! library; each function is named as evidently's test is.

mod permutation;

use super::bins::Bins;
use super::categories::{Categories, of_total};
use super::shares;
use super::shares::{TRACE, distance, relative_entropy, stability_index};
use crate::stats::kolmogorov::Distance;
use crate::stats::{goodness_of_fit, mean, real};
use permutation::Shuffles;
use std::f64::consts::E;

/// A numeric column with at most so many distinct reference values is binned as categories, each value its own.
const FEW: usize = 20;

/// Shares of the reference and the current rows in the same bins. They sum to less than 1 where values are missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    reference: Vec<f64>,
    current: Vec<f64>,
}

impl Binned {
    /// Categories, each its own bin; none without rows on either side.
    pub fn categories<T: Ord + Clone>(reference: &[Option<T>], current: &[Option<T>]) -> Option<Self> {
        let counts = Categories::of(reference.iter().cloned(), current.iter().cloned());
        Some(Self {
            reference: of_total(&counts.reference, reference.len() as u64)?,
            current: of_total(&counts.current, current.len() as u64)?,
        })
    }

    /// Numbers, by Sturges' rule over both parts together; `are_whole` says that the column holds whole numbers only.
    pub fn numbers(reference: &[Option<f64>], current: &[Option<f64>], are_whole: bool) -> Option<Self> {
        let (of_reference, of_current) = (known(reference), known(current));
        if distinct(&of_reference).len() <= FEW {
            let ordered = |values: &[Option<f64>]| values.iter().map(|x| x.map(Ordered)).collect::<Vec<_>>();
            return Self::categories(&ordered(reference), &ordered(current));
        }
        let bins = Bins::of_sturges(&[of_reference.clone(), of_current.clone()].concat(), are_whole)?;
        Some(Self {
            reference: of_total(&bins.counts(&of_reference), reference.len() as u64)?,
            current: of_total(&bins.counts(&of_current), current.len() as u64)?,
        })
    }

    /// The population stability index.
    pub fn psi(&self) -> Option<f64> {
        let (reference, current) = self.filled()?;
        Some(stability_index(&reference, &current))
    }

    /// Kullback and Leibler's divergence in nats; shares are brought to a sum of 1 after empty ones are filled.
    pub fn kl_div(&self) -> Option<f64> {
        let (reference, current) = self.filled()?;
        Some(relative_entropy(&to_one(&reference)?, &to_one(&current)?))
    }

    /// Jensen and Shannon's distance in the natural logarithm.
    pub fn jensenshannon(&self) -> Option<f64> {
        Some(distance(&to_one(&self.reference)?, &to_one(&self.current)?, E))
    }

    fn filled(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        Some((filled(&self.reference)?, filled(&self.current)?))
    }
}

/// Shares with the empty ones replaced: by 1e-4, or by a millionth of the smallest share where that is no larger than
/// 1e-4. None where all are empty.
pub fn filled(shares: &[f64]) -> Option<Vec<f64>> {
    let least = shares
        .iter()
        .copied()
        .filter(|share| *share != 0.0)
        .reduce(f64::min)?;
    let trace = if least <= TRACE { least / 1e6 } else { TRACE };
    let fill = |share: &f64| if *share == 0.0 { trace } else { *share };
    Some(shares.iter().map(fill).collect())
}

/// Hellinger's distance of numbers, in Sturges' bins over the distinct values of both parts. None where a part is
/// empty.
pub fn hellinger(reference: &[Option<f64>], current: &[Option<f64>], are_whole: bool) -> Option<f64> {
    let (reference, current) = (known(reference), known(current));
    let bins = Bins::of_sturges(
        &distinct(&[reference.clone(), current.clone()].concat()),
        are_whole,
    )?;
    Some(shares::hellinger(
        &bins.shares(&reference)?,
        &bins.shares(&current)?,
    ))
}

/// The first Wasserstein distance in standard deviations of the reference, of at least 0.001.
pub fn wasserstein_norm(reference: &[Option<f64>], current: &[Option<f64>]) -> Option<f64> {
    let (reference, current) = (known(reference), known(current));
    let middle = mean(&reference)?;
    let squares: Vec<f64> = reference.iter().map(|value| (value - middle).powi(2)).collect();
    let distance = super::wasserstein::wasserstein(&reference, &current)?;
    Some(distance / mean(&squares)?.sqrt().max(0.001))
}

/// The p-value of Kolmogorov and Smirnov's test, exact for up to 10,000 rows a part.
pub fn ks(reference: &[Option<f64>], current: &[Option<f64>]) -> Option<f64> {
    Some(Distance::of(&known(reference), &known(current))?.p())
}

/// The p-value of χ² for how well the current counts fit the reference's, scaled to as many rows. The test of a
/// table of both (`chi2_contingency`) allows for chance in the reference too, and is the milder.
pub fn chisquare<T: Ord + Clone>(reference: &[Option<T>], current: &[Option<T>]) -> Option<f64> {
    if reference.is_empty() {
        return None;
    }
    let counts = Categories::of(reference.iter().cloned(), current.iter().cloned());
    let scale = real(current.len() as u64) / real(reference.len() as u64);
    let expected: Vec<f64> = counts
        .reference
        .iter()
        .map(|&count| real(count) * scale)
        .collect();
    let observed: Vec<f64> = counts.current.iter().map(|&count| real(count)).collect();
    Some(goodness_of_fit(&observed, &expected)?.0.p)
}

/// The share of 1,000 shuffles, always the same (NumPy's generator, seed 0), in which the total variation is at least
/// as large; rows without a value are left out.
pub fn tvd<T: Ord + Clone>(reference: &[Option<T>], current: &[Option<T>]) -> Option<f64> {
    Some(Shuffles::of(reference, current)?.p())
}

/// The least and the largest value that the library may give for the same rows. It sums over a Python set, whose order
/// differs from run to run, and with three categories or more a shuffle exactly as far apart as the rows themselves
/// counts or not by how the sum rounds: in some tables the score wanders by a hundredth.
pub fn tvd_between<T: Ord + Clone>(reference: &[Option<T>], current: &[Option<T>]) -> Option<(f64, f64)> {
    Some(Shuffles::of(reference, current)?.p_between())
}

fn known(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().copied().flatten().collect()
}

fn distinct(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    values
}

fn to_one(shares: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = shares.iter().sum();
    (sum > 0.0).then(|| shares.iter().map(|share| share / sum).collect())
}

/// A number as a category.
#[derive(Debug, Clone, Copy)]
struct Ordered(f64);

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // 0 and −0 are one value.
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Binned, chisquare, filled, hellinger, ks, tvd, wasserstein_norm};

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!(
            (found - expected).abs() <= 1e-10 * expected,
            "{found} instead of {expected}"
        );
    }

    fn column(counts: &[(&'static str, usize)]) -> Vec<Option<&'static str>> {
        counts
            .iter()
            .flat_map(|&(value, count)| vec![Some(value); count])
            .collect()
    }

    #[test]
    fn empty_shares_follow_the_smallest() {
        assert_eq!(filled(&[0.5, 0.0, 0.5]), Some(vec![0.5, 1e-4, 0.5]));
        assert_eq!(filled(&[1e-4, 0.0]), Some(vec![1e-4, 1e-4 / 1e6]));
        assert_eq!(filled(&[0.0]), None);
    }

    #[test]
    fn two_categories_have_the_librarys_scores() {
        let reference = column(&[("female", 152), ("male", 348)]);
        let current = column(&[("female", 158), ("male", 342)]);
        let binned = Binned::categories(&reference, &current).unwrap();
        near(binned.psi(), 0.000_673_275_058_710_711_6);
        near(binned.jensenshannon(), 0.009_173_626_721_104_788);
        near(chisquare(&reference, &current), 0.559_661_656_379_119_8);
    }

    #[test]
    fn few_numbers_are_categories_and_many_are_binned() {
        let few: Vec<_> = (0..20).map(|at| Some(f64::from(at))).collect();
        assert_eq!(Binned::numbers(&few, &few, false).unwrap().reference.len(), 20);
        let many: Vec<_> = (0..32).map(|at| Some(f64::from(at))).collect();
        // log2(64) + 1 bins for the 64 values of both parts.
        assert_eq!(Binned::numbers(&many, &many, false).unwrap().reference.len(), 7);
    }

    #[test]
    fn rows_without_a_value_weigh_in_the_shares() {
        let binned = Binned::categories(&[Some(1), None], &[Some(1), Some(1)]).unwrap();
        assert_eq!(binned.reference, [0.5]);
        assert_eq!(binned.jensenshannon(), Some(0.0));
    }

    #[test]
    fn a_constant_reference_is_normed_by_a_thousandth() {
        near(wasserstein_norm(&[Some(1.0), Some(1.0)], &[Some(1.5)]), 500.0);
    }

    #[test]
    fn nothing_has_no_score() {
        let none: [Option<f64>; 0] = [];
        assert_eq!(Binned::numbers(&none, &none, false), None);
        assert_eq!(hellinger(&none, &none, false), None);
        assert_eq!((ks(&none, &none), wasserstein_norm(&none, &none)), (None, None));
        assert_eq!(chisquare::<u8>(&[], &[]), None);
        assert_eq!(tvd::<u8>(&[], &[Some(1)]), None);
    }
}
