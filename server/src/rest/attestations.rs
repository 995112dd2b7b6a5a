//! Attestations of approved releases, by the digest of what was approved: for admission controllers and CI.
use super::{caller::Caller, extract::Path};
use crate::{doors, problem::Problem, served::Served};
use axum::{Json, extract::State, response::Response};
use backend::attestation;
use domain::{id::ReleaseId, refusal::Invalid};
use ledger::dsse::Envelope;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Attestations {
    /// In-toto statements in DSSE envelopes, of the approvals that hold now; the newest first.
    attestations: Vec<Envelope>,
}

/// Those of a version, by `sha256:` and the digest of its manifest. None is no error: nothing is approved.
pub async fn of_version(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(digest): Path<String>,
) -> Result<Json<Attestations>, Problem> {
    let wrong = || Invalid::new("digest", "Give the digest as sha256: and 64 hexadecimal digits.");
    let digest = digest.strip_prefix("sha256:").and_then(|hex| hex.parse().ok());
    let digest = digest.ok_or_else(|| backend::Failure::from(wrong()))?;
    let attestations = attestation::of_version(served.portal(), &asker.actor, digest).await?;
    Ok(Json(Attestations { attestations }))
}

pub async fn of_release(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<ReleaseId>,
) -> Result<Json<Envelope>, Problem> {
    Ok(Json(
        attestation::of_release(served.portal(), &asker.actor, id).await?,
    ))
}

/// The sealed bundle of a release.
pub async fn bundle(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<ReleaseId>,
) -> Result<Response, Problem> {
    doors::bundle::of_release(&served, &asker, id).await
}
