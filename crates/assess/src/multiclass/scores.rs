//! How well the scores that a model gives each class fit the labels.

use super::{Average, mean_over, share};
use crate::stats::is_same;

/// The least share that a logarithm is taken of: 2⁻⁵², as scikit-learn's `log_loss` for 64-bit scores.
const LEAST: f64 = f64::EPSILON;

/// The scores of rows for each class, with their labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    labels: Vec<usize>,
    /// By class, then by row.
    shares: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

impl Scores {
    /// Scores by class, then by row, brought to a sum of 1 in each row. Rows whose label has no scores, or whose
    /// scores aren't all finite with a sum above 0, are left out. `weights` is 1 for each row where there are none.
    pub fn new(labels: &[usize], scores: &[Vec<f64>], weights: Option<&[f64]>) -> Self {
        let mut kept = Self {
            labels: Vec::new(),
            shares: vec![Vec::new(); scores.len()],
            weights: Vec::new(),
        };
        for (row, &label) in labels.iter().enumerate() {
            let Some(of_row) = row_of(scores, row) else {
                continue;
            };
            let sum: f64 = of_row.iter().sum();
            if label >= scores.len() || !sum.is_finite() || sum <= 0.0 {
                continue;
            }
            let weight = weights.map_or(Some(1.0), |weights| weights.get(row).copied());
            kept.labels.push(label);
            kept.weights.push(weight.unwrap_or(0.0));
            for (column, score) in kept.shares.iter_mut().zip(of_row) {
                column.push(score / sum);
            }
        }
        kept
    }

    /// Rows kept.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// The area under the ROC curve of each class against all others, averaged over the classes that have rows on
    /// both sides (`multi_class="ovr"`). `Micro` takes every row and class as one question.
    pub fn one_versus_rest(&self, average: Average) -> Option<f64> {
        let class = |class: usize, shares: &[f64]| {
            let rows = self.labels.iter().zip(shares).zip(&self.weights);
            rows.map(|((&label, &share), &weight)| (share, label == class, weight))
                .collect::<Vec<_>>()
        };
        let classes = self.shares.iter().enumerate();
        match average {
            Average::Micro => auc(classes.flat_map(|(at, shares)| class(at, shares)).collect()),
            _ => mean_over(classes.map(|(at, shares)| {
                let weight = if average == Average::Weighted {
                    self.support(at)
                } else {
                    1.0
                };
                auc(class(at, shares)).map(|auc| (auc, weight))
            })),
        }
    }

    /// The area under the ROC curve of each pair of classes, both ways, averaged over the pairs that have rows of both
    /// (`multi_class="ovo"`, Hand and Till 2001). `Weighted` takes each pair as often as its rows occur.
    pub fn one_versus_one(&self, average: Average) -> Option<f64> {
        let classes = self.shares.len();
        let pairs = (0..classes).flat_map(|a| (a + 1..classes).map(move |b| (a, b)));
        mean_over(pairs.map(|(a, b)| {
            let both = f64::midpoint(self.versus(a, b)?, self.versus(b, a)?);
            let weight = match average {
                Average::Weighted => self.support(a) + self.support(b),
                _ => 1.0,
            };
            Some((both, weight))
        }))
    }

    /// Mean of −ln(share of the true class), in nats, shares kept within 2⁻⁵² of 0 and 1.
    pub fn log_loss(&self) -> Option<f64> {
        let rows = self.labels.iter().enumerate().zip(&self.weights);
        let losses = rows.filter_map(|((row, &label), &weight)| {
            let share = self.shares.get(label)?.get(row)?;
            Some(Some((-share.clamp(LEAST, 1.0 - LEAST).ln(), weight)))
        });
        mean_over(losses)
    }

    fn support(&self, class: usize) -> f64 {
        let rows = self.labels.iter().zip(&self.weights);
        rows.filter(|(label, _)| **label == class)
            .map(|(_, weight)| weight)
            .sum()
    }

    /// The area of `class` against `other` by the scores of `class`.
    fn versus(&self, class: usize, other: usize) -> Option<f64> {
        let rows = self.labels.iter().zip(self.shares.get(class)?).zip(&self.weights);
        let rows = rows.filter(|((label, _), _)| **label == class || **label == other);
        auc(rows
            .map(|((&label, &share), &weight)| (share, label == class, weight))
            .collect())
    }
}

fn row_of(scores: &[Vec<f64>], row: usize) -> Option<Vec<f64>> {
    scores.iter().map(|column| column.get(row).copied()).collect()
}

/// The chance that a positive row's score is above a negative row's, ties half: rows of score, side and weight.
fn auc(mut rows: Vec<(f64, bool, f64)>) -> Option<f64> {
    rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut positives, mut won) = (0.0, 0.0, 0.0);
    for tied in rows.chunk_by(|a, b| is_same(a.0, b.0)) {
        let side = |side: bool| tied.iter().filter(move |row| row.1 == side).map(|row| row.2);
        let (positive, negative): (f64, f64) = (side(true).sum(), side(false).sum());
        won += positive * (below + negative / 2.0);
        below += negative;
        positives += positive;
    }
    share(won, positives * below)
}
