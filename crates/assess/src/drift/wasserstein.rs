//! How far values would have to be carried to turn one sample into the other.

use crate::stats::{real, size};

/// The first Wasserstein distance of two samples, the area between their distribution functions, in the values' unit
/// (scipy's `wasserstein_distance`). None where a sample is empty.
pub fn wasserstein(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (from_a, from_b) = (a.iter().map(|&x| (x, [1, 0])), b.iter().map(|&x| (x, [0, 1])));
    let mut values: Vec<(f64, [u64; 2])> = from_a.chain(from_b).collect();
    values.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let (mut area, mut below) = (0.0, [0, 0]);
    for pair in values.windows(2) {
        if let [(from, [of_a, of_b]), (to, _)] = pair {
            below = [below[0] + of_a, below[1] + of_b];
            area += (to - from) * (real(below[0]) / size(a) - real(below[1]) / size(b)).abs();
        }
    }
    Some(area)
}

#[cfg(test)]
mod tests {
    use super::wasserstein;

    #[test]
    fn samples_of_any_sizes_are_compared() {
        assert_eq!(wasserstein(&[0.0, 1.0, 3.0], &[5.0, 6.0, 8.0]), Some(5.0));
        assert_eq!(wasserstein(&[1.0], &[0.0, 2.0]), Some(1.0));
        assert_eq!(wasserstein(&[2.0, 2.0], &[2.0]), Some(0.0));
    }

    #[test]
    fn an_empty_sample_has_no_distance() {
        assert_eq!(wasserstein(&[], &[1.0]), None);
    }
}
