//! A number that never stands alone: its interval, its sample size and, where there is none, the reason.

use crate::stats::Interval;
use serde::{Deserialize, Serialize};

/// One number with its 95 % interval and sample size.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figure {
    /// The value; none where it is undefined or withheld, and then `reason` says why.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// How many rows the value is taken over: its denominator.
    pub n: u64,
    /// Why there is no value; beside a value, why it isn't judged.
    pub reason: Option<String>,
}

impl Figure {
    /// A value over `n` rows. What is not a finite number becomes a figure without a value.
    pub fn new(value: f64, interval: Option<Interval>, n: u64) -> Self {
        if !value.is_finite() {
            return Self::none(n, "not a finite number");
        }
        let interval = interval.filter(|(low, high)| low.is_finite() && high.is_finite());
        Self {
            value: Some(value),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            n,
            reason: None,
        }
    }

    /// No value, and why.
    pub fn none(n: u64, reason: impl Into<String>) -> Self {
        Self {
            n,
            reason: Some(reason.into()),
            ..Self::default()
        }
    }

    /// The value, where it may be held against others.
    pub fn judged(&self) -> Option<f64> {
        self.value.filter(|_| self.reason.is_none())
    }

    /// Both ends of the interval.
    pub fn interval(&self) -> Option<Interval> {
        self.low.zip(self.high)
    }
}

/// A figure under its stable id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Listed in `docs/metrics.md`; what follows a point is a class of the file, e.g. `recall.violent`.
    pub id: String,
    #[serde(flatten)]
    pub figure: Figure,
}

impl Entry {
    /// A figure with its id.
    pub fn new(id: impl Into<String>, figure: Figure) -> Self {
        Self {
            id: id.into(),
            figure,
        }
    }
}

/// A figure by its id.
pub fn find<'a>(entries: &'a [Entry], id: &str) -> Option<&'a Figure> {
    entries
        .iter()
        .find(|entry| entry.id == id)
        .map(|entry| &entry.figure)
}
