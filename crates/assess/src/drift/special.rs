//! Special functions behind the p-values, to about 1e-13 of their value.

use crate::stats::real;
use std::f64::consts::{LN_2, PI};

/// The chance that χ² of so many degrees of freedom is at least `x`: a finite sum for whole degrees (Abramowitz and
/// Stegun 26.4.4 and 26.4.5). Without any degree of freedom χ² is 0 for certain.
pub(crate) fn chi_square_above(x: f64, freedom: u64) -> f64 {
    let y = x / 2.0;
    if y <= 0.0 || freedom == 0 {
        return if y > 0.0 { 0.0 } else { 1.0 };
    }
    if y.is_infinite() {
        return 0.0;
    }
    let half = freedom / 2;
    if freedom.is_multiple_of(2) {
        exponential_sum(y, -y, 1.0, half)
    } else {
        let first = -y + f64::midpoint(y.ln(), -(PI / 4.0).ln());
        (complement_of_error(y) + exponential_sum(y, first, 1.5, half)).min(1.0)
    }
}

/// exp(`log`) · (1 + y/b + y²/(b(b+1)) + …), so many terms, kept in range by powers of two.
fn exponential_sum(y: f64, mut log: f64, from: f64, terms: u64) -> f64 {
    const DOUBLINGS: i32 = 512;
    let (mut sum, mut term, mut next) = (0.0, 1.0, from);
    for _ in 0..terms {
        sum += term;
        term *= y / next;
        next += 1.0;
        if term > 2.0_f64.powi(DOUBLINGS) {
            let down = 2.0_f64.powi(-DOUBLINGS);
            (sum, term) = (sum * down, term * down);
            log += f64::from(DOUBLINGS) * LN_2;
        }
    }
    if sum > 0.0 { (log + sum.ln()).exp() } else { 0.0 }
}

/// erfc(√y), by its power series near 0 and its continued fraction beyond.
fn complement_of_error(y: f64) -> f64 {
    let z = y.sqrt();
    let scale = (-y).exp() / PI.sqrt();
    if z < 2.0 {
        let (mut sum, mut term, mut odd) = (0.0, z, 1.0);
        while term > sum * f64::EPSILON / 4.0 {
            sum += term;
            odd += 2.0;
            term *= 2.0 * y / odd;
        }
        return 1.0 - 2.0 * scale * sum;
    }
    let fraction = (1..=200).rev().fold(z, |tail, k| z + f64::from(k) / 2.0 / tail);
    scale / fraction
}

/// The chance of `k` in `n` where each has the chance `k/n + off`, 0 < k < n: Loader's form of the binomial, which
/// doesn't lose digits to large logarithms (C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000).
pub(super) fn binomial_beside(k: u64, n: u64, off: f64) -> f64 {
    let (hits, misses, all) = (real(k), real(n - k), real(n));
    let shift = all * off;
    if shift >= misses {
        return 0.0;
    }
    let deviance = shift - hits * (shift / hits).ln_1p() - misses * (-shift / misses).ln_1p() - shift;
    let log = rest_of_stirling(n) - rest_of_stirling(k) - rest_of_stirling(n - k) - deviance;
    (all / (2.0 * PI * hits * misses)).sqrt() * log.exp()
}

/// ln n! less Stirling's ln(√(2πn) (n/e)ⁿ), n > 0.
fn rest_of_stirling(n: u64) -> f64 {
    let x = real(n);
    if n < 16 {
        let factorial: f64 = (1..=n).map(real).product();
        return factorial.ln() - (2.0 * PI * x).ln() / 2.0 - x * (x.ln() - 1.0);
    }
    let square = x * x;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / x
}

#[cfg(test)]
mod tests {
    use super::chi_square_above;

    #[test]
    fn chi_square_has_scipys_tails() {
        let cases = [
            (539.557_727_233_427_5, 5, 2.300_468_854_354_504e-114),
            (3.84, 1, 0.050_043_521_248_705_19),
            (0.5, 1, 0.479_500_122_186_953_2),
            (0.001, 2, 0.999_500_124_979_169_3),
            (30.0, 10, 0.000_856_641_210_775_301),
            (500.0, 501, 0.504_207_135_268_802_1),
            (2000.0, 1501, 6.722_869_461_401_709e-17),
            (843.35, 7, 8.171_825_795_604_363e-178),
            (9.0, 3, 0.029_290_886_534_888_26),
            (1e-8, 1, 0.999_920_211_544_052_6),
        ];
        for (x, freedom, expected) in cases {
            let found = chi_square_above(x, freedom);
            assert!(
                (found - expected).abs() <= 1e-11 * expected,
                "χ² {x}, {freedom}: {found} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_ends_are_certain() {
        let ends = [(0.0, 3), (0.0, 0), (f64::INFINITY, 1), (1e9, 2)];
        let found: Vec<f64> = ends.map(|(x, freedom)| chi_square_above(x, freedom)).into();
        assert_eq!(found, vec![1.0, 1.0, 0.0, 0.0]);
    }
}
