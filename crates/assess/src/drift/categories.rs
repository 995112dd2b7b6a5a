//! How often each value of a column occurs in the reference and in the current part.

use crate::stats::real;
use std::collections::BTreeMap;

/// Values of either part, counted in both; rows without a value are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Categories {
    pub reference: Vec<u64>,
    pub current: Vec<u64>,
}

impl Categories {
    /// Counts exact values; each part has a count for each value of either, in the order of the values.
    pub fn of<T: Ord>(
        reference: impl IntoIterator<Item = Option<T>>,
        current: impl IntoIterator<Item = Option<T>>,
    ) -> Self {
        let mut counts: BTreeMap<T, [u64; 2]> = BTreeMap::new();
        for value in reference.into_iter().flatten() {
            counts.entry(value).or_default()[0] += 1;
        }
        for value in current.into_iter().flatten() {
            counts.entry(value).or_default()[1] += 1;
        }
        Self::counted(counts.values())
    }

    /// Of values that are counted already, in the order of the values.
    pub fn counted<'a>(counts: impl Iterator<Item = &'a [u64; 2]> + Clone) -> Self {
        Self {
            reference: counts.clone().map(|count| count[0]).collect(),
            current: counts.map(|count| count[1]).collect(),
        }
    }

    /// The shares of the values in both parts; none where a part has no values.
    pub fn shares(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let of = |counts: &[u64]| of_total(counts, counts.iter().sum());
        Some((of(&self.reference)?, of(&self.current)?))
    }
}

/// Counts as shares of so many rows.
pub(super) fn of_total(counts: &[u64], total: u64) -> Option<Vec<f64>> {
    (total > 0).then(|| counts.iter().map(|&count| real(count) / real(total)).collect())
}

#[cfg(test)]
mod tests {
    use super::Categories;

    #[test]
    fn a_value_of_either_part_is_counted_in_both() {
        let counts = Categories::of([Some("b"), None, Some("b")], [Some("a"), Some("b")]);
        assert_eq!(
            (counts.reference.as_slice(), counts.current.as_slice()),
            (&[0, 2][..], &[1, 1][..])
        );
        assert_eq!(counts.shares(), Some((vec![0.0, 1.0], vec![0.5, 0.5])));
    }

    #[test]
    fn a_part_without_values_has_no_shares() {
        assert_eq!(Categories::of([None::<&str>], [Some("a")]).shares(), None);
    }
}
