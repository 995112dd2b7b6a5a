//! Tests of whether rates differ by more than chance, from counts.

use super::real;
use super::special::{chi_square_tail, normal_tails};

/// What a test comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// z, chi-square, or for Fisher's test the odds ratio (infinite where a product of counts is 0).
    pub statistic: f64,
    /// The chance of something as far out, were there no difference; two-sided.
    pub p: f64,
}

/// The two-proportion z test of `x1/n1` against `x0/n0` with the pooled variance; none where a group is empty, or
/// where everybody or nobody is counted.
pub fn two_proportions((x1, n1): (u64, u64), (x0, n0): (u64, u64)) -> Option<Test> {
    if n1 == 0 || n0 == 0 {
        return None;
    }
    let pooled = real(x1 + x0) / real(n1 + n0);
    let variance = pooled * (1.0 - pooled) * (1.0 / real(n1) + 1.0 / real(n0));
    z_test(real(x1) / real(n1) - real(x0) / real(n0), variance)
}

/// The same with each group's own variance (Wald's test). Where one group has everybody counted and the other nobody
/// the statistic is infinite, which says more of the variance than of the groups.
pub fn two_proportions_unpooled((x1, n1): (u64, u64), (x0, n0): (u64, u64)) -> Option<Test> {
    if n1 == 0 || n0 == 0 {
        return None;
    }
    let (p, q) = (real(x1) / real(n1), real(x0) / real(n0));
    z_test(p - q, p * (1.0 - p) / real(n1) + q * (1.0 - q) / real(n0))
}

fn z_test(difference: f64, variance: f64) -> Option<Test> {
    let statistic = difference / variance.max(0.0).sqrt();
    let p = normal_tails(statistic)?;
    Some(Test { statistic, p })
}

/// Fisher's exact test of `[[a, b], [c, d]]`: the sum of the chances of all tables with these margins that are no
/// likelier than this one. None where a margin is 0, for then there is only one table.
pub fn fisher([[a, b], [c, d]]: [[u64; 2]; 2]) -> Option<Test> {
    if a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0 {
        return None;
    }
    let statistic = (real(a) * real(d)) / (real(b) * real(c));
    // Logarithms of the chances of all tables, relative to this one.
    let up =
        tables([a, b, c, d]).map(|[a, b, c, d]| (real(b) * real(c)).ln() - (real(a + 1) * real(d + 1)).ln());
    let down =
        tables([b, a, d, c]).map(|[b, a, d, c]| (real(a) * real(d)).ln() - (real(b + 1) * real(c + 1)).ln());
    let running = |step: f64, sum: &mut f64| {
        *sum += step;
        *sum
    };
    let mut logs = vec![0.0];
    logs.extend(up.scan(0.0, |sum, step| Some(running(step, sum))));
    logs.extend(down.scan(0.0, |sum, step| Some(running(step, sum))));
    let most = logs.iter().copied().fold(0.0, f64::max);
    let total: f64 = logs.iter().map(|log| (log - most).exp()).sum();
    // Rounding must not tell apart tables that are equally likely.
    let tail: f64 = logs
        .iter()
        .filter(|log| **log <= 1e-10)
        .map(|log| (log - most).exp())
        .sum();
    Some(Test {
        statistic,
        p: (tail / total).min(1.0),
    })
}

/// The tables passed through when rows move one by one from the second count into the first.
fn tables([a, b, c, d]: [u64; 4]) -> impl Iterator<Item = [u64; 4]> {
    (0..b.min(c)).map(move |k| [a + k, b - k, c - k, d + k])
}

/// Pearson's chi-square over groups (rows) and outcomes (columns), without Yates' correction, and its degrees of
/// freedom. Groups and outcomes nobody has don't count; with one of either left the statistic is 0 and p is 1, as
/// scipy has it. None without anybody.
pub fn chi_square(table: &[Vec<u64>]) -> Option<(Test, u64)> {
    pearson(table, 0.0)
}

/// The same of two groups and two outcomes with Yates' correction (each count half a row nearer to what is
/// expected).
pub fn yates(table: [[u64; 2]; 2]) -> Option<(Test, u64)> {
    pearson(&table.map(|row| row.to_vec()), 0.5)
}

fn pearson(table: &[Vec<u64>], correction: f64) -> Option<(Test, u64)> {
    let width = table.iter().map(Vec::len).max()?;
    let rows: Vec<f64> = table.iter().map(|row| real(row.iter().sum())).collect();
    let columns: Vec<f64> = (0..width)
        .map(|at| real(table.iter().filter_map(|row| row.get(at)).sum()))
        .collect();
    let n: f64 = rows.iter().sum();
    let filled = |margin: &[f64]| margin.iter().filter(|count| **count > 0.0).count() as u64;
    let dof = filled(&rows).checked_sub(1)? * filled(&columns).checked_sub(1)?;
    if dof == 0 {
        return Some((
            Test {
                statistic: 0.0,
                p: 1.0,
            },
            0,
        ));
    }
    let cells = table.iter().zip(&rows).flat_map(|(row, total)| {
        let columns = columns.iter().enumerate();
        columns.map(move |(at, column)| (real(row.get(at).copied().unwrap_or(0)), total * column / n))
    });
    let statistic = cells
        .filter(|(_, expected)| *expected > 0.0)
        .map(|(count, expected)| {
            let off = (count - expected).abs();
            (off - correction.min(off)).powi(2) / expected
        })
        .sum();
    let p = chi_square_tail(statistic, dof)?;
    Some((Test { statistic, p }, dof))
}

/// Chi-square of counts against those expected (scipy's `chisquare`), and its degrees of freedom: infinite where
/// something came that wasn't expected at all. What neither side has doesn't count; none with fewer than two left.
pub fn goodness_of_fit(observed: &[f64], expected: &[f64]) -> Option<(Test, u64)> {
    let pairs = observed.iter().zip(expected);
    let pairs: Vec<_> = pairs.filter(|(o, e)| **o != 0.0 || **e != 0.0).collect();
    let dof = (pairs.len() as u64).checked_sub(1)?;
    let statistic = pairs.iter().map(|(o, e)| (*o - *e).powi(2) / **e).sum();
    let p = chi_square_tail(statistic, dof)?;
    Some((Test { statistic, p }, dof))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<Test>, statistic: f64, p: f64) {
        let found = found.unwrap();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-10 * a.abs().max(b.abs());
        assert!(close(found.statistic, statistic), "{found:?}, not {statistic}");
        assert!(close(found.p, p), "{found:?}, not {p}");
    }

    // The values are statsmodels' and scipy's.

    #[test]
    fn two_rates_are_tested() {
        let (one, zero) = ((731, 963), (36, 37));
        near(
            two_proportions(one, zero),
            -3.020_106_885_981_366,
            0.002_526_854_945_369_648,
        );
        near(
            two_proportions_unpooled(one, zero),
            -7.127_110_163_914_986,
            1.024_980_564_239_956_5e-12,
        );
        near(
            fisher([[731, 232], [36, 1]]),
            0.087_523_946_360_153_26,
            0.001_085_054_655_052_353_7,
        );
        near(
            fisher([[2174, 1522], [854, 1600]]),
            2.676_128_722_530_135_6,
            9.828_668_432_755_61e-77,
        );
        near(
            yates([[8, 24], [854, 1600]]).map(|(test, _)| test),
            0.941_687_112_879_002,
            0.331_844_336_766_970_4,
        );
        let table = vec![vec![731, 232], vec![36, 1]];
        near(
            chi_square(&table).map(|(test, _)| test),
            9.121_045_602_752_062,
            0.002_526_854_945_369_648_7,
        );
    }

    #[test]
    fn equally_likely_tables_count_on_both_sides() {
        let found = fisher([[3, 1], [1, 3]]).unwrap();
        assert!((found.p - 34.0 / 70.0).abs() < 1e-14, "{found:?}");
        assert!((fisher([[5, 5], [5, 5]]).unwrap().p - 1.0).abs() < 1e-14);
    }

    #[test]
    fn what_cannot_be_tested_is_none() {
        assert_eq!(two_proportions((0, 10), (0, 10)), None);
        assert_eq!(two_proportions((0, 0), (1, 10)), None);
        assert_eq!(two_proportions_unpooled((10, 10), (5, 5)), None);
        let apart = two_proportions_unpooled((10, 10), (0, 5)).unwrap();
        assert!(apart.statistic.is_infinite() && apart.p < f64::MIN_POSITIVE);
        assert_eq!(fisher([[0, 0], [1, 2]]), None);
        assert_eq!(chi_square(&[]), None);
        assert_eq!(chi_square(&[vec![0, 0]]), None);
        let one_outcome = chi_square(&[vec![3, 0], vec![5, 0]]).unwrap();
        assert_eq!(
            one_outcome,
            (
                Test {
                    statistic: 0.0,
                    p: 1.0
                },
                0
            )
        );
    }

    #[test]
    fn empty_rows_and_columns_are_left_out() {
        let full = chi_square(&[vec![3, 5], vec![6, 2]]);
        assert_eq!(chi_square(&[vec![3, 0, 5], vec![0, 0, 0], vec![6, 0, 2]]), full);
    }

    #[test]
    fn what_was_not_expected_at_all_is_infinitely_surprising() {
        let (test, dof) = goodness_of_fit(&[1.0, 2.0], &[3.0, 0.0]).unwrap();
        assert_eq!((test.statistic, test.p, dof), (f64::INFINITY, 0.0, 1));
        assert_eq!(goodness_of_fit(&[], &[]), None);
        assert_eq!(goodness_of_fit(&[3.0], &[3.0]), None);
    }
}
