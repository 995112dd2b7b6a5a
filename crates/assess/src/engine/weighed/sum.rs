//! Sums of weights and of their squares, and the shares taken of them.

use crate::engine::exact::Exact;
use crate::report::{Figure, Settings};
use crate::stats::{real, wilson_share};

/// Sums of weights and of their squares over some rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::engine) struct Sum {
    pub weight: f64,
    pub squares: f64,
}

impl Sum {
    /// Exact sums, rounded once.
    pub fn of([weight, squares]: &Squared) -> Self {
        Self {
            weight: weight.total(),
            squares: squares.total(),
        }
    }

    /// Both together.
    pub fn both([mut sum, other]: [Self; 2]) -> Self {
        sum.add(other);
        sum
    }

    pub fn add(&mut self, other: Self) {
        self.weight += other.weight;
        self.squares += other.squares;
    }

    /// Kish's effective number of `n` rows; none where they weigh nothing, or their squares can't be told from 0.
    pub fn effective(self, n: u64) -> Option<f64> {
        // In this order nothing overflows, and equal weights of 1 give the number of rows to the last digit.
        let effective = self.weight * (self.weight / self.squares);
        (self.squares >= f64::MIN_POSITIVE && effective > 0.0).then(|| effective.min(real(n)))
    }

    /// The share that `weight` is of these `n` rows, which `of` names, with Wilson's interval for their effective number;
    /// unjudged where they are few.
    pub fn share(self, weight: f64, n: u64, of: &str, settings: &Settings) -> Figure {
        if n == 0 {
            return Figure::none(0, format!("no {of}"));
        }
        if self.weight <= 0.0 {
            return Figure::none(n, format!("the weights of the {of} sum to 0"));
        }
        let share = weight / self.weight;
        let interval = self
            .effective(n)
            .and_then(|effective| wilson_share(share, effective, settings.z));
        Figure::new(share, interval, n).enough(settings.min_outcomes, of)
    }
}

/// The exact sum of weights, and that of their squares.
pub(in crate::engine) type Squared = [Exact; 2];

/// Adds rows of one weight.
pub(in crate::engine) fn add([weight, squares]: &mut Squared, of_row: f64, rows: u64) {
    weight.add_times(of_row, rows);
    squares.add_times(of_row * of_row, rows);
}

/// Adds other sums.
pub(in crate::engine) fn merge(sums: &mut Squared, others: &Squared) {
    for (sum, other) in sums.iter_mut().zip(others) {
        sum.merge(other);
    }
}
