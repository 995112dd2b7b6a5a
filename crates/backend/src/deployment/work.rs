//! The worker: takes queued deployments, checks the permit once more, lets the target act, and tells what came of it.
use super::sql;
use crate::{Failure, Portal, change::Unrecorded, environment::secrets, portal::News, release};
use chrono::TimeDelta;
use domain::{
    deployment::{Finished, Kind},
    id::DeploymentId,
    manifest::Manifest,
};
use futures::{StreamExt, stream};
use ledger::permit::{Envelope, Expectation};
use std::{path::PathBuf, time::Duration};
use targets::{Artifact, Health, Order, Running, Step, Target, TargetConfig};
use tokio::sync::mpsc;

/// Inference servers started or stopped at a time.
const TOGETHER: usize = 4;
/// How long a worker holds a deployment without a sign of life.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Works until it is dropped.
pub async fn work(portal: Portal) {
    loop {
        match work_once(&portal).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failure) => tracing::error!(?failure, "the deployment worker stumbled; going on"),
        }
        let pause = tokio::time::sleep(Duration::from_secs(5));
        tokio::select! { () = portal.work().notified() => {}, () = pause => {} }
    }
}

/// Carries out one queued deployment, or puts one right whose worker has gone. False when there is nothing to do.
pub async fn work_once(portal: &Portal) -> Result<bool, Failure> {
    if let Some(id) = abandoned(portal).await? {
        finish(portal, id, Err(left(sql::place_of(portal.pool(), id).await?))).await?;
        return Ok(true);
    }
    let Some(id) = take(portal).await? else {
        return Ok(false);
    };
    portal.tell(News::Deployment(id));
    let outcome = tokio::select! {
        outcome = carry_out(portal, id) => outcome,
        never = keep_lease(portal, id) => match never {},
    };
    let outcome = outcome.map_err(|broken| told(id, broken));
    finish(portal, id, outcome).await?;
    Ok(true)
}

/// What a portal that was stopped in the middle of a deployment left.
fn left(place: sql::PlaceLeft) -> String {
    let begun = "the portal was stopped in the middle of it";
    match (place.is_local, place.live) {
        (false, _) => format!("{begun}; what the receiver did from then on is not known, so look there"),
        (true, Some(number)) => format!("{begun}; version {number} still runs"),
        (true, None) => format!("{begun}; nothing ran there before"),
    }
}

/// Why a deployment didn't come about: something to tell, or something to look into.
enum Broken {
    Said(String),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(super) async fn take(portal: &Portal) -> Result<Option<DeploymentId>, Failure> {
    let mut change = portal.own_change().await?;
    let now = change.now();
    let taken = sql::take(change.conn(), now, now + LEASE).await?;
    change.keep(Unrecorded::Lease).await?;
    Ok(taken)
}

async fn abandoned(portal: &Portal) -> Result<Option<DeploymentId>, Failure> {
    let mut change = portal.own_change().await?;
    let now = change.now();
    Ok(sql::abandoned(change.conn(), now).await?)
}

async fn keep_lease(portal: &Portal, id: DeploymentId) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if let Err(error) = sql::renew(portal.pool(), id, portal.now() + LEASE).await {
            tracing::warn!(%error, deployment = %id, "the lease could not be renewed");
        }
    }
}

async fn carry_out(portal: &Portal, id: DeploymentId) -> Result<Running, Broken> {
    let job = sql::job(portal.pool(), id).await?;
    if !job.approved {
        return Err(Broken::Said("its release is not approved any more".into()));
    }
    check_permit(portal, &job)?;
    let (sender, receiver) = mpsc::unbounded_channel();
    let order = order(portal, &job)?;
    let target = connect(portal, &job.environment, &job.target, job.secret.as_deref())?;
    let (outcome, ()) = tokio::join!(
        async {
            let outcome = target.deploy(&order, &sender).await;
            drop(sender); // the steps end with the work
            outcome
        },
        record_steps(portal, id, receiver),
    );
    outcome.map_err(|error| Broken::Said(error.to_string()))
}

/// The choke point: nothing reaches a target but under a permit for this digest, this environment and this minute.
fn check_permit(portal: &Portal, job: &sql::Job) -> Result<(), Broken> {
    let envelope: Envelope = serde_json::from_str(&job.permit)?;
    let version_digest = job
        .version_digest
        .parse()
        .map_err(|error: ledger::digest::NotADigest| Failure::Stored(error.to_string()))?;
    let expected = Expectation {
        version_digest,
        environment: &job.environment,
    };
    let key = portal.settings().key.verifying_key();
    let permit = envelope
        .verify(key, portal.now().timestamp(), &expected)
        .map_err(|invalid| Broken::Said(format!("the permit does not hold: {invalid}")))?;
    if permit.model == job.model {
        Ok(())
    } else {
        Err(Broken::Said(format!(
            "the permit does not hold: it is for {}",
            permit.model
        )))
    }
}

fn connect(
    portal: &Portal,
    environment: &str,
    target: &serde_json::Value,
    secret: Option<&str>,
) -> Result<Box<dyn Target>, Broken> {
    let config: TargetConfig = serde_json::from_value(target.clone())?;
    let secrets = secrets(portal, environment, secret)?;
    targets::connect(&config, &secrets, &portal.settings().host)
        .map_err(|error| Broken::Said(error.to_string()))
}

fn order(portal: &Portal, job: &sql::Job) -> Result<Order, Broken> {
    let manifest: Manifest = serde_json::from_str(&job.manifest)?;
    let path = artifact_path(portal, &manifest.artifact.uri)?;
    let previous: Option<Running> = job.previous.clone().map(serde_json::from_value).transpose()?;
    Ok(Order {
        deployment: job.id.into(),
        model: job.model.clone(),
        version: job.number.into(),
        environment: job.environment.clone(),
        artifact: Artifact {
            uri: manifest.artifact.uri,
            path,
            sha256: manifest.artifact.sha256,
        },
        version_digest: job.version_digest.clone(),
        framework: format!("{} {}", manifest.framework.name, manifest.framework.version),
        permit: job.permit.clone(),
        kind: match job.kind {
            Kind::Deploy => targets::Kind::Deploy,
            Kind::Rollback => targets::Kind::Rollback,
        },
        previous,
    })
}

/// The portal's own copy of an artifact. `artifact:credit/1/model.joblib` is looked for in the folders that the
/// configuration names; `file://…` has to lie in one of them. Other addresses are the target's to fetch.
fn artifact_path(portal: &Portal, uri: &str) -> Result<Option<PathBuf>, Broken> {
    let roots: Vec<PathBuf> = portal
        .settings()
        .artifacts
        .iter()
        .filter_map(|root| root.canonicalize().ok())
        .collect();
    let named: Vec<PathBuf> = match (uri.strip_prefix("artifact:"), uri.strip_prefix("file://")) {
        (Some(name), _) => roots.iter().map(|root| root.join(name)).collect(),
        (_, Some(path)) => vec![PathBuf::from(path)],
        _ => return Ok(None),
    };
    let found = named
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .find(|path| roots.iter().any(|root| path.starts_with(root)));
    found.map(Some).ok_or_else(|| {
        Broken::Said(format!(
            "there is no artifact {uri} in the folders that artifacts may lie in"
        ))
    })
}

async fn record_steps(portal: &Portal, id: DeploymentId, mut steps: mpsc::UnboundedReceiver<Step>) {
    while let Some(step) = steps.recv().await {
        let (state, line) = match &step.state {
            targets::State::Started => ("started", ""),
            targets::State::Done => ("done", ""),
            targets::State::Failed(why) => ("failed", why.as_str()),
            targets::State::Log(line) => ("log", line.as_str()),
        };
        if let Err(error) = sql::step(portal.pool(), id, portal.now(), &step.name, state, line).await {
            tracing::warn!(%error, deployment = %id, "a step could not be kept");
        }
        portal.tell(News::Deployment(id));
    }
}

/// Tells what came of it: the state, what it replaced, and the entry, in one transaction. A worker that was given up for
/// gone tells only that it succeeded after all, for then that is what runs.
pub(super) async fn finish(
    portal: &Portal,
    id: DeploymentId,
    outcome: Result<Running, String>,
) -> Result<(), Failure> {
    let mut change = portal.own_change().await?;
    let now = change.now();
    if !sql::hold(change.conn(), id, outcome.is_ok()).await? {
        tracing::warn!(deployment = %id, "another worker has told already what came of this deployment");
        return Ok(());
    }
    let (release, model, what) = sql::subject(change.conn(), id).await?;
    let outcome = match outcome {
        Ok(running) => {
            sql::went_live(change.conn(), id, &serde_json::to_value(&running)?, now).await?;
            Ok(running.endpoint)
        }
        Err(why) => {
            sql::failed(change.conn(), id, &why, now).await?;
            Err(why)
        }
    };
    let failed = outcome.is_err();
    let finished = Finished {
        id,
        release,
        model,
        what,
        outcome,
    };
    let recorded = change.record(&finished).await?;
    if failed {
        // What was added to the version meanwhile waited for this.
        let version = sql::version_of(change.conn(), id).await?;
        release::rebase(
            &mut change,
            version,
            "something was added while it was being deployed",
        )
        .await?;
    }
    change.commit_recorded(recorded).await?;
    portal.tell(News::Deployment(id));
    Ok(())
}

/// Takes up again, after a start, everything that should be running.
pub async fn resume(portal: &Portal) -> Result<(), Failure> {
    let all = sql::live_with_targets(portal.pool()).await?;
    let each = stream::iter(all).map(|live| async {
        let id = live.id;
        let trouble = resume_one(portal, live)
            .await
            .err()
            .map(|broken| told(id, broken));
        if let Some(why) = &trouble {
            tracing::error!(deployment = %id, why, "what should be running could not be taken up again");
        }
        fares(portal, id, trouble.as_deref()).await;
    });
    each.buffer_unordered(TOGETHER).collect::<()>().await;
    Ok(())
}

/// Asks everything that runs how it is, and writes down what does not answer.
pub async fn look_after(portal: &Portal) -> Result<(), Failure> {
    let all = sql::live_with_targets(portal.pool()).await?;
    let each = stream::iter(all).map(|live| async {
        let id = live.id;
        let trouble = match health(portal, live).await {
            Ok(Health::Healthy) => None,
            Ok(Health::Failing(why)) => Some(why),
            // Nobody can tell, so nothing is said.
            Ok(Health::Unknown(_)) => return,
            Err(broken) => Some(told(id, broken)),
        };
        fares(portal, id, trouble.as_deref()).await;
    });
    each.buffer_unordered(TOGETHER).collect::<()>().await;
    Ok(())
}

async fn health(portal: &Portal, live: sql::Live) -> Result<Health, Broken> {
    let target = connect(portal, &live.environment, &live.target, live.secret.as_deref())?;
    let running: Running = serde_json::from_value(live.running)?;
    Ok(target.health(&running).await)
}

/// Writes down whether what is live answers.
async fn fares(portal: &Portal, id: DeploymentId, trouble: Option<&str>) {
    if let Err(error) = sql::set_trouble(portal.pool(), id, trouble).await {
        tracing::warn!(%error, deployment = %id, "how it fares could not be written down");
    }
}

/// The sentence for people; the cause of what broke goes to the log.
fn told(id: DeploymentId, broken: Broken) -> String {
    match broken {
        Broken::Said(sentence) => sentence,
        Broken::Failed(failure) => {
            tracing::error!(?failure, deployment = %id, "a deployment broke off, or could not be reached");
            "the portal failed; the server's log says why".to_owned()
        }
    }
}

async fn resume_one(portal: &Portal, live: sql::Live) -> Result<(), Broken> {
    let target = connect(portal, &live.environment, &live.target, live.secret.as_deref())?;
    let running: Running = serde_json::from_value(live.running)?;
    let (sender, receiver) = mpsc::unbounded_channel();
    let (outcome, ()) = tokio::join!(
        async {
            let outcome = target.resume(&running, &sender).await;
            drop(sender);
            outcome
        },
        record_steps(portal, live.id, receiver),
    );
    let running = outcome.map_err(|error| Broken::Said(error.to_string()))?;
    sql::set_running(portal.pool(), live.id, &serde_json::to_value(&running)?).await?;
    Ok(())
}

/// Ends, before a planned stop, what the portal itself serves; it is taken up again at the next start.
pub async fn stop_all(portal: &Portal) -> Result<(), Failure> {
    let mut all = sql::live_with_targets(portal.pool()).await?;
    all.retain(|live| live.target["kind"] == "local");
    let each = stream::iter(all).map(|live| async move {
        let Ok(running) = serde_json::from_value::<Running>(live.running) else {
            return;
        };
        if let Ok(target) = connect(portal, &live.environment, &live.target, live.secret.as_deref())
            && let Err(error) = target.stop(&running).await
        {
            tracing::warn!(%error, deployment = %live.id, "an inference server did not stop");
        }
    });
    each.buffer_unordered(TOGETHER).collect::<()>().await;
    Ok(())
}
