//! The audit log, newest first.
use super::{caller::Caller, extract::Query, paging};
use crate::{problem::Problem, served::Served};
use axum::{extract::State, response::Response};
use domain::view::audit::Filter;

pub async fn list(
    State(served): State<Served>,
    Caller(asker): Caller,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let log = backend::audit::log(served.portal(), &asker.actor, &filter).await?;
    let query = [
        ("person", &*filter.person),
        ("action", &*filter.action),
        ("model", &*filter.model),
        ("release", &*filter.release),
        ("outcome", &*filter.outcome),
        ("from", &*filter.from),
        ("to", &*filter.to),
    ];
    Ok(paging::page(
        log.entries,
        "/api/v1/audit",
        &query,
        log.next.map(|next| ("before", next.to_string())),
    ))
}
