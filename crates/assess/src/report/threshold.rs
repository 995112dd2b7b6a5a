//! What other cut-offs of the score would have come to.

use super::Confusion;
use serde::{Deserialize, Serialize};

/// One cut-off, with what it would have decided of the same people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Threshold {
    /// Scores at or above it predict the positive answer.
    pub cut: f64,
    pub counts: Confusion,
    /// The lowest impact ratio of each protected attribute, in the order of the report; none where there is none.
    pub worst: Vec<Option<Worst>>,
}

/// The group that a cut-off treats worst.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Worst {
    pub group: String,
    /// Its favourable rate over the highest of any judged group.
    pub ratio: f64,
}
