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
        if average != Average::Micro {
            return self.areas().one_versus_rest(average);
        }
        let question = |(class, shares): (usize, &Vec<f64>)| {
            let rows = self.labels.iter().zip(shares).zip(&self.weights);
            let side = move |label: usize| usize::from(label != class);
            rows.map(|((&label, &share), &weight)| (share, side(label), weight))
                .collect::<Vec<Ranked>>()
        };
        let mut all: Vec<Ranked> = self.shares.iter().enumerate().flat_map(question).collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let sides = [0, 1].map(|side| all.iter().filter(|row| row.1 == side).map(|row| row.2).sum());
        let mut areas = Areas::new(sides.to_vec());
        areas.add(0, &all);
        areas.rest.first().copied().flatten()
    }

    /// The area under the ROC curve of each pair of classes, both ways, averaged over the pairs that have rows of both
    /// (`multi_class="ovo"`, Hand and Till 2001). `Weighted` takes each pair as often as its rows occur.
    pub fn one_versus_one(&self, average: Average) -> Option<f64> {
        self.areas().one_versus_one(average)
    }

    fn areas(&self) -> Areas {
        let support = (0..self.shares.len()).map(|class| self.support(class));
        let mut areas = Areas::new(support.collect());
        for (class, shares) in self.shares.iter().enumerate() {
            let rows = self.labels.iter().zip(shares).zip(&self.weights);
            let mut ranked: Vec<Ranked> = rows
                .map(|((&label, &share), &weight)| (share, label, weight))
                .collect();
            ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            areas.add(class, &ranked);
        }
        areas
    }

    /// Mean of −ln(share of the true class), in nats, shares kept within 2⁻⁵² of 0 and 1.
    pub fn log_loss(&self) -> Option<f64> {
        let rows = self.labels.iter().enumerate().zip(&self.weights);
        let losses = rows.filter_map(|((row, &label), &weight)| {
            let share = self.shares.get(label)?.get(row)?;
            Some(Some((logarithm(*share), weight)))
        });
        mean_over(losses)
    }

    fn support(&self, class: usize) -> f64 {
        let rows = self.labels.iter().zip(&self.weights);
        rows.filter(|(label, _)| **label == class)
            .map(|(_, weight)| weight)
            .sum()
    }
}

/// −ln of the share of the true class, kept within 2⁻⁵² of 0 and 1.
pub fn logarithm(share: f64) -> f64 {
    -share.clamp(LEAST, 1.0 - LEAST).ln()
}

/// A score, the label of its rows and their weight.
pub type Ranked = (f64, usize, f64);

/// The areas under the ROC curves of each class against all others, and against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Areas {
    /// The weight of each class among the labels.
    support: Vec<f64>,
    /// Of each class against all others; none where a side is empty.
    rest: Vec<Option<f64>>,
    /// Of each class against each, by the scores of the first.
    pairs: Vec<Vec<Option<f64>>>,
}

impl Areas {
    /// No areas yet, of classes that weigh so much.
    pub fn new(support: Vec<f64>) -> Self {
        let classes = support.len();
        Self {
            support,
            rest: vec![None; classes],
            pairs: vec![vec![None; classes]; classes],
        }
    }

    /// Adds the areas of a class by its scores of all rows, ascending. Answers with half the chance that a row of the
    /// class and one of another have the same score: where scores were rounded, the area is off by at most that.
    pub fn add(&mut self, class: usize, ranked: &[Ranked]) -> f64 {
        let classes = self.support.len();
        let (mut below, mut won, mut tied) = (vec![0.0; classes], vec![0.0; classes], 0.0);
        for equal in ranked.chunk_by(|a, b| is_same(a.0, b.0)) {
            let positive: f64 = equal.iter().filter(|row| row.1 == class).map(|row| row.2).sum();
            for (_, label, weight) in equal.iter().filter(|row| row.1 != class) {
                won[*label] += positive * weight / 2.0;
                tied += positive * weight / 2.0;
            }
            if positive > 0.0 {
                won.iter_mut()
                    .zip(&below)
                    .for_each(|(won, below)| *won += positive * below);
            }
            for (_, label, weight) in equal.iter().filter(|row| row.1 != class) {
                below[*label] += weight;
            }
        }
        let positives = self.support.get(class).copied().unwrap_or(0.0);
        let others: f64 = below.iter().sum();
        let area = |won: f64, others: f64| share(won, positives * others);
        self.rest[class] = area(won.iter().sum(), others);
        self.pairs[class] = won
            .iter()
            .zip(&below)
            .map(|(won, below)| area(*won, *below))
            .collect();
        area(tied, others).unwrap_or(0.0)
    }

    /// As [`Scores::one_versus_rest`], but for `Micro`, which isn't a mean of areas.
    pub fn one_versus_rest(&self, average: Average) -> Option<f64> {
        let each = self.rest.iter().zip(&self.support);
        mean_over(each.map(|(area, support)| {
            let weight = if average == Average::Weighted {
                *support
            } else {
                1.0
            };
            area.map(|area| (area, weight))
        }))
    }

    /// As [`Scores::one_versus_one`].
    pub fn one_versus_one(&self, average: Average) -> Option<f64> {
        let classes = self.support.len();
        let pairs = (0..classes).flat_map(|a| (a + 1..classes).map(move |b| (a, b)));
        mean_over(pairs.map(|(a, b)| {
            let both = f64::midpoint(self.pairs[a][b]?, self.pairs[b][a]?);
            let weight = match average {
                Average::Weighted => self.support[a] + self.support[b],
                _ => 1.0,
            };
            Some((both, weight))
        }))
    }
}

fn row_of(scores: &[Vec<f64>], row: usize) -> Option<Vec<f64>> {
    scores.iter().map(|column| column.get(row).copied()).collect()
}
