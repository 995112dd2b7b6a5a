//! From scores with weights to ROC AUC, average precision, Brier score and calibration, as scikit-learn has them given
//! `sample_weight`.

use super::Heavy;
use super::sum::Sum;
use crate::engine::curve::{Sum as Total, bin, expected_error, log_loss};
use crate::engine::figures::logit_interval;
use crate::report::{Bin, Confusion, Figure, Scores, Settings};
use crate::stats::{Interval, wilson_share};

/// One side of a ranking, positives or negatives.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct Side {
    pub sum: Sum,
    pub rows: u64,
}

impl Side {
    fn effective(&self) -> Option<f64> {
        self.sum.effective(self.rows)
    }
}

/// Sums for the variance of a weighted mean of values v: Σ w² v and Σ w² v².
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    first: Total,
    second: Total,
}

impl Spread {
    fn add(&mut self, squares: f64, value: f64) {
        self.first.add(squares * value);
        self.second.add(squares * value * value);
    }

    /// The variance of the mean, Σ w² (v − mean)² / (Σ w)², by the correction n / (n − 1) for the effective number n.
    fn of_mean(&self, mean: f64, side: Sum, effective: f64) -> f64 {
        let about = self.second.total() - 2.0 * mean * self.first.total() + mean * mean * side.squares;
        about.max(0.0) / side.weight / side.weight * (effective / (effective - 1.0))
    }
}

/// A weighted mean while rows come in.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: Total,
    spread: Spread,
}

impl Mean {
    fn add(&mut self, sum: Sum, value: f64) {
        self.sum.add(sum.weight * value);
        self.spread.add(sum.squares, value);
    }

    /// With the normal interval of a mean, cut to what it can be.
    fn figure(&self, all: Sum, n: u64, (least, most): Interval, z: f64) -> Figure {
        let mean = self.sum.total() / all.weight;
        let effective = all.effective(n).filter(|effective| *effective > 1.0);
        let interval = effective.map(|effective| {
            let half = z * self.spread.of_mean(mean, all, effective).sqrt();
            ((mean - half).max(least), (mean + half).min(most))
        });
        Figure::new(mean, interval, n)
    }
}

/// A bin of the calibration.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    all: Side,
    positive: Total,
    score: Total,
    /// Σ w² (answer − score)².
    squares: Total,
}

impl Share {
    fn add(&mut self, is_positive: bool, score: f64, sum: Sum, rows: u64) {
        self.all.sum.add(sum);
        self.all.rows += rows;
        self.score.add(sum.weight * score);
        self.squares.add(sum.squares * off(score, is_positive).powi(2));
        if is_positive {
            self.positive.add(sum.weight);
        }
    }
}

/// Works through one group's scores in descending order.
#[derive(Clone, Default)]
struct Ranking {
    /// Positives and negatives in all.
    sides: [Side; 2],
    score: f64,
    /// Sums at the current score: of weights and of their squares.
    tie: [Sum; 2],
    /// Weights above it.
    above: [Total; 2],
    won: Total,
    /// Of each positive's share of negatives beaten, and of each negative's share of positives that beat it.
    shares: [Spread; 2],
    precision: Total,
    error: Mean,
    log_loss: Mean,
    mean: Mean,
    bins: [Share; 10],
}

impl Ranking {
    fn new(sides: [Side; 2]) -> Self {
        Self {
            sides,
            ..Self::default()
        }
    }

    /// Adds rows of a score that is no higher than any before, and of one weight: positives and negatives.
    fn push(&mut self, score: f64, weight: f64, rows: [u32; 2]) {
        if score.total_cmp(&self.score).is_ne() {
            self.flush();
            self.score = score;
        }
        for (side, rows) in rows.into_iter().enumerate() {
            let number = f64::from(rows);
            let sum = Sum {
                weight: number * weight,
                squares: number * weight * weight,
            };
            self.tie[side].add(sum);
            self.errors(score, side == 0, sum);
            if let Some(share) = self.bins.get_mut(bin(score)) {
                share.add(side == 0, score, sum, u64::from(rows));
            }
        }
    }

    fn errors(&mut self, score: f64, is_positive: bool, sum: Sum) {
        self.mean.add(sum, score);
        self.error.add(sum, off(score, is_positive).powi(2));
        self.log_loss.add(sum, log_loss(score, is_positive));
    }

    fn flush(&mut self) {
        let [p, n] = std::mem::take(&mut self.tie);
        let [above_p, above_n] = self.above.map(Total::total);
        let [all_p, all_n] = self.sides.map(|side| side.sum.weight);
        let beaten = 1.0 - (above_n + n.weight / 2.0) / all_n;
        let beating = (above_p + p.weight / 2.0) / all_p;
        if p.weight > 0.0 {
            self.won.add(p.weight * beaten);
            self.shares[0].add(p.squares, beaten);
            let positive = above_p + p.weight;
            self.precision
                .add(p.weight * (positive / (positive + above_n + n.weight)));
        }
        if n.weight > 0.0 {
            self.shares[1].add(n.squares, beating);
        }
        self.above[0].add(p.weight);
        self.above[1].add(n.weight);
    }

    /// The figures of all rows pushed, which must be all the rows announced.
    fn finish(mut self, are_shares: bool, settings: &Settings) -> (Scores, Vec<Bin>) {
        self.flush();
        let [positives, negatives] = self.sides;
        let n = positives.rows + negatives.rows;
        let mut all = positives.sum;
        all.add(negatives.sum);
        if n == 0 || all.weight <= 0.0 {
            let reason = if n == 0 { "no rows" } else { "the weights sum to 0" };
            return (Scores::withheld(n, reason), Vec::new());
        }
        let shares = |figure: Figure| {
            if are_shares {
                figure
            } else {
                Figure::none(n, "the scores aren't between 0 and 1")
            }
        };
        let z = settings.z;
        let scores = Scores {
            roc_auc: self.roc_auc(settings),
            average_precision: self.average_precision(settings),
            brier: shares(self.error.figure(all, n, (0.0, 1.0), z)),
            log_loss: shares(self.log_loss.figure(all, n, (0.0, f64::INFINITY), z)),
            mean: self.mean.figure(all, n, (f64::NEG_INFINITY, f64::INFINITY), z),
            calibration_error: shares(self.calibration_error(all, n, z)),
            calibration_error_equal_mass: Figure::none(
                n,
                "bins of equal mass are made of rows, not of weight",
            ),
        };
        let bins = if are_shares { self.bins(z) } else { Vec::new() };
        (scores, bins)
    }

    fn counts(&self) -> Confusion {
        let [positives, negatives] = self.sides;
        Confusion {
            tp: positives.rows,
            fp: negatives.rows,
            ..Confusion::default()
        }
    }

    /// With the variance that DeLong's becomes where rows have weights.
    fn roc_auc(&self, settings: &Settings) -> Figure {
        let (n, [positives, negatives]) = (self.counts().n(), self.sides);
        for (side, name) in [(positives, "positives"), (negatives, "negatives")] {
            if side.sum.weight <= 0.0 {
                return Figure::none(n, format!("no {name} that weigh anything"));
            }
        }
        let auc = self.won.total() / positives.sum.weight;
        let variance = |at: usize| {
            let side = self.sides.get(at)?;
            let effective = side.effective().filter(|effective| *effective > 1.0)?;
            Some(self.shares.get(at)?.of_mean(auc, side.sum, effective))
        };
        let error = variance(0).zip(variance(1)).map(|(a, b)| (a + b).sqrt());
        let interval = error.and_then(|error| logit_interval(auc, error, settings.z));
        let figure = Figure::new(auc, interval, n);
        let min = settings.min_outcomes;
        if positives.rows.min(negatives.rows) < min {
            figure.unjudged(format!("fewer than {min} positives or negatives"))
        } else {
            figure
        }
    }

    fn average_precision(&self, settings: &Settings) -> Figure {
        let (n, positives) = (self.counts().n(), self.sides[0]);
        if positives.sum.weight <= 0.0 {
            return Figure::none(n, "no positives that weigh anything");
        }
        let value = self.precision.total() / positives.sum.weight;
        let interval = positives.effective().and_then(|effective| {
            let error = (value * (1.0 - value) / effective).sqrt();
            logit_interval(value, error, settings.z)
        });
        let figure = Figure::new(value, interval, n);
        let min = settings.min_outcomes;
        if positives.rows < min {
            figure.unjudged(format!("fewer than {min} positives"))
        } else {
            figure
        }
    }

    fn calibration_error(&self, all: Sum, n: u64, z: f64) -> Figure {
        let off = |share: &Share| {
            (
                share.positive.total() - share.score.total(),
                share.squares.total(),
            )
        };
        let (error, interval) = expected_error(&self.bins.map(|share| off(&share)), all.weight, z);
        // Squares that can't be told from 0 say nothing of chance.
        Figure::new(error, all.effective(n).map(|_| interval), n)
    }

    fn bins(&self, z: f64) -> Vec<Bin> {
        let one = |(at, share): (u32, &Share)| {
            let weight = share.all.sum.weight;
            let observed = if weight > 0.0 {
                let observed = (share.positive.total() / weight).min(1.0);
                let interval = share.all.effective().and_then(|n| wilson_share(observed, n, z));
                Figure::new(observed, interval, share.all.rows)
            } else {
                Figure::none(share.all.rows, "no scores here that weigh anything")
            };
            Bin {
                low: f64::from(at) / 10.0,
                high: f64::from(at + 1) / 10.0,
                score: (weight > 0.0).then(|| share.score.total() / weight),
                observed,
            }
        };
        (0..).zip(&self.bins).map(one).collect()
    }
}

/// The score figures of several groups at once, by their sides and the table of all scores in descending order; `group_of`
/// gives the group of a cell.
pub(in crate::engine) fn ranked(
    table: &[Heavy],
    groups: impl Iterator<Item = [Side; 2]>,
    positive: usize,
    group_of: &dyn Fn(u32) -> Option<usize>,
    (are_shares, settings): (bool, &Settings),
) -> Vec<(Scores, Vec<Bin>)> {
    let mut rankings: Vec<Ranking> = groups.map(Ranking::new).collect();
    for heavy in table {
        let mut rows = heavy.rows;
        if positive != 0 {
            rows.swap(0, 1);
        }
        if let Some(group) = group_of(heavy.cell) {
            rankings[group].push(heavy.score, heavy.weight, rows);
        }
    }
    let finish = |ranking: Ranking| ranking.finish(are_shares, settings);
    rankings.into_iter().map(finish).collect()
}

/// How far a score is from the answer.
fn off(score: f64, is_positive: bool) -> f64 {
    score - if is_positive { 1.0 } else { 0.0 }
}
