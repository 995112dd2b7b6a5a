//! What the worker needs: its job, what it tells of it, and what runs.
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    deployment::Kind,
    id::{DeploymentId, ReleaseId, VersionId},
    model::ModelName,
};
use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};

/// A queued deployment, with everything its target has to know.
pub struct Job {
    pub id: DeploymentId,
    pub model: String,
    pub number: i32,
    pub environment: String,
    pub kind: Kind,
    pub permit: String,
    pub version_digest: String,
    pub manifest: String,
    pub target: serde_json::Value,
    pub secret: Option<String>,
    pub previous: Option<serde_json::Value>,
    /// Whether its release is approved still.
    pub approved: bool,
}

/// Takes the oldest queued deployment, if there is one, and holds it until `lease`.
pub async fn take(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
) -> Result<Option<DeploymentId>> {
    let taken = query_scalar!(
        r#"
        update deployments set state = 'running', started_at = $1, lease_until = $2
        where id = (select id from deployments where state = 'queued' order by id for update skip locked limit 1)
        returning id
        "#,
        now,
        lease,
    );
    Ok(taken.fetch_optional(conn).await?.map(DeploymentId::from))
}

/// A deployment whose worker has gone: its lease has run out.
pub async fn abandoned(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Option<DeploymentId>> {
    let found = query_scalar!(
        "select id from deployments where state = 'running' and lease_until < $1 order by id for update skip locked limit 1",
        now
    );
    Ok(found.fetch_optional(conn).await?.map(DeploymentId::from))
}

/// Locks a deployment whose outcome is still to be told, or false. Where it was given up, only a success is news, and
/// only while nothing newer was ordered there.
pub async fn hold(conn: &mut PgConnection, id: DeploymentId, succeeded: bool) -> Result<bool> {
    let held = query_scalar!(
        r#"
        select d.id from deployments d
        where d.id = $1 and (d.state = 'running' or ($2 and d.state = 'failed' and not exists (
            select from deployments newer
            where newer.model = d.model and newer.environment = d.environment and newer.id > d.id)))
        for update
        "#,
        i64::from(id),
        succeeded,
    );
    held.fetch_optional(conn).await.map(|held| held.is_some())
}

pub async fn renew(pool: &PgPool, id: DeploymentId, lease: DateTime<Utc>) -> Result<()> {
    query!(
        "update deployments set lease_until = $2 where id = $1 and state = 'running'",
        i64::from(id),
        lease
    )
    .execute(pool)
    .await
    .map(drop)
}

/// A deployment with all that its target has to know.
pub async fn job(pool: &PgPool, id: DeploymentId) -> Result<Job> {
    query_as!(
        Job,
        r#"
        select d.id, m.name as model, v.number, e.name as environment, d.kind as "kind: KindText", d.permit,
               v.digest as version_digest, v.manifest, e.target, e.secret, r.state = 'approved' as "approved!",
               (select l.running from deployments l where l.model = d.model and l.environment = d.environment and l.state = 'live') as previous
        from deployments d join releases r on r.id = d.release join versions v on v.id = d.version
        join models m on m.id = d.model join environments e on e.id = d.environment
        where d.id = $1
        "#,
        i64::from(id),
    )
    .fetch_one(pool)
    .await
}

pub async fn version_of(conn: &mut PgConnection, id: DeploymentId) -> Result<VersionId> {
    let version = query_scalar!("select version from deployments where id = $1", i64::from(id));
    version.fetch_one(conn).await.map(VersionId::from)
}

/// What is known of a place whose deployment was broken off.
pub struct PlaceLeft {
    pub is_local: bool,
    /// The number of the version that runs there.
    pub live: Option<i32>,
}

pub async fn place_of(pool: &PgPool, id: DeploymentId) -> Result<PlaceLeft> {
    query_as!(
        PlaceLeft,
        r#"
        select e.target ->> 'kind' = 'local' as "is_local!",
               (select v.number from deployments l join versions v on v.id = l.version
                where l.model = d.model and l.environment = d.environment and l.state = 'live') as live
        from deployments d join environments e on e.id = d.environment where d.id = $1
        "#,
        i64::from(id),
    )
    .fetch_one(pool)
    .await
}

/// Reads the kind's text as the domain's type.
#[derive(sqlx::Type)]
#[sqlx(transparent)]
pub struct KindText(String);

impl From<KindText> for Kind {
    fn from(text: KindText) -> Self {
        Self::from_stored(&text.0)
    }
}

pub async fn step(
    pool: &PgPool,
    id: DeploymentId,
    at: DateTime<Utc>,
    name: &str,
    state: &str,
    line: &str,
) -> Result<()> {
    query!(
        "insert into deployment_steps (deployment, at, name, state, line) values ($1, $2, $3, $4, $5)",
        i64::from(id),
        at,
        name,
        state,
        line
    )
    .execute(pool)
    .await
    .map(drop)
}

/// The new one is live, the one before it is replaced, and the release is deployed: all at once.
pub async fn went_live(
    conn: &mut PgConnection,
    id: DeploymentId,
    running: &serde_json::Value,
    at: DateTime<Utc>,
) -> Result<()> {
    let id = i64::from(id);
    query!(
        r#"
        update deployments old set state = 'replaced', ended_at = $2, trouble = null
        from deployments new
        where new.id = $1 and old.model = new.model and old.environment = new.environment and old.state = 'live'
        "#,
        id,
        at,
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "update deployments set state = 'live', finished_at = $2, running = $3, lease_until = null, ended_at = null, outcome = null where id = $1",
        id,
        at,
        running
    )
    .execute(&mut *conn)
    .await?;
    query!(
        "update releases set deployed_at = coalesce(deployed_at, $2) where id = (select release from deployments where id = $1)",
        id,
        at
    )
    .execute(&mut *conn)
    .await?;
    query!(
        r#"
        insert into standings (model, environment, live) select model, environment, id from deployments where id = $1
        on conflict (model, environment) do update set live = excluded.live
        "#,
        id
    )
    .execute(conn)
    .await
    .map(drop)
}

pub async fn failed(conn: &mut PgConnection, id: DeploymentId, why: &str, at: DateTime<Utc>) -> Result<()> {
    query!(
        "update deployments set state = 'failed', finished_at = $2, ended_at = $2, outcome = $3, lease_until = null where id = $1",
        i64::from(id),
        at,
        why
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Something that should be running, with the way to its target.
pub struct Live {
    pub id: DeploymentId,
    pub environment: String,
    pub running: serde_json::Value,
    pub target: serde_json::Value,
    pub secret: Option<String>,
}

pub async fn live_with_targets(pool: &PgPool) -> Result<Vec<Live>> {
    query_as!(
        Live,
        r#"
        select d.id, e.name as environment, d.running as "running!", e.target, e.secret
        from deployments d join environments e on e.id = d.environment
        where d.state = 'live' and d.running is not null order by d.id
        "#
    )
    .fetch_all(pool)
    .await
}

/// Writes down why what is live does not answer, or that it does; only where that is news.
pub async fn set_trouble(pool: &PgPool, id: DeploymentId, trouble: Option<&str>) -> Result<()> {
    query!(
        "update deployments set trouble = $2 where id = $1 and state = 'live' and trouble is distinct from $2",
        i64::from(id),
        trouble
    )
    .execute(pool)
    .await
    .map(drop)
}

pub async fn set_running(pool: &PgPool, id: DeploymentId, running: &serde_json::Value) -> Result<()> {
    query!(
        "update deployments set running = $2 where id = $1 and state = 'live'",
        i64::from(id),
        running
    )
    .execute(pool)
    .await
    .map(drop)
}

/// What the final entry says it is about.
pub async fn subject(
    conn: &mut PgConnection,
    id: DeploymentId,
) -> Result<(ReleaseId, ModelName, String), Failure> {
    let row = query!(
        r#"
        select d.release, m.name as model, v.number, e.name as environment
        from deployments d join versions v on v.id = d.version join models m on m.id = d.model join environments e on e.id = d.environment
        where d.id = $1
        "#,
        i64::from(id),
    )
    .fetch_one(conn)
    .await?;
    let what = format!("{} {} in {}", row.model, row.number, row.environment);
    Ok((row.release.into(), row.model.parse()?, what))
}
