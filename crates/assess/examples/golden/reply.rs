//! What our code replies to an entry of a golden file.

use assess::partition::Part;
use serde_json::{Value, json};

/// A reply in the shape of the entry's value, or why there is none.
pub enum Reply {
    Value(Value),
    /// The library's own answer differs from run to run, within these bounds.
    Between(f64, f64),
    Uncovered(String),
}

impl Reply {
    /// The value where there is one.
    pub fn of(value: Option<Value>, otherwise: &str) -> Self {
        value.map_or_else(|| Self::Uncovered(otherwise.to_owned()), Self::Value)
    }
}

/// A number as golden files write it: what is undefined or infinite is a word.
pub fn number(value: impl Into<Option<f64>>) -> Value {
    match value.into() {
        Some(value) if value.is_finite() => json!(value),
        Some(value) if value.is_infinite() && value > 0.0 => json!("Infinity"),
        Some(value) if value.is_infinite() => json!("-Infinity"),
        _ => json!("NaN"),
    }
}

/// A part's name: its values, joined by `|`.
pub fn name(part: &Part<'_>) -> String {
    part.key.iter().flatten().copied().collect::<Vec<_>>().join("|")
}

/// A column as numbers; what isn't one is missing.
pub fn numbers(column: &[Option<String>]) -> Vec<Option<f64>> {
    let number = |cell: &Option<String>| {
        cell.as_deref()?
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|x| !x.is_nan())
    };
    column.iter().map(number).collect()
}

/// The columns that a name such as `race` or `racexsex` speaks of.
pub fn columns_of(name: &str, columns: &[String]) -> Option<Vec<String>> {
    if columns.iter().any(|column| column == name) {
        return Some(vec![name.to_owned()]);
    }
    columns.iter().find_map(|column| {
        let rest = name.strip_prefix(column.as_str())?.strip_prefix('x')?;
        let mut found = vec![column.clone()];
        found.extend(columns_of(rest, columns)?);
        Some(found)
    })
}
