//! The page that decisions are made on.
use super::{Name, audit, evaluation::Change};
use crate::{
    actor::Discipline,
    deployment,
    environment::EnvironmentName,
    id::{DeploymentId, EvaluationId, FindingId, ReleaseId, ReviewId},
    model::{ModelName, Tier},
    policy::{Outcome, Policy},
    release::{Dossier, Rule, State},
    review,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A row of the list of releases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: ReleaseId,
    pub model: ModelName,
    pub tier: Tier,
    pub number: i32,
    pub environment: EnvironmentName,
    pub state: State,
    pub reason: String,
    pub requested_by: Name,
    pub requested_at: DateTime<Utc>,
    pub approved_until: Option<DateTime<Utc>>,
    pub unmet: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    pub row: Row,
    pub version_digest: String,
    pub changes: String,
    pub policy: Policy,
    pub dossier: Dossier,
    pub dossier_digest: String,
    pub gates: Vec<Outcome>,
    pub gates_at: DateTime<Utc>,
    /// Every rule but the countersignature.
    pub rules: Vec<Rule>,
    pub reviews: Vec<Review>,
    pub findings: Vec<Finding>,
    pub signatures: Vec<Signature>,
    /// How many managers have countersigned, and how many must.
    pub quorum: (u8, u8),
    /// Facts against the last approved version, worst first; empty where there is none.
    pub regressions: Vec<Change>,
    pub baseline: Option<i32>,
    pub evaluation: Option<EvaluationId>,
    pub history: Vec<audit::Entry>,
    pub deployments: Vec<super::deployment::Row>,
    pub closing_note: Option<String>,
    pub can: Can,
}

/// What the reader may do now. A courtesy: the rules are asked again when they do it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Can {
    pub countersign: Act,
    pub refuse: Act,
    pub deploy: Act,
    pub withdraw: Act,
}

/// An act: not the reader's, open to them, or blocked for a reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Act {
    #[default]
    NotYours,
    Open,
    Blocked(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub id: ReviewId,
    pub discipline: Discipline,
    pub state: review::State,
    pub decided_by: Option<Name>,
    pub decided_at: Option<DateTime<Utc>>,
    pub rationale: Option<String>,
    pub answered: usize,
    pub questions: usize,
    /// Whether the reader may decide it.
    pub can: Act,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub id: FindingId,
    pub review: ReviewId,
    pub discipline: Discipline,
    pub severity: crate::finding::Severity,
    pub text: String,
    pub due_on: Option<NaiveDate>,
    pub raised_by: Name,
    pub raised_at: DateTime<Utc>,
    pub closed: Option<(Name, DateTime<Utc>, String)>,
    pub can_close: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    pub name: String,
    pub chair: String,
    pub decision: String,
    pub meaning: String,
    pub note: String,
    pub dossier_digest: String,
    pub at: DateTime<Utc>,
    pub voided: Option<(DateTime<Utc>, String)>,
}

/// A deployment just ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    pub deployment: DeploymentId,
    pub state: deployment::State,
}
