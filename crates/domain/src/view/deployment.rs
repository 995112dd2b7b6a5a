//! What runs where, and how it came there.
use super::Name;
use crate::{
    deployment::{Kind, State},
    environment::EnvironmentName,
    id::{DeploymentId, ReleaseId},
    model::{ModelName, Tier},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One execution, as a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: DeploymentId,
    pub release: ReleaseId,
    pub model: ModelName,
    pub tier: Tier,
    pub number: i32,
    pub environment: EnvironmentName,
    pub kind: Kind,
    pub state: State,
    pub reason: String,
    pub requested_by: Name,
    pub requested_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When it stopped being what runs.
    pub ended_at: Option<DateTime<Utc>>,
    pub outcome: Option<String>,
    /// Why what should be running does not answer.
    pub trouble: Option<String>,
    pub endpoint: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub name: String,
    /// `started`, `done`, `failed` or `log`.
    pub state: String,
    pub line: String,
}

/// A deployment's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    pub row: Row,
    pub version_digest: String,
    pub dossier_digest: String,
    pub permit_until: DateTime<Utc>,
    /// The permit as a DSSE envelope in JSON.
    pub permit: String,
    pub steps: Vec<Step>,
    /// The release that a rollback would go back to: its version's number and id.
    pub previous: Option<(i32, ReleaseId)>,
    pub can_roll_back: bool,
    /// A manager has to look at this rollback.
    pub can_see: bool,
    pub seen: Option<(Name, DateTime<Utc>)>,
}

/// What runs and what ran, of one model or of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// In order of promotion.
    pub environments: Vec<EnvironmentName>,
    /// What runs now, newest first; of many only the newest.
    pub live: Vec<Row>,
    /// How many run now in all.
    pub running: u64,
    pub recent: Vec<Row>,
    /// Of the models that are shown, newest first.
    pub approvals: Vec<Approval>,
    pub next: Option<i64>,
}

/// A version was let into an environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub release: ReleaseId,
    pub model: ModelName,
    pub number: i32,
    pub environment: EnvironmentName,
    pub at: DateTime<Utc>,
}
