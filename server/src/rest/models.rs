//! Models.
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
use domain::{
    model::{Description, ModelName},
    view::model::Filter,
};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewModel {
    name: String,
    purpose: String,
    tier: String,
}

/// A page of the inventory.
pub async fn list(
    State(served): State<Served>,
    Caller(asker): Caller,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let inventory = backend::model::inventory(served.portal(), &asker.actor, &filter).await?;
    let query = [
        ("q", &*filter.q),
        ("tier", &*filter.tier),
        ("owner", &*filter.owner),
        ("environment", &*filter.environment),
        ("sort", &*filter.sort),
    ];
    Ok(paging::page(
        inventory.rows,
        "/api/v1/models",
        &query,
        inventory.next.map(|next| ("after", next)),
    ))
}

/// Opens a line of versions.
pub async fn create(
    State(served): State<Served>,
    Caller(asker): Caller,
    Json(new): Json<NewModel>,
) -> Result<Response, Problem> {
    let description = Description::new(&new.name, &new.purpose, &new.tier).map_err(Problem::field)?;
    let outcome = backend::model::create(served.portal(), &asker.actor, description).await;
    let name = asker.answer(&served, "create_model", outcome).await?;
    Ok(created(
        &format!("/api/v1/models/{name}"),
        json!({ "name": name }),
    ))
}

/// A model with its versions.
pub async fn show(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(name): Path<ModelName>,
) -> Result<Response, Problem> {
    let model = backend::model::page(served.portal(), &asker.actor, &name).await?;
    Ok(axum::Json(json!({ "model": model.row, "versions": model.versions })).into_response())
}
