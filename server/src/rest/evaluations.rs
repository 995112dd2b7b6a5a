//! Evaluations: predictions in, a frozen report out.
use super::{
    caller::Caller,
    created,
    extract::{Path, Query},
};
use crate::{
    asked::Asker,
    columns::Named,
    doors,
    download::{self, Kind},
    problem::Problem,
    served::Served,
    upload,
};
use axum::{
    extract::{FromRequest, Multipart, Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{id::EvaluationId, model::ModelName};
use serde::Deserialize;
use serde_json::json;

/// For a body that is the file itself.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct RawFile {
    /// What the file is called.
    name: String,
}

impl Default for RawFile {
    fn default() -> Self {
        Self {
            name: "predictions.csv".into(),
        }
    }
}

/// Evaluates a form with a file, or a body that is the file with the columns named in the query.
pub async fn evaluate(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path((model, number)): Path<(ModelName, i32)>,
    Query(named): Query<Named>,
    Query(file): Query<RawFile>,
    request: Request,
) -> Result<Response, Problem> {
    asker.may_add(&served, "evaluate_version", &model, number).await?;
    let id = if is_multipart(&request) {
        let form = multipart(request).await?;
        let mut upload = upload::receive(&served, form).await?;
        doors::evaluation::judge(&served, &asker, &model, number, &mut upload).await?
    } else {
        raw(&served, &asker, &model, number, &named, &file.name, request).await?
    };
    let evaluation = backend::evaluation::page(served.portal(), &asker.actor, id).await?;
    Ok(created(&format!("/api/v1/evaluations/{id}"), evaluation.row))
}

async fn raw(
    served: &Served,
    asker: &Asker,
    model: &ModelName,
    number: i32,
    named: &Named,
    name: &str,
    request: Request,
) -> Result<EvaluationId, Problem> {
    let columns = named.columns().map_err(Problem::field)?;
    let body = request.into_body().into_data_stream();
    let file = served
        .portal()
        .files()
        .receive(body, served.upload_limit())
        .await?;
    let name = upload::plain_name(name);
    let outcome =
        backend::evaluation::evaluate(served.portal(), &asker.actor, model, number, &name, file, columns)
            .await;
    asker.answer(served, "evaluate_version", outcome).await
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
