//! One review: the questions, and the evidence beside them.
use super::release::{Act, Finding, Row, Signature};
use crate::{
    actor::Discipline,
    fact::Fact,
    id::{EvaluationId, ReviewId},
    manifest::Manifest,
    release::Dossier,
    review::{Answers, State},
    template::Template,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub id: ReviewId,
    pub discipline: Discipline,
    pub state: State,
    pub release: Row,
    pub template: Template,
    pub answers: Answers,
    pub drafted_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub rationale: Option<String>,
    pub findings: Vec<Finding>,
    pub signatures: Vec<Signature>,
    pub dossier: Dossier,
    pub dossier_digest: String,
    pub manifest: Manifest,
    pub evaluation: Option<EvaluationId>,
    /// The report's canonical JSON, for the tables and charts beside the questions.
    pub report: Option<String>,
    pub facts: Vec<Fact>,
    pub regressions: Vec<super::evaluation::Change>,
    pub baseline: Option<i32>,
    pub can: Act,
}

/// A row of the list of reviews.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewRow {
    pub id: ReviewId,
    pub discipline: Discipline,
    pub state: State,
    pub release: Row,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub mine: bool,
}
