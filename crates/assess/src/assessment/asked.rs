//! What is asked of a file, apart from the files: what a form holds, and what is kept until it is answered.

use super::Assessment;
use crate::report::{Columns, Task};
use serde::{Deserialize, Serialize};

/// What is asked of a file of predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub task: Task,
    pub columns: Columns,
    /// Columns by which performance is told apart, without judging fairness.
    #[serde(default)]
    pub slices: Vec<String>,
    /// Columns whose drift is measured besides those named above.
    #[serde(default)]
    pub features: Vec<String>,
    /// The column that cases are known by, to compare them with the baseline's.
    #[serde(default)]
    pub id: Option<String>,
}

impl Asked {
    /// The report of this task and these columns alone.
    pub fn new(task: Task, columns: Columns) -> Self {
        Self {
            task,
            columns,
            slices: Vec::new(),
            features: Vec::new(),
            id: None,
        }
    }

    /// The same of one file alone, held against no earlier one.
    #[must_use]
    pub fn alone(self) -> Self {
        Self {
            features: Vec::new(),
            id: None,
            ..self
        }
    }

    /// What is asked of the file, with the earlier one that drift is measured from.
    #[cfg(feature = "engine")]
    pub fn of(&self, baseline: Option<std::path::PathBuf>) -> crate::Request {
        crate::Request {
            slices: self.slices.clone(),
            features: self.features.clone(),
            id: self.id.clone(),
            baseline,
            ..crate::Request::new(self.task, self.columns.clone())
        }
    }

    /// What to look at again of what was asked: `file`, or the name of a field, such as `label` or `slices`.
    #[cfg(feature = "engine")]
    pub fn about(&self, rejected: &crate::Rejected) -> &'static str {
        let is = |name: &String| rejected.column() == Some(name);
        if self.id.as_ref().is_some_and(is) {
            "id"
        } else if self.slices.iter().any(is) {
            "slices"
        } else if self.features.iter().any(is) {
            "features"
        } else {
            rejected.about(&self.columns)
        }
    }
}

impl Assessment {
    /// What was asked, to ask the same of another file.
    pub fn asked(&self) -> Asked {
        let beside = self.beside();
        let columns = self.columns();
        let named = [
            Some(&columns.label),
            columns.prediction.as_ref(),
            columns.score.as_ref(),
        ];
        let is_named = |name: &String| named.contains(&Some(name)) || columns.protected.contains(name);
        let watched = beside.drift.iter().flat_map(|drift| &drift.columns);
        Asked {
            task: self.task(),
            columns: columns.clone(),
            slices: beside.slices.iter().map(|slice| slice.column.clone()).collect(),
            features: watched
                .map(|column| column.name.clone())
                .filter(|name| !is_named(name))
                .collect(),
            id: beside
                .comparison
                .as_ref()
                .and_then(|comparison| Some(comparison.paired.as_ref()?.id.clone())),
        }
    }
}
