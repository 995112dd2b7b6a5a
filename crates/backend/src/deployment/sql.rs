//! The SQL of deployments.
mod job;

pub use job::*;

use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    deployment::{self, Kind, Ordered, Place, State},
    environment::EnvironmentName,
    id::{DeploymentId, PersonId, ReleaseId, VersionId},
    model::ModelName,
    view::{
        Name,
        deployment::{Approval, Row, Step},
    },
};
use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};
use uuid::Uuid;

pub async fn next(conn: &mut PgConnection) -> Result<DeploymentId> {
    let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('deployments', 'id')) as "id!""#);
    id.fetch_one(conn).await.map(DeploymentId::from)
}

/// Locks the place, so that two orders for it take turns, and says what is there.
pub async fn lock_place(
    conn: &mut PgConnection,
    model: &ModelName,
    environment: &EnvironmentName,
) -> Result<Place> {
    query!(
        r#"
        insert into standings (model, environment)
        select m.id, e.id from models m, environments e where m.name = $1 and e.name = $2
        on conflict (model, environment) do update set model = excluded.model
        "#,
        model.as_str(),
        environment.as_str(),
    )
    .execute(&mut *conn)
    .await?;
    let there = query!(
        r#"
        select d.state, v.number, d.trouble is null as "answers!"
        from deployments d join versions v on v.id = d.version join models m on m.id = d.model join environments e on e.id = d.environment
        where m.name = $1 and e.name = $2 and d.state in ('queued', 'running', 'live')
        "#,
        model.as_str(),
        environment.as_str(),
    )
    .fetch_all(conn)
    .await?;
    Ok(Place {
        at_work: there.iter().any(|row| row.state != "live"),
        live: there
            .iter()
            .find(|row| row.state == "live")
            .map(|row| deployment::Live {
                number: row.number,
                answers: row.answers,
            }),
    })
}

/// Where a rollback leads: to the newest other version that ran there, is approved still and was not itself rolled away
/// from when it last ran there. What a rollback left comes back by an ordinary deployment only.
pub async fn previous(
    conn: &mut PgConnection,
    model: &ModelName,
    environment: &EnvironmentName,
    now: DateTime<Utc>,
) -> Result<Option<ReleaseId>> {
    let found = query_scalar!(
        r#"
        with ran as (
            select d.id, d.release, d.version, d.state,
                   lead(d.kind) over (order by d.id) as replaced_by, row_number() over (partition by d.version order by d.id desc) as age
            from deployments d join models m on m.id = d.model join environments e on e.id = d.environment
            where m.name = $1 and e.name = $2 and d.state in ('live', 'replaced')
        )
        select ran.release
        from ran join releases r on r.id = ran.release
        where ran.age = 1 and ran.state = 'replaced' and ran.replaced_by = 'deploy'
          and r.state = 'approved' and r.approved_until > $3
        order by ran.id desc limit 1
        "#,
        model.as_str(),
        environment.as_str(),
        now,
    );
    Ok(found.fetch_optional(conn).await?.map(ReleaseId::from))
}

pub async fn number_of(conn: &mut PgConnection, release: ReleaseId) -> Result<Option<i32>> {
    query_scalar!(
        "select v.number from releases r join versions v on v.id = r.version where r.id = $1",
        i64::from(release)
    )
    .fetch_optional(conn)
    .await
}

pub async fn insert(
    conn: &mut PgConnection,
    ordered: &Ordered,
    permit: &str,
    at: DateTime<Utc>,
) -> Result<(), Failure> {
    use crate::failure::OnConstraint;
    let release = ordered.release();
    query!(
        r#"
        insert into deployments (id, release, version, environment, model, kind, reason, permit, permit_until, requested_by, requested_at)
        select $1, r.id, r.version, r.environment, v.model, $3, $4, $5, $6, $7, $8
        from releases r join versions v on v.id = r.version where r.id = $2
        "#,
        i64::from(ordered.id()),
        i64::from(release.id),
        ordered.kind().as_str(),
        ordered.reason(),
        permit,
        ordered.permit_until(),
        Uuid::from(ordered.by()),
        at,
    )
    .execute(conn)
    .await
    .map(drop)
    .on_constraint("deployments_one_at_work", || domain::Refusal::DeploymentAtWork(release.environment.to_string()))
}

pub async fn see(conn: &mut PgConnection, id: DeploymentId, by: PersonId, at: DateTime<Utc>) -> Result<bool> {
    let update = query!(
        r#"
        update deployments set seen_by = $2, seen_at = $3
        where id = $1 and kind = 'rollback' and state in ('live', 'replaced') and seen_by is null
        "#,
        i64::from(id),
        Uuid::from(by),
        at
    );
    update.execute(conn).await.map(|done| done.rows_affected() == 1)
}

/// The one select behind every list of deployments.
struct Stored {
    id: i64,
    release: i64,
    model: String,
    tier: String,
    number: i32,
    environment: String,
    kind: String,
    state: String,
    reason: String,
    requested_by: Uuid,
    requester: String,
    requested_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    trouble: Option<String>,
    running: Option<serde_json::Value>,
}

impl TryFrom<Stored> for Row {
    type Error = Failure;
    fn try_from(row: Stored) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id.into(),
            release: row.release.into(),
            model: row.model.parse()?,
            tier: row.tier.parse()?,
            number: row.number,
            environment: row.environment.parse()?,
            kind: Kind::from_stored(&row.kind),
            state: State::from_stored(&row.state),
            reason: row.reason,
            requested_by: Name {
                id: row.requested_by.into(),
                name: row.requester,
            },
            requested_at: row.requested_at,
            finished_at: row.finished_at,
            ended_at: row.ended_at,
            outcome: row.outcome,
            trouble: row.trouble,
            endpoint: row
                .running
                .and_then(|running| Some(running["endpoint"].as_str()?.to_owned())),
        })
    }
}

/// The one select behind every list, with what each list wants of it: a condition, an order, a limit. A text of its own
/// for each lets the database keep its plan; "everything or this one" in one text has it plan anew at each look.
macro_rules! rows {
    ($pool:expr, $wanted:tt $(, $argument:expr)*) => {
        read(
            query_as!(
                Stored,
                r#"
                select d.id, d.release, m.name as model, m.tier, v.number, e.name as environment, d.kind, d.state, d.reason,
                       d.requested_by, p.name as requester, d.requested_at, d.finished_at, d.ended_at, d.outcome, d.trouble, d.running
                from deployments d join versions v on v.id = d.version join models m on m.id = d.model
                join environments e on e.id = d.environment join people p on p.id = d.requested_by
                "# + $wanted
                $(, $argument)*
            )
            .fetch_all($pool)
            .await?,
        )
    };
}

fn read(rows: Vec<Stored>) -> Result<Vec<Row>, Failure> {
    rows.into_iter().map(Row::try_from).collect()
}

pub async fn row(pool: &PgPool, id: DeploymentId) -> Result<Option<Row>, Failure> {
    Ok(rows!(pool, "where d.id = $1", i64::from(id))?.pop())
}

pub async fn of_release(pool: &PgPool, release: ReleaseId) -> Result<Vec<Row>, Failure> {
    rows!(
        pool,
        "where d.release = $1 order by d.id desc limit 50",
        i64::from(release)
    )
}

pub async fn of_version(pool: &PgPool, version: VersionId) -> Result<Vec<Row>, Failure> {
    rows!(
        pool,
        "where d.version = $1 order by d.id desc limit 50",
        i64::from(version)
    )
}

/// The newest 51 of one model or of all, before one that is known.
pub async fn recent(
    pool: &PgPool,
    model: Option<&ModelName>,
    before: Option<i64>,
) -> Result<Vec<Row>, Failure> {
    let before = before.unwrap_or(i64::MAX);
    match model {
        Some(model) => rows!(
            pool,
            "where d.model = (select id from models where name = $1) and d.id < $2 order by d.id desc limit 51",
            model.as_str(),
            before
        ),
        None => rows!(pool, "where d.id < $1 order by d.id desc limit 51", before),
    }
}

/// The newest 100 that run, of one model or of all.
pub async fn live(pool: &PgPool, model: Option<&ModelName>) -> Result<Vec<Row>, Failure> {
    match model {
        Some(model) => rows!(
            pool,
            "where d.state = 'live' and d.model = (select id from models where name = $1) order by d.id desc limit 100",
            model.as_str()
        ),
        None => rows!(pool, "where d.state = 'live' order by d.id desc limit 100"),
    }
}

/// As many of the newest that run as home shows.
pub async fn newest_live(pool: &PgPool) -> Result<Vec<Row>, Failure> {
    rows!(pool, "where d.state = 'live' order by d.id desc limit 25")
}

/// How many deployments are live.
pub async fn running(pool: &PgPool) -> Result<u64> {
    let count = query_scalar!(r#"select count(*) as "n!" from deployments where state = 'live'"#);
    count.fetch_one(pool).await.map(i64::unsigned_abs)
}

/// The newest approvals of these models.
pub async fn approvals(pool: &PgPool, models: &[String]) -> Result<Vec<Approval>, Failure> {
    let rows = query!(
        r#"
        select r.id, m.name as model, v.number, e.name as environment, r.closed_at as "at!"
        from models m join versions v on v.model = m.id join releases r on r.version = v.id
        join environments e on e.id = r.environment
        where m.name = any($1) and r.state = 'approved' and r.closed_at is not null
        order by r.closed_at desc limit 200
        "#,
        models,
    );
    let approvals = rows.fetch_all(pool).await?.into_iter().map(|row| {
        Ok(Approval {
            release: row.id.into(),
            model: row.model.parse()?,
            number: row.number,
            environment: row.environment.parse()?,
            at: row.at,
        })
    });
    approvals.collect()
}

/// What the page shows beside the row.
pub struct More {
    pub version_digest: String,
    pub dossier_digest: String,
    pub permit: String,
    pub permit_until: DateTime<Utc>,
    pub seen: Option<(Name, DateTime<Utc>)>,
}

pub async fn more(pool: &PgPool, id: DeploymentId) -> Result<More> {
    let row = query!(
        r#"
        select v.digest as version_digest, r.dossier_digest, d.permit, d.permit_until, d.seen_at, p.id as "seer?", p.name as "seer_name?"
        from deployments d join versions v on v.id = d.version join releases r on r.id = d.release
        left join people p on p.id = d.seen_by where d.id = $1
        "#,
        i64::from(id),
    )
    .fetch_one(pool)
    .await?;
    let seer = row
        .seer
        .zip(row.seer_name)
        .map(|(id, name)| Name { id: id.into(), name });
    Ok(More {
        version_digest: row.version_digest,
        dossier_digest: row.dossier_digest,
        permit: row.permit,
        permit_until: row.permit_until,
        seen: seer.zip(row.seen_at),
    })
}

pub async fn steps(pool: &PgPool, id: DeploymentId, after: i64) -> Result<Vec<Step>> {
    query_as!(
        Step,
        "select id, at, name, state, line from deployment_steps where deployment = $1 and id > $2 order by id limit 2000",
        i64::from(id),
        after
    )
    .fetch_all(pool)
    .await
}
