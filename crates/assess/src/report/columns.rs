//! Which column is what, as the user named it, and which answers the file holds.

use super::Rate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What each column means. `..Columns::default()` fills in what a file doesn't have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    /// What really happened: two values.
    pub label: String,
    /// What the model decided, in the label's values. Without it `score` is held against `threshold`.
    pub prediction: Option<String>,
    /// How sure the model was of the positive answer; any finite number.
    pub score: Option<String>,
    /// How many people a row stands for: a finite number that isn't negative. Without it, each row for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// Attributes that must not decide, such as race or sex.
    pub protected: Vec<String>,
    /// How many attributes are taken together at most, 1 to 3: groups by each, by each pair, by each triple. Without it, 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<u8>,
    /// The answer that is good for the person, e.g. `1` for a loan given, `0` for not reoffending.
    pub favourable: String,
    /// The answer that scores speak for. Without it: `1`, else `true`, else the favourable one.
    pub positive: Option<String>,
    /// Scores at or above it predict the positive answer; 0.5 unless said. Unused where `prediction` is named.
    pub threshold: Option<f64>,
    /// For an attribute, the group that others are held against as well.
    pub references: BTreeMap<String, String>,
    /// For an attribute, groups that must be listed even if the file has nobody of them.
    pub declared: BTreeMap<String, Vec<String>>,
}

impl Columns {
    /// The threshold in force.
    pub fn cut(&self) -> f64 {
        self.threshold.unwrap_or(0.5)
    }

    /// Which protected attributes are taken together, by their places: each, then each pair, then each triple.
    pub fn crossed(&self) -> Vec<Vec<usize>> {
        let all = 0..self.protected.len();
        let mut crossed: Vec<Vec<usize>> = all.clone().map(|at| vec![at]).collect();
        let mut last = crossed.clone();
        for _ in 1..self.together.unwrap_or(2) {
            let wider = last.iter().flat_map(|places| {
                let more = all.clone().filter(|at| places.last() < Some(at));
                more.map(|at| places.iter().copied().chain([at]).collect())
            });
            last = wider.collect();
            crossed.extend(last.iter().cloned());
        }
        crossed
    }
}

/// The two answers of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Labels {
    /// The answer that counts as positive in true positives, and that scores speak for.
    pub positive: String,
    /// The other one; none if the file holds a single answer and the other can't be known.
    pub negative: Option<String>,
    /// Whether the positive answer is the one that is good for the person.
    pub positive_is_favourable: bool,
}

impl Labels {
    /// The rate at which people are predicted the favourable answer.
    pub fn favourable_rate(&self) -> Rate {
        if self.positive_is_favourable {
            Rate::Selection
        } else {
            Rate::Rejection
        }
    }
}
