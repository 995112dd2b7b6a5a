//! Whether groups differ in the level of a number, such as the error of a prediction, without a belief about its shape.

use crate::stats::{Test, chi_square_tail, is_same, real};

/// Kruskal and Wallis' H of the groups' values, corrected for ties, with its p-value by χ² (scipy's `kruskal`), and
/// its degrees of freedom. None for fewer than two groups with values, and where all values are alike.
pub fn kruskal(groups: &[Vec<f64>]) -> Option<(Test, u64)> {
    let values = groups.iter().enumerate();
    let mut values: Vec<(f64, usize, u64)> = values
        .flat_map(|(group, values)| values.iter().map(move |value| (*value, group, 1)))
        .collect();
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    kruskal_counts(values.into_iter(), groups.len())
}

/// The same of values in ascending order, each with its group (of so many) and how often it occurs there.
pub fn kruskal_counts(values: impl Iterator<Item = (f64, usize, u64)>, groups: usize) -> Option<(Test, u64)> {
    let mut ranked = Ranked {
        ranks: vec![(0, 0.0); groups],
        ..Ranked::default()
    };
    let mut last = None;
    for (value, group, rows) in values {
        if last.is_some_and(|last| !is_same(last, value)) {
            ranked.settle();
        }
        last = Some(value);
        ranked.tied.push((group, rows));
    }
    ranked.settle();
    ranked.test()
}

/// Ranks given so far.
#[derive(Default)]
struct Ranked {
    /// Rows and the sum of their ranks, by group.
    ranks: Vec<(u64, f64)>,
    /// Rows of the value under way, by group.
    tied: Vec<(usize, u64)>,
    below: u64,
    /// Σ (t³ − t) over the sizes t of ties.
    ties: f64,
}

impl Ranked {
    /// Gives the rows of the value under way their shared rank.
    fn settle(&mut self) {
        let size: u64 = self.tied.iter().map(|(_, rows)| rows).sum();
        let rank = real(self.below) + f64::midpoint(real(size), 1.0);
        for (group, rows) in self.tied.drain(..) {
            if let Some((n, sum)) = self.ranks.get_mut(group) {
                *n += rows;
                *sum += real(rows) * rank;
            }
        }
        self.below += size;
        self.ties += real(size).powi(3) - real(size);
    }

    fn test(&self) -> Option<(Test, u64)> {
        let n = real(self.below);
        let occupied: Vec<_> = self.ranks.iter().filter(|(rows, _)| *rows > 0).collect();
        let untied = 1.0 - self.ties / (n * n * n - n);
        if occupied.len() < 2 || untied.is_nan() || untied <= 0.0 {
            return None;
        }
        let middle = f64::midpoint(n, 1.0);
        let squares = occupied
            .iter()
            .map(|(rows, sum)| real(*rows) * (sum / real(*rows) - middle).powi(2));
        let statistic = 12.0 / (n * (n + 1.0)) * squares.sum::<f64>() / untied;
        let freedom = occupied.len() as u64 - 1;
        let p = chi_square_tail(statistic, freedom)?;
        Some((Test { statistic, p }, freedom))
    }
}
