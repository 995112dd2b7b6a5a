//! How scores and outcomes agree, over rows held in memory; the engine has its own way for files of any size.

use crate::stats::real;
use std::collections::BTreeMap;

/// A row: its score, and whether the answer was positive.
pub type Scored = (f64, bool);

/// Which edge belongs to a bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// `[low, high)`, the last bin at both ends.
    Left,
    /// `(low, high]`, the first bin at both ends.
    Right,
}

/// A bin of scores.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    pub n: u64,
    /// Mean score; none where nobody is in the bin.
    pub score: Option<f64>,
    /// Share of positive answers; none where nobody is in the bin.
    pub observed: Option<f64>,
}

impl Bin {
    fn of(rows: &[Scored]) -> Self {
        let n = rows.len() as u64;
        let mean = |sum: f64| (n > 0).then(|| sum / real(n));
        Self {
            n,
            score: mean(rows.iter().map(|(score, _)| score).sum()),
            observed: mean(rows.iter().filter(|(_, positive)| *positive).map(|_| 1.0).sum()),
        }
    }

    /// How far mean score and share of positives lie apart.
    pub fn error(&self) -> Option<f64> {
        Some((self.observed? - self.score?).abs())
    }
}

/// Ten bins of equal width from 0 to 1, edges being tenths by division.
pub fn equal_width(rows: &[Scored], closed: Closed) -> Vec<Bin> {
    let mut bins: Vec<Vec<Scored>> = vec![Vec::new(); 10];
    for row in rows {
        let inner = (1..10_u8).map(|tenth| f64::from(tenth) / 10.0);
        let passed = inner.filter(|edge| match closed {
            Closed::Left => row.0 >= *edge,
            Closed::Right => row.0 > *edge,
        });
        if let Some(bin) = bins.get_mut(passed.count()) {
            bin.push(*row);
        }
    }
    bins.iter().map(|rows| Bin::of(rows)).collect()
}

/// Bins of equal numbers of rows by ascending score, the first ones one larger where it doesn't come out even. Rows of
/// one score keep their order and may be parted.
pub fn equal_mass(rows: &[Scored], bins: usize) -> Vec<Bin> {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (size, larger) = match bins {
        0 => return Vec::new(),
        bins => (sorted.len() / bins, sorted.len() % bins),
    };
    let mut rest = sorted.as_slice();
    let mut take = |at: usize| {
        let (bin, after) = rest.split_at(size + usize::from(at < larger));
        rest = after;
        Bin::of(bin)
    };
    (0..bins).map(&mut take).collect()
}

/// Expected calibration error: the bins' errors, weighted by their rows. None without rows.
pub fn expected_error(bins: &[Bin]) -> Option<f64> {
    let n: u64 = bins.iter().map(|bin| bin.n).sum();
    let errors = bins.iter().filter_map(|bin| Some(real(bin.n) * bin.error()?));
    (n > 0).then(|| errors.sum::<f64>() / real(n))
}

/// The largest error of any bin; none without rows.
pub fn maximum_error(bins: &[Bin]) -> Option<f64> {
    bins.iter().filter_map(Bin::error).reduce(f64::max)
}

/// Area under the precision-recall curve by trapezoids, which flatters: [`crate::report::Scores`] has average
/// precision, by steps. The curve ends at recall 0 with precision 1. None without positives.
pub fn trapezoid(rows: &[Scored]) -> Option<f64> {
    let mut by_score: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    for (score, positive) in rows {
        let count = by_score.entry(descending(*score)).or_default();
        count.0 += u64::from(*positive);
        count.1 += 1;
    }
    let positives: u64 = by_score.values().map(|(positive, _)| positive).sum();
    if positives == 0 {
        return None;
    }
    let (mut area, mut found, mut shown) = (0.0, 0, 0);
    let (mut recall, mut precision) = (0.0, 1.0);
    for (positive, n) in by_score.values() {
        found += positive;
        shown += n;
        let next = (real(found) / real(positives), real(found) / real(shown));
        area += (next.0 - recall) * f64::midpoint(next.1, precision);
        (recall, precision) = next;
    }
    Some(area)
}

/// A key that sorts scores from high to low; 0 and minus 0 are one score.
fn descending(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    let ascending = if bits >> 63 == 0 { bits | (1 << 63) } else { !bits };
    !ascending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_belongs_to_one_bin() {
        let rows = [(0.3, true), (0.1, false), (0.0, false), (1.0, true)];
        let n = |closed| {
            equal_width(&rows, closed)
                .iter()
                .map(|bin| bin.n)
                .collect::<Vec<_>>()
        };
        assert_eq!(n(Closed::Left), [1, 1, 0, 1, 0, 0, 0, 0, 0, 1]);
        assert_eq!(n(Closed::Right), [2, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn errors_are_weighted_by_rows() {
        let bins = equal_width(
            &[(0.25, true), (0.25, false), (0.9, true), (0.9, true)],
            Closed::Left,
        );
        assert!((expected_error(&bins).unwrap() - 0.175).abs() < 1e-15);
        assert!((maximum_error(&bins).unwrap() - 0.25).abs() < 1e-15);
        assert_eq!(expected_error(&equal_width(&[], Closed::Left)), None);
    }

    #[test]
    fn equal_mass_bins_differ_by_at_most_one_row() {
        let rows: Vec<Scored> = (0..7_u8).map(|at| (f64::from(at) / 10.0, at > 3)).collect();
        let n: Vec<_> = equal_mass(&rows, 3).iter().map(|bin| bin.n).collect();
        assert_eq!(n, [3, 2, 2]);
        assert_eq!(equal_mass(&rows, 10).iter().filter(|bin| bin.n == 0).count(), 3);
        assert!(equal_mass(&rows, 0).is_empty());
    }

    #[test]
    fn the_trapezoid_joins_the_steps() {
        // Precision 1 to recall ½, then down to ⅔ at recall 1.
        let area = trapezoid(&[(0.9, true), (0.5, false), (0.5, true)]).unwrap();
        assert!((area - (0.5 + 0.5 * f64::midpoint(1.0, 2.0 / 3.0))).abs() < 1e-15);
        assert_eq!(trapezoid(&[(0.9, false)]), None);
        assert_eq!(trapezoid(&[(0.0, true), (-0.0, true)]), Some(1.0));
    }
}
