//! Evaluations from the pages: predictions go in, reports come out.
use crate::{
    asked::{Asker, SignedIn},
    columns::Named,
    doors::{Form, sheet},
    download::{self, Kind},
    problem::Problem,
    rest::extract::Path,
    served::Served,
    upload::{self, Upload},
};
use assess::Assessment;
use axum::{
    body::Body,
    extract::{Multipart, State},
    response::Response,
};
use backend::evaluation::{Predictions, Sent};
use domain::{
    id::EvaluationId,
    model::ModelName,
    refusal::Invalid,
    view::evaluation::{Evaluation, Job},
};
use std::time::Duration;
use tower_sessions::Session;

/// How long a page waits for its report before it shows how far the computing is. Most files are done by then.
const A_MOMENT: Duration = Duration::from_secs(2);

/// Takes predictions and leads to their report.
pub async fn evaluate(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    session: Session,
    Path((model, number)): Path<(ModelName, i32)>,
    form: Multipart,
) -> Response {
    let page = format!("/models/{model}/versions/{number}/evaluate");
    let form_of = Form {
        session: &session,
        person: asker.actor.id,
        page,
    };
    if let Err(problem) = asker.may_add(&served, "evaluate_version", &model, number).await {
        return form_of.refused(crate::kept::Fields::new(), problem).await;
    }
    let mut upload = match upload::receive(&served, form).await {
        Ok(upload) => upload,
        Err(problem) => return form_of.refused(crate::kept::Fields::new(), problem).await,
    };
    match judge(&served, &asker, &model, number, &mut upload, A_MOMENT).await {
        Ok(job) => match job.evaluation {
            Some(id) => form_of.accepted(&format!("/evaluations/{id}")).await,
            None => form_of.accepted(&format!("/jobs/{}", job.id)).await,
        },
        Err(problem) => form_of.refused(upload.fields, problem).await,
    }
}

/// Has an uploaded file evaluated by the columns that its form names, and waits a while for what comes of it. Where
/// nothing comes of it, the form's fields name the job, whose file can be evaluated once more.
pub(crate) async fn judge(
    served: &Served,
    asker: &Asker,
    model: &ModelName,
    number: i32,
    upload: &mut Upload,
    patience: Duration,
) -> Result<Job, Problem> {
    let asked = named(upload).asked().map_err(Problem::field)?;
    let earlier = upload.field("job").parse().ok();
    let predictions = match (&upload.file, earlier) {
        (None, Some(job)) if upload.refused.is_none() => Predictions::OfJob(job),
        _ => {
            let (name, file) = upload.take_file()?;
            Predictions::Arrived { name, file }
        }
    };
    let sent = Sent {
        predictions,
        asked,
        baseline: baseline(upload.field("baseline"))?,
    };
    let job = computed(served, asker, model, number, sent, patience).await?;
    upload.fields.insert("job".into(), vec![job.id.to_string()]);
    upload
        .fields
        .insert("job_file".into(), vec![job.file_name.clone()]);
    match backend::evaluation::outcome(&job) {
        Some(Err(failure)) => Err(failure.into()),
        _ => Ok(job),
    }
}

/// The job of a file as it stands when it is over, or when patience has run out.
pub(crate) async fn computed(
    served: &Served,
    asker: &Asker,
    model: &ModelName,
    number: i32,
    sent: Sent,
    patience: Duration,
) -> Result<Job, Problem> {
    let portal = served.portal();
    let asked = backend::evaluation::ask(portal, &asker.actor, model, number, sent).await;
    let id = asker.answer(served, "evaluate_version", asked).await?;
    Ok(backend::evaluation::wait(portal, &asker.actor, id, patience).await?)
}

/// The evaluation that drift is measured from, if one is named.
pub(crate) fn baseline(text: &str) -> Result<Option<EvaluationId>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong = || Problem::field(Invalid::new("baseline", "Name an evaluation by its number."));
    text.trim().parse().map(Some).map_err(|_| wrong())
}

fn named(upload: &Upload) -> Named {
    let field = |name: &str| upload.field(name).to_owned();
    Named {
        label: field("label"),
        prediction: field("prediction"),
        score: field("score"),
        // Checkboxes send one value each, a text field all of them.
        protected: upload
            .fields
            .get("protected")
            .map(|all| all.join(","))
            .unwrap_or_default(),
        favourable: field("favourable"),
        positive: field("positive"),
        reference: field("reference"),
        threshold: field("threshold"),
        task: field("task"),
        weight: field("weight"),
        slices: field("slices"),
        features: field("features"),
        id: field("id"),
        together: field("together"),
    }
}

async fn found(served: &Served, asker: &Asker, id: EvaluationId) -> Result<Evaluation, Problem> {
    Ok(backend::evaluation::page(served.portal(), &asker.actor, id).await?)
}

/// An evaluation with its report read.
async fn reported(
    served: &Served,
    asker: &Asker,
    id: EvaluationId,
) -> Result<(Evaluation, Assessment), Problem> {
    let evaluation = found(served, asker, id).await?;
    let report = Assessment::from_json(evaluation.report.as_bytes()).map_err(Problem::broken)?;
    Ok((evaluation, report))
}

/// Makes a file that takes its time when the press is free: a large report costs much, so not many at once.
pub(super) async fn pressed<E: ToString + Send + 'static>(
    served: &Served,
    make: impl FnOnce() -> Result<Vec<u8>, E> + Send + 'static,
) -> Result<Vec<u8>, Problem> {
    let turn = served.press().acquire_owned().await.map_err(Problem::broken)?;
    let making = tokio::task::spawn_blocking(move || {
        let _turn = turn; // held to the end even if the reader leaves: making can't be called off
        make()
    });
    making.await.map_err(Problem::broken)?.map_err(Problem::broken)
}

fn file_name(evaluation: &Evaluation, extension: &str) -> String {
    format!(
        "{}-{}-report-{}.{extension}",
        evaluation.model, evaluation.number, evaluation.row.id
    )
}

/// The report, byte for byte what its digest is taken over.
pub async fn json(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let evaluation = found(&served, &asker, id).await?;
    Ok(download::whole(
        Kind::Json,
        &file_name(&evaluation, "json"),
        evaluation.report,
    ))
}

/// The report as one table.
pub async fn csv(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let (evaluation, report) = reported(&served, &asker, id).await?;
    Ok(download::whole(
        Kind::Csv,
        &file_name(&evaluation, "csv"),
        assess::export::to_csv(&report),
    ))
}

/// The report as a workbook, a sheet a table.
pub async fn xlsx(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let (evaluation, report) = reported(&served, &asker, id).await?;
    let digest = evaluation.row.report_digest.clone();
    let bytes = pressed(&served, move || assess::export::to_xlsx_with(&report, &digest)).await?;
    Ok(download::whole(
        Kind::Xlsx,
        &file_name(&evaluation, "xlsx"),
        bytes,
    ))
}

/// The report on paper.
pub async fn pdf(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let (evaluation, report) = reported(&served, &asker, id).await?;
    let sheet = sheet::of(&evaluation, &report);
    let bytes = pressed(&served, move || paper::pdf(&sheet)).await?;
    Ok(download::whole(Kind::Pdf, &file_name(&evaluation, "pdf"), bytes))
}

/// The predictions as they were sent.
pub async fn predictions(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<EvaluationId>,
) -> Result<Response, Problem> {
    let (name, bytes) = backend::evaluation::file(served.portal(), &asker.actor, id).await?;
    Ok(download::stream(Kind::Unknown, &name, Body::from_stream(bytes)))
}
