//! From the table of scores to ROC AUC, average precision, Brier score, calibration and the points of the charts.

mod calibration;

use super::figures::logit_interval;
use super::scores::Entry;
use crate::report::{Bin, Figure, Point, Scores, Settings};
use crate::stats::{Interval, real};
use calibration::{Bins, calibration_error, of_mass};

pub(super) use calibration::{bin, expected_error};

/// Points that are kept of the ROC curve of all rows, and of a group's.
pub(super) const POINTS: u64 = 200;
pub(super) const POINTS_OF_GROUP: u64 = 50;

/// Clipping of the log loss: the machine epsilon of a double, as scikit-learn has it.
const EPSILON: f64 = f64::EPSILON;

/// Works through one group's scores in ascending order.
#[derive(Clone, Default)]
pub(super) struct Ranking {
    positives: u64,
    negatives: u64,
    score: f64,
    /// Positives and negatives at the current score, and below it.
    tie: (u64, u64),
    below: (u64, u64),
    /// Twice the number of pairs in which the positive has the higher score; ties count one.
    twice_u: u128,
    /// Sums of squares of twice each row's share of that, for DeLong's variance.
    squares: (u128, u128),
    precision: Sum,
    error: Sum,
    error_squared: Sum,
    log_loss: Sum,
    log_loss_squared: Sum,
    mean: Sum,
    mean_squared: Sum,
    by_width: Bins,
    by_mass: Bins,
}

impl Ranking {
    pub fn new(positives: u64, negatives: u64) -> Self {
        Self {
            positives,
            negatives,
            ..Self::default()
        }
    }

    /// Adds rows of a score that is no lower than any before.
    pub fn push(&mut self, score: f64, positives: u64, negatives: u64) {
        if score.total_cmp(&self.score).is_ne() {
            self.flush();
            self.score = score;
        }
        self.tie.0 += positives;
        self.tie.1 += negatives;
    }

    fn flush(&mut self) {
        let (p, n) = std::mem::take(&mut self.tie);
        if p + n == 0 {
            return;
        }
        let won = u128::from(2 * self.below.1 + n);
        let lost = u128::from(2 * (self.positives - self.below.0 - p) + p);
        self.twice_u += u128::from(p) * won;
        self.squares.0 += u128::from(p) * won * won;
        self.squares.1 += u128::from(n) * lost * lost;
        let (above_p, above_n) = (self.positives - self.below.0, self.negatives - self.below.1);
        self.precision
            .add(real(p) * (real(above_p) / real(above_p + above_n)));
        let (all, below) = (self.positives + self.negatives, self.below.0 + self.below.1);
        self.by_mass[of_mass(below, all)].add(self.score, p, n);
        self.below.0 += p;
        self.below.1 += n;
        self.errors(real(p), real(n));
        self.by_width[bin(self.score)].add(self.score, p, n);
    }

    fn errors(&mut self, p: f64, n: f64) {
        let s = self.score;
        self.mean.add((p + n) * s);
        self.mean_squared.add((p + n) * s * s);
        self.error.add(p * (1.0 - s).powi(2) + n * s.powi(2));
        self.error_squared.add(p * (1.0 - s).powi(4) + n * s.powi(4));
        let losses = [true, false].map(|positive| log_loss(s, positive));
        self.log_loss.add(p * losses[0] + n * losses[1]);
        self.log_loss_squared
            .add(p * losses[0].powi(2) + n * losses[1].powi(2));
    }

    /// The figures of all rows pushed, which must be all the rows announced.
    pub fn finish(mut self, are_shares: bool, settings: &Settings) -> Ranked {
        self.flush();
        let (n, z) = (self.positives + self.negatives, settings.z);
        if n == 0 {
            return Ranked::none("no rows", 0);
        }
        let shares = |figure: Figure| {
            if are_shares {
                figure
            } else {
                Figure::none(n, "the scores aren't between 0 and 1")
            }
        };
        let scores = Scores {
            roc_auc: self.roc_auc(settings),
            average_precision: self.average_precision(settings),
            brier: shares(self.average(self.error, self.error_squared, (0.0, 1.0), z)),
            log_loss: shares(self.average(self.log_loss, self.log_loss_squared, (0.0, f64::INFINITY), z)),
            calibration_error: shares(calibration_error(&self.by_width, z)),
            calibration_error_equal_mass: shares(calibration_error(&self.by_mass, z)),
            mean: self.average(
                self.mean,
                self.mean_squared,
                (f64::NEG_INFINITY, f64::INFINITY),
                z,
            ),
        };
        let tenth = |at: u32| f64::from(at) / 10.0;
        let by_width = (0..).zip(&self.by_width);
        let by_width = by_width.map(|(at, bin)| bin.bin((tenth(at), tenth(at + 1)), z));
        let by_mass = self.by_mass.iter().filter_map(|bin| Some(bin.bin(bin.ends?, z)));
        Ranked {
            scores,
            by_width: by_width.filter(|_| are_shares).collect(),
            by_mass: by_mass.filter(|_| are_shares).collect(),
        }
    }

    fn roc_auc(&self, settings: &Settings) -> Figure {
        let (p, n) = (self.positives, self.negatives);
        if p == 0 || n == 0 {
            return Figure::none(p + n, if p == 0 { "no positives" } else { "no negatives" });
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "pairs are counted exactly and rounded once"
        )]
        let auc = self.twice_u as f64 / 2.0 / (real(p) * real(n));
        let figure = Figure::new(auc, logit_interval(auc, self.delong(), settings.z), p + n);
        let min = settings.min_outcomes;
        if p.min(n) < min {
            figure.unjudged(format!("fewer than {min} positives or negatives"))
        } else {
            figure
        }
    }

    /// DeLong's standard error: the spread of each positive's share of negatives beaten, and the reverse.
    fn delong(&self) -> f64 {
        let (p, n) = (self.positives, self.negatives);
        if p < 2 || n < 2 {
            return f64::NAN;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "the difference is exact and rounded once"
        )]
        let spread = |rows: u64, others: u64, squares: u128| {
            let rest = (u128::from(rows) * squares).saturating_sub(self.twice_u.saturating_mul(self.twice_u));
            rest as f64 / real(rows) / real(rows - 1) / (2.0 * real(others)).powi(2)
        };
        (spread(p, n, self.squares.0) / real(p) + spread(n, p, self.squares.1) / real(n)).sqrt()
    }

    fn average_precision(&self, settings: &Settings) -> Figure {
        if self.positives == 0 {
            return Figure::none(self.negatives, "no positives");
        }
        let p = real(self.positives);
        let value = self.precision.total() / p;
        let interval = logit_interval(value, (value * (1.0 - value) / p).sqrt(), settings.z);
        let figure = Figure::new(value, interval, self.positives + self.negatives);
        let min = settings.min_outcomes;
        if self.positives < min {
            figure.unjudged(format!("fewer than {min} positives"))
        } else {
            figure
        }
    }

    /// The mean over all rows, with the normal interval of a mean, cut to what it can be.
    fn average(&self, sum: Sum, squares: Sum, (least, most): Interval, z: f64) -> Figure {
        let rows = self.positives + self.negatives;
        let n = real(rows);
        let mean = sum.total() / n;
        let spread = (squares.total() / n - mean * mean).max(0.0);
        let half = z * (spread / (n - 1.0)).sqrt();
        let interval = (rows > 1).then_some(((mean - half).max(least), (mean + half).min(most)));
        Figure::new(mean, interval, rows)
    }
}

/// What the scores of a group come to.
pub(super) struct Ranked {
    pub scores: Scores,
    /// Ten bins of equal width, and at most ten of equal mass; none where scores aren't probabilities.
    pub by_width: Vec<Bin>,
    pub by_mass: Vec<Bin>,
}

impl Ranked {
    /// No figures, for one reason.
    pub fn none(reason: &str, n: u64) -> Self {
        Self {
            scores: Scores::withheld(n, reason),
            by_width: Vec::new(),
            by_mass: Vec::new(),
        }
    }
}

/// The log loss of one row, with the score clipped.
pub(super) fn log_loss(score: f64, positive: bool) -> f64 {
    let clipped = score.clamp(EPSILON, 1.0 - EPSILON);
    if positive {
        -clipped.ln()
    } else {
        -(-clipped).ln_1p()
    }
}

/// A ROC curve while the cut-off comes down, thinned to as many points as a chart can show; both ends always stay.
pub(super) struct Roc {
    positives: u64,
    negatives: u64,
    most: u64,
    tp: u64,
    fp: u64,
    shown: u64,
    points: Vec<Point>,
}

impl Roc {
    pub fn new(positives: u64, negatives: u64, most: u64) -> Self {
        Self {
            positives,
            negatives,
            most,
            tp: 0,
            fp: 0,
            shown: 0,
            points: Vec::new(),
        }
    }

    /// Takes in all rows of one score.
    fn push(&mut self, score: f64, positives: u64, negatives: u64) {
        self.tp += positives;
        self.fp += negatives;
        if self.positives == 0 || self.negatives == 0 {
            return;
        }
        // Each point stands for an equal part of the way along both axes.
        let half = self.most / 2 - 1;
        let step = (self.tp * half / self.positives) + (self.fp * half / self.negatives);
        let last = self.tp == self.positives && self.fp == self.negatives;
        if step > self.shown || last {
            self.shown = step;
            self.points.push(Point {
                threshold: Some(score),
                fpr: real(self.fp) / real(self.negatives),
                tpr: real(self.tp) / real(self.positives),
            });
        }
    }

    /// The points from (0, 0) on; none with one answer only.
    fn finish(self) -> Vec<Point> {
        if self.points.is_empty() {
            return self.points;
        }
        let origin = Point {
            threshold: None,
            fpr: 0.0,
            tpr: 0.0,
        };
        std::iter::once(origin).chain(self.points).collect()
    }
}

/// The ROC curves of groups, whose rows may share a score: `group_of` gives the group of a cell.
pub(super) fn rocs(
    table: &[Entry],
    positive: usize,
    mut curves: Vec<Roc>,
    group_of: impl Fn(usize) -> usize,
) -> Vec<Vec<Point>> {
    // Rows of one score of one group that no later entry has added to yet.
    let mut held: Vec<Option<(f64, u64, u64)>> = curves.iter().map(|_| None).collect();
    for entry in table.iter().rev() {
        let group = group_of(entry.cell as usize);
        let (positives, negatives) = (
            u64::from(entry.rows[positive]),
            u64::from(entry.rows[1 - positive]),
        );
        match &mut held[group] {
            Some((score, p, n)) if score.total_cmp(&entry.score).is_eq() => {
                *p += positives;
                *n += negatives;
            }
            other => {
                if let Some((score, p, n)) = other.replace((entry.score, positives, negatives)) {
                    curves[group].push(score, p, n);
                }
            }
        }
    }
    for (curve, held) in curves.iter_mut().zip(held) {
        if let Some((score, p, n)) = held {
            curve.push(score, p, n);
        }
    }
    curves.into_iter().map(Roc::finish).collect()
}

/// A sum that keeps what rounding drops (Neumaier).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    sum: f64,
    rest: f64,
}

impl Sum {
    pub fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.rest += if self.sum.abs() >= x.abs() {
            (self.sum - sum) + x
        } else {
            (x - sum) + self.sum
        };
        self.sum = sum;
    }

    pub fn total(self) -> f64 {
        self.sum + self.rest
    }
}
