//! Deployments of approved releases.
use super::{
    caller::Caller,
    created,
    extract::{Json, Path},
};
use crate::{problem::Problem, served::Served};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::{DeploymentId, ReleaseId};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDeployment {
    release: ReleaseId,
}

/// Orders an approved release into its environment.
pub async fn deploy(
    State(served): State<Served>,
    Caller(asker): Caller,
    Json(new): Json<NewDeployment>,
) -> Result<Response, Problem> {
    let outcome = backend::deployment::deploy(served.portal(), &asker.actor, new.release).await;
    let id = asker.answer(&served, "deploy_release", outcome).await?;
    Ok(created(&format!("/api/v1/deployments/{id}"), json!({ "id": id })))
}

/// A deployment with its steps and its permit.
pub async fn show(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<DeploymentId>,
) -> Result<Response, Problem> {
    let deployment = backend::deployment::page(served.portal(), &asker.actor, id).await?;
    Ok(axum::Json(deployment).into_response())
}
