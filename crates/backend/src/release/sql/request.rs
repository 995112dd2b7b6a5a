//! A request: what stands in its way, and the rows that it makes.
use super::{Subject, canonical};
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{id::ReleaseId, release::Requested, view::evaluation::Change};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

pub async fn open_release(conn: &mut PgConnection, subject: &Subject) -> sqlx::Result<Option<ReleaseId>> {
    let open = query_scalar!(
        "select id from releases where version = $1 and environment = $2 and state = 'open'",
        i64::from(subject.version),
        i64::from(subject.environment_id),
    );
    Ok(open.fetch_optional(conn).await?.map(ReleaseId::from))
}

/// An approval of this version for this place that nobody has used yet.
pub async fn unused_approval(
    conn: &mut PgConnection,
    subject: &Subject,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ReleaseId>> {
    let approval = query_scalar!(
        r#"
        select id from releases where version = $1 and environment = $2 and state = 'approved'
          and deployed_at is null and approved_until > $3
        "#,
        i64::from(subject.version),
        i64::from(subject.environment_id),
        now,
    );
    Ok(approval.fetch_optional(conn).await?.map(ReleaseId::from))
}

pub async fn next(conn: &mut PgConnection) -> sqlx::Result<ReleaseId> {
    let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('releases', 'id')) as "id!""#);
    id.fetch_one(conn).await.map(ReleaseId::from)
}

pub async fn insert(
    conn: &mut PgConnection,
    requested: &Requested,
    subject: &Subject,
    worst: Option<&Change>,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let request = requested.request();
    query!(
        r#"
        insert into releases (id, version, environment, policy, reason, requested_by, requested_at, dossier, dossier_digest, gates, gates_at, worst)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7, $11)
        "#,
        i64::from(request.id),
        i64::from(subject.version),
        i64::from(subject.environment_id),
        i64::from(request.dossier.policy.id),
        request.reason,
        Uuid::from(requested.by()),
        at,
        canonical(&request.dossier),
        request.dossier_digest,
        serde_json::to_value(&request.gates).unwrap_or_default(),
        worst.map(|worst| serde_json::to_value(worst).unwrap_or_default()),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// One review for each discipline that the policy asks for.
pub async fn open_reviews(conn: &mut PgConnection, requested: &Requested) -> Result<(), Failure> {
    for discipline in &requested.request().rules.disciplines {
        let template = crate::template::sql::in_force(&mut *conn, discipline.as_str())
            .await?
            .ok_or_else(|| Failure::Stored(format!("there are no questions for {discipline}")))?;
        query!(
            "insert into reviews (release, discipline, template) values ($1, $2, $3)",
            i64::from(requested.request().id),
            discipline.as_str(),
            i64::from(template),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
