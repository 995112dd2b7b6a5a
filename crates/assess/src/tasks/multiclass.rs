//! The report of a file with several classes.

use super::Report;
use serde::{Deserialize, Serialize};

/// The name and version of the report's shape.
pub const SCHEMA: &str = "countersign.multiclass/2";

/// What the names of all versions begin with.
pub const FAMILY: &str = "countersign.multiclass/";

/// The report of a file with several classes.
pub type Multiclass = Report<Detail>;

/// What only this task has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Multiclass")
)]
pub struct Detail {
    /// Those that occur among the labels, by code point, then those that are only predicted.
    pub classes: Vec<String>,
    /// Rows by label (in the order of `classes`), then by prediction.
    pub confusion: Vec<Vec<u64>>,
    /// Sums of weights likewise; none where no column of weights is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_confusion: Option<Vec<Vec<f64>>>,
    /// The columns of scores, one for each class that occurs among the labels; empty where no score is named.
    pub scores: Vec<String>,
}
