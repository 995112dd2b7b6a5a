//! A deployment's permit, as targets read it.
use crate::{
    asked::SignedIn,
    download::{self, Kind},
    problem::Problem,
    rest::extract::Path,
    served::Served,
};
use axum::{extract::State, response::Response};
use domain::id::DeploymentId;

pub async fn permit(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<DeploymentId>,
) -> Result<Response, Problem> {
    let permit = backend::deployment::permit_of(served.portal(), &asker.actor, id).await?;
    Ok(download::whole(Kind::Json, &format!("permit-{id}.json"), permit))
}
