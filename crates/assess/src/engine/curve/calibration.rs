//! Scores in bins: how often what was scored alike came true, and how far that is from the scores.

use super::Sum;
use crate::report::{Bin, Figure};
use crate::stats::{Interval, real, wilson};
use std::f64::consts::FRAC_2_PI;

/// Bins of scores.
const BINS: usize = 10;

pub(super) type Bins = [Calibrated; BINS];

/// What the rows of a bin of scores come to.
#[derive(Clone, Default)]
pub(super) struct Calibrated {
    rows: u64,
    positives: u64,
    scores: Sum,
    /// Squares of answer less score.
    squares: Sum,
    /// The lowest and the highest score.
    pub ends: Option<(f64, f64)>,
}

impl Calibrated {
    /// Adds rows of a score no lower than any before.
    pub fn add(&mut self, score: f64, positives: u64, negatives: u64) {
        let (p, n) = (real(positives), real(negatives));
        self.rows += positives + negatives;
        self.positives += positives;
        self.scores.add((p + n) * score);
        self.squares.add(p * (1.0 - score).powi(2) + n * score.powi(2));
        self.ends = Some((self.ends.map_or(score, |(low, _)| low), score));
    }

    pub fn bin(&self, (low, high): (f64, f64), z: f64) -> Bin {
        let n = real(self.rows);
        let observed = match self.rows {
            0 => Figure::none(0, "no scores here"),
            rows => Figure::new(real(self.positives) / n, wilson(self.positives, rows, z), rows),
        };
        let score = (self.rows > 0).then(|| self.scores.total() / n);
        Bin {
            low,
            high,
            score,
            observed,
        }
    }
}

/// How far answers and scores lie apart in the bins, by their rows.
pub(super) fn calibration_error(bins: &[Calibrated], z: f64) -> Figure {
    let rows = bins.iter().map(|bin| bin.rows).sum();
    let off = |bin: &Calibrated| (real(bin.positives) - bin.scores.total(), bin.squares.total());
    let off: Vec<_> = bins.iter().map(off).collect();
    let (error, interval) = expected_error(&off, real(rows), z);
    Figure::new(error, Some(interval), rows)
}

/// From the sums of answer less score in each bin, and of its squares, to the expected error and its interval; `n` is what
/// all rows count.
///
/// By chance alone it is above 0, the more so the fewer rows there are. The lower end allows for that: it is as far down as
/// the errors that chance makes in the bins may reach together, their mean and `z` of their standard deviations (those of
/// the sizes of normal deviates). The upper end is that of a sum with fixed signs.
pub(in crate::engine) fn expected_error(bins: &[(f64, f64)], n: f64, z: f64) -> (f64, Interval) {
    let error = bins.iter().map(|(off, _)| off.abs()).sum::<f64>() / n;
    let spread: f64 = bins.iter().map(|(_, squares)| squares).sum();
    let each: f64 = bins.iter().map(|(_, squares)| squares.sqrt()).sum();
    let by_chance = FRAC_2_PI.sqrt() * each + z * ((1.0 - FRAC_2_PI) * spread).sqrt();
    let interval = (
        (error - by_chance / n).max(0.0),
        (error + z * spread.sqrt() / n).min(1.0),
    );
    (error, interval)
}

/// The bin of equal mass of a score that so many of all rows lie below: how many of the nine tenths of the scores, as
/// scikit-learn's quantiles have them, are lower than it. Rows of one score are never parted.
pub(super) fn of_mass(below: u64, all: u64) -> usize {
    (1..10).filter(|tenth| (all - 1) * tenth / 10 < below).count()
}

/// The bin of a score between 0 and 1, closed at the left, the last at both ends. Edges are tenths by division.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped between 0 and 9"
)]
pub(in crate::engine) fn bin(score: f64) -> usize {
    let guess = (score * 10.0).clamp(0.0, 9.0) as u8;
    if score < f64::from(guess) / 10.0 {
        usize::from(guess).saturating_sub(1)
    } else {
        usize::from(guess) + usize::from(guess < 9 && score >= f64::from(guess + 1) / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Calibrated, bin, calibration_error, of_mass};
    use crate::stats::Z95;

    #[test]
    fn tenths_open_their_bin() {
        for tenth in 0..10_u8 {
            let edge = f64::from(tenth) / 10.0;
            assert_eq!(bin(edge), usize::from(tenth), "{edge}");
            if tenth > 0 {
                assert_eq!(bin(edge.next_down()), usize::from(tenth) - 1, "below {edge}");
            }
        }
        assert_eq!(bin(1.0), 9);
    }

    #[test]
    fn tenths_of_the_rows_share_a_bin_and_a_score_is_never_parted() {
        let bins: Vec<usize> = (0..20).map(|below| of_mass(below, 20)).collect();
        assert_eq!(bins, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
        // Of eight rows with one score, none lies below any other; nor does the one row there is.
        assert_eq!((of_mass(0, 8), of_mass(0, 1)), (0, 0));
    }

    #[test]
    fn an_error_that_chance_alone_may_make_reaches_down_to_0() {
        let error = |rows: u64| {
            let mut bins: [Calibrated; 10] = Default::default();
            for (at, bin) in (0_u64..).zip(&mut bins) {
                let score = crate::stats::real(at) / 10.0 + 0.05;
                // Of those with low scores a tenth more are positive than these say, of the others a tenth less.
                let positives = rows * if at < 5 { 2 * at + 3 } else { 2 * at - 1 } / 20;
                bin.add(score, positives, rows - positives);
            }
            calibration_error(&bins, Z95)
        };
        let (few, many) = (error(20), error(2000));
        assert!((few.value.unwrap() - 0.1).abs() < 1e-12 && (many.value.unwrap() - 0.1).abs() < 1e-12);
        assert!(few.low == Some(0.0) && many.low > Some(0.08), "{few:?} {many:?}");
        assert!(few.high > many.high && many.high > Some(0.1) && many.high < Some(0.12));
    }
}
