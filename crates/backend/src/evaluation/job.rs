//! Asking for an evaluation, seeing how far it is, and calling it off.
use super::{outcome, sql};
use crate::{Failure, Portal, change::Unrecorded, files, files::Arrived, portal::News, version};
use assess::Asked;
use domain::{
    Actor, Refusal,
    evaluation::job::MOST_WAITING,
    id::{EvaluationId, JobId},
    model::ModelName,
    refusal::Invalid,
    view::evaluation::Job,
};
use std::time::Duration;
use tokio::{sync::broadcast::error::RecvError, time};

/// News can come from another portal on the same database, which this one doesn't hear: it looks by itself too.
const LOOK: Duration = Duration::from_secs(1);

/// What somebody sends to be evaluated.
pub struct Sent {
    pub predictions: Predictions,
    pub asked: Asked,
    /// The evaluation of the same model that drift is measured from.
    pub baseline: Option<EvaluationId>,
}

/// A file of predictions: one that has just come in, or that of an earlier job of the same version.
pub enum Predictions {
    Arrived { name: String, file: Arrived },
    OfJob(JobId),
}

/// Keeps the file and has its report computed. What comes of it is in the record: a report, or why there is none.
pub async fn ask(
    portal: &Portal,
    actor: &Actor,
    model: &ModelName,
    number: i32,
    sent: Sent,
) -> Result<JobId, Failure> {
    actor.as_engineer()?;
    let version = version::sql::find(portal.pool(), model, number)
        .await?
        .ok_or(Failure::NotFound)?
        .id;
    if let Some(baseline) = sent.baseline {
        let of_model = super::sql::find(portal.pool(), baseline).await?;
        if of_model.is_none_or(|found| found.model != *model) {
            let message = format!("There is no evaluation {baseline} of {model} to measure drift from.");
            return Err(Invalid::new("baseline", message).into());
        }
    }
    let file = match sent.predictions {
        Predictions::Arrived { name, file } => {
            portal.files().keep(&file).await?;
            sql::job::File {
                name: files::plain_name(&name),
                digest: file.digest().to_string(),
                bytes: i64::try_from(file.bytes()).unwrap_or(i64::MAX),
            }
        }
        Predictions::OfJob(job) => sql::job::file(portal.pool(), version, job)
            .await?
            .ok_or(Failure::NotFound)?,
    };
    let mut change = portal.change(actor).await?;
    if sql::job::waiting_of(change.conn(), actor.id).await? >= MOST_WAITING {
        return Err(Refusal::TooManyWaiting(MOST_WAITING).into());
    }
    let asked = serde_json::to_value(&sent.asked)?;
    let (conn, now) = (change.conn(), portal.now());
    let job = sql::job::insert(conn, version, &file, &asked, sent.baseline, actor.id, now).await?;
    change.keep(Unrecorded::Waiting).await?;
    portal.computing().notify_one();
    Ok(job)
}

/// A job, and how far it is.
pub async fn show(portal: &Portal, _: &Actor, id: JobId) -> Result<Job, Failure> {
    sql::job::find(portal.pool(), id).await?.ok_or(Failure::NotFound)
}

/// A job as it stands when it is over, or after this long.
pub async fn wait(portal: &Portal, actor: &Actor, id: JobId, at_most: Duration) -> Result<Job, Failure> {
    let mut news = portal.news();
    let late = time::sleep(at_most);
    tokio::pin!(late);
    loop {
        let job = show(portal, actor, id).await?;
        if outcome(&job).is_some() {
            return Ok(job);
        }
        let look = time::sleep(LOOK);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = &mut late => return show(portal, actor, id).await,
                () = &mut look => break,
                told = news.recv() => match told {
                    Ok(News::Job(other)) if other != id => {}
                    Ok(News::Deployment(_)) => {}
                    Ok(News::Job(_)) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return Ok(job),
                },
            }
        }
    }
}

/// Calls a job off. What a worker has computed of it by then is thrown away.
pub async fn cancel(portal: &Portal, actor: &Actor, id: JobId) -> Result<(), Failure> {
    let engineer = actor.as_engineer()?;
    let mut change = portal.change(actor).await?;
    let (job, state) = sql::job::lock(change.conn(), id)
        .await?
        .ok_or(Failure::NotFound)?;
    let cancelled = engineer.cancel(job, state)?;
    let now = change.now();
    sql::job::cancel(change.conn(), cancelled.job().id, now).await?;
    change.commit(&cancelled).await?;
    portal.tell(News::Job(id));
    Ok(())
}
