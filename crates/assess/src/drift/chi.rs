//! Pearson's χ²: whether counts differ by more than chance.

use super::special::chi_square_above;
use crate::stats::real;

/// A test's answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    pub statistic: f64,
    /// The chance of a statistic at least as large where nothing differs.
    pub p: f64,
    /// Degrees of freedom.
    pub freedom: u64,
}

/// Whether the rows of a table of counts have the same shares, without Yates' correction (scipy's `chi2_contingency(…,
/// correction=False)`). Rows and columns without counts say nothing and are left out; with a single row or column
/// there is nothing to differ: 0 with p 1. None without counts.
pub fn contingency(table: &[Vec<u64>]) -> Option<Test> {
    let width = table.iter().map(Vec::len).max().unwrap_or(0);
    let rows: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
    let column = |at: usize| table.iter().filter_map(|row| row.get(at)).sum::<u64>();
    let columns: Vec<u64> = (0..width).map(column).collect();
    let total: u64 = rows.iter().sum();
    if total == 0 {
        return None;
    }
    let mut statistic = 0.0;
    for (row, of_row) in table.iter().zip(&rows) {
        for (at, of_column) in columns.iter().enumerate() {
            let expected = real(*of_row) * real(*of_column) / real(total);
            if expected > 0.0 {
                statistic += (real(row.get(at).copied().unwrap_or(0)) - expected).powi(2) / expected;
            }
        }
    }
    let filled = |sums: &[u64]| sums.iter().filter(|sum| **sum > 0).count() as u64;
    let freedom = (filled(&rows) - 1) * (filled(&columns) - 1);
    Some(Test {
        statistic,
        p: chi_square_above(statistic, freedom),
        freedom,
    })
}

/// Whether counts have the shares that were expected (scipy's `chisquare`): infinite where something came that
/// wasn't expected at all. None without counts on either side.
pub fn goodness_of_fit(observed: &[f64], expected: &[f64]) -> Option<Test> {
    let pairs: Vec<_> = observed
        .iter()
        .zip(expected)
        .filter(|(o, e)| **o != 0.0 || **e != 0.0)
        .collect();
    let freedom = (pairs.len() as u64).checked_sub(1)?;
    let statistic = pairs.iter().map(|(o, e)| (*o - *e).powi(2) / **e).sum();
    Some(Test {
        statistic,
        p: chi_square_above(statistic, freedom),
        freedom,
    })
}

#[cfg(test)]
mod tests {
    use super::{contingency, goodness_of_fit};

    #[test]
    fn a_table_of_two_has_scipys_answer() {
        let test = contingency(&[vec![740, 223], vec![34, 3]]).unwrap();
        assert!((test.statistic - 4.612_923_031_325_083).abs() < 1e-12);
        assert!((test.p - 0.031_731_900_754_910_33).abs() < 1e-13);
        assert_eq!(test.freedom, 1);
    }

    #[test]
    fn empty_rows_and_columns_are_left_out() {
        let full = contingency(&[vec![3, 5], vec![6, 2]]).unwrap();
        assert_eq!(
            contingency(&[vec![3, 0, 5], vec![0, 0, 0], vec![6, 0, 2]]),
            Some(full)
        );
    }

    #[test]
    fn one_category_cannot_differ_and_no_counts_have_no_answer() {
        let test = contingency(&[vec![3], vec![4]]).unwrap();
        assert_eq!((test.statistic, test.p, test.freedom), (0.0, 1.0, 0));
        assert_eq!(contingency(&[vec![0, 0], vec![0, 0]]), None);
        assert_eq!(goodness_of_fit(&[], &[]), None);
    }

    #[test]
    fn what_was_not_expected_at_all_is_infinitely_surprising() {
        let test = goodness_of_fit(&[1.0, 2.0], &[3.0, 0.0]).unwrap();
        assert_eq!((test.statistic, test.p), (f64::INFINITY, 0.0));
    }
}
