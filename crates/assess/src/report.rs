//! The report: what was read, how well it predicts, and how it treats each group.

mod attribute;
mod columns;
mod confusion;
mod figure;
mod performance;
mod test;
mod threshold;
mod warning;
mod weighted;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(crate) use attribute::name as group_name;
pub use attribute::{Attribute, Gap, Group, Impact, Mark, Standing, Value};
pub use columns::{Columns, Labels};
pub use confusion::{Confusion, Rate, Rates};
pub use figure::{Entry, Figure, find};
pub use performance::{Bin, Performance, Point, Scores};
pub use test::{Dependence, Method, Test};
pub use threshold::{Threshold, Worst};
pub use warning::{About, Warning};
pub use weighted::{Weighted, WeightedConfusion};

/// The name and version of the report's shape.
pub const SCHEMA: &str = "countersign.report/2";

/// What the names of all versions begin with.
pub const FAMILY: &str = "countersign.report/";

/// What a predictions file says about a model, frozen. Two runs over the same rows give equal reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// [`SCHEMA`], or an earlier one: what that didn't have is empty.
    pub schema: String,
    pub task: Task,
    /// The version of the engine that computed it; empty in reports from before it was kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub engine: String,
    /// Data rows read, all of them counted in `overall`.
    pub rows: u64,
    /// Rows without a value, for each protected attribute.
    pub missing: BTreeMap<String, u64>,
    pub source: Source,
    /// What the user named.
    pub columns: Columns,
    /// What the answers in the file turned out to be.
    pub labels: Labels,
    pub settings: Settings,
    pub overall: Performance,
    /// Each protected attribute, then each pair of them and each triple where asked for, in the order named.
    pub attributes: Vec<Attribute>,
    /// How unequal people's benefits are, whoever they are: the indices of AIF360 over all rows.
    #[serde(default)]
    pub individual: Vec<Value>,
    /// Other cut-offs of the score, ascending, at most 100; empty without a score.
    #[serde(default)]
    pub thresholds: Vec<Threshold>,
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// The kind of prediction a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Two answers, one of them favourable for the person.
    Binary,
    /// Several classes.
    Multiclass,
    /// Numbers.
    Regression,
    /// A score alone.
    Ranking,
}

impl Task {
    /// The word in reports and on command lines.
    pub fn word(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Multiclass => "multiclass",
            Self::Regression => "regression",
            Self::Ranking => "ranking",
        }
    }
}

impl std::str::FromStr for Task {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Binary, Self::Multiclass, Self::Regression, Self::Ranking];
        let found = all.into_iter().find(|task| task.word() == text);
        found.ok_or_else(|| format!("“{text}” is none of binary, multiclass, regression and ranking."))
    }
}

/// The file a report was computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// SHA-256 of the file, as 64 lower-case hexadecimal digits.
    pub digest: String,
    /// Size of the file.
    pub bytes: u64,
    /// `csv` or `parquet`.
    pub format: String,
}

/// The rules by which groups are judged; frozen with the report, for they are choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// Confidence of every interval, as a share.
    pub confidence: f64,
    /// The normal quantile that belongs to `confidence`, two-sided.
    pub z: f64,
    /// Groups with fewer people have no rates shown, only their number.
    pub min_shown: u64,
    /// Groups with fewer people are shown but not judged.
    pub min_judged: u64,
    /// A rate with a smaller denominator (positives for the true positive rate, and so on) isn't judged.
    pub min_outcomes: u64,
    /// Groups with less than this percentage of the rows whose group is known stay out of impact ratios
    /// (6 RCNY 5-300); exactly this much stays in.
    pub min_percent: u64,
    /// The mark that impact ratios are held against, as numerator and denominator (29 CFR 1607.4 D).
    pub impact_mark: (u64, u64),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            z: crate::stats::Z95,
            min_shown: 10,
            min_judged: 30,
            min_outcomes: 10,
            min_percent: 2,
            impact_mark: (4, 5),
        }
    }
}
