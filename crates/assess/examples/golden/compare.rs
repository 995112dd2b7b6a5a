//! Whether a reply is what a golden file says, and how many were.

use serde_json::Value;
use std::fmt::{Display, Formatter, Result};

/// What our code says to an entry of a golden file.
pub enum Reply {
    /// The value, in the entry's shape.
    Value(Value),
    /// Bounds, where the library's own answer differs from run to run.
    Between(f64, f64),
    /// Nothing, and why.
    Uncovered(String),
}

impl Reply {
    /// The value where there is one.
    pub fn of(value: Option<Value>, otherwise: &str) -> Self {
        value.map_or_else(|| Self::Uncovered(otherwise.to_owned()), Self::Value)
    }
}

/// Whatever answers the entries of a golden file.
pub trait Replies {
    /// The reply to an entry, by its id and the call it was made with.
    fn reply(&self, id: &str, call: &str) -> Reply;
}

/// A file that nothing can be said to, and why.
pub struct Nothing(pub String);

impl Replies for Nothing {
    fn reply(&self, _: &str, _: &str) -> Reply {
        Reply::Uncovered(self.0.clone())
    }
}

/// A number as golden files write it: what is undefined or infinite is a word.
pub fn number(value: impl Into<Option<f64>>) -> Value {
    match value.into() {
        Some(value) if value.is_finite() => Value::from(value),
        Some(value) if value.is_infinite() && value > 0.0 => Value::from("Infinity"),
        Some(value) if value.is_infinite() => Value::from("-Infinity"),
        _ => Value::from("NaN"),
    }
}

/// How many entries came out how, and the lines that say which.
#[derive(Debug, Default)]
pub struct Tally {
    pub matched: usize,
    pub differing: usize,
    pub uncovered: usize,
    /// Each difference, with both values.
    pub differences: Vec<String>,
    /// Each entry without a reply, and why.
    pub gaps: Vec<String>,
}

impl Tally {
    /// Holds a reply against what a golden file says; `expected` is none where the library gave an error.
    pub fn hold(&mut self, id: &str, expected: std::result::Result<&Value, &str>, reply: Reply) {
        match (expected, reply) {
            (Err(error), _) => self.gap(id, &format!("the library refused: {error}")),
            (Ok(_), Reply::Uncovered(reason)) => self.gap(id, &reason),
            (Ok(expected), Reply::Between(low, high)) => {
                let is_within = |value| (low - BOUND..=high + BOUND).contains(&value);
                let is_met = expected.as_f64().is_some_and(is_within);
                let wrong = || format!("{id}: expected {expected}, found {low} to {high}");
                self.count((!is_met).then(wrong).into_iter().collect());
            }
            (Ok(expected), Reply::Value(reply)) => {
                let mut wrong = Vec::new();
                compare(id, expected, &reply, tolerance(id), &mut wrong);
                self.count(wrong);
            }
        }
    }

    fn count(&mut self, wrong: Vec<String>) {
        if wrong.is_empty() {
            self.matched += 1;
        } else {
            self.differing += 1;
            self.differences.extend(wrong);
        }
    }

    fn gap(&mut self, id: &str, reason: &str) {
        self.uncovered += 1;
        self.gaps.push(format!("{id}: {reason}"));
    }

    /// Adds what came of another file.
    pub fn add(&mut self, other: Self) {
        self.matched += other.matched;
        self.differing += other.differing;
        self.uncovered += other.uncovered;
        self.differences.extend(other.differences);
        self.gaps.extend(other.gaps);
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (matched, differing, uncovered) = (self.matched, self.differing, self.uncovered);
        write!(
            f,
            "matched {matched}, differing {differing}, uncovered {uncovered}"
        )
    }
}

/// How far apart two numbers may be.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    /// Of the larger.
    relative: f64,
    /// Whatever their size: below it, differences of nearly equal rates are noise.
    absolute: f64,
}

/// Sums, rates and closed forms.
const EXACT: Tolerance = Tolerance {
    relative: 1e-9,
    absolute: 1e-15,
};

/// What libraries find by iteration, or as roots of a polynomial.
const ITERATED: Tolerance = Tolerance {
    relative: 1e-7,
    absolute: 1e-10,
};

/// By how much a bound may be passed, for rounding.
const BOUND: f64 = 1e-12;

fn tolerance(id: &str) -> Tolerance {
    let iterated = id.contains(".newcomb.") || id.contains(".score.") || id.starts_with("fisher");
    if iterated { ITERATED } else { EXACT }
}

/// Collects where a reply differs from what is expected.
pub fn compare(path: &str, expected: &Value, reply: &Value, tolerance: Tolerance, wrong: &mut Vec<String>) {
    match (expected, reply) {
        (Value::Object(expected), Value::Object(reply)) => {
            for (key, value) in expected {
                match reply.get(key) {
                    Some(reply) => compare(&format!("{path}/{key}"), value, reply, tolerance, wrong),
                    // fairlearn lists every cross of two attributes' groups, those that nobody is in without a number.
                    None if is_nobody(value) => {}
                    None => wrong.push(format!("{path}/{key}: expected {value}, found nothing")),
                }
            }
            let more = reply.iter().filter(|(key, _)| !expected.contains_key(*key));
            wrong.extend(more.map(|(key, value)| format!("{path}/{key}: expected nothing, found {value}")));
        }
        (Value::Array(expected), Value::Array(reply)) if expected.len() == reply.len() => {
            for (at, (expected, reply)) in expected.iter().zip(reply).enumerate() {
                compare(&format!("{path}/{at}"), expected, reply, tolerance, wrong);
            }
        }
        // What is undefined is none in our code, and not-a-number in the libraries.
        (Value::String(nan), Value::Null) if nan == "NaN" => {}
        (Value::Number(a), Value::Number(b)) if close(path, a.as_f64(), b.as_f64(), tolerance) => {}
        (expected, reply) if expected == reply => {}
        (expected, reply) => wrong.push(format!("{path}: expected {expected}, found {reply}")),
    }
}

/// Whether a row says nothing at all.
fn is_nobody(row: &Value) -> bool {
    let cells = row.as_object().filter(|cells| !cells.is_empty());
    cells.is_some_and(|cells| cells.values().all(|cell| *cell == "NaN"))
}

fn close(path: &str, expected: Option<f64>, reply: Option<f64>, tolerance: Tolerance) -> bool {
    let Some((a, b)) = expected.zip(reply) else {
        return false;
    };
    let counts = a.fract().abs() < f64::MIN_POSITIVE && b.fract().abs() < f64::MIN_POSITIVE;
    let apart = (a - b).abs();
    if counts && a.abs() > 1.0 {
        return apart < f64::MIN_POSITIVE;
    }
    // Chances are good however small.
    let is_chance = path.ends_with("/p") || path.ends_with("ks_classes/1");
    let noise = if is_chance {
        f64::MIN_POSITIVE
    } else {
        tolerance.absolute
    };
    apart <= (tolerance.relative * a.abs().max(b.abs())).max(noise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(expected: &Value, reply: &Value) -> usize {
        let mut wrong = Vec::new();
        compare("id", expected, reply, EXACT, &mut wrong);
        wrong.len()
    }

    #[test]
    fn bounds_hold_what_lies_between() {
        let held = |value: Value| {
            let mut tally = Tally::default();
            tally.hold("id", Ok(&value), Reply::Between(0.1, 0.2));
            (tally.matched, tally.differing)
        };
        assert_eq!(held(json!(0.1)), (1, 0));
        assert_eq!(held(json!(0.201)), (0, 1));
        assert_eq!(held(json!("NaN")), (0, 1));
    }

    #[test]
    fn what_differs_is_told() {
        assert_eq!(
            wrong(&json!({"a": 1.5, "b": "NaN"}), &json!({"a": 1.5, "b": null})),
            0
        );
        assert_eq!(wrong(&json!({"a": 1.5}), &json!({"b": 1.5})), 2);
        assert_eq!(wrong(&json!([1, 2]), &json!([1])), 1);
        assert_eq!(wrong(&json!(0.3), &json!(0.3 * (1.0 + 1e-8))), 1);
        assert_eq!(wrong(&json!(3000), &json!(3001)), 1);
        assert_eq!(wrong(&json!("Infinity"), &number(f64::INFINITY)), 0);
        assert_eq!(wrong(&json!(0.0), &json!(null)), 1);
        assert_eq!(wrong(&json!({"p": 1e-80}), &json!({"p": 2e-80})), 1);
        assert_eq!(wrong(&json!(1e-17), &json!(0.0)), 0);
        assert_eq!(wrong(&json!({"a|b": {"n": "NaN"}}), &json!({})), 0);
        assert_eq!(wrong(&json!({"a|b": {"n": 1, "m": "NaN"}}), &json!({})), 1);
    }
}
