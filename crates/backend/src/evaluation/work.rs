//! The worker: takes the file that has waited longest, computes its report, and freezes it.
//!
//! A worker holds its job by a lease. One that is killed loses it, and the next worker begins anew; a file that has cost
//! several workers their life is given up.
use super::{
    Sent, job,
    sql::{self, job::Taken},
};
use crate::{
    Failure, Portal, assessment, blocking, change::Unrecorded, files, person, portal::News, release, version,
};
use assess::{Asked, Assessment, Limits, Progress};
use chrono::TimeDelta;
use domain::{
    Actor, Refusal,
    evaluation::{self, job::Job},
    id::EvaluationId,
    model::ModelName,
    refusal::Invalid,
    view::evaluation::Progress as Seen,
};
use ledger::{canonical, digest::Digest};
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::sync::Semaphore;

/// How long a worker holds a job without a sign of life.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often it gives one, and says how far it is.
const SIGN: Duration = Duration::from_secs(1);
/// How often a job is begun before it is given up.
const ATTEMPTS: i32 = 3;
const GIVEN_UP: &str = "The portal was stopped each time it computed this file, so the file was given up; the server's log says why.";

/// Files computed at a time: a small one doesn't wait for a large one, and each may take some 400 MB of memory.
pub const AT_ONCE: usize = 2;
/// A turn is kept until the computing ends: of a job that is called off, as soon as it is told so.
pub(super) static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// What one file may take on a portal that serves people meanwhile: some 400 MB of memory at worst, and minutes of its
/// cores. Its size was limited when it was received.
fn limits() -> Limits {
    Limits {
        max_bytes: u64::MAX,
        max_rows: 1_000_000_000,
        max_decompressed_bytes: 256 << 30,
        max_scores: 2_000_000,
        ..Limits::default()
    }
}

/// Works until it is dropped.
pub async fn work(portal: Portal) {
    loop {
        match work_once(&portal).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failure) => tracing::error!(?failure, "an evaluation stumbled; it is tried again"),
        }
        let pause = tokio::time::sleep(Duration::from_secs(5));
        tokio::select! { () = portal.computing().notified() => {}, () = pause => {} }
    }
}

/// Computes what has waited longest. False when nothing waits.
pub async fn work_once(portal: &Portal) -> Result<bool, Failure> {
    let Some(taken) = take(portal).await? else {
        return Ok(false);
    };
    computed(portal, taken, Arc::default()).await.map(|()| true)
}

/// Computes a job and tells what came of it, as long as it is this worker's.
pub(super) async fn computed(portal: &Portal, taken: Taken, seen: Arc<Watched>) -> Result<(), Failure> {
    let id = taken.job.id;
    portal.tell(News::Job(id));
    let report = if taken.attempt > ATTEMPTS {
        Err(files::unusable("file", GIVEN_UP))
    } else {
        tokio::select! {
            report = compute(portal, &taken, seen.clone()) => report,
            () = hold(portal, &taken, &seen) => return Ok(()), // called off, or another worker has it
        }
    };
    match report {
        Ok(report) => freeze(portal, taken, report).await?,
        Err(Failure::Refused(Refusal::Predictions(why))) => fail(portal, taken, why).await?,
        Err(other) => return Err(other), // begun anew when the lease runs out
    }
    portal.tell(News::Job(id));
    Ok(())
}

/// Asks for an evaluation and computes until there is one: for the demonstration and tests, which have no worker.
pub async fn now(
    portal: &Portal,
    actor: &Actor,
    model: &ModelName,
    number: i32,
    sent: Sent,
) -> Result<EvaluationId, Failure> {
    let id = job::ask(portal, actor, model, number, sent).await?;
    loop {
        let worked = Box::pin(work_once(portal)).await?;
        if let Some(outcome) = super::outcome(&job::show(portal, actor, id).await?) {
            return outcome;
        }
        if !worked {
            // Another worker has it.
            job::wait(portal, actor, id, SIGN).await?;
        }
    }
}

async fn take(portal: &Portal) -> Result<Option<Taken>, Failure> {
    let mut change = portal.own_change().await?;
    let now = change.now();
    let taken = sql::job::take(change.conn(), now, now + LEASE).await?;
    change.keep(Unrecorded::Lease).await?;
    Ok(taken)
}

/// How far the computing is, and whether anybody still wants it.
#[derive(Default)]
pub(super) struct Watched {
    bytes: AtomicI64,
    rows: AtomicI64,
    unwanted: AtomicBool,
}

impl Watched {
    fn see(&self, progress: Progress) -> ControlFlow<()> {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.bytes.store(whole(progress.bytes), Relaxed);
        self.rows.store(whole(progress.rows), Relaxed);
        if self.unwanted.load(Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    pub(super) fn progress(&self) -> Seen {
        Seen {
            bytes: self.bytes.load(Relaxed),
            rows: self.rows.load(Relaxed),
        }
    }
}

/// Dropped with whoever waits for the computing, it breaks that off: a thread can't be stopped from outside.
struct Wanted(Arc<Watched>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.unwanted.store(true, Relaxed);
    }
}

/// Gives signs of life until the job is not this worker's any more.
async fn hold(portal: &Portal, taken: &Taken, seen: &Watched) {
    loop {
        tokio::time::sleep(SIGN).await;
        let until = portal.now() + LEASE;
        match sql::job::renew(portal.pool(), taken, seen.progress(), until).await {
            Ok(true) => portal.tell(News::Job(taken.job.id)),
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, job = %taken.job.id, "the lease could not be renewed"),
        }
    }
}

/// Computes beside the threads that answer people.
async fn compute(portal: &Portal, taken: &Taken, seen: Arc<Watched>) -> Result<Assessment, Failure> {
    let asked: Asked = serde_json::from_value(taken.asked.clone())?;
    let turn = TURNS
        .acquire()
        .await
        .map_err(|error| Failure::Stored(error.to_string()))?;
    let file = portal.files().local(&taken.job.file_digest).await?;
    let baseline = match &taken.baseline {
        Some(digest) => Some(portal.files().local(digest).await?),
        None => None,
    };
    let _wanted = Wanted(seen.clone());
    let work = blocking(move || {
        let _turn = turn;
        let request = asked.of(baseline.as_ref().map(|baseline| baseline.path().to_owned()));
        assess::assess(file.path(), &request, &limits(), &mut |progress| {
            seen.see(progress)
        })
        .map_err(|rejected| files::unusable(asked.about(&rejected), rejected))
    });
    let assessment = work.await?;
    let read = &assessment.source().digest;
    if *read == taken.job.file_digest {
        Ok(assessment)
    } else {
        let kept = &taken.job.file_digest;
        Err(Failure::Stored(format!(
            "the file kept as {kept} has the digest {read}"
        )))
    }
}

/// Freezes the report for whoever asked for it. What stands on the version is judged anew.
async fn freeze(portal: &Portal, taken: Taken, report: Assessment) -> Result<(), Failure> {
    let text =
        String::from_utf8(canonical::to_vec(&report)?).map_err(|error| Failure::Stored(error.to_string()))?;
    let actor = person::actor(portal, taken.asked_by).await?;
    let Some(actor) = actor.filter(|actor| actor.as_engineer().is_ok()) else {
        let why =
            "Whoever asked for this evaluation is no engineer any more, so there is no one to add it for.";
        return fail(portal, taken, Invalid::new("file", why)).await;
    };
    let engineer = actor.as_engineer()?;
    let mut change = portal.change(&actor).await?;
    let Job { model, number, .. } = taken.job.clone();
    let version = version::lock(change.conn(), &model, number)
        .await?
        .ok_or(Failure::NotFound)?;
    let evaluated = engineer.evaluate(evaluation::Result {
        id: sql::next(change.conn()).await?,
        version,
        model,
        number,
        file_name: taken.job.file_name.clone(),
        file_digest: taken.job.file_digest.clone(),
        file_bytes: taken.file_bytes,
        report_digest: Digest::of(text.as_bytes()).to_string(),
        report: text,
        verdict: report.verdict(),
        measured: assessment::measured(&report),
        drift: assessment::drift(&report),
    });
    let id = evaluated.result().id;
    let now = change.now();
    sql::insert(change.conn(), &evaluated, now).await?;
    if !sql::job::done(change.conn(), &taken, id, now).await? {
        return Ok(()); // called off, or another worker has it: nothing of this is kept
    }
    let recorded = change.record(&evaluated).await?;
    release::rebase(&mut change, version, &format!("evaluation {id} was added")).await?;
    change.commit_recorded(recorded).await
}

async fn fail(portal: &Portal, taken: Taken, why: Invalid) -> Result<(), Failure> {
    let mut change = portal.own_change().await?;
    let now = change.now();
    if !sql::job::failed(change.conn(), &taken, &why, now).await? {
        return Ok(());
    }
    change.commit(&taken.job.failed(taken.asked_by, why)).await
}
