//! Home: what waits, and what runs.
use crate::{
    environment::EnvironmentName,
    id::{DeploymentId, EvaluationId, FindingId, ReleaseId, ReviewId},
    model::{ModelName, Tier},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    /// The longest wait first.
    pub on_me: Vec<Row>,
    /// The newest first; of many only these.
    pub on_others: Vec<Row>,
    /// How many wait on others in all.
    pub others: u64,
    pub due_soon: Vec<Due>,
    /// The newest first; of many only these.
    pub running: Vec<super::deployment::Row>,
    /// How many run in all.
    pub running_in_all: u64,
}

/// One release that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub release: ReleaseId,
    pub model: ModelName,
    pub tier: Tier,
    pub number: i32,
    pub environment: EnvironmentName,
    /// What changed, in one sentence: the requester's words.
    pub change: String,
    /// The first rule that fails, in words.
    pub worst: Option<String>,
    /// What got worst against the last approved version.
    pub regression: Option<super::evaluation::Change>,
    pub since: DateTime<Utc>,
    /// Who or what it waits for: "ethics reviewer", "Tomas Rivera (changes)", "manager".
    pub missing: Vec<String>,
    /// The act that is the reader's, where it is theirs.
    pub task: Option<Task>,
}

impl Row {
    /// A rollback to look at, rather than a release to decide on.
    pub fn is_rollback(&self) -> bool {
        matches!(self.task, Some(Task::SeeRollback(_)))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    Review(ReviewId, crate::actor::Discipline),
    Countersign,
    /// Changes were asked for, or a gate fails: the author's turn.
    PutRight,
    Deploy,
    /// A manager has to look at a rollback.
    SeeRollback(DeploymentId),
}

/// Something with a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    pub on: NaiveDate,
    pub what: String,
    pub release: Option<ReleaseId>,
    pub finding: Option<FindingId>,
    pub evaluation: Option<EvaluationId>,
    pub link: String,
}
