//! How well a model tells three classes or more apart: the table of labels against predictions, and its figures.

pub mod scores;
pub mod sklearn;

use crate::stats::real;

/// How figures of single classes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Every class counts the same.
    Macro,
    /// Every class counts as often as it occurs among the labels.
    Weighted,
    /// Every row counts the same: numerators and denominators are summed first.
    Micro,
}

/// A figure of one class against all others, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Really of the class, of those predicted so.
    Precision,
    /// Predicted so, of those really of the class.
    Recall,
    /// The harmonic mean of both, 2 TP / (2 TP + FP + FN).
    F1,
}

/// Labels against predictions, in rows or in sums of weights. Classes are numbered from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// By label, then by prediction.
    cells: Vec<Vec<f64>>,
    /// Rows, whatever their weights.
    rows: u64,
}

impl Matrix {
    /// The matrix of rows, each with its label, prediction and weight (1 where there are no weights). A row with a
    /// class beyond `classes` is left out.
    pub fn new(classes: usize, rows: impl IntoIterator<Item = (usize, usize, f64)>) -> Self {
        let mut matrix = Self {
            cells: vec![vec![0.0; classes]; classes],
            rows: 0,
        };
        for (label, prediction, weight) in rows {
            let cell = matrix
                .cells
                .get_mut(label)
                .and_then(|row| row.get_mut(prediction));
            if let Some(cell) = cell {
                *cell += weight;
                matrix.rows += 1;
            }
        }
        matrix
    }

    /// The matrix of rows that are counted already, by label, then by prediction.
    pub fn of_counts(counts: &[Vec<u64>]) -> Self {
        let cells = counts
            .iter()
            .map(|row| row.iter().map(|count| real(*count)).collect());
        Self {
            cells: cells.collect(),
            rows: counts.iter().flatten().sum(),
        }
    }

    /// The matrix of sums of weights over so many rows, by label, then by prediction.
    pub fn of_weights(cells: Vec<Vec<f64>>, rows: u64) -> Self {
        Self { cells, rows }
    }

    /// Rows, whatever their weights.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.cells.len()
    }

    /// The rows (or weights) of each label by prediction.
    pub fn cells(&self) -> &[Vec<f64>] {
        &self.cells
    }

    /// All rows or weights.
    pub fn total(&self) -> f64 {
        self.cells.iter().flatten().sum()
    }

    /// Rightly predicted of a class.
    pub fn right(&self, class: usize) -> f64 {
        self.cells
            .get(class)
            .and_then(|row| row.get(class))
            .copied()
            .unwrap_or(0.0)
    }

    /// Really of a class: its support.
    pub fn labelled(&self, class: usize) -> f64 {
        self.cells.get(class).map_or(0.0, |row| row.iter().sum())
    }

    /// Predicted to be of a class.
    pub fn predicted(&self, class: usize) -> f64 {
        self.cells.iter().filter_map(|row| row.get(class)).sum()
    }

    /// Predicted rightly, of all.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.all_right(), self.total())
    }

    /// Predicted to be of a class, of all: its selection rate.
    pub fn selection(&self, class: usize) -> Option<f64> {
        share(self.predicted(class), self.total())
    }

    /// A figure of one class; none where its denominator is 0.
    pub fn measure(&self, measure: Measure, class: usize) -> Option<f64> {
        let (part, whole) = self.fraction(measure, class);
        share(part, whole)
    }

    /// A figure of all classes. Classes in which it is undefined are left out; none where it is in all.
    pub fn average(&self, measure: Measure, average: Average) -> Option<f64> {
        let classes = 0..self.classes();
        match average {
            Average::Micro => {
                let parts = classes.map(|class| self.fraction(measure, class));
                let (part, whole) = parts.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
                share(part, whole)
            }
            _ => mean_over(classes.map(|class| {
                let weight = self.weight(average, class);
                self.measure(measure, class).map(|value| (value, weight))
            })),
        }
    }

    /// Mean recall of the classes that occur.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        self.average(Measure::Recall, Average::Macro)
    }

    /// Matthews' correlation of label and prediction, −1 to 1 (Gorodkin 2004, R_K); none where either never changes.
    pub fn matthews(&self) -> Option<f64> {
        let total = self.total();
        let products = self.marginals().map(|(labelled, predicted)| labelled * predicted);
        let covariance = self.all_right() * total - products.sum::<f64>();
        let spread = |square: f64| total * total - square;
        let labelled = spread(self.marginals().map(|(labelled, _)| labelled * labelled).sum());
        let predicted = spread(self.marginals().map(|(_, predicted)| predicted * predicted).sum());
        share(covariance, labelled.max(0.0).sqrt() * predicted.max(0.0).sqrt())
    }

    /// Cohen's kappa: agreement beyond chance, of all that could be beyond it; none where chance explains all.
    pub fn kappa(&self) -> Option<f64> {
        let total = self.total();
        let products = self.marginals().map(|(labelled, predicted)| labelled * predicted);
        let chance = share(products.sum(), total * total)?;
        share(self.accuracy()? - chance, 1.0 - chance)
    }

    fn all_right(&self) -> f64 {
        (0..self.classes()).map(|class| self.right(class)).sum()
    }

    fn marginals(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        (0..self.classes()).map(|class| (self.labelled(class), self.predicted(class)))
    }

    fn fraction(&self, measure: Measure, class: usize) -> (f64, f64) {
        let right = self.right(class);
        match measure {
            Measure::Precision => (right, self.predicted(class)),
            Measure::Recall => (right, self.labelled(class)),
            Measure::F1 => (2.0 * right, self.predicted(class) + self.labelled(class)),
        }
    }

    fn weight(&self, average: Average, class: usize) -> f64 {
        match average {
            Average::Weighted => self.labelled(class),
            _ => 1.0,
        }
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The weighted mean of the values that are defined.
fn mean_over(values: impl Iterator<Item = Option<(f64, f64)>>) -> Option<f64> {
    let values: Vec<_> = values.flatten().collect();
    let weights: f64 = values.iter().map(|(_, weight)| weight).sum();
    share(values.iter().map(|(value, weight)| value * weight).sum(), weights)
}

/// Numbers classes: `values` as positions in `classes`, none for a value that isn't there.
pub fn numbered<T: PartialEq>(values: &[T], classes: &[T]) -> Vec<Option<usize>> {
    let number = |value: &T| classes.iter().position(|class| class == value);
    values.iter().map(number).collect()
}

#[cfg(test)]
mod tests;
