//! The reports of tasks other than two answers: several classes, numbers, and ranking by a score alone.
//!
//! They use the words of the binary [`Report`](crate::report::Report): a [`Figure`] has its sample size, an interval where
//! a closed form is sound, and a reason where it is undefined, withheld or not judged.

mod facts;
pub mod multiclass;
pub mod named;
pub mod ranking;
pub mod regression;
mod verdict;

use crate::report::{
    Columns, Dependence, Figure, Gap, Settings, Source, Standing, Task, Warning, group_name,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::report::{Entry, find};
pub(crate) use facts::worst;
pub use multiclass::Multiclass;
pub use ranking::Ranking;
pub use regression::Regression;

/// What a predictions file says about a model, whatever its task; `D` is what only that task has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "{D}"))]
pub struct Report<D> {
    /// The name and version of the report's shape, e.g. `countersign.multiclass/1`.
    pub schema: String,
    pub task: Task,
    /// The version of the engine that computed it.
    pub engine: String,
    /// Data rows read, all of them counted in `overall`.
    pub rows: u64,
    /// Rows without a value, for each protected attribute.
    pub missing: BTreeMap<String, u64>,
    pub source: Source,
    /// What the user named.
    pub columns: Columns,
    pub settings: Settings,
    #[serde(flatten)]
    pub detail: D,
    /// Figures of all rows.
    pub overall: Vec<Entry>,
    /// The same by weight; none where no column of weights is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted: Option<Weighted>,
    /// Each protected attribute, then each pair of them, in the order named.
    pub attributes: Vec<Attribute>,
    pub warnings: Vec<Warning>,
}

/// A protected attribute, or a pair of them taken together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TaskAttribute")
)]
pub struct Attribute {
    /// One column, or two.
    pub columns: Vec<String>,
    /// Rows in which every column has a value.
    pub known: u64,
    /// Sorted by name, rows without a value last.
    pub groups: Vec<Group>,
    /// Differences and ratios between judged groups.
    pub gaps: Vec<Gap>,
    /// The same gaps between weighted figures; empty where no column of weights is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weighted_gaps: Vec<Gap>,
    /// Whether what is predicted (of numbers: the error) depends on the judged groups at all; none with fewer than two,
    /// and in rankings.
    pub dependence: Option<Dependence>,
}

/// The people who share a value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TaskGroup")
)]
pub struct Group {
    /// One value a column; none where the file has no value.
    pub key: Vec<Option<String>>,
    pub standing: Standing,
    pub n: u64,
    pub figures: Vec<Entry>,
    /// The same by weight; none where no column of weights is named, and in slices, whose figures hold both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted: Option<Weighted>,
}

/// The figures again, with every row counted by its weight. Who is shown and judged goes by rows all the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "TaskWeighted")
)]
pub struct Weighted {
    /// Sum of weights Σw.
    pub weight: f64,
    /// How many rows of equal weight would say as much: (Σw)² / Σw² (Kish 1965), at most the number of rows; 0 where
    /// nobody weighs anything.
    pub effective_n: f64,
    /// Under the ids of those by rows. `n` is rows; intervals are those by rows with the effective number in its place.
    pub figures: Vec<Entry>,
}

impl Weighted {
    /// The figures under their ids as facts and slices have them, led by `weighted.`.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let figures = self.figures.iter();
        figures.map(|Entry { id, figure }| Entry::new(format!("weighted.{id}"), figure.clone()))
    }

    /// The sums of so many rows, then the figures.
    pub fn named(&self, rows: u64) -> impl Iterator<Item = Entry> {
        let sums = [
            ("weighted.weight", self.weight),
            ("weighted.effective_n", self.effective_n),
        ];
        let sums = sums.map(|(id, sum)| Entry::new(id, Figure::new(sum, None, rows)));
        sums.into_iter().chain(self.entries())
    }
}

impl Attribute {
    /// The stable id: `race`, or `race|sex` for a pair.
    pub fn id(&self) -> String {
        self.columns.join("|")
    }

    /// The name for readers: `race`, or `race and sex`.
    pub fn title(&self) -> String {
        self.columns.join(" and ")
    }
}

impl Group {
    /// The name for readers: `Female`, `Caucasian, Female`, `(missing)`.
    pub fn name(&self) -> String {
        group_name(&self.key)
    }

    /// Its figures, those by weight behind them.
    #[must_use]
    pub fn sliced(mut self) -> Self {
        let weighted = self.weighted.take();
        self.figures.extend(weighted.iter().flat_map(Weighted::entries));
        self
    }

    /// A figure by its id.
    pub fn figure(&self, id: &str) -> Option<&Figure> {
        find(&self.figures, id)
    }
}
