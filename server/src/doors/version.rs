//! A version's manifest as a file, byte for byte what its digest is taken over.
use crate::{
    asked::SignedIn,
    download::{self, Kind},
    problem::Problem,
    rest::extract::Path,
    served::Served,
};
use axum::{extract::State, response::Response};
use domain::model::ModelName;

pub async fn manifest(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path((model, number)): Path<(ModelName, i32)>,
) -> Result<Response, Problem> {
    let (json, _) = backend::version::manifest(served.portal(), &asker.actor, &model, number).await?;
    Ok(download::whole(
        Kind::Json,
        &format!("{model}-{number}-manifest.json"),
        json,
    ))
}
