//! Deployments: ordered under a permit, carried out by a worker, and true again after a crash.
use crate::{Change, Failure, Portal, audit, model, release, remembered::AsOf};
use domain::{
    Actor, Refusal,
    deployment::{Kind, Ordered, Rollback, RollbackSeen, State},
    environment::EnvironmentName,
    id::{DeploymentId, ReleaseId, VersionId},
    model::ModelName,
    view::deployment::{Board, Deployment, Row, Step},
};
use ledger::permit::{self, Permit};

mod sql;
mod work;

pub use work::{look_after, resume, stop_all, work, work_once};

/// Orders an approved release into its environment.
pub async fn deploy(portal: &Portal, actor: &Actor, id: ReleaseId) -> Result<DeploymentId, Failure> {
    let mut change = portal.change(actor).await?;
    let release = release::lock(change.conn(), id).await?.ok_or(Failure::NotFound)?;
    let place = sql::lock_place(change.conn(), &release.model, &release.environment).await?;
    let deployment = sql::next(change.conn()).await?;
    let ordered = actor
        .as_engineer()?
        .deploy(deployment, release, &place, change.now())?;
    order(portal, change, &ordered).await
}

/// Orders the previous approved version back; `to` is its number, as the page showed it.
pub async fn roll_back(
    portal: &Portal,
    actor: &Actor,
    model: &ModelName,
    environment: &EnvironmentName,
    to: i32,
    reason: &str,
) -> Result<DeploymentId, Failure> {
    let operator = actor.as_operator()?;
    let mut change = portal.change(actor).await?;
    let now = change.now();
    // The release first, then its place: the order in which every change takes the two.
    let way_back = sql::previous(change.conn(), model, environment, now).await?;
    let previous = match way_back {
        Some(id) => release::lock(change.conn(), id).await?,
        None => None,
    };
    let place = sql::lock_place(change.conn(), model, environment).await?;
    if sql::previous(change.conn(), model, environment, now).await? != way_back {
        return Err(Refusal::WayBackChanged(environment.to_string()).into());
    }
    let id = sql::next(change.conn()).await?;
    let asked = Rollback {
        id,
        environment,
        to,
        reason,
    };
    let ordered = operator.roll_back(asked, previous, &place, now)?;
    order(portal, change, &ordered).await
}

/// Issues the permit and queues the work, in the order's own transaction.
async fn order(portal: &Portal, mut change: Change<'_>, ordered: &Ordered) -> Result<DeploymentId, Failure> {
    let envelope = permit(portal, ordered, change.now().timestamp())?;
    let now = change.now();
    sql::insert(change.conn(), ordered, &envelope, now).await?;
    change.commit(ordered).await?;
    portal.work().notify_one();
    Ok(ordered.id())
}

/// The signed statement that lets one digest into one environment.
fn permit(portal: &Portal, ordered: &Ordered, issued_at: i64) -> Result<String, Failure> {
    let release = ordered.release();
    let stored = |error: ledger::digest::NotADigest| Failure::Stored(error.to_string());
    let permit = Permit {
        id: ordered.id().to_string(),
        release: release.id.to_string(),
        model: release.model.to_string(),
        version: release.number.unsigned_abs(),
        version_digest: release.dossier.version_digest.parse().map_err(stored)?,
        environment: release.environment.to_string(),
        dossier_digest: release.dossier_digest.parse().map_err(stored)?,
        kind: match ordered.kind() {
            Kind::Deploy => permit::Kind::Deploy,
            Kind::Rollback => permit::Kind::Rollback,
        },
        issued_at,
        expires_at: ordered.permit_until().timestamp(),
        issuer: portal.settings().origin.clone(),
    };
    let envelope =
        permit::issue(&portal.settings().key, &permit).map_err(|error| Failure::Stored(error.to_string()))?;
    Ok(serde_json::to_string(&envelope)?)
}

/// A manager looks at a rollback after the fact.
pub async fn see_rollback(portal: &Portal, actor: &Actor, id: DeploymentId) -> Result<(), Failure> {
    if !actor.is(domain::actor::Role::Manager) {
        return Err(domain::Denied::NotA(domain::actor::Role::Manager).into());
    }
    let row = sql::row(portal.pool(), id)
        .await?
        .filter(|row| row.kind == Kind::Rollback)
        .ok_or(Failure::NotFound)?;
    if row.requested_by.id == actor.id {
        return Err(domain::Denied::OwnRollback.into());
    }
    if !matches!(row.state, State::Live | State::Replaced) {
        return Err(Refusal::NothingToSee.into());
    }
    let mut change = portal.change(actor).await?;
    let now = change.now();
    if !sql::see(change.conn(), id, actor.id, now).await? {
        let seen = sql::more(portal.pool(), id).await?.seen;
        let name = seen.map_or_else(|| "someone".to_owned(), |(name, _)| name.name);
        return Err(Refusal::SeenAlready(name).into());
    }
    let what = format!("{} {} in {}", row.model, row.number, row.environment);
    change
        .commit(&RollbackSeen {
            id,
            release: row.release,
            model: row.model,
            what,
        })
        .await
}

/// What runs where, and the newest executions: of one model, or of all.
pub async fn board(
    portal: &Portal,
    _: &Actor,
    model: Option<&ModelName>,
    before: Option<i64>,
) -> Result<Board, Failure> {
    const PAGE: usize = 50;
    let pool = portal.pool();
    let mut recent = sql::recent(pool, model, before).await?;
    let more = recent.len() > PAGE;
    recent.truncate(PAGE);
    let next = more.then(|| recent.last().map(|row| row.id.into())).flatten();
    let live = sql::live(pool, model).await?;
    let running = match model {
        // A model runs in a handful of places: all of them are listed.
        Some(_) => u64::try_from(live.len()).unwrap_or_default(),
        None => running(portal, audit::head(portal).await?.0).await?,
    };
    let mut models: Vec<String> = live
        .iter()
        .chain(&recent)
        .map(|row| row.model.to_string())
        .collect();
    models.sort();
    models.dedup();
    Ok(Board {
        environments: model::sql::environments(pool).await?,
        running,
        approvals: sql::approvals(pool, &models).await?,
        live,
        recent,
        next,
    })
}

pub async fn page(portal: &Portal, actor: &Actor, id: DeploymentId) -> Result<Deployment, Failure> {
    let row = sql::row(portal.pool(), id).await?.ok_or(Failure::NotFound)?;
    let more = sql::more(portal.pool(), id).await?;
    let steps = sql::steps(portal.pool(), id, 0).await?;
    let mut conn = portal.pool().acquire().await?;
    let previous = match sql::previous(&mut conn, &row.model, &row.environment, portal.now()).await? {
        Some(release) => sql::number_of(&mut conn, release)
            .await?
            .map(|number| (number, release)),
        None => None,
    };
    let is_live = row.state == State::Live;
    let is_manager = actor.is(domain::actor::Role::Manager);
    Ok(Deployment {
        can_roll_back: is_live && previous.is_some() && actor.as_operator().is_ok(),
        can_see: row.kind == Kind::Rollback
            && more.seen.is_none()
            && is_manager
            && row.requested_by.id != actor.id,
        row,
        version_digest: more.version_digest,
        dossier_digest: more.dossier_digest,
        permit_until: more.permit_until,
        permit: more.permit,
        steps,
        previous: previous.filter(|_| is_live),
        seen: more.seen,
    })
}

/// The steps after one that is known, for a page that follows along.
pub async fn steps_after(
    portal: &Portal,
    _: &Actor,
    id: DeploymentId,
    after: i64,
) -> Result<(State, Vec<Step>), Failure> {
    let row = sql::row(portal.pool(), id).await?.ok_or(Failure::NotFound)?;
    Ok((row.state, sql::steps(portal.pool(), id, after).await?))
}

/// The permit as it was issued, for whoever wants to check it offline.
pub async fn permit_of(portal: &Portal, _: &Actor, id: DeploymentId) -> Result<String, Failure> {
    sql::row(portal.pool(), id).await?.ok_or(Failure::NotFound)?;
    Ok(sql::more(portal.pool(), id).await?.permit)
}

pub(crate) async fn rows_of_release(portal: &Portal, release: ReleaseId) -> Result<Vec<Row>, Failure> {
    sql::of_release(portal.pool(), release).await
}

pub(crate) async fn rows_of_version(portal: &Portal, version: VersionId) -> Result<Vec<Row>, Failure> {
    sql::of_version(portal.pool(), version).await
}

pub(crate) async fn live(portal: &Portal) -> Result<Vec<Row>, Failure> {
    sql::newest_live(portal.pool()).await
}

pub(crate) async fn running(portal: &Portal, now: AsOf) -> Result<u64, Failure> {
    let running = sql::running(portal.pool());
    Ok(portal.memory().running.answer((), now, running).await?)
}

#[cfg(test)]
mod tests;
