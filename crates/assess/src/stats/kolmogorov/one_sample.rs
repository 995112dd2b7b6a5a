//! The distribution of Kolmogorov's distance of a sample from a known distribution (scipy's `kstwo`), by the same split
//! of methods as scipy's, after R. Simard and P. L'Ecuyer, Computing the Two-Sided Kolmogorov-Smirnov Distribution
//! (2011): where a method is an approximation, its error is part of the library's answer.

use crate::stats::real;
use crate::stats::special::binomial_beside;
use std::f64::consts::PI;

/// The chance that a sample of `n` lies at least `d` from the distribution that it is drawn from.
pub(super) fn above(n: u64, d: f64) -> f64 {
    let size = real(n);
    let steps = size * d;
    if d >= 1.0 {
        return 0.0;
    }
    if steps <= 0.5 || n == 0 {
        return 1.0;
    }
    if steps >= size - 1.0 {
        return 2.0 * (size * (-d).ln_1p()).exp();
    }
    let squared = steps * d;
    let one_sided = match n {
        _ if d >= 0.5 => true,
        0..=140 => squared > 4.0,
        _ => squared >= 2.2,
    };
    let chance = if one_sided {
        2.0 * beyond_on_one_side(n, d)
    } else if n <= 140 || (n <= 100_000 && size * d.powf(1.5) <= 1.4) {
        1.0 - within(n, d)
    } else {
        beyond_by_series(size, d)
    };
    chance.clamp(0.0, 1.0)
}

/// Smirnov's one-sided tail, d Σ C(n,j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j).
fn beyond_on_one_side(n: u64, d: f64) -> f64 {
    let first = (real(n) * (-d).ln_1p()).exp();
    let others = (1..n).map(|j| d / (d + real(j) / real(n)) * binomial_beside(j, n, d));
    first + others.sum::<f64>()
}

/// Durbin's matrix, raised to the n-th power (G. Marsaglia, W. W. Tsang and J. Wang 2003).
fn within(n: u64, d: f64) -> f64 {
    let steps = real(n) * d;
    let k = (1..u32::MAX).find(|k| f64::from(*k) >= steps).unwrap_or(u32::MAX);
    let (h, order) = (f64::from(k) - steps, 2 * k as usize - 1);
    let power = Power::of(&Matrix::durbin(order, h), n);
    let middle = k as usize - 1;
    let mut chance = power.matrix.at(middle, middle);
    let mut exponent = power.exponent;
    for i in 1..=n {
        chance *= real(i) / real(n);
        if chance < 1e-140 {
            chance *= 1e140;
            exponent -= 140;
        }
    }
    chance * 10.0_f64.powi(exponent)
}

#[derive(Clone)]
struct Matrix {
    order: usize,
    cells: Vec<f64>,
}

impl Matrix {
    fn durbin(order: usize, h: f64) -> Self {
        let mut matrix = Self {
            order,
            cells: vec![0.0; order * order],
        };
        let factorials: Vec<f64> = (1..=order)
            .scan(1.0, |product, at| {
                *product *= real(at as u64);
                Some(*product)
            })
            .collect();
        for row in 0..order {
            for column in 0..order.min(row + 2) {
                let mut cell = 1.0;
                if column == 0 {
                    cell -= power(h, row + 1);
                }
                if row + 1 == order {
                    cell -= power(h, order - column);
                }
                if row + 1 == order && column == 0 && h > 0.5 {
                    cell += power(2.0 * h - 1.0, order);
                }
                let below = (row + 1 - column)
                    .checked_sub(1)
                    .and_then(|at| factorials.get(at));
                matrix.cells[row * order + column] = cell / below.copied().unwrap_or(1.0);
            }
        }
        matrix
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.order + column]
    }

    fn times(&self, other: &Self) -> Self {
        let mut cells = vec![0.0; self.cells.len()];
        for (row, sums) in cells.chunks_mut(self.order).enumerate() {
            for (at, factors) in other.cells.chunks(self.order).enumerate() {
                let factor = self.at(row, at);
                for (sum, cell) in sums.iter_mut().zip(factors) {
                    *sum += factor * cell;
                }
            }
        }
        Self {
            order: self.order,
            cells,
        }
    }
}

/// A matrix times a power of ten.
struct Power {
    matrix: Matrix,
    exponent: i32,
}

impl Power {
    fn of(matrix: &Matrix, n: u64) -> Self {
        if n <= 1 {
            return Self {
                matrix: matrix.clone(),
                exponent: 0,
            };
        }
        let half = Self::of(matrix, n / 2);
        let mut whole = Self {
            matrix: half.matrix.times(&half.matrix),
            exponent: 2 * half.exponent,
        };
        if n % 2 == 1 {
            whole.matrix = whole.matrix.times(matrix);
        }
        let middle = matrix.order / 2;
        if whole.matrix.at(middle, middle) > 1e140 {
            whole.matrix.cells.iter_mut().for_each(|cell| *cell *= 1e-140);
            whole.exponent += 140;
        }
        whole
    }
}

fn power(base: f64, exponent: usize) -> f64 {
    i32::try_from(exponent).map_or(0.0, |exponent| base.powi(exponent))
}

/// Pelz and Good's series (1976), its four terms turned so that they converge for small z.
fn beyond_by_series(n: f64, d: f64) -> f64 {
    let z = n.sqrt() * d;
    // Below this exp(−π²/8z²) is 0 in 64 bits.
    if z < 0.041_743_441_416_853_426 {
        return 1.0;
    }
    let (z2, z4, z6, z8) = (z.powi(2), z.powi(4), z.powi(6), z.powi(8));
    let (p2, p4, p6) = (PI.powi(2), PI.powi(4), PI.powi(6));
    let mut terms = [0.0; 4];
    for k in 1..=24 {
        let odd = f64::from(2 * k - 1);
        let (m2, m4, m6) = (odd.powi(2), odd.powi(4), odd.powi(6));
        let q = (-p2 * m2 / (8.0 * z2)).exp();
        terms[0] += q;
        terms[1] += q * (p2 / 4.0 * m2 - z2);
        terms[2] += q
            * (6.0 * z6
                + 2.0 * z4
                + p2 / 4.0 * (2.0 * z4 - 5.0 * z2) * m2
                + p4 / 16.0 * (1.0 - 2.0 * z2) * m4);
        terms[3] += q
            * (-30.0 * z6 - 90.0 * z8
                + p2 / 4.0 * (135.0 * z4 - 96.0 * z6) * m2
                + p4 / 16.0 * (212.0 * z4 - 60.0 * z2) * m4
                + p6 / 64.0 * (5.0 - 30.0 * z2) * m6);
    }
    let (mut second, mut third) = (0.0, 0.0);
    for k in 1..=24 {
        let k2 = f64::from(k * k);
        let q = (-p2 * k2 / (2.0 * z2)).exp();
        second += k2 * q;
        third += (3.0 * z2 - p2 * k2) * k2 * q;
    }
    let root = (2.0 * PI).sqrt();
    let k0 = root * terms[0] / z;
    let k1 = root * terms[1] / (6.0 * z4);
    let k2 = root * (terms[2] / (72.0 * z.powi(7)) - p2 * second / (36.0 * z.powi(3)));
    let k3 = root * (terms[3] / (6480.0 * z.powi(10)) + p2 * third / (216.0 * z6));
    1.0 - k0 - k1 / n.sqrt() - k2 / n - k3 / n.powf(1.5)
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn tails_are_scipys() {
        let cases = [
            (1804, 0.016_634_322_151_372_283, 0.693_864_293_106_615_8),
            (250, 0.056, 0.398_540_394_838_255_1),
            (250, 0.093_999_999_999_999_97, 0.022_540_656_815_329_765),
            (1786, 0.302_468_938_884_310_76, 1.858_443_801_847_292_4e-145),
            (210, 0.469_047_619_047_619_05, 6.904_931_399_660_639e-43),
            (50, 0.2, 0.031_438_777_769_532_41),
            (50, 0.35, 5.573_523_514_803_185e-6),
            (20, 0.04, 0.999_999_999_999_159_1),
            (10, 0.06, 0.999_999_999_962_841_1),
            (200, 0.004, 1.0),
            (100, 0.55, 6.179_111_218_549_733e-29),
            (5, 0.85, 0.000_151_875),
            (200_000, 0.003, 0.054_536_978_661_130_5),
            (120, 0.08, 0.404_978_010_396_407_9),
            (3000, 0.03, 0.008_848_227_794_930_863),
            (150, 0.012, 1.0),
        ];
        for (n, d, expected) in cases {
            let found = above(n, d);
            assert!(
                (found - expected).abs() <= 1e-10 * expected,
                "{n}, {d}: {found} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(
            vec![above(0, 0.5), above(10, 0.0), above(10, 1.0)],
            vec![1.0, 1.0, 0.0]
        );
    }
}
