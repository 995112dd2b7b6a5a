//! An immutable result computed from a predictions file.
pub mod job;

use crate::{
    actor::Engineer,
    audit::{Entry, Subject, SubjectKind, event},
    id::{EvaluationId, PersonId, VersionId},
    model::ModelName,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What was computed, and from which bytes.
#[derive(Debug)]
pub struct Result {
    pub id: EvaluationId,
    pub version: VersionId,
    pub model: ModelName,
    pub number: i32,
    pub file_name: String,
    /// SHA-256 of the predictions file, as 64 hexadecimal digits.
    pub file_digest: String,
    pub file_bytes: i64,
    /// RFC 8785 text of the report.
    pub report: String,
    /// SHA-256 of `report`, as 64 hexadecimal digits.
    pub report_digest: String,
    /// The report's first sentence.
    pub verdict: String,
    pub measured: Measured,
    /// None where it was not asked for.
    pub drift: Option<Drift>,
}

/// The three numbers that lists show; the report has them with their intervals, and all others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// People behind the numbers.
    pub rows: u64,
    pub roc_auc: Option<f64>,
    pub accuracy: Option<f64>,
    pub impact_ratio: Option<f64>,
}

/// How far each column had moved from an earlier file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// SHA-256 of the earlier file, as 64 hexadecimal digits.
    pub from: String,
    /// Each column with its population stability index, where it has one.
    pub columns: Vec<(String, Option<f64>)>,
}

impl Drift {
    /// The column that has moved the most, with its index.
    pub fn most(&self) -> Option<(&str, f64)> {
        let measured = self
            .columns
            .iter()
            .filter_map(|(name, psi)| Some((name.as_str(), (*psi)?)));
        measured.max_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// The index of a column.
    pub fn of(&self, column: &str) -> Option<f64> {
        self.columns.iter().find(|(name, _)| name == column)?.1
    }
}

impl Engineer<'_> {
    pub fn evaluate(&self, result: Result) -> Evaluated {
        Evaluated {
            result,
            by: self.id(),
        }
    }
}

/// A version was evaluated.
#[derive(Debug)]
pub struct Evaluated {
    result: Result,
    by: PersonId,
}

impl Evaluated {
    pub fn result(&self) -> &Result {
        &self.result
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
}

event!(Evaluated, |e| Entry::new(
    "version.evaluated",
    Subject::new(SubjectKind::Evaluation, e.result.id),
    format!(
        "evaluated {} {}, report {}",
        e.result.model, e.result.number, e.result.id
    ),
)
.of_model(&e.result.model)
.after(json!({
    "file": e.result.file_name, "file_digest": e.result.file_digest, "bytes": e.result.file_bytes,
    "report_digest": e.result.report_digest, "verdict": e.result.verdict,
})));
