//! Evaluations: predictions in, a frozen report out.
use super::{
    caller::Caller,
    created,
    extract::{Path, Query},
};
use crate::{
    columns::Named,
    doors,
    download::{self, Kind},
    problem::Problem,
    served::Served,
    upload,
};
use axum::{
    extract::{FromRequest, Multipart, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::evaluation::{Predictions, Sent};
use domain::{
    id::{EvaluationId, JobId},
    model::ModelName,
    view::evaluation::Job,
};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// How long a caller waits who doesn't say, and how long at most: proxies in between give up after a minute.
const USUAL_PATIENCE: Duration = Duration::from_secs(20);
const LONGEST_PATIENCE: Duration = Duration::from_secs(50);

/// For a body that is the file itself.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct RawFile {
    /// What the file is called.
    name: String,
    /// The evaluation that drift is measured from.
    baseline: String,
}

impl Default for RawFile {
    fn default() -> Self {
        Self {
            name: "predictions.csv".into(),
            baseline: String::new(),
        }
    }
}

/// Evaluates a form with a file, or a body that is the file with the columns named in the query. Answers with the
/// evaluation, or, where that takes longer than the caller waits (RFC 7240), with the job that leads to it.
pub async fn evaluate(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path((model, number)): Path<(ModelName, i32)>,
    Query(named): Query<Named>,
    Query(file): Query<RawFile>,
    request: Request,
) -> Result<Response, Problem> {
    asker.may_add(&served, "evaluate_version", &model, number).await?;
    let patience = patience(request.headers());
    let job = if is_multipart(&request) {
        let form = multipart(request).await?;
        let mut upload = upload::receive(&served, form).await?;
        doors::evaluation::judge(&served, &asker, &model, number, &mut upload, patience).await?
    } else {
        let sent = raw(&served, &named, &file, request).await?;
        doors::evaluation::computed(&served, &asker, &model, number, sent, patience).await?
    };
    match backend::evaluation::outcome(&job) {
        Some(outcome) => {
            let id = outcome?;
            let evaluation = backend::evaluation::page(served.portal(), &asker.actor, id).await?;
            Ok(created(&format!("/api/v1/evaluations/{id}"), evaluation.row))
        }
        None => Ok(accepted(&job)),
    }
}

async fn raw(served: &Served, named: &Named, raw: &RawFile, request: Request) -> Result<Sent, Problem> {
    let asked = named.asked().map_err(Problem::field)?;
    let baseline = doors::evaluation::baseline(&raw.baseline)?;
    let body = request.into_body().into_data_stream();
    let file = served
        .portal()
        .files()
        .receive(body, served.upload_limit())
        .await?;
    let name = upload::plain_name(&raw.name);
    Ok(Sent {
        predictions: Predictions::Arrived { name, file },
        asked,
        baseline,
    })
}

/// How long the caller wants to wait, by `Prefer: wait=…` or `Prefer: respond-async`.
fn patience(headers: &HeaderMap) -> Duration {
    let preferences = headers
        .get_all("prefer")
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut patience = USUAL_PATIENCE;
    for preference in preferences.flat_map(|line| line.split([',', ';'])) {
        match preference.trim().split_once('=') {
            None if preference.trim().eq_ignore_ascii_case("respond-async") => patience = Duration::ZERO,
            Some((name, seconds)) if name.trim().eq_ignore_ascii_case("wait") => {
                let seconds = seconds.trim().trim_matches('"').parse().ok();
                patience = seconds.map_or(patience, Duration::from_secs);
            }
            _ => {}
        }
    }
    patience.min(LONGEST_PATIENCE)
}

/// Something is on its way, and where to look for it.
fn accepted(job: &Job) -> Response {
    let location = format!("/api/v1/jobs/{}", job.id);
    (
        StatusCode::ACCEPTED,
        [(header::LOCATION, location.as_str()), (header::RETRY_AFTER, "1")],
        axum::Json(job),
    )
        .into_response()
}

/// An evaluation on its way, or what came of it.
pub async fn job(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<JobId>,
) -> Result<Response, Problem> {
    let job = backend::evaluation::show(served.portal(), &asker.actor, id).await?;
    Ok(axum::Json(job).into_response())
}

/// Calls an evaluation on its way off.
pub async fn cancel(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<JobId>,
) -> Result<Response, Problem> {
    let outcome = backend::evaluation::cancel(served.portal(), &asker.actor, id).await;
    asker.answer(&served, "cancel_evaluation", outcome).await?;
    let job = backend::evaluation::show(served.portal(), &asker.actor, id).await?;
    Ok(axum::Json(job).into_response())
}

pub(super) fn is_multipart(request: &Request) -> bool {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

pub(super) async fn multipart(request: Request) -> Result<Multipart, Problem> {
    let form = Multipart::from_request(request, &()).await;
    form.map_err(|rejection| Problem::unreadable(rejection.status(), rejection.body_text()))
}

/// An evaluation with its gates, and its report as an object.
pub async fn show(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let evaluation = backend::evaluation::page(served.portal(), &asker.actor, id).await?;
    let report: serde_json::Value = serde_json::from_str(&evaluation.report).map_err(Problem::broken)?;
    let body = json!({
        "evaluation": evaluation.row, "model": evaluation.model, "number": evaluation.number,
        "version_digest": evaluation.version_digest, "gates": evaluation.gates, "report": report,
    });
    Ok(axum::Json(body).into_response())
}

/// The report's canonical JSON, whose SHA-256 is the report's digest.
pub async fn report(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let evaluation = backend::evaluation::page(served.portal(), &asker.actor, id).await?;
    Ok(download::whole(
        Kind::Json,
        &format!("report-{id}.json"),
        evaluation.report,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_caller_waits_as_long_as_it_prefers() {
        let asked = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", HeaderValue::from_static(line));
            patience(&headers)
        };
        assert_eq!(patience(&HeaderMap::new()), USUAL_PATIENCE);
        assert_eq!(asked("respond-async"), Duration::ZERO);
        assert_eq!(asked("return=minimal, wait=3"), Duration::from_secs(3));
        assert_eq!(asked("wait=86400"), LONGEST_PATIENCE);
        assert_eq!(asked("wait=soon"), USUAL_PATIENCE);
    }
}
