//! Evaluations: from a predictions file to a frozen report, and the report's page.
//!
//! Computing takes a while, so that it is a [`job`]: whoever asks for it is answered at once, and a [worker](work) of any
//! portal on the database takes it.
mod job;
pub(crate) mod sql;
mod work;

pub use job::{Predictions, Sent, ask, cancel, show, wait};
pub use work::{AT_ONCE, now, work, work_once};

use crate::{Failure, Portal, assessment, policy, version};
use bytes::Bytes;
use domain::{
    Actor, Refusal,
    id::EvaluationId,
    model::ModelName,
    view::evaluation::{Drifted, Evaluation, Job, Row},
};
use futures::stream::BoxStream;

/// What came of a job that is over: its evaluation, or why there is none.
pub fn outcome(job: &Job) -> Option<Result<EvaluationId, Failure>> {
    if let Some(id) = job.evaluation {
        return Some(Ok(id));
    }
    let refusal = match &job.failure {
        Some(why) => Refusal::Predictions(why.clone()),
        None if job.state.is_over() => Refusal::JobOver(job.id),
        None => return None,
    };
    Some(Err(refusal.into()))
}

/// A report, with what it belongs to.
pub async fn page(portal: &Portal, _: &Actor, id: EvaluationId) -> Result<Evaluation, Failure> {
    let pool = portal.pool();
    let found = sql::find(pool, id).await?.ok_or(Failure::NotFound)?;
    let facts = assessment::facts(&found.report)?;
    let gates = match policy::in_force(pool, found.tier).await? {
        Some(policy) => policy.rules.gates.iter().map(|gate| gate.judge(&facts)).collect(),
        None => Vec::new(),
    };
    let baseline = version::sql::baseline(pool, &found.model, found.number).await?;
    Ok(Evaluation {
        row: found.row,
        tier: found.tier,
        number: found.number,
        version_digest: found.version_digest,
        report: found.report,
        gates,
        signatures: sql::signatures(pool, id).await?,
        baseline: baseline.and_then(|baseline| Some((baseline.evaluation?, baseline.number))),
        drift: drift(portal, &found.model, Some(id)).await?,
        model: found.model,
    })
}

/// Drift over a model's evaluations up to one of them, or to the newest: as far back as it is measured from one file, for
/// from two files there is no one line. Oldest first.
pub(crate) async fn drift(
    portal: &Portal,
    model: &ModelName,
    until: Option<EvaluationId>,
) -> Result<Vec<Drifted>, Failure> {
    let mut drifted = sql::drifted(portal.pool(), model, until).await?;
    if let Some(from) = drifted.first().map(|newest| newest.drift.from.clone()) {
        drifted.retain(|each| each.drift.from == from);
    }
    drifted.reverse();
    Ok(drifted)
}

/// The evaluations of a model that drift can be measured from, newest first: the number, and what it is in words.
pub async fn baselines(
    portal: &Portal,
    _: &Actor,
    model: &ModelName,
) -> Result<Vec<(String, String)>, Failure> {
    Ok(sql::of_model(portal.pool(), model).await?)
}

/// The evaluation that one was held against, if it was held against any.
pub async fn held_against(
    portal: &Portal,
    _: &Actor,
    id: EvaluationId,
) -> Result<Option<EvaluationId>, Failure> {
    Ok(sql::held_against(portal.pool(), id).await?)
}

/// The predictions, as they were sent: the name and the bytes.
pub async fn file(
    portal: &Portal,
    _: &Actor,
    id: EvaluationId,
) -> Result<(String, BoxStream<'static, object_store::Result<Bytes>>), Failure> {
    let row = sql::find(portal.pool(), id).await?.ok_or(Failure::NotFound)?.row;
    let bytes = portal.files().read(&row.file_digest).await?;
    Ok((row.file_name, bytes))
}

/// A stored evaluation, with what it is of.
struct Found {
    row: Row,
    model: ModelName,
    tier: domain::model::Tier,
    number: i32,
    version_digest: String,
    report: String,
}

#[cfg(test)]
mod tests;
