//! Releases: asking for one, deciding on it, and what a change of the dossier does to it.
use crate::{
    Change, Failure, Portal, assessment, audit, evaluation, failure::OnConstraint, session, version,
};
use chrono::{DateTime, Utc};
use domain::{
    Actor, Denied, Refusal,
    environment::EnvironmentName,
    fact::Fact,
    id::{ReleaseId, VersionId},
    model::{ModelName, Tier},
    policy::{Outcome, Rules},
    release::{ManagersDecision, Release, Request, Rule, State},
    view::{
        Page,
        release::{Act, Can, Release as ReleasePage, Row},
    },
};
use ledger::digest::Digest;
use sqlx::PgConnection;

mod sql;

/// Asks for one version in one environment. The policy in force and the dossier are frozen, and the gates run at once.
pub async fn request(
    portal: &Portal,
    actor: &Actor,
    model: &ModelName,
    number: i32,
    environment: &EnvironmentName,
    reason: &str,
) -> Result<ReleaseId, Failure> {
    let engineer = actor.as_engineer()?;
    let mut change = portal.change(actor).await?;
    let subject = sql::lock_subject(change.conn(), model, number, environment)
        .await?
        .ok_or(Failure::NotFound)?;
    if let Some(open) = sql::open_release(change.conn(), &subject).await? {
        return Err(Refusal::AlreadyRequested(environment.to_string(), open).into());
    }
    let now = change.now();
    if let Some(unused) = sql::unused_approval(change.conn(), &subject, now).await? {
        return Err(Refusal::AlreadyApproved(environment.to_string(), unused).into());
    }
    let policy = crate::policy::in_force(change.conn(), subject.tier)
        .await?
        .ok_or(Refusal::Prohibited)?;
    let id = sql::next(change.conn()).await?;
    let dossier = sql::dossier(change.conn(), id, &subject, &policy).await?;
    let gates = judge(&policy.rules, &sql::facts(change.conn(), subject.version).await?);
    let requested = engineer.request(Request {
        id,
        version: subject.version,
        model: model.clone(),
        number,
        tier: subject.tier,
        environment: environment.clone(),
        reason: reason.trim().to_owned(),
        dossier_digest: Digest::of_canonical(&dossier)?.to_string(),
        dossier,
        gates,
        rules: policy.rules,
    })?;
    let worst = worst(change.conn(), &subject).await?;
    sql::insert(change.conn(), &requested, &subject, worst.as_ref(), now)
        .await
        .on_constraint("releases_one_open", || {
            Refusal::AlreadyRequested(environment.to_string(), id)
        })?;
    sql::open_reviews(change.conn(), &requested).await?;
    change.commit(&requested).await?;
    Ok(id)
}

/// A manager countersigns or refuses, with their password given again.
pub async fn decide(
    portal: &Portal,
    actor: &Actor,
    id: ReleaseId,
    decision: ManagersDecision,
    shown: &str,
    note: &str,
    password: String,
) -> Result<(), Failure> {
    // Who may not decide is told so before their password is asked for.
    sql::find(portal, id)
        .await?
        .ok_or(Failure::NotFound)?
        .as_manager(actor)?;
    let proof = session::reauthenticate(portal, actor, password).await?;
    let mut change = portal.change(actor).await?;
    let release = sql::lock(change.conn(), id).await?.ok_or(Failure::NotFound)?;
    let decided = release
        .as_manager(actor)?
        .decide(decision, shown, note, proof, change.now())?;
    sql::save_decision(change.conn(), &decided).await?;
    change.commit(&decided).await
}

/// Someone who made it or asked for it takes the request back.
pub async fn withdraw(portal: &Portal, actor: &Actor, id: ReleaseId, note: &str) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let release = sql::lock(change.conn(), id).await?.ok_or(Failure::NotFound)?;
    release.may_withdraw(actor)?;
    let withdrawn = release.withdraw(actor, note)?;
    let now = change.now();
    sql::save_withdrawal(change.conn(), &withdrawn, now).await?;
    change.commit(&withdrawn).await
}

/// Recomputes the dossiers that stand on a version, after something was added to it and in the same transaction.
/// Signatures that covered the old dossier are voided, and the reviews re-opened.
pub(crate) async fn rebase(change: &mut Change<'_>, version: VersionId, why: &str) -> Result<(), Failure> {
    let now = change.now();
    for id in sql::lock_alive(change.conn(), version, now).await? {
        let release = sql::lock(change.conn(), id).await?.ok_or(Failure::NotFound)?;
        if sql::is_at_work(change.conn(), id).await? {
            continue;
        }
        let (subject, policy) = sql::ground(change.conn(), id).await?;
        let dossier = sql::dossier(change.conn(), id, &subject, &policy).await?;
        let digest = Digest::of_canonical(&dossier)?.to_string();
        let gates = judge(&policy.rules, &sql::facts(change.conn(), version).await?);
        if let Some(rebased) = release.rebase(dossier, digest, gates, why) {
            let worst = worst(change.conn(), &subject).await?;
            sql::save_rebase(change.conn(), &rebased, &subject, worst.as_ref(), now).await?;
            change.record(&rebased).await?;
        }
    }
    Ok(())
}

/// What lists say of a release: its worst regression, worked out once.
async fn worst(
    conn: &mut PgConnection,
    subject: &sql::Subject,
) -> Result<Option<domain::view::evaluation::Change>, Failure> {
    let baseline = version::sql::baseline(&mut *conn, &subject.model, subject.number).await?;
    let Some(before) = baseline.and_then(|baseline| baseline.evaluation) else {
        return Ok(None);
    };
    let before = evaluation::sql::report(&mut *conn, before).await?;
    let after = sql::newest_report(conn, subject.version).await?;
    after.map_or(Ok(None), |after| assessment::worst(&before, &after))
}

fn judge(rules: &Rules, facts: &[Fact]) -> Vec<Outcome> {
    rules.gates.iter().map(|gate| gate.judge(facts)).collect()
}

/// The list, newest first; `state` narrows it, empty shows all.
pub async fn list(
    portal: &Portal,
    _: &Actor,
    state: &str,
    before: Option<i64>,
) -> Result<Page<Row>, Failure> {
    const PAGE: usize = 30;
    let state = Some(state).filter(|state| !state.is_empty());
    let mut rows = sql::newest(portal.pool(), state, before).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = more.then(|| rows.last().map(|row| row.id.to_string())).flatten();
    Ok(Page { rows, next })
}

/// The page that decisions are made on.
pub async fn page(portal: &Portal, actor: &Actor, id: ReleaseId) -> Result<ReleasePage, Failure> {
    let release = sql::find(portal, id).await?.ok_or(Failure::NotFound)?;
    page_of(portal, actor, &release).await
}

/// The page of a release that was loaded already.
pub(crate) async fn page_of(
    portal: &Portal,
    actor: &Actor,
    release: &Release,
) -> Result<ReleasePage, Failure> {
    let (pool, id) = (portal.pool(), release.id);
    let row = sql::row(pool, id).await?.ok_or(Failure::NotFound)?;
    let now = portal.now();
    let more = sql::more(pool, id).await?;
    let rules = release.rules_before_countersignature(now.date_naive());
    let baseline = version::sql::baseline(pool, &row.model, row.number).await?;
    let managers = release
        .signatures
        .iter()
        .filter(|signature| signature.chair.is_manager())
        .count();
    let deployments = crate::deployment::rows_of_release(portal, id).await?;
    let live = deployments.iter().any(|row| match row.state {
        domain::deployment::State::Live => row.trouble.is_none(),
        state => !state.is_over(),
    });
    Ok(ReleasePage {
        version_digest: release.dossier.version_digest.clone(),
        changes: more.changes,
        policy: more.policy,
        dossier: release.dossier.clone(),
        dossier_digest: release.dossier_digest.clone(),
        gates: release.gates.clone(),
        gates_at: more.gates_at,
        reviews: crate::review::of_release(portal, actor, release).await?,
        findings: crate::review::findings_of_release(portal, actor, id).await?,
        signatures: sql::signatures(pool, id).await?,
        quorum: (u8::try_from(managers).unwrap_or(u8::MAX), release.rules.quorum),
        regressions: assessment::regressions(portal, baseline.as_ref(), more.evaluation).await?,
        baseline: baseline.map(|baseline| baseline.number),
        evaluation: more.evaluation,
        history: audit::of_release(portal, id.into()).await?,
        deployments,
        closing_note: more.closing_note,
        can: can(release, actor, &rules, now, live),
        rules,
        row,
    })
}

fn can(release: &Release, actor: &Actor, rules: &[Rule], now: DateTime<Utc>, live: bool) -> Can {
    let open = release.state == State::Open;
    let (countersign, refuse) = match release.clone().as_manager(actor) {
        _ if !open => (Act::NotYours, Act::NotYours),
        Err(Denied::NotA(_)) => Default::default(),
        Err(denied) => (Act::Blocked(denied.to_string()), Act::Blocked(denied.to_string())),
        Ok(_) => {
            let unmet: Vec<_> = rules
                .iter()
                .filter(|rule| !rule.state.is_met())
                .map(|rule| rule.title.as_str())
                .collect();
            let countersign = if unmet.is_empty() {
                Act::Open
            } else {
                Act::Blocked(format!("Not every rule is met: {}.", unmet.join("; ")))
            };
            (countersign, Act::Open)
        }
    };
    let deploy = match (actor.as_engineer(), release.state, release.approved_until) {
        (Ok(_), State::Approved, Some(until)) if until <= now => {
            Act::Blocked("The approval has lapsed; ask for a new release.".into())
        }
        (Ok(_), State::Approved, _) if !live => Act::Open,
        (Ok(_), State::Open, _) => Act::Blocked("It can be deployed once it is countersigned.".into()),
        _ => Act::NotYours,
    };
    let withdraw = if open && release.may_withdraw(actor).is_ok() {
        Act::Open
    } else {
        Act::NotYours
    };
    Can {
        countersign,
        refuse,
        deploy,
        withdraw,
    }
}

/// The releases of a version, newest first.
pub(crate) async fn rows_of_version(portal: &Portal, version: VersionId) -> Result<Vec<Row>, Failure> {
    sql::of_version(portal.pool(), version).await
}

/// What a release of this version would have to meet: the rules of its newest one, or of the policy in force.
pub(crate) async fn readiness(
    portal: &Portal,
    version: VersionId,
    tier: Tier,
) -> Result<(Vec<Rule>, Option<(ReleaseId, State)>), Failure> {
    let today = portal.now().date_naive();
    if let Some(row) = rows_of_version(portal, version).await?.first() {
        let release = sql::find(portal, row.id).await?.ok_or(Failure::NotFound)?;
        return Ok((
            release.rules_before_countersignature(today),
            Some((row.id, row.state)),
        ));
    }
    let mut conn = portal.pool().acquire().await?;
    let Some(policy) = crate::policy::in_force(&mut *conn, tier).await? else {
        return Ok((Vec::new(), None));
    };
    let (subject, environment) = sql::subject_of(&mut conn, version).await?;
    let dossier = sql::dossier(&mut conn, ReleaseId::from(0), &subject, &policy).await?;
    let gates = judge(&policy.rules, &sql::facts(&mut conn, version).await?);
    let imagined = Release {
        id: ReleaseId::from(0),
        model: subject.model,
        number: subject.number,
        environment,
        state: State::Open,
        rules: policy.rules,
        dossier,
        dossier_digest: String::new(),
        gates,
        authors: Vec::new(),
        signatures: Vec::new(),
        reviews: Vec::new(),
        findings: Vec::new(),
        approved_until: None,
        deployed: false,
    };
    Ok((imagined.rules_before_countersignature(today), None))
}

/// The release as the rules see it, for use cases of other nouns.
pub(crate) use sql::{insert_signature, load, lock, rows};

#[cfg(test)]
mod tests;
