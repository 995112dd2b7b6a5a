//! The interface for programs, under `/api/v1`: bearer tokens in, JSON out, problem details when something is wrong.
//!
//! A file a noun. What needs a signature is not offered: signing takes the person and their password, on the pages.
pub mod attestations;
pub mod audit;
pub mod caller;
pub mod deployments;
pub mod evaluations;
pub mod evidence;
pub mod extract;
pub mod models;
pub mod paging;
pub mod releases;
pub mod versions;

use crate::{problem::Problem, served::Served};
use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Serialize;

/// Routes with small bodies, relative to `/api/v1`.
pub fn routes() -> Router<Served> {
    Router::new()
        .route("/models", get(models::list).post(models::create))
        .route("/models/{model}", get(models::show))
        .route(
            "/models/{model}/versions",
            get(versions::list).post(versions::register),
        )
        .route("/models/{model}/versions/{number}", get(versions::show))
        .route(
            "/models/{model}/versions/{number}/manifest",
            get(versions::manifest),
        )
        .route("/evaluations/{id}", get(evaluations::show))
        .route("/evaluations/{id}/report", get(evaluations::report))
        .route("/jobs/{id}", get(evaluations::job).delete(evaluations::cancel))
        .route("/releases", get(releases::list).post(releases::request))
        .route("/releases/{id}", get(releases::show))
        .route("/releases/{id}/attestation", get(attestations::of_release))
        .route("/releases/{id}/bundle", get(attestations::bundle))
        .route("/attestations/{digest}", get(attestations::of_version))
        .route("/releases/{id}/signatures", post(not_by_program))
        .route("/reviews/{id}/decision", post(not_by_program))
        .route("/deployments", post(deployments::deploy))
        .route("/deployments/{id}", get(deployments::show))
        .route("/audit", get(audit::list))
        .fallback(nowhere)
}

/// Routes that take files, relative to `/api/v1`.
pub fn uploads() -> Router<Served> {
    Router::new()
        .route(
            "/models/{model}/versions/{number}/evaluations",
            post(evaluations::evaluate),
        )
        .route("/models/{model}/versions/{number}/evidence", post(evidence::add))
}

async fn nowhere() -> Problem {
    Problem::not_found()
}

async fn not_by_program(_: caller::Caller) -> Problem {
    let detail = "Signing isn't offered to programs: a signature is a person's, given on the release's or review's page with \
                  the password given again.";
    Problem::new(
        StatusCode::FORBIDDEN,
        "signing-takes-a-person",
        "Signing takes a person",
        detail,
    )
}

/// Something was made, and where it is.
fn created(location: &str, body: impl Serialize) -> Response {
    (
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        axum::Json(body),
    )
        .into_response()
}
