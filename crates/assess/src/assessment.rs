//! A report of any task, and what was asked for beside it: what is frozen, read back and shown.

use crate::compare::Comparison;
use crate::drift::Drift;
use crate::facts::Fact;
use crate::policy::Outcome;
use crate::report::{Columns, Entry, Report, Settings, Source, Task, Warning};
use crate::tasks::{Attribute, Group, Multiclass, Ranking, Regression, Weighted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod asked;
mod facts;
mod group;

pub use asked::Asked;

/// A report of any task; its `schema` says which and in what version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Assessment {
    Binary(Box<With<Report>>),
    Multiclass(Box<With<Multiclass>>),
    Ranking(Box<With<Ranking>>),
    // Last, for it has no member that the others lack.
    Regression(Box<With<Regression>>),
}

/// A report with what else was asked for; without, it is the report's own JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "{R}Assessment")
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
    /// How the figures moved from the baseline's, case by case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Box<Comparison>>,
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

/// Asks the report of whatever task for what all have.
macro_rules! of_any {
    ($assessment:expr, $with:ident => $answer:expr) => {
        match $assessment {
            Self::Binary($with) => $answer,
            Self::Multiclass($with) => $answer,
            Self::Ranking($with) => $answer,
            Self::Regression($with) => $answer,
        }
    };
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

impl From<Report> for Assessment {
    fn from(report: Report) -> Self {
        Self::Binary(Box::new(With::new(report)))
    }
}

impl From<Multiclass> for Assessment {
    fn from(report: Multiclass) -> Self {
        Self::Multiclass(Box::new(With::new(report)))
    }
}

impl From<Regression> for Assessment {
    fn from(report: Regression) -> Self {
        Self::Regression(Box::new(With::new(report)))
    }
}

impl From<Ranking> for Assessment {
    fn from(report: Ranking) -> Self {
        Self::Ranking(Box::new(With::new(report)))
    }
}

impl Assessment {
    pub fn task(&self) -> Task {
        of_any!(self, with => with.report.task)
    }

    /// The name and version of the shape.
    pub fn schema(&self) -> &str {
        of_any!(self, with => &with.report.schema)
    }

    /// The version of the engine that computed it; empty where it wasn't kept.
    pub fn engine(&self) -> &str {
        of_any!(self, with => &with.report.engine)
    }

    /// Data rows read.
    pub fn rows(&self) -> u64 {
        of_any!(self, with => with.report.rows)
    }

    /// The file that was read.
    pub fn source(&self) -> &Source {
        of_any!(self, with => &with.report.source)
    }

    /// What the user named.
    pub fn columns(&self) -> &Columns {
        of_any!(self, with => &with.report.columns)
    }

    pub fn settings(&self) -> &Settings {
        of_any!(self, with => &with.report.settings)
    }

    pub fn warnings(&self) -> &[Warning] {
        of_any!(self, with => &with.report.warnings)
    }

    /// Rows without a value, for each protected attribute.
    pub fn missing(&self) -> &BTreeMap<String, u64> {
        of_any!(self, with => &with.report.missing)
    }

    /// Rows with a value, for each protected attribute and pair of them by its id.
    pub fn known(&self) -> Vec<(String, u64)> {
        of_any!(self, with => {
            let attributes = with.report.attributes.iter();
            attributes.map(|attribute| (attribute.id(), attribute.known)).collect()
        })
    }

    /// What was asked for beside the report.
    pub fn beside(&self) -> &Beside {
        of_any!(self, with => &with.beside)
    }

    /// The binary report, where it is one.
    pub fn as_binary(&self) -> Option<&Report> {
        match self {
            Self::Binary(with) => Some(&with.report),
            _ => None,
        }
    }

    /// The figures of everyone, those by weight where there are weights, and those of each group, of another task than two
    /// answers.
    pub fn of_other_task(&self) -> Option<(&[Entry], Option<&Weighted>, &[Attribute])> {
        fn of<D>(report: &crate::tasks::Report<D>) -> (&[Entry], Option<&Weighted>, &[Attribute]) {
            (&report.overall, report.weighted.as_ref(), &report.attributes)
        }
        match self {
            Self::Binary(_) => None,
            Self::Multiclass(with) => Some(of(&with.report)),
            Self::Ranking(with) => Some(of(&with.report)),
            Self::Regression(with) => Some(of(&with.report)),
        }
    }

    /// What the report comes to, in plain words.
    pub fn verdict(&self) -> String {
        let report = of_any!(self, with => with.report.verdict());
        let drift = self.beside().drift.as_ref().map(Drift::verdict);
        report + &drift.map(|words| " ".to_owned() + &words).unwrap_or_default()
    }

    /// Every figure that a gate may ask for: those of the report, of its slices and of drift.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = of_any!(self, with => with.report.facts());
        let beside = self.beside();
        facts.extend(beside.slices.iter().flat_map(Slice::facts));
        facts.extend(beside.drift.as_ref().map(Drift::facts).unwrap_or_default());
        facts
    }

    /// A fact by its id.
    pub fn fact(&self, id: &str) -> Option<Fact> {
        self.facts().into_iter().find(|fact| fact.id == id)
    }
}

#[cfg(feature = "engine")]
impl Assessment {
    pub(crate) fn beside_mut(&mut self) -> &mut Beside {
        of_any!(self, with => &mut with.beside)
    }

    /// The groups of the first attribute, without what is about fairness.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let first = |attributes: &[crate::tasks::Attribute]| {
            attributes
                .first()
                .map(|first| first.groups.iter().cloned().map(Group::sliced).collect())
                .unwrap_or_default()
        };
        match self {
            Self::Binary(with) => {
                let groups = with
                    .report
                    .attributes
                    .iter()
                    .take(1)
                    .flat_map(|first| &first.groups);
                groups.map(Into::into).collect()
            }
            Self::Multiclass(with) => first(&with.report.attributes),
            Self::Ranking(with) => first(&with.report.attributes),
            Self::Regression(with) => first(&with.report.attributes),
        }
    }

    /// The assessment as JSON, every figure to its last digit.
    ///
    /// # Errors
    /// None that a report can cause.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(self)
    }

    /// An assessment from its JSON, by the name of its shape; figures come back exactly.
    ///
    /// # Errors
    /// What the text lacks, or that its shape isn't known here.
    pub fn from_json(json: &[u8]) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let Head { schema } = serde_json::from_slice(json)?;
        let is = |family: &str| schema.starts_with(family);
        if is(crate::report::FAMILY) {
            serde_json::from_slice(json).map(Self::Binary)
        } else if is(crate::tasks::multiclass::FAMILY) {
            serde_json::from_slice(json).map(Self::Multiclass)
        } else if is(crate::tasks::ranking::FAMILY) {
            serde_json::from_slice(json).map(Self::Ranking)
        } else if is(crate::tasks::regression::FAMILY) {
            serde_json::from_slice(json).map(Self::Regression)
        } else {
            Err(serde::de::Error::custom(format!("“{schema}” is no report")))
        }
    }
}
