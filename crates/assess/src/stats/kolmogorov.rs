//! Kolmogorov and Smirnov's test of whether two samples come from one distribution.

use super::special::ln_gamma;
use super::{Test, real};
use std::f64::consts::PI;

/// The two-sample test: the largest distance between the two cumulative distributions, and its chance by the
/// distribution for one sample of `n·m / (n + m)` rows, rounded (scipy's `ks_2samp(method="asymp")`). None without
/// rows in both.
pub fn kolmogorov_smirnov(one: &[f64], other: &[f64]) -> Option<Test> {
    let (one, other) = (sorted(one), sorted(other));
    let (n, m) = (one.len() as u64, other.len() as u64);
    if n == 0 || m == 0 {
        return None;
    }
    let (mut seen, mut most) = ((0, 0), 0);
    while seen.0 < one.len() && seen.1 < other.len() {
        let at = one[seen.0].min(other[seen.1]);
        seen.0 += one[seen.0..].iter().take_while(|value| **value <= at).count();
        seen.1 += other[seen.1..].iter().take_while(|value| **value <= at).count();
        most = most.max((seen.0 as u64 * m).abs_diff(seen.1 as u64 * n));
    }
    let statistic = real(most) / real(n) / real(m);
    let rows = (real(n) * real(m) / real(n + m)).round_ties_even();
    let p = kolmogorov(rows, statistic)?;
    Some(Test { statistic, p })
}

/// The values in ascending order; not-a-number is no value.
fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The chance that the empirical distribution of `n` rows strays from its source by `d` or more, two-sided. Of the
/// ways to compute it (Simard and L'Ecuyer 2011) the same are taken as in scipy's `kstwo`.
pub fn kolmogorov(n: f64, d: f64) -> Option<f64> {
    if n.is_nan() || n < 1.0 || d.is_nan() {
        return None;
    }
    let t = n * d;
    let chance = if d >= 1.0 {
        0.0
    } else if t <= 0.5 {
        1.0
    } else if t <= 1.0 {
        1.0 - (ln_gamma(n + 1.0) - n * n.ln() + n * (2.0 * t - 1.0).ln()).exp()
    } else if t >= n - 1.0 {
        2.0 * (1.0 - d).powf(n)
    } else {
        far(n, d)
    };
    Some(chance.clamp(0.0, 1.0))
}

fn far(n: f64, d: f64) -> f64 {
    let small = n <= 140.0;
    let nearly_one_sided = if small { 4.0 } else { 2.2 };
    if d >= 0.5 || n * d * d > nearly_one_sided {
        2.0 * smirnov(n, d)
    } else if small || (n <= 100_000.0 && n * d.powf(1.5) <= 1.4) {
        1.0 - durbin(n, d)
    } else {
        1.0 - pelz_good(n, d)
    }
}

/// The one-sided chance, exactly: a sum of positive terms.
fn smirnov(n: f64, d: f64) -> f64 {
    let mut sum = 0.0;
    let mut j = 0.0;
    while j <= n * (1.0 - d) {
        let (inside, outside) = (d + j / n, 1.0 - d - j / n);
        let choose = ln_gamma(n + 1.0) - ln_gamma(j + 1.0) - ln_gamma(n - j + 1.0);
        if outside > 0.0 {
            sum += (choose + (j - 1.0) * inside.ln() + (n - j) * outside.ln()).exp();
        }
        j += 1.0;
    }
    d * sum
}

/// Durbin's matrix, raised to the power `n` (Marsaglia, Tsang and Wang 2003): the exact distribution.
fn durbin(n: f64, d: f64) -> f64 {
    let k = (n * d).ceil();
    let h = k - n * d;
    let size = index(2.0 * k - 1.0);
    let factorial = |x: f64| ln_gamma(x + 1.0).exp();
    let at = |i: usize, j: usize| {
        let (row, column) = (number(i), number(j));
        let steps = row - column + 1.0;
        if steps < 0.0 {
            return 0.0;
        }
        let mut value = 1.0;
        if j == 0 {
            value -= h.powf(row + 1.0);
        }
        if i + 1 == size {
            value -= h.powf(number(size) - column);
        }
        if i + 1 == size && j == 0 {
            value += (2.0 * h - 1.0).max(0.0).powf(number(size));
        }
        value / factorial(steps)
    };
    let matrix: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| at(i, j)).collect()).collect();
    let middle = index(k) - 1;
    let (power, scale) = power(matrix, index(n));
    let rest = ln_gamma(n + 1.0) - n * n.ln() + scale;
    power
        .get(middle)
        .and_then(|row| row.get(middle))
        .map_or(0.0, |value| value * rest.exp())
}

/// A power of a matrix, and the logarithm of a factor kept aside lest numbers grow too large.
fn power(matrix: Vec<Vec<f64>>, exponent: usize) -> (Vec<Vec<f64>>, f64) {
    let size = matrix.len();
    let one = |i, j| f64::from(u8::from(i == j));
    let identity = (0..size)
        .map(|i| (0..size).map(|j| one(i, j)).collect())
        .collect();
    let (mut result, mut square) = ((identity, 0.0), (matrix, 0.0));
    let mut left = exponent;
    while left > 0 {
        if left % 2 == 1 {
            result = product(&result, &square);
        }
        left /= 2;
        if left > 0 {
            square = product(&square, &square);
        }
    }
    result
}

fn product(a: &(Vec<Vec<f64>>, f64), b: &(Vec<Vec<f64>>, f64)) -> (Vec<Vec<f64>>, f64) {
    let size = a.0.len();
    let mut rows = vec![vec![0.0; size]; size];
    for (row, left) in rows.iter_mut().zip(&a.0) {
        for (factor, right) in left.iter().zip(&b.0) {
            for (cell, value) in row.iter_mut().zip(right) {
                *cell += factor * value;
            }
        }
    }
    let most = rows.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
    for cell in rows.iter_mut().flatten() {
        *cell /= most;
    }
    (rows, a.1 + b.1 + most.ln())
}

/// Pelz and Good's expansion in powers of 1/√n (1976), for many rows.
fn pelz_good(n: f64, d: f64) -> f64 {
    let z = n.sqrt() * d;
    let (z2, pi2) = (z * z, PI * PI);
    let (z4, z6) = (z2 * z2, z2 * z2 * z2);
    let terms = (16.0 * z / PI).ceil();
    let mut sums = [0.0; 4];
    let mut at = terms;
    while at >= 1.0 {
        let m2 = (2.0 * at - 1.0).powi(2);
        let weight = (-pi2 / 8.0 / z2 * m2).exp();
        let parts = [
            1.0,
            -z2 + pi2 / 4.0 * m2,
            6.0 * z6
                + 2.0 * z4
                + (2.0 * z4 - 5.0 * z2) * pi2 / 4.0 * m2
                + pi2 * pi2 * (1.0 - 2.0 * z2) / 16.0 * m2 * m2,
            -30.0 * z6 - 90.0 * z4 * z4
                + pi2 * (135.0 * z4 - 96.0 * z6) / 4.0 * m2
                + pi2 * pi2 * (-60.0 * z2 + 212.0 * z4) / 16.0 * m2 * m2
                + pi2.powi(3) * (5.0 - 30.0 * z2) / 64.0 * m2.powi(3),
        ];
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum += weight * part;
        }
        at -= 1.0;
    }
    let root = (2.0 * PI).sqrt();
    let scales = [z, 6.0 * z4, 72.0 * z6 * z, 6480.0 * z4 * z6];
    for (sum, scale) in sums.iter_mut().zip(scales) {
        *sum *= root / scale;
    }
    let (mut second, mut third, mut at) = (0.0, 0.0, terms);
    while at >= 1.0 {
        let weight = at * at * (-pi2 / 2.0 / z2 * at * at).exp();
        second += weight;
        third += (3.0 * z2 - pi2 * at * at) * weight;
        at -= 1.0;
    }
    sums[2] -= second * pi2 * root / (36.0 * z2 * z);
    sums[3] += third * pi2 * root / (216.0 * z6);
    sums[0] + sums[1] / n.sqrt() + sums[2] / n + sums[3] / (n * n.sqrt())
}

#[expect(clippy::cast_precision_loss, reason = "rows and columns of a small matrix")]
fn number(index: usize) -> f64 {
    index as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole, positive, and far below 2⁵³"
)]
fn index(number: f64) -> usize {
    number.max(1.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!(
            (found - expected).abs() <= 1e-9 * expected,
            "{found}, not {expected}"
        );
    }

    /// Chances as scipy gives them: `ks_2samp` of halves of the golden files, and tables of the distribution.
    #[test]
    fn chances_equal_scipys() {
        near(
            kolmogorov(250.0, 0.093_999_999_999_999_97),
            0.022_540_656_815_329_765,
        );
        near(
            kolmogorov(1804.0, 0.016_634_322_151_372_283),
            0.693_864_293_106_615_8,
        );
        near(
            kolmogorov(1786.0, 0.302_468_938_884_310_76),
            1.858_443_801_847_292_4e-145,
        );
        near(
            kolmogorov(210.0, 0.469_047_619_047_619_05),
            6.904_931_399_660_639e-43,
        );
        // Marsaglia, Tsang and Wang print this one.
        near(kolmogorov(10.0, 0.274).map(|p| 1.0 - p), 0.628_479_615_462_73);
    }

    #[test]
    fn ways_agree_where_they_meet() {
        for (n, d) in [(120.0, 0.18), (139.0, 0.168)] {
            near(Some(2.0 * smirnov(n, d)), 1.0 - durbin(n, d));
        }
        let (fast, exact) = (pelz_good(5000.0, 0.012), durbin(5000.0, 0.012));
        assert!((fast - exact).abs() < 1e-7, "{fast} {exact}");
    }

    #[test]
    fn equal_samples_do_not_stray() {
        let test = kolmogorov_smirnov(&[0.1, 0.2, 0.2], &[0.2, 0.1, 0.2]).unwrap();
        assert_eq!((test.statistic, test.p), (0.0, 1.0));
        let apart = kolmogorov_smirnov(&[1.0, 2.0], &[3.0, 4.0]).unwrap();
        assert_eq!((apart.statistic, apart.p), (1.0, 0.0));
        assert_eq!(kolmogorov_smirnov(&[], &[1.0]), None);
        assert_eq!(kolmogorov_smirnov(&[f64::NAN], &[1.0]), None);
        assert_eq!(kolmogorov(0.0, 0.5), None);
    }
}
