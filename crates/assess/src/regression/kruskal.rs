//! Whether groups differ in the level of a number, such as the error of a prediction, without a belief about its shape.

use super::ranks::{ranks, ties};
use crate::stats::{Test, chi_square_tail, mean, size};

/// Kruskal and Wallis' H of the groups' values, corrected for ties, with its p-value by χ² (scipy's `kruskal`), and
/// its degrees of freedom. None for fewer than two groups with values, and where all values are alike.
pub fn kruskal(groups: &[Vec<f64>]) -> Option<(Test, u64)> {
    let groups: Vec<&Vec<f64>> = groups.iter().filter(|group| !group.is_empty()).collect();
    let all: Vec<f64> = groups.iter().flat_map(|group| group.iter().copied()).collect();
    let (ranks, n) = (ranks(&all), size(&all));
    let untied = 1.0 - ties(&all) / (n * n * n - n);
    if groups.len() < 2 || untied.is_nan() || untied <= 0.0 {
        return None;
    }
    let middle = f64::midpoint(n, 1.0);
    let (mut from, mut sum) = (0, 0.0);
    for group in &groups {
        let of_group = ranks.get(from..from + group.len())?;
        sum += size(group) * (mean(of_group)? - middle).powi(2);
        from += group.len();
    }
    let statistic = 12.0 / (n * (n + 1.0)) * sum / untied;
    let freedom = groups.len() as u64 - 1;
    let p = chi_square_tail(statistic, freedom)?;
    Some((Test { statistic, p }, freedom))
}
