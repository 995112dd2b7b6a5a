//! A report with what it belongs to. The report itself is the assessment engine's type.
use super::Name;
use crate::{
    evaluation::{Drift, job::State},
    fact::Fact,
    id::{EvaluationId, JobId},
    model::{ModelName, Tier},
    refusal::Invalid,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: EvaluationId,
    pub file_name: String,
    pub file_digest: String,
    pub file_bytes: i64,
    pub report_digest: String,
    pub verdict: String,
    pub evaluated_by: Name,
    pub evaluated_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub row: Row,
    pub model: ModelName,
    pub tier: Tier,
    pub number: i32,
    pub version_digest: String,
    /// Canonical JSON of the report: its SHA-256 is the report's digest.
    pub report: String,
    /// Gates of the policy in force for the model's tier, judged on this report.
    pub gates: Vec<crate::policy::Outcome>,
    /// Signatures on releases that stand on this evaluation.
    pub signatures: Vec<super::release::Signature>,
    /// The evaluation of the last approved version before this one.
    pub baseline: Option<(EvaluationId, i32)>,
    /// Drift of this and of earlier evaluations of the model from the same file, oldest first.
    pub drift: Vec<Drifted>,
}

/// What one evaluation of a model says of drift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drifted {
    pub evaluation: EvaluationId,
    pub number: i32,
    pub at: DateTime<Utc>,
    /// Rows of the newer file.
    pub rows: Option<u64>,
    pub drift: Drift,
}

/// An evaluation on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub model: ModelName,
    pub number: i32,
    pub file_name: String,
    pub file_digest: String,
    pub file_bytes: i64,
    /// What is asked of the file, as the assessment engine takes it.
    pub asked: serde_json::Value,
    /// The evaluation that drift is measured from.
    pub baseline: Option<EvaluationId>,
    pub state: State,
    pub progress: Progress,
    /// Why nothing came of it.
    pub failure: Option<Invalid>,
    pub evaluation: Option<EvaluationId>,
    pub asked_by: Name,
    pub asked_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// How far the computing of a file has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub bytes: i64,
    pub rows: i64,
}

/// How a fact moved between two evaluations, worst first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub now: Fact,
    pub before: Option<f64>,
    pub verdict: Moved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moved {
    Worse,
    /// The wrong way, with no interval to tell it from chance.
    Unjudged,
    /// Measured on one side only.
    NotComparable,
    NoClearChange,
    Better,
}
