//! Ranks, tied values sharing the mean of theirs.

use crate::stats::{is_same, real};

/// The rank of each value, from 1 for the smallest; tied values share the mean of their ranks.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|a, b| is_same(a.0, b.0)) {
        let above = below + tied.len();
        let shared = real((below + 1 + above) as u64) / 2.0;
        for &(_, row) in tied {
            if let Some(rank) = ranks.get_mut(row) {
                *rank = shared;
            }
        }
        below = above;
    }
    ranks
}

/// The rank of each value by weight: the weight of all that is smaller, and half of that of its equals. Beside [`ranks`] they
/// are lower by a half, which no correlation sees.
pub fn weighted_ranks(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0.0;
    for tied in order.chunk_by(|a, b| is_same(a.0, b.0)) {
        let weight: f64 = tied.iter().filter_map(|(_, row)| weights.get(*row)).sum();
        for &(_, row) in tied {
            if let Some(rank) = ranks.get_mut(row) {
                *rank = below + weight / 2.0;
            }
        }
        below += weight;
    }
    ranks
}
