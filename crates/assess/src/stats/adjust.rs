//! Corrections for looking at many tests at once.

use super::{real, size};

/// Holm's step-down correction (1979): each p-value as if it were the only one, in the order given. Holds the
/// chance of any false alarm among them.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut least = 0.0_f64;
    for (rank, at) in order.iter().enumerate() {
        least = least.max(p[*at] * real((p.len() - rank) as u64)).min(1.0);
        adjusted[*at] = least;
    }
    adjusted
}

/// Benjamini and Hochberg's step-up correction (1995), in the order given. Holds the expected share of false alarms
/// among the alarms.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![1.0; p.len()];
    let mut most = 1.0_f64;
    for (rank, at) in order.iter().enumerate().rev() {
        most = most.min(p[*at] * size(p) / real(rank as u64 + 1));
        adjusted[*at] = most;
    }
    adjusted
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{found:?}, not {expected:?}");
        }
    }

    #[test]
    fn corrections_equal_those_worked_out_by_hand() {
        let p = [0.01, 0.04, 0.03, 0.005];
        near(&holm(&p), &[0.03, 0.06, 0.06, 0.02]);
        near(&benjamini_hochberg(&p), &[0.02, 0.04, 0.04, 0.02]);
    }

    #[test]
    fn corrections_never_pass_1_and_bear_nothing() {
        near(&holm(&[0.9, 0.8]), &[1.0, 1.0]);
        assert!(holm(&[]).is_empty());
        assert!(benjamini_hochberg(&[]).is_empty());
        near(&holm(&[0.04]), &[0.04]);
    }
}
