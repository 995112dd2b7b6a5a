//! The dossier: what a release stands on, part by part, each with its digest.
use crate::{
    environment::EnvironmentName,
    id::{EvaluationId, EvidenceId, PolicyId, ReleaseId},
    model::{ModelName, Tier},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The exact set of digests that a release stands on. Its own digest is what people sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    pub release: ReleaseId,
    pub model: ModelName,
    pub version: i32,
    pub version_digest: String,
    pub environment: EnvironmentName,
    pub policy: PolicyPart,
    pub evaluations: Vec<EvaluationPart>,
    pub evidence: Vec<EvidencePart>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPart {
    pub id: PolicyId,
    pub tier: Tier,
    pub number: i32,
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationPart {
    pub id: EvaluationId,
    pub file_digest: String,
    pub report_digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidencePart {
    pub id: EvidenceId,
    pub kind: String,
    pub title: String,
    pub digest: String,
    pub expires_on: Option<NaiveDate>,
}

/// First and last eight digits.
pub fn short(digest: &str) -> String {
    match (digest.get(..8), digest.get(digest.len().saturating_sub(8)..)) {
        (Some(head), Some(tail)) if digest.len() > 16 => format!("{head}…{tail}"),
        _ => digest.to_owned(),
    }
}
