//! Bins for numbers: closed on the left, the two outer ones open to what lies beyond.

use super::categories::of_total;
use crate::stats::{real, size};

/// Bins by the edges between them, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    edges: Vec<f64>,
}

impl Bins {
    /// Bins between these edges; those that are equal count once.
    pub fn between(mut edges: Vec<f64>) -> Self {
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        Self { edges }
    }

    /// So many bins of equal width over 0 to 1, for scores that are shares. Edges are i/n by division: a multiple of
    /// 1/n misses some, and a score of 0.3 lands elsewhere.
    pub fn of_equal_width(count: u32) -> Self {
        Self::between((1..count).map(|at| f64::from(at) / f64::from(count)).collect())
    }

    /// So many bins of equally many reference values, as banks use them (10: deciles); where values repeat so often
    /// that edges coincide, bins are merged. An edge at the smallest or the largest value bounds nothing and goes, as
    /// those do. None without values.
    pub fn of_equal_size(reference: &[f64], count: u32) -> Option<Self> {
        let mut sorted: Vec<(f64, u64)> = reference.iter().map(|value| (*value, 1)).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        Self::of_equal_counts(&sorted, count)
    }

    /// The same of values in ascending order, each with how often it occurs.
    pub fn of_equal_counts(reference: &[(f64, u64)], count: u32) -> Option<Self> {
        let (smallest, largest) = (reference.first()?.0, reference.last()?.0);
        let mut upto: Vec<u64> = Vec::with_capacity(reference.len());
        for (_, count) in reference {
            upto.push(upto.last().copied().unwrap_or(0) + count);
        }
        let last = upto.last()?.checked_sub(1)?;
        let ranked = |rank: u64| {
            let at = upto.partition_point(|upto| *upto <= rank);
            reference.get(at).map_or(largest, |(value, _)| *value)
        };
        // Multiples of 1/n here, for so NumPy's `linspace` has them.
        let part = 1.0 / f64::from(count);
        let edges = (1..count).map(|at| quantile(&ranked, last, f64::from(at) * part));
        let edges = edges.filter(|edge| *edge > smallest && *edge < largest);
        Some(Self::between(edges.collect()))
    }

    /// Bins of equal width over the values, their number by Sturges' rule, as NumPy's `histogram_bin_edges(…,
    /// "sturges")` draws them. For whole numbers (`are_whole`) no bin is narrower than 1. None without values.
    pub fn of_sturges(values: &[f64], are_whole: bool) -> Option<Self> {
        let low = values.iter().copied().reduce(f64::min)?;
        let range = values.iter().copied().reduce(f64::max)? - low;
        let mut width = range / (size(values).log2() + 1.0);
        if are_whole && width < 1.0 {
            width = 1.0;
        }
        if range == 0.0 {
            return Some(Self { edges: Vec::new() });
        }
        let count = (range / width).ceil();
        let step = range / count;
        let inner = (1_u32..).map(f64::from).take_while(|at| *at < count);
        Some(Self::between(inner.map(|at| at * step + low).collect()))
    }

    /// The edges between the bins; one fewer than there are bins.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The bin of a value.
    pub fn bin(&self, value: f64) -> usize {
        self.edges.partition_point(|edge| *edge <= value)
    }

    /// How many values fall in each bin.
    pub fn counts(&self, values: &[f64]) -> Vec<u64> {
        let mut counts = vec![0; self.edges.len() + 1];
        for value in values {
            if let Some(count) = counts.get_mut(self.bin(*value)) {
                *count += 1;
            }
        }
        counts
    }

    /// The share of the values in each bin; none without values.
    pub fn shares(&self, values: &[f64]) -> Option<Vec<f64>> {
        of_total(&self.counts(values), values.len() as u64)
    }
}

/// A quantile of the values that `ranked` gives by their ranks from 0 to `last`, linear between neighbours, rounded as
/// NumPy's `quantile` is.
fn quantile(ranked: &dyn Fn(u64) -> f64, last: u64, part: f64) -> f64 {
    let at = real(last) * part;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last rank"
    )]
    let below = (at.floor() as u64).min(last);
    let (low, high) = (ranked(below), ranked((below + 1).min(last)));
    let (way, gap) = (at - real(below), high - low);
    if way >= 0.5 {
        high - gap * (1.0 - way)
    } else {
        low + gap * way
    }
}

#[cfg(test)]
mod tests {
    use super::Bins;

    #[test]
    fn an_edge_belongs_to_the_bin_above_and_one_to_the_last() {
        let bins = Bins::of_equal_width(10);
        assert_eq!(
            bins.counts(&[0.0, 0.3, 0.299, 0.9, 1.0]),
            [1, 0, 1, 1, 0, 0, 0, 0, 0, 2]
        );
    }

    #[test]
    fn what_lies_beyond_the_edges_falls_in_the_outer_bins() {
        assert_eq!(Bins::of_equal_width(2).counts(&[-3.0, 7.0]), [1, 1]);
    }

    #[test]
    fn quantiles_lie_between_neighbours_and_repeated_ones_merge() {
        let bins = Bins::of_equal_size(&[1.0, 2.0, 3.0, 4.0], 4).unwrap();
        assert_eq!(bins.edges(), [1.75, 2.5, 3.25]);
        let bins = Bins::of_equal_size(&[1.0, 2.0, 2.0, 2.0, 3.0], 4).unwrap();
        assert_eq!(bins.edges(), [2.0]);
        assert_eq!(bins.shares(&[1.0, 2.0]), Some(vec![0.5, 0.5]));
    }

    #[test]
    fn an_edge_at_the_smallest_or_the_largest_value_bounds_nothing() {
        let bins = Bins::of_equal_size(&[1.0, 1.0, 2.0, 3.0, 3.0], 4).unwrap();
        assert_eq!(bins.edges(), [2.0]);
        assert!(Bins::of_equal_size(&[1.0, 1.0], 10).unwrap().edges().is_empty());
    }

    #[test]
    fn sturges_takes_one_bin_more_than_the_binary_logarithm() {
        let values: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(
            Bins::of_sturges(&values, false).unwrap().edges(),
            [1.75, 3.5, 5.25]
        );
        assert_eq!(Bins::of_sturges(&[0.0, 1.0, 2.0], true).unwrap().edges(), [1.0]);
        assert!(Bins::of_sturges(&[5.0, 5.0], false).unwrap().edges().is_empty());
    }

    #[test]
    fn no_values_have_no_bins_and_no_shares() {
        assert!(Bins::of_equal_size(&[], 10).is_none());
        assert!(Bins::of_sturges(&[], false).is_none());
        assert!(Bins::of_equal_width(10).shares(&[]).is_none());
    }
}
