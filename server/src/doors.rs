//! What people reach from the pages that is no page: uploads, downloads and live streams.
pub mod audit;
pub mod bundle;
pub mod deployment;
pub mod evaluation;
pub mod events;
pub mod evidence;
pub mod log;
pub mod sheet;
pub mod version;

use crate::{
    kept::{self, Fields},
    problem::Problem,
    served::Served,
};
use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::id::PersonId;
use tower_sessions::Session;

/// Downloads: nothing here takes a body.
pub fn downloads() -> Router<Served> {
    Router::new()
        .route(
            "/models/{model}/versions/{number}/manifest.json",
            get(version::manifest),
        )
        .route("/evaluations/{id}/report.json", get(evaluation::json))
        .route("/evaluations/{id}/report.csv", get(evaluation::csv))
        .route("/evaluations/{id}/report.xlsx", get(evaluation::xlsx))
        .route("/evaluations/{id}/report.pdf", get(evaluation::pdf))
        .route("/evaluations/{id}/predictions", get(evaluation::predictions))
        .route("/evidence/{id}/file", get(evidence::file))
        .route("/deployments/{id}/permit.json", get(deployment::permit))
        .route("/releases/{id}/bundle.zip", get(bundle::release))
        .route("/releases/{id}/attestation.json", get(bundle::attestation))
        .route("/models/{model}/bundle.zip", get(bundle::model))
        .route("/audit/bundle.zip", get(bundle::entries))
        .route("/audit/entries/{id}/proof.json", get(audit::proof))
        .route("/audit.csv", get(audit::csv))
        .route("/audit.json", get(audit::json))
}

/// The log, as C2SP tlog-tiles has it.
pub fn log() -> Router<Served> {
    Router::new()
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/tile/entries/{*rest}", get(log::entries))
        .route("/log/tile/{level}/{*rest}", get(log::tile))
}

/// Uploads: their bodies are large, and may take their time.
pub fn uploads() -> Router<Served> {
    Router::new()
        .route(
            "/models/{model}/versions/{number}/evaluations",
            post(evaluation::evaluate),
        )
        .route("/models/{model}/versions/{number}/evidence", post(evidence::add))
}

/// Streams that end when there is nothing more to say.
pub fn streams() -> Router<Served> {
    Router::new()
        .route("/deployments/{id}/events", get(events::deployment))
        .route("/jobs/{id}/events", get(events::job))
}

/// Someone on the pages who sends a form with a file: what is refused leads back to the form's page, filled in.
pub(crate) struct Form<'a> {
    pub session: &'a Session,
    pub person: PersonId,
    /// The page with the form.
    pub page: String,
}

impl Form<'_> {
    /// Leads on after the form was accepted; what was typed for it before is not shown again.
    pub async fn accepted(&self, next: &str) -> Response {
        match kept::forget(self.session, &self.page).await {
            Ok(()) => Redirect::to(next).into_response(),
            Err(error) => Problem::broken(error).into_response(),
        }
    }

    /// Leads back to the form. The reason is kept with the fields that it is about: the address only says that there
    /// is one, so that nobody can put words on the page by a link.
    pub async fn refused(&self, fields: Fields, problem: Problem) -> Response {
        if problem.status().is_server_error() {
            return problem.into_response();
        }
        let place = format!("{}?problem={}", self.page, problem.kind());
        let (person, problem) = (Some(self.person), Some(problem.into()));
        match kept::keep(self.session, person, &self.page, fields, problem).await {
            Ok(()) => Redirect::to(&place).into_response(),
            Err(error) => Problem::broken(error).into_response(),
        }
    }
}
