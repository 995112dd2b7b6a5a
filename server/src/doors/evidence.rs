//! Evidence from the pages: a statement, with a file or without.
use crate::{
    asked::{Asker, SignedIn},
    doors::Form,
    download,
    problem::Problem,
    rest::extract::Path,
    served::Served,
    upload::{self, Upload},
};
use axum::{
    body::Body,
    extract::{Multipart, State},
    response::Response,
};
use domain::{evidence::Statement, id::EvidenceId, model::ModelName};
use tower_sessions::Session;

/// Takes evidence and leads back to the version.
pub async fn add(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    session: Session,
    Path((model, number)): Path<(ModelName, i32)>,
    form: Multipart,
) -> Response {
    let version = format!("/models/{model}/versions/{number}");
    let form_of = Form {
        session: &session,
        person: asker.actor.id,
        page: format!("{version}/evidence"),
    };
    if let Err(problem) = asker.may_add(&served, "add_evidence", &model, number).await {
        return form_of.refused(crate::kept::Fields::new(), problem).await;
    }
    let mut upload = match upload::receive(&served, form).await {
        Ok(upload) => upload,
        Err(problem) => return form_of.refused(crate::kept::Fields::new(), problem).await,
    };
    match keep(&served, &asker, &model, number, &mut upload).await {
        Ok(_) => form_of.accepted(&format!("{version}#evidence")).await,
        Err(problem) => form_of.refused(upload.fields, problem).await,
    }
}

/// Keeps the evidence of a form.
pub(crate) async fn keep(
    served: &Served,
    asker: &Asker,
    model: &ModelName,
    number: i32,
    upload: &mut Upload,
) -> Result<EvidenceId, Problem> {
    let (kind, title) = (upload.field("kind"), upload.field("title"));
    let statement = Statement::new(kind, title, upload.field("text"), upload.field("expires_on"))
        .map_err(Problem::field)?;
    let file = if upload.file.is_some() || upload.refused.is_some() {
        Some(upload.take_file()?)
    } else {
        None
    };
    let outcome = backend::evidence::add(served.portal(), &asker.actor, model, number, statement, file).await;
    asker.answer(served, "add_evidence", outcome).await
}

/// The file as it was sent.
pub async fn file(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<EvidenceId>,
) -> Result<Response, Problem> {
    let (name, bytes) = backend::evidence::file(served.portal(), &asker.actor, id).await?;
    Ok(download::stream(
        download::Kind::Unknown,
        &name,
        Body::from_stream(bytes),
    ))
}
