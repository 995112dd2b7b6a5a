//! The inventory, and one model.
use super::{Name, evaluation::Drifted};
use crate::{
    environment::EnvironmentName,
    id::{EvaluationId, ReleaseId},
    model::{ModelName, Tier},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is looked for; every part narrows. Everything stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub q: String,
    pub tier: String,
    /// Part of the owner's name.
    pub owner: String,
    /// Models that are approved or run in this environment.
    pub environment: String,
    /// `name`, `-name`, `created` or `-created`; a hyphen means descending.
    pub sort: String,
    /// The cursor: the last row's sort value.
    pub after: String,
}

impl Filter {
    /// Whether it leaves anything out.
    pub fn is_narrowed(&self) -> bool {
        [&self.q, &self.tier, &self.owner, &self.environment]
            .into_iter()
            .any(|part| !part.trim().is_empty())
    }
}

/// A row of the inventory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub name: ModelName,
    pub purpose: String,
    pub tier: Tier,
    pub owner: Name,
    pub created_at: DateTime<Utc>,
    pub latest: Option<i32>,
    pub standings: Vec<Standing>,
    pub measured: Option<Measured>,
    /// What the newest evaluation that was held against an earlier file says of drift.
    pub drift: Option<Drifted>,
    /// The next thing due, in words.
    pub due: Option<String>,
}

/// What is approved and what runs in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub environment: EnvironmentName,
    pub approved: Option<(i32, ReleaseId)>,
    pub approved_until: Option<DateTime<Utc>>,
    pub running: Option<i32>,
}

/// The newest evaluation in three numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    pub evaluation: EvaluationId,
    pub number: i32,
    pub at: DateTime<Utc>,
    /// People behind the numbers; none where the evaluation is older than this column.
    pub rows: Option<u64>,
    pub roc_auc: Option<f64>,
    pub accuracy: Option<f64>,
    pub impact_ratio: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    pub rows: Vec<Row>,
    pub next: Option<String>,
    pub total: i64,
    pub environments: Vec<EnvironmentName>,
    pub can_create: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub row: Row,
    pub versions: Vec<VersionRow>,
    pub history: Vec<super::audit::Entry>,
    /// Drift from one file, oldest first.
    pub drift: Vec<Drifted>,
    pub can_register: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionRow {
    pub number: i32,
    pub digest: String,
    pub changes: String,
    pub registered_by: Name,
    pub registered_at: DateTime<Utc>,
    pub evaluations: i64,
    /// The newest release's state and environment.
    pub release: Option<(ReleaseId, crate::release::State, EnvironmentName)>,
}
