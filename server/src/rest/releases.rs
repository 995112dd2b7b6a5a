//! Releases: asked for here, decided by people.
use super::{
    caller::Caller,
    created,
    extract::{Json, Path, Query},
    paging,
};
use crate::{problem::Problem, served::Served};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{environment::EnvironmentName, id::ReleaseId, model::ModelName};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRelease {
    model: ModelName,
    version: i32,
    environment: EnvironmentName,
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    /// `open`, `approved`, `refused` or `withdrawn`; all of them where it is empty.
    state: String,
    before: Option<i64>,
}

/// A page of releases, newest first.
pub async fn list(
    State(served): State<Served>,
    Caller(asker): Caller,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let page = backend::release::list(served.portal(), &asker.actor, &which.state, which.before).await?;
    let cursor = page.next.map(|next| ("before", next));
    Ok(paging::page(
        page.rows,
        "/api/v1/releases",
        &[("state", &which.state)],
        cursor,
    ))
}

/// Asks for a version to run in an environment. The policy in force is frozen, and its gates run at once.
pub async fn request(
    State(served): State<Served>,
    Caller(asker): Caller,
    Json(new): Json<NewRelease>,
) -> Result<Response, Problem> {
    let NewRelease {
        model,
        version,
        environment,
        reason,
    } = new;
    let outcome = backend::release::request(
        served.portal(),
        &asker.actor,
        &model,
        version,
        &environment,
        &reason,
    )
    .await;
    let id = asker.answer(&served, "request_release", outcome).await?;
    let release = backend::release::page(served.portal(), &asker.actor, id).await?;
    let body = json!({ "id": id, "dossier_digest": release.dossier_digest, "gates": release.gates, "rules": release.rules });
    Ok(created(&format!("/api/v1/releases/{id}"), body))
}

/// A release with its rules, gates, reviews and signatures.
pub async fn show(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<ReleaseId>,
) -> Result<Response, Problem> {
    let release = backend::release::page(served.portal(), &asker.actor, id).await?;
    Ok(axum::Json(release).into_response())
}
