//! The special functions that tails and quantiles are made of, each good to about 1e-13 of its value.

use super::real;
use std::f64::consts::{LN_2, PI};

/// From here on Stirling's series is exact in 64 bits.
const CONVERGES: f64 = 12.0;

/// Terms after which a fraction is given up; none needs a tenth of them below a million rows.
const TERMS: u32 = 100_000;

/// The logarithm of the gamma function for `x` above 0: Stirling's series, shifted to where it converges.
pub fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 1.0);
    while x < CONVERGES {
        below *= x;
        x += 1.0;
    }
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + beyond_stirling(x) - f64::ln(below)
}

/// ln Γ(x + 1) less Stirling's formula for it, ln(√(2πx) (x/e)ˣ); `x` above 0.
fn beyond_stirling(x: f64) -> f64 {
    if x < CONVERGES {
        return ln_gamma(x + 1.0) - ((x + 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln());
    }
    let (inverse, square) = (1.0 / x, 1.0 / (x * x));
    let series = [
        -691.0 / 360_360.0,
        1.0 / 1_188.0,
        -1.0 / 1_680.0,
        1.0 / 1_260.0,
        -1.0 / 360.0,
        1.0 / 12.0,
    ];
    series.iter().fold(0.0, |sum, term| sum * square + term) * inverse
}

/// The chance that chi-square with `dof` degrees of freedom is at least `x`: a finite sum for whole degrees (Abramowitz
/// and Stegun 26.4.4 and 26.4.5). None without any degree of freedom.
pub fn chi_square_tail(x: f64, dof: u64) -> Option<f64> {
    let y = x / 2.0;
    if dof == 0 || y.is_nan() {
        return None;
    }
    if y <= 0.0 {
        return Some(1.0);
    }
    if y.is_infinite() {
        return Some(0.0);
    }
    let half = dof / 2;
    if dof.is_multiple_of(2) {
        return Some(exponential_sum(y, -y, 1.0, half));
    }
    let first = -y + f64::midpoint(y.ln(), -(PI / 4.0).ln());
    Some((complement_of_error(y) + exponential_sum(y, first, 1.5, half)).min(1.0))
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

/// The chance that a normal deviate lies at least `z` away from 0, on either side.
pub fn normal_tails(z: f64) -> Option<f64> {
    chi_square_tail(z * z, 1)
}

/// How far from 0 a normal deviate lies with the chance `p`, on either side: 1.96 for 0.05. None outside 0 to 1.
pub fn two_sided(p: f64) -> Option<f64> {
    if !(p > 0.0 && p <= 1.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, 40.0);
    loop {
        let middle = f64::midpoint(low, high);
        // Neighbours: nothing lies between.
        if middle <= low || middle >= high {
            return Some(middle);
        }
        if normal_tails(middle)? > p {
            low = middle;
        } else {
            high = middle;
        }
    }
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
    let log = beyond_stirling(all) - beyond_stirling(hits) - beyond_stirling(misses) - deviance;
    (all / (2.0 * PI * hits * misses)).sqrt() * log.exp()
}

/// The regularised incomplete beta function I(`a`, `b`) at `x`; none outside its domain.
pub fn beta(a: f64, b: f64, x: f64) -> Option<f64> {
    if !(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x)) {
        return None;
    }
    if x == 0.0 || x >= 1.0 {
        return Some(x);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        Some(front / a / beta_fraction(a, b, x))
    } else {
        Some(1.0 - front / b / beta_fraction(b, a, 1.0 - x))
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    continued(1.0, |k| {
        let half = (k / 2.0).floor();
        let numerator = if k % 2.0 == 0.0 {
            half * (b - half) * x / ((a + k - 1.0) * (a + k))
        } else {
            -(a + half) * (a + b + half) * x / ((a + k - 1.0) * (a + k))
        };
        (numerator, 1.0)
    })
}

/// The `p` quantile of the beta distribution; none outside its domain.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> Option<f64> {
    beta(a, b, 0.5)?;
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = f64::midpoint(low, high);
        // Neighbours: nothing lies between.
        if middle <= low || middle >= high {
            return Some(middle);
        }
        if beta(a, b, middle)? < p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// A continued fraction `first + a(1)/(b(1) + a(2)/(b(2) + …))` by Lentz' method.
fn continued(first: f64, pair: impl Fn(f64) -> (f64, f64)) -> f64 {
    let guard = |x: f64| if x.abs() < 1e-300 { 1e-300 } else { x };
    let mut value = guard(first);
    let (mut c, mut d) = (value, 0.0);
    for k in 1..TERMS {
        let (a, b) = pair(f64::from(k));
        d = 1.0 / guard(b + a * d);
        c = guard(b + a / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1e-300),
            "{found}, not {expected}"
        );
    }

    #[test]
    fn gamma_is_the_factorial() {
        near(ln_gamma(6.0), 120.0_f64.ln(), 1e-15);
        near(ln_gamma(0.5), PI.sqrt().ln(), 1e-14);
        assert!(ln_gamma(1.0).abs() < 1e-14 && ln_gamma(2.0).abs() < 1e-14);
        near(ln_gamma(1000.5), 5_908.674_175_848_678, 1e-15);
    }

    /// scipy's `chi2.sf`.
    #[test]
    fn chi_square_has_scipys_tails() {
        let cases = [
            (539.557_727_233_427_5, 5, 2.300_468_854_354_504e-114),
            (511.110_155_730_228_94, 2, 1.032_380_661_638_341e-111),
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
        for (x, dof, expected) in cases {
            near(chi_square_tail(x, dof).unwrap(), expected, 1e-11);
        }
    }

    /// Twice scipy's `norm.sf`.
    #[test]
    fn the_normal_has_scipys_tails() {
        let far = normal_tails(18.450_995_548_655_428).unwrap();
        near(far, 5.119_326_569_173_933e-76, 1e-11);
        let close = normal_tails(-1.157_328_658_321_309_4).unwrap();
        near(close, 0.247_138_109_147_105_43, 1e-13);
    }

    #[test]
    fn the_normal_has_scipys_quantiles() {
        near(two_sided(0.05).unwrap(), crate::stats::Z95, 1e-14);
        near(two_sided(0.05 / 10.0).unwrap(), 2.807_033_768_343_811, 1e-13);
        near(two_sided(1e-9).unwrap(), 6.109_410_204_869_031, 1e-12);
        assert_eq!((two_sided(0.0), two_sided(1.1)), (None, None));
    }

    #[test]
    fn the_ends_of_tails_are_certain() {
        let ends = [(0.0, 3), (f64::INFINITY, 1), (1e9, 2)].map(|(x, dof)| chi_square_tail(x, dof));
        assert_eq!(ends, [Some(1.0), Some(0.0), Some(0.0)]);
        assert_eq!(normal_tails(0.0), Some(1.0));
        assert_eq!(normal_tails(f64::NEG_INFINITY), Some(0.0));
        assert_eq!((chi_square_tail(0.0, 0), normal_tails(f64::NAN)), (None, None));
    }

    #[test]
    fn beta_and_its_quantile_undo_each_other() {
        for (p, a, b) in [(0.025, 8.0, 25.0), (0.975, 0.5, 3.0), (0.3, 900.0, 1200.0)] {
            near(beta(a, b, beta_quantile(p, a, b).unwrap()).unwrap(), p, 1e-12);
        }
        near(beta(2.0, 2.0, 0.25).unwrap(), 0.156_25, 1e-14);
        assert_eq!(beta(0.0, 1.0, 0.5), None);
        assert_eq!(beta(1.0, 1.0, f64::NAN), None);
    }
}
