//! How far two distributions lie apart, each given as shares of the same bins or categories that sum to 1.

/// What an empty bin's share is taken for where a logarithm needs one.
pub const TRACE: f64 = 1e-4;

/// The population stability index, Σ (a − b) ln(a/b), in nats; both directions count. Shares of 0 are taken for
/// `TRACE`, or see [`super::evidently::filled`]. Banks read below 0.1 as stable and above 0.25 as moved.
pub fn stability_index(reference: &[f64], current: &[f64]) -> f64 {
    let filled = |share: f64| if share == 0.0 { TRACE } else { share };
    pairs(reference, current)
        .map(|(a, b)| (filled(a), filled(b)))
        .map(|(a, b)| (a - b) * (a / b).ln())
        .sum()
}

/// Kullback and Leibler's divergence of the reference from the current shares, Σ a ln(a/b), in nats; infinite where
/// only the current share is 0.
pub fn relative_entropy(reference: &[f64], current: &[f64]) -> f64 {
    pairs(reference, current).map(|(a, b)| entropy_term(a, b)).sum()
}

/// Jensen and Shannon's divergence in nats, 0 to ln 2. Clarify reports this one.
pub fn divergence(reference: &[f64], current: &[f64]) -> f64 {
    let terms = pairs(reference, current).map(|(a, b)| {
        let middle = f64::midpoint(a, b);
        entropy_term(a, middle) + entropy_term(b, middle)
    });
    (terms.sum::<f64>() / 2.0).max(0.0)
}

/// Jensen and Shannon's distance, the root of the divergence in logarithms of `base`, 0 to 1 for base 2. scipy and
/// evidently report this one.
pub fn distance(reference: &[f64], current: &[f64], base: f64) -> f64 {
    (divergence(reference, current) / base.ln()).sqrt()
}

/// Total variation: the share that would have to move, 0 to 1.
pub fn total_variation(reference: &[f64], current: &[f64]) -> f64 {
    pairs(reference, current).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
}

/// Hellinger's distance, √(1 − Σ √(ab)), 0 to 1.
pub fn hellinger(reference: &[f64], current: &[f64]) -> f64 {
    let overlap: f64 = pairs(reference, current).map(|(a, b)| (a * b).sqrt()).sum();
    (1.0 - overlap.clamp(0.0, 1.0)).sqrt()
}

fn pairs<'a>(reference: &'a [f64], current: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    reference.iter().copied().zip(current.iter().copied())
}

/// a ln(a/b), 0 where a is.
fn entropy_term(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a * (a / b).ln() }
}

#[cfg(test)]
mod tests {
    use super::{distance, divergence, hellinger, relative_entropy, stability_index, total_variation};
    use std::f64::consts::{E, LN_2};

    const REFERENCE: [f64; 10] = [
        0.056, 0.04, 0.046, 0.046, 0.034, 0.038, 0.054, 0.078, 0.134, 0.474,
    ];
    const CURRENT: [f64; 10] = [0.062, 0.062, 0.03, 0.022, 0.054, 0.05, 0.06, 0.062, 0.132, 0.466];

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-12, "{found} instead of {expected}");
    }

    #[test]
    fn ten_bins_have_the_libraries_distances() {
        near(stability_index(&REFERENCE, &CURRENT), 0.051_811_099_521_641_674);
        near(distance(&REFERENCE, &CURRENT, 2.0), 0.096_082_153_626_130_29);
        near(distance(&REFERENCE, &CURRENT, E), 0.079_993_640_051_397_09);
    }

    #[test]
    fn shares_that_share_nothing_are_as_far_apart_as_can_be() {
        let (a, b) = ([1.0, 0.0], [0.0, 1.0]);
        near(divergence(&a, &b), LN_2);
        near(distance(&a, &b, 2.0), 1.0);
        near(hellinger(&a, &b), 1.0);
        near(total_variation(&a, &b), 1.0);
        near(stability_index(&a, &b), 2.0 * (1.0 - 1e-4) * 1e4_f64.ln());
        assert!(relative_entropy(&a, &b).is_infinite());
    }

    #[test]
    fn equal_shares_are_not_apart() {
        for apart in [stability_index, divergence, relative_entropy, total_variation] {
            near(apart(&CURRENT, &CURRENT), 0.0);
        }
        assert!(hellinger(&CURRENT, &CURRENT) < 1e-7);
    }
}
