//! The rows of a table by the values that they share, as every figure by group needs them.

use std::collections::BTreeMap;

/// The rows that share their values in some columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// One value a column; none where the table has no value.
    pub key: Vec<Option<&'a str>>,
    /// Numbers of the rows, from 0, ascending.
    pub rows: Vec<usize>,
}

impl Part<'_> {
    /// Whether every column has a value. Parts without one are shown, but no gap is taken over them.
    pub fn is_known(&self) -> bool {
        self.key.iter().all(Option::is_some)
    }

    /// The values of this part's rows.
    pub fn pick<T: Clone>(&self, values: &[T]) -> Vec<T> {
        self.rows
            .iter()
            .filter_map(|&row| values.get(row).cloned())
            .collect()
    }
}

/// The parts of a table: one for each combination of values that occurs, by code point, those without a value last.
/// Values are exact: what differs in a byte is another part.
pub fn parts<'a>(columns: &[&'a [Option<String>]]) -> Vec<Part<'a>> {
    let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    let mut parts: BTreeMap<Vec<(bool, &str)>, Vec<usize>> = BTreeMap::new();
    for row in 0..rows {
        let key = columns.iter().map(|column| {
            let value = column.get(row).and_then(Option::as_deref);
            (value.is_none(), value.unwrap_or_default())
        });
        parts.entry(key.collect()).or_default().push(row);
    }
    let named = |key: Vec<(bool, &'a str)>| key.into_iter().map(|(none, value)| (!none).then_some(value));
    parts
        .into_iter()
        .map(|(key, rows)| Part {
            key: named(key).collect(),
            rows,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn column(values: &[&str]) -> Vec<Option<String>> {
        let value = |value: &&str| (!value.is_empty()).then(|| (*value).to_owned());
        values.iter().map(value).collect()
    }

    #[test]
    fn missing_values_come_last_and_the_word_nan_is_a_value() {
        let column = column(&["b", "", "NaN", "b"]);
        let parts = parts(&[&column]);
        let keys: Vec<_> = parts.iter().map(|part| part.key[0]).collect();
        assert_eq!(keys, [Some("NaN"), Some("b"), None]);
        assert_eq!(parts[1].rows, [0, 3]);
        assert!(!parts[2].is_known());
    }

    #[test]
    fn two_columns_part_by_the_combinations_that_occur() {
        let (a, b) = (column(&["x", "x", "y"]), column(&["1", "2", "1"]));
        let parts = parts(&[&a, &b]);
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[1].pick(&[10, 20, 30]), [20]);
    }

    #[test]
    fn no_columns_have_no_parts() {
        assert!(parts(&[]).is_empty());
    }
}
