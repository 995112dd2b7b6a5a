//! The report of predicted numbers.

use super::Report;
use serde::{Deserialize, Serialize};

/// The name and version of the report's shape.
pub const SCHEMA: &str = "countersign.regression/2";

/// What the names of all versions begin with.
pub const FAMILY: &str = "countersign.regression/";

/// The report of predicted numbers.
pub type Regression = Report<Detail>;

/// What only this task has: nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Regression")
)]
pub struct Detail {}
