//! The JSON of `countersign assess`: a report of any task, and what was asked for beside it.

use crate::drift::Drift;
use crate::policy::Outcome;
use crate::report::Report;
use crate::tasks::{Group, Multiclass, Ranking, Regression};
use serde::{Deserialize, Serialize};

/// A report of any task; its `schema` says which and in what version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Document {
    Binary(Box<With<Report>>),
    Multiclass(Box<With<Multiclass>>),
    Ranking(Box<With<Ranking>>),
    Regression(Box<With<Regression>>),
}

/// A report with what else was asked for; without, it is the report's own JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "{R}Document")
)]
pub struct With<R> {
    #[serde(flatten)]
    pub report: R,
    #[serde(flatten)]
    pub beside: Beside,
}

/// What is asked for beside a report, of whatever task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Beside {
    /// Performance by columns that are not protected; nobody's fairness is judged by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<Slice>,
    /// How far the columns have moved from a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// How the gates of a policy came out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Outcome>,
}

/// Performance by the values of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Slice {
    pub column: String,
    /// Sorted by name, rows without a value last.
    pub groups: Vec<Group>,
}

impl<R> With<R> {
    /// The report alone.
    pub fn new(report: R) -> Self {
        Self {
            report,
            beside: Beside::default(),
        }
    }
}

impl Document {
    /// The document as JSON, every figure to its last digit.
    ///
    /// # Errors
    /// None that a report can cause.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(self)
    }

    /// What was asked for beside the report.
    pub fn beside(&self) -> &Beside {
        match self {
            Self::Binary(with) => &with.beside,
            Self::Multiclass(with) => &with.beside,
            Self::Ranking(with) => &with.beside,
            Self::Regression(with) => &with.beside,
        }
    }

    pub(super) fn beside_mut(&mut self) -> &mut Beside {
        match self {
            Self::Binary(with) => &mut with.beside,
            Self::Multiclass(with) => &mut with.beside,
            Self::Ranking(with) => &mut with.beside,
            Self::Regression(with) => &mut with.beside,
        }
    }
}
