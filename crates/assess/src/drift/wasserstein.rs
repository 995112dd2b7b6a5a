//! How far values would have to be carried to turn one sample into the other.

use super::numbers::Numbers;

/// The first Wasserstein distance of two samples, the area between their distribution functions, in the values' unit
/// (scipy's `wasserstein_distance`). None where a sample is empty.
pub fn wasserstein(a: &[f64], b: &[f64]) -> Option<f64> {
    Numbers::of(a, b).wasserstein()
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
