//! Sealed bundles and attestations, to be checked elsewhere.
mod cover;

use super::evaluation::pressed;
use crate::{
    asked::{Asker, SignedIn},
    download::{self, Kind},
    problem::Problem,
    rest::extract::{Path, Query},
    served::Served,
};
use axum::{body::Body, extract::State, response::Response};
use backend::{attestation, bundle};
use domain::{export::Taken, id::ReleaseId, model::ModelName, refusal::Invalid};
use futures::TryStreamExt;
use serde::Deserialize;
use std::io;

/// Which entries of the log, counted from 0, the last not included.
#[derive(Debug, Deserialize)]
pub struct Stretch {
    from: u64,
    to: u64,
}

pub async fn release(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<ReleaseId>,
) -> Result<Response, Problem> {
    of_release(&served, &asker, id).await
}

pub async fn model(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(model): Path<ModelName>,
) -> Result<Response, Problem> {
    let name = format!("{model}-bundle.zip");
    sealed(&served, &asker, Taken::Model(model), &name).await
}

pub async fn entries(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Query(Stretch { from, to }): Query<Stretch>,
) -> Result<Response, Problem> {
    if from >= to {
        let why = "Give the first entry and the one behind the last, counted from 0: from=0&to=100.";
        return Err(backend::Failure::from(Invalid::new("to", why)).into());
    }
    let name = format!("log-{from}-to-{to}-bundle.zip");
    sealed(&served, &asker, Taken::Entries { from, to }, &name).await
}

pub async fn attestation(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<ReleaseId>,
) -> Result<Response, Problem> {
    let envelope = attestation::of_release(served.portal(), &asker.actor, id).await?;
    let text = serde_json::to_vec(&envelope).map_err(Problem::broken)?;
    Ok(download::whole(
        Kind::Json,
        &format!("release-{id}-attestation.json"),
        text,
    ))
}

/// The bundle of a release, for a page or a program.
pub async fn of_release(served: &Served, asker: &Asker, id: ReleaseId) -> Result<Response, Problem> {
    let taken = bundle::of_release(served.portal(), id).await?;
    sealed(served, asker, taken, &format!("release-{id}-bundle.zip")).await
}

async fn sealed(served: &Served, asker: &Asker, taken: Taken, name: &str) -> Result<Response, Problem> {
    let gathered = bundle::gather(served.portal(), &asker.actor, taken).await?;
    let paper = cover::of(&gathered);
    let html = paper::html(&paper);
    let pdf = pressed(served, move || paper::pdf(&paper)).await?;
    let pieces = gathered.sealed(bundle::Cover { html, pdf });
    Ok(download::stream(
        Kind::Zip,
        name,
        Body::from_stream(pieces.map_err(io::Error::other)),
    ))
}
