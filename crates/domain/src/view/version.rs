//! One version: what it is, and what is known of it.
use super::{Name, evaluation, model::Standing};
use crate::{
    id::{EvidenceId, ReleaseId},
    manifest::Manifest,
    model::{ModelName, Tier},
    release::{Rule, State},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub model: ModelName,
    pub purpose: String,
    pub tier: Tier,
    pub number: i32,
    pub digest: String,
    pub manifest: Manifest,
    pub registered_by: Name,
    pub registered_at: DateTime<Utc>,
    pub evaluations: Vec<evaluation::Row>,
    /// Evaluations under way, failed or called off.
    pub jobs: Vec<evaluation::Job>,
    pub evidence: Vec<Evidence>,
    pub releases: Vec<super::release::Row>,
    pub deployments: Vec<super::deployment::Row>,
    pub standings: Vec<Standing>,
    /// What a release would have to meet now: of the newest open release, or of the policy in force.
    pub readiness: Vec<Rule>,
    pub readiness_of: Option<(ReleaseId, State)>,
    /// The last approved version before this one, and its manifest.
    pub baseline: Option<(i32, Manifest)>,
    pub regressions: Vec<evaluation::Change>,
    pub environments: Vec<crate::environment::EnvironmentName>,
    pub history: Vec<super::audit::Entry>,
    /// Whether the reader may evaluate, add evidence and ask for a release.
    pub can_work: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub id: EvidenceId,
    pub kind: String,
    pub title: String,
    pub statement: String,
    pub file_name: Option<String>,
    pub digest: String,
    pub expires_on: Option<NaiveDate>,
    pub added_by: Name,
    pub added_at: DateTime<Utc>,
}
