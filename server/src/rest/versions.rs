//! Versions of a model: registered once, and never changed.
use super::{
    caller::Caller,
    created,
    extract::{Body, Path},
    paging,
};
use crate::{
    download::{self, Kind},
    problem::Problem,
    served::Served,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use backend::Failure;
use domain::{manifest::Manifest, model::ModelName};
use serde_json::json;

/// All versions, newest first.
pub async fn list(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(model): Path<ModelName>,
) -> Result<Response, Problem> {
    let versions = backend::model::page(served.portal(), &asker.actor, &model)
        .await?
        .versions;
    Ok(paging::page(versions, "", &[], None))
}

/// Registers the manifest in the body.
pub async fn register(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(model): Path<ModelName>,
    Body(body): Body,
) -> Result<Response, Problem> {
    let manifest = Manifest::parse(&body).map_err(Failure::Invalid)?;
    let outcome = backend::version::register(served.portal(), &asker.actor, &model, manifest).await;
    let number = asker.answer(&served, "register_version", outcome).await?;
    let (_, digest) = backend::version::manifest(served.portal(), &asker.actor, &model, number).await?;
    let location = format!("/api/v1/models/{model}/versions/{number}");
    Ok(created(
        &location,
        json!({ "model": model, "number": number, "digest": digest }),
    ))
}

/// A version, with what is known of it.
pub async fn show(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path((model, number)): Path<(ModelName, i32)>,
) -> Result<Response, Problem> {
    let version = backend::version::page(served.portal(), &asker.actor, &model, number).await?;
    Ok(axum::Json(version).into_response())
}

/// The manifest's canonical JSON, whose SHA-256 is the version's digest.
pub async fn manifest(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path((model, number)): Path<(ModelName, i32)>,
) -> Result<Response, Problem> {
    let (json, _) = backend::version::manifest(served.portal(), &asker.actor, &model, number).await?;
    Ok(download::whole(
        Kind::Json,
        &format!("{model}-{number}-manifest.json"),
        json,
    ))
}
