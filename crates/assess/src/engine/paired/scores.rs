//! What scores say of the same cases, before and after.

use super::Outcome;
use super::cases::{Case, Cases};
use super::counts::Redrawn;
use crate::compare::{Bootstrap, Method, Move};
use crate::engine::curve::{bin, log_loss};
use crate::report::Settings;
use crate::stats::bootstrap::Random;
use crate::stats::delong::{Areas, areas};
use crate::stats::{mean, normal_tails, real, size};

/// The scores of the cases, and what is found of them.
pub(super) struct Scored {
    areas: Option<Areas>,
    /// The differences of each case, after less before.
    brier: Vec<f64>,
    log_loss: Vec<f64>,
    calibration: Calibration,
}

impl Scored {
    /// None without scores.
    pub fn of(cases: &Cases, outcomes: &[Outcome]) -> Option<Self> {
        if !cases.has_scores() {
            return None;
        }
        let positive: Vec<bool> = outcomes.iter().map(|outcome| outcome.positive).collect();
        let [before, after] = [0, 1].map(|side| {
            let scores = cases.rows.iter().map(|case| case.scores[side]);
            scores.collect::<Vec<f64>>()
        });
        let differences = |loss: fn(f64, bool) -> f64| {
            let rows = cases.rows.iter().zip(&positive);
            let difference = |(case, positive): (&Case, &bool)| {
                let [before, after] = case.scores.map(|score| loss(score, *positive));
                after - before
            };
            rows.map(difference).collect()
        };
        Some(Self {
            areas: areas(&positive, &before, &after),
            brier: differences(|score, positive| (f64::from(u8::from(positive)) - score).powi(2)),
            log_loss: differences(log_loss),
            calibration: Calibration::of(&cases.rows, &positive),
        })
    }

    /// What is found of a figure by its fact's id; none of figures that don't go by scores.
    pub fn judge(
        &self,
        id: &str,
        change: Option<f64>,
        bootstrap: &Bootstrap,
        settings: &Settings,
    ) -> Option<Move> {
        match id {
            "performance.roc_auc" => {
                let found = self.areas.map(|areas| (areas.second - areas.first, areas.error));
                Some(normal(Method::Delong, found, settings.z))
            }
            "performance.brier" => Some(normal(Method::PairedMean, mean_change(&self.brier), settings.z)),
            "performance.log_loss" => Some(normal(
                Method::PairedMean,
                mean_change(&self.log_loss),
                settings.z,
            )),
            "performance.calibration_error" => {
                let redrawn = self.calibration.redraw(bootstrap);
                Some(redrawn.judge(change, bootstrap, settings))
            }
            _ => None,
        }
    }
}

/// The mean, and its standard error.
fn mean_change(differences: &[f64]) -> Option<(f64, f64)> {
    let (change, n) = (mean(differences)?, size(differences));
    let squares: f64 = differences
        .iter()
        .map(|difference| (difference - change).powi(2))
        .sum();
    (n > 1.0).then(|| (change, (squares / (n - 1.0) / n).sqrt()))
}

fn normal(method: Method, found: Option<(f64, f64)>, z: f64) -> Move {
    Move {
        method,
        interval: found.map(|(change, error)| (change - z * error, change + z * error)),
        // Where no case moved there is nothing to be surprised at.
        p: found.and_then(|(change, error)| match error {
            0.0 if change == 0.0 => Some(1.0),
            error => normal_tails(change / error),
        }),
    }
}

/// Cases by answer and by both bins of their scores. Drawn anew, scores are taken at the mean of those they share both
/// bins with: within a tenth they differ too little to matter beside the answers.
struct Calibration {
    counts: Vec<u64>,
    /// Sums of scores before and after.
    sums: Vec<[f64; 2]>,
}

const BINS: usize = 10;

impl Calibration {
    fn of(rows: &[Case], positive: &[bool]) -> Self {
        let mut calibration = Self {
            counts: vec![0; 2 * BINS * BINS],
            sums: vec![[0.0; 2]; 2 * BINS * BINS],
        };
        for (case, positive) in rows.iter().zip(positive) {
            let [before, after] = case.scores.map(bin);
            let at = (usize::from(*positive) * BINS + before) * BINS + after;
            calibration.counts[at] += 1;
            for (sum, score) in calibration.sums[at].iter_mut().zip(case.scores) {
                *sum += score;
            }
        }
        calibration
    }

    fn redraw(&self, bootstrap: &Bootstrap) -> Redrawn {
        let mut random = Random::new(bootstrap.seed);
        let change = |_| {
            let counts = random.resample(&self.counts);
            self.error(&counts, 1) - self.error(&counts, 0)
        };
        Redrawn((0..bootstrap.draws).map(change).collect())
    }

    /// The expected calibration error on one side, of so many cases of each kind.
    fn error(&self, counts: &[u64], side: usize) -> f64 {
        let mut off = [0.0; BINS];
        for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (answer, bins) = (at / (BINS * BINS), [at / BINS % BINS, at % BINS]);
            let score = self.sums[at][side] / real(self.counts[at]);
            off[bins[side]] += real(*count) * (real(answer as u64) - score);
        }
        off.iter().map(|off| off.abs()).sum::<f64>() / real(counts.iter().sum())
    }
}
