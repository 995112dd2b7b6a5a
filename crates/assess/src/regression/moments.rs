//! Means and spreads of true and predicted numbers and of their errors, kept up as rows come (Welford 1962, with weights
//! West 1979) and put together from parts (Chan, Golub and LeVeque 1983), so that large numbers far from 0 lose nothing.

use crate::stats::real;

/// Mean and squared deviations of one series of numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Series {
    pub mean: f64,
    /// Σ w (x − mean)², where w is 1 without weights.
    pub squares: f64,
}

impl Series {
    /// Adds a number of some weight, which makes it `all`.
    fn add(&mut self, x: f64, weight: f64, all: f64) {
        let off = x - self.mean;
        self.mean += off / (all / weight);
        self.squares += weight * off * (x - self.mean);
    }

    fn merge(&mut self, (ours, theirs): (f64, f64), other: &Self) {
        let (off, n) = (other.mean - self.mean, ours + theirs);
        self.mean += off * (theirs / n);
        self.squares += other.squares + off * off * (ours * theirs / n);
    }

    /// The standard error of the mean of `n` numbers without weights; none below two.
    pub fn error(&self, n: u64) -> Option<f64> {
        (n > 1).then(|| (self.squares / (real(n) - 1.0) / real(n)).sqrt())
    }
}

/// What is kept of pairs of a true and a predicted number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// Pairs.
    pub count: u64,
    /// What they weigh: 1 each without weights.
    pub weight: f64,
    pub truth: Series,
    pub predicted: Series,
    /// Predicted less true.
    pub error: Series,
    /// Sizes of the errors.
    pub size: Series,
    /// Squares of the errors.
    pub square: Series,
    /// Σ w (true − mean) (predicted − mean).
    pub product: f64,
    /// The largest size of an error.
    pub largest: f64,
}

impl Moments {
    /// Adds a pair of finite numbers.
    pub fn add(&mut self, truth: f64, predicted: f64) {
        self.add_weighty(truth, predicted, 1.0);
    }

    /// Adds a pair of some weight; where that is 0, it is only counted.
    pub fn add_weighty(&mut self, truth: f64, predicted: f64, weight: f64) {
        self.count += 1;
        if weight <= 0.0 {
            return;
        }
        self.weight += weight;
        let all = self.weight;
        let off = truth - self.truth.mean;
        let error = predicted - truth;
        self.truth.add(truth, weight, all);
        self.predicted.add(predicted, weight, all);
        self.product += weight * off * (predicted - self.predicted.mean);
        self.error.add(error, weight, all);
        self.size.add(error.abs(), weight, all);
        self.square.add(error * error, weight, all);
        self.largest = self.largest.max(error.abs());
    }

    /// How many numbers there are beside the count.
    pub const NUMBERS: usize = 13;

    /// All but the count: the weight; mean and squares of true and predicted numbers, errors, their sizes and squares; the
    /// product and the largest size.
    pub fn numbers(&self) -> [f64; Self::NUMBERS] {
        let series = [self.truth, self.predicted, self.error, self.size, self.square];
        let mut numbers = [self.weight; Self::NUMBERS];
        for (pair, series) in numbers[1..11].chunks_exact_mut(2).zip(series) {
            pair.copy_from_slice(&[series.mean, series.squares]);
        }
        (numbers[11], numbers[12]) = (self.product, self.largest);
        numbers
    }

    /// From the count and [`Moments::numbers`].
    pub fn from_numbers(count: u64, numbers: [f64; Self::NUMBERS]) -> Self {
        let series = |at: usize| Series {
            mean: numbers[2 * at + 1],
            squares: numbers[2 * at + 2],
        };
        Self {
            count,
            weight: numbers[0],
            truth: series(0),
            predicted: series(1),
            error: series(2),
            size: series(3),
            square: series(4),
            product: numbers[11],
            largest: numbers[12],
        }
    }

    /// Adds the pairs of another.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        if other.weight <= 0.0 {
            return;
        }
        let sizes = (self.weight, other.weight);
        let off = (
            other.truth.mean - self.truth.mean,
            other.predicted.mean - self.predicted.mean,
        );
        self.product += other.product + off.0 * off.1 * (sizes.0 * sizes.1 / (sizes.0 + sizes.1));
        self.truth.merge(sizes, &other.truth);
        self.predicted.merge(sizes, &other.predicted);
        self.error.merge(sizes, &other.error);
        self.size.merge(sizes, &other.size);
        self.square.merge(sizes, &other.square);
        self.weight += other.weight;
        self.largest = self.largest.max(other.largest);
    }
}

#[cfg(test)]
mod tests {
    use super::Moments;

    #[test]
    fn parts_come_to_the_whole_and_large_numbers_keep_their_spread() {
        let rows: Vec<(f64, f64)> = (0..1000)
            .map(|at| (1e9 + f64::from(at * 7 % 13), 1e9 + f64::from(at * 5 % 11)))
            .collect();
        let of = |rows: &[(f64, f64)]| {
            let mut moments = Moments::default();
            for (truth, predicted) in rows {
                moments.add(*truth, *predicted);
            }
            moments
        };
        let (whole, mut parts) = (of(&rows), of(&rows[..300]));
        parts.merge(&of(&rows[300..]));
        parts.merge(&Moments::default());
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * b.abs(), "{a}, {b}");
        for (ours, theirs) in [
            (parts.truth, whole.truth),
            (parts.error, whole.error),
            (parts.square, whole.square),
        ] {
            near(ours.mean, theirs.mean);
            near(ours.squares, theirs.squares);
        }
        let scale = (whole.truth.squares * whole.predicted.squares).sqrt();
        assert!((parts.product - whole.product).abs() < 1e-8 * scale);
        // Of numbers near 0 the same spread.
        let near_nought: Vec<_> = rows.iter().map(|(a, b)| (a - 1e9, b - 1e9)).collect();
        near(whole.truth.squares, of(&near_nought).truth.squares);
        assert_eq!(
            (parts.count, parts.largest.to_bits()),
            (1000, whole.largest.to_bits())
        );
    }
}
