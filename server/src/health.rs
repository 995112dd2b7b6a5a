//! `/healthz` and `/readyz`: whether the process is up, and whether it can do its work.
use crate::served::Served;
use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;

/// The process is up.
pub async fn healthz() -> impl IntoResponse {
    Json(json!({ "status": "up" }))
}

/// The database is reachable and migrated, and files can be kept.
pub async fn readyz(State(served): State<Served>) -> impl IntoResponse {
    let portal = served.portal();
    let database = match portal.is_ready().await {
        Ok(true) => "ready",
        Ok(false) => "not migrated",
        Err(failure) => {
            tracing::warn!(?failure, "the database is not ready");
            "unreachable"
        }
    };
    let files = if portal.files().is_ready().await {
        "ready"
    } else {
        "unusable"
    };
    let ready = database == "ready" && files == "ready";
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(
            json!({ "status": if ready { "ready" } else { "not ready" }, "database": database, "files": files }),
        ),
    )
}
