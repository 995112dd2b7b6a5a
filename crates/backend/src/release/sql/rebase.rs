//! A changed dossier: the releases that it touches, and what it undoes.
use super::{Subject, canonical};
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    id::{ReleaseId, VersionId},
    release::Rebased,
    view::evaluation::Change,
};
use sqlx::{PgConnection, query, query_scalar};

/// Locks the model first, then names the releases that a change of the version touches: those under request, and those
/// approved that may still be deployed. One that is being deployed stands as it was approved, until that is over.
pub async fn lock_alive(
    conn: &mut PgConnection,
    version: VersionId,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<ReleaseId>> {
    query!(
        "select m.id from models m join versions v on v.model = m.id where v.id = $1 for no key update of m",
        i64::from(version)
    )
    .fetch_one(&mut *conn)
    .await?;
    let alive = query_scalar!(
        r#"
        select id from releases where version = $1 and deployed_at is null
          and (state = 'open' or (state = 'approved' and approved_until > $2)) order by id
        "#,
        i64::from(version),
        now,
    );
    Ok(alive
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(ReleaseId::from)
        .collect())
}

/// Whether a deployment of the release is queued or at work. Read under the release's lock, which orders take too.
pub async fn is_at_work(conn: &mut PgConnection, id: ReleaseId) -> sqlx::Result<bool> {
    let at_work = query_scalar!(
        r#"select exists (select from deployments where release = $1 and state in ('queued', 'running')) as "at_work!""#,
        i64::from(id)
    );
    at_work.fetch_one(conn).await
}

pub async fn save_rebase(
    conn: &mut PgConnection,
    rebased: &Rebased,
    subject: &Subject,
    worst: Option<&Change>,
    at: DateTime<Utc>,
) -> Result<(), Failure> {
    let release = i64::from(rebased.release());
    query!(
        r#"
        update releases set dossier = $2, dossier_digest = $3, gates = $4, gates_at = $5,
               state = 'open', approved_until = null, closed_at = null, worst = $6
        where id = $1
        "#,
        release,
        canonical(rebased.dossier()),
        rebased.dossier_digest(),
        serde_json::to_value(rebased.gates())?,
        at,
        worst.map(serde_json::to_value).transpose()?,
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "update signatures set voided_at = $2, void_reason = $3 where release = $1 and voided_at is null",
        release,
        at,
        rebased.why()
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "update reviews set state = 'open', decided_by = null, decided_at = null, rationale = null where release = $1 and state <> 'open'",
        release
    )
    .execute(&mut *conn)
    .await?;
    // What was approved before this one is what is approved now.
    query!(
        r#"
        update standings set approved = (
            select r.id from releases r join versions v on v.id = r.version
            where v.model = $2 and r.environment = $3 and r.state = 'approved' order by r.closed_at desc limit 1)
        where approved = $1
        "#,
        release,
        i64::from(subject.model_id),
        i64::from(subject.environment_id),
    )
    .execute(conn)
    .await?;
    Ok(())
}
