//! The SQL of jobs.
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    evaluation::job::{self, State},
    id::{EvaluationId, JobId, PersonId, VersionId},
    refusal::Invalid,
    view::{
        Name,
        evaluation::{Job, Progress},
    },
};
use serde_json::Value;
use sqlx::{PgConnection, PgPool, query, query_as, query_scalar};
use uuid::Uuid;

/// A file that is kept.
pub struct File {
    pub name: String,
    pub digest: String,
    pub bytes: i64,
}

/// A job that a worker has taken.
pub struct Taken {
    pub job: job::Job,
    pub file_bytes: i64,
    pub asked: Value,
    /// The file of the evaluation that drift is measured from.
    pub baseline: Option<String>,
    pub asked_by: PersonId,
    /// How often it has been begun, this time counted.
    pub attempt: i32,
}

/// A job as the record names it, from a row that names it.
macro_rules! named {
    ($row:ident) => {
        job::Job {
            id: $row.id.into(),
            version: $row.version.into(),
            model: $row.model.parse()?,
            number: $row.number,
            file_name: $row.file_name,
            file_digest: $row.file_digest,
        }
    };
}

/// The file of an earlier job of the same version.
pub async fn file(pool: &PgPool, version: VersionId, job: JobId) -> sqlx::Result<Option<File>> {
    query_as!(
        File,
        r#"
        select file_name as name, file_digest as digest, file_bytes as bytes
        from evaluation_jobs where id = $2 and version = $1
        "#,
        i64::from(version),
        i64::from(job),
    )
    .fetch_optional(pool)
    .await
}

/// How many jobs of this person are not over. Their row is locked, so that of two who ask at once one counts the other.
pub async fn waiting_of(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<i64> {
    let person = Uuid::from(person);
    query_scalar!("select id from people where id = $1 for no key update", person)
        .fetch_one(&mut *conn)
        .await?;
    query_scalar!(
        r#"select count(*) as "n!" from evaluation_jobs where asked_by = $1 and state in ('queued', 'running')"#,
        person
    )
    .fetch_one(conn)
    .await
}

pub async fn insert(
    conn: &mut PgConnection,
    version: VersionId,
    file: &File,
    asked: &Value,
    baseline: Option<EvaluationId>,
    by: PersonId,
    at: DateTime<Utc>,
) -> sqlx::Result<JobId> {
    let id = query_scalar!(
        r#"
        insert into evaluation_jobs (version, file_name, file_digest, file_bytes, asked, baseline, asked_by, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id
        "#,
        i64::from(version),
        file.name,
        file.digest,
        file.bytes,
        asked,
        baseline.map(i64::from),
        Uuid::from(by),
        at,
    );
    id.fetch_one(conn).await.map(JobId::from)
}

/// Takes the job that has waited longest, or whose worker has gone, and holds it until `lease`.
pub async fn take(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
) -> Result<Option<Taken>, Failure> {
    let row = query!(
        r#"
        update evaluation_jobs j
        set state = 'running', attempts = attempts + 1, started_at = $1, lease_until = $2, bytes_read = 0, rows_read = 0
        from versions v, models m
        where v.id = j.version and m.id = v.model and j.id = (
            select id from evaluation_jobs
            where state = 'queued' or (state = 'running' and lease_until < $1)
            order by id for update skip locked limit 1)
        returning j.id, j.version, m.name as model, v.number, j.file_name, j.file_digest, j.file_bytes, j.asked,
                  j.asked_by, j.attempts, (select file_digest from evaluations where id = j.baseline) as baseline
        "#,
        now,
        lease,
    );
    let Some(row) = row.fetch_optional(conn).await? else {
        return Ok(None);
    };
    Ok(Some(Taken {
        job: named!(row),
        file_bytes: row.file_bytes,
        asked: row.asked,
        baseline: row.baseline,
        asked_by: row.asked_by.into(),
        attempt: row.attempts,
    }))
}

/// Whether the job is still this worker's, and what it has read of the file.
pub async fn renew(pool: &PgPool, taken: &Taken, seen: Progress, lease: DateTime<Utc>) -> sqlx::Result<bool> {
    let update = query!(
        r#"
        update evaluation_jobs set lease_until = $3, bytes_read = $4, rows_read = $5
        where id = $1 and attempts = $2 and state = 'running'
        "#,
        i64::from(taken.job.id),
        taken.attempt,
        lease,
        seen.bytes,
        seen.rows,
    );
    update.execute(pool).await.map(|done| done.rows_affected() == 1)
}

/// Ends a job with its evaluation; false where it is not this worker's any more.
pub async fn done(
    conn: &mut PgConnection,
    taken: &Taken,
    evaluation: EvaluationId,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let update = query!(
        r#"
        update evaluation_jobs set state = 'done', evaluation = $3, finished_at = $4, lease_until = null
        where id = $1 and attempts = $2 and state = 'running'
        "#,
        i64::from(taken.job.id),
        taken.attempt,
        i64::from(evaluation),
        at,
    );
    update.execute(conn).await.map(|done| done.rows_affected() == 1)
}

/// Ends a job with the reason why nothing came of it; false where it is not this worker's any more.
pub async fn failed(
    conn: &mut PgConnection,
    taken: &Taken,
    why: &Invalid,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let update = query!(
        r#"
        update evaluation_jobs
        set state = 'failed', failure_field = $3, failure = $4, finished_at = $5, lease_until = null
        where id = $1 and attempts = $2 and state = 'running'
        "#,
        i64::from(taken.job.id),
        taken.attempt,
        why.field,
        why.message,
        at,
    );
    update.execute(conn).await.map(|done| done.rows_affected() == 1)
}

/// A job and its state, locked until the change ends.
pub async fn lock(conn: &mut PgConnection, id: JobId) -> Result<Option<(job::Job, State)>, Failure> {
    let row = query!(
        r#"
        select j.id, j.version, m.name as model, v.number, j.file_name, j.file_digest, j.state
        from evaluation_jobs j join versions v on v.id = j.version join models m on m.id = v.model
        where j.id = $1 for no key update of j
        "#,
        i64::from(id),
    );
    let Some(row) = row.fetch_optional(conn).await? else {
        return Ok(None);
    };
    let state = State::from_stored(&row.state);
    Ok(Some((named!(row), state)))
}

pub async fn cancel(conn: &mut PgConnection, id: JobId, at: DateTime<Utc>) -> sqlx::Result<()> {
    query!(
        "update evaluation_jobs set state = 'cancelled', finished_at = $2, lease_until = null where id = $1",
        i64::from(id),
        at
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The one select behind what is shown of jobs, with what each wants of it.
macro_rules! jobs {
    ($pool:expr, $wanted:literal, $argument:expr) => {
        query_as!(
            Stored,
            r#"
            select j.id, m.name as model, v.number, j.file_name, j.file_digest, j.file_bytes, j.asked, j.baseline, j.state,
                   j.bytes_read, j.rows_read, j.failure_field, j.failure, j.evaluation,
                   j.asked_by, p.name as asked_by_name, j.asked_at, j.started_at, j.finished_at
            from evaluation_jobs j
            join people p on p.id = j.asked_by join versions v on v.id = j.version join models m on m.id = v.model
            "# + $wanted,
            $argument
        )
    };
}

pub async fn find(pool: &PgPool, id: JobId) -> Result<Option<Job>, Failure> {
    let row = jobs!(pool, "where j.id = $1", i64::from(id));
    row.fetch_optional(pool).await?.map(Job::try_from).transpose()
}

/// The jobs of a version that have no report: under way, failed or called off; newest first, ten at most.
pub async fn without_report(pool: &PgPool, version: VersionId) -> Result<Vec<Job>, Failure> {
    let rows = jobs!(
        pool,
        "where j.version = $1 and j.state <> 'done' order by j.id desc limit 10",
        i64::from(version)
    );
    rows.fetch_all(pool)
        .await?
        .into_iter()
        .map(Job::try_from)
        .collect()
}

struct Stored {
    id: i64,
    model: String,
    number: i32,
    file_name: String,
    file_digest: String,
    file_bytes: i64,
    asked: Value,
    baseline: Option<i64>,
    state: String,
    bytes_read: i64,
    rows_read: i64,
    failure_field: Option<String>,
    failure: Option<String>,
    evaluation: Option<i64>,
    asked_by: Uuid,
    asked_by_name: String,
    asked_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Stored> for Job {
    type Error = Failure;

    fn try_from(row: Stored) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id.into(),
            model: row.model.parse()?,
            number: row.number,
            file_name: row.file_name,
            file_digest: row.file_digest,
            file_bytes: row.file_bytes,
            asked: row.asked,
            baseline: row.baseline.map(EvaluationId::from),
            state: State::from_stored(&row.state),
            progress: Progress {
                bytes: row.bytes_read,
                rows: row.rows_read,
            },
            failure: row
                .failure_field
                .zip(row.failure)
                .map(|(field, message)| Invalid::new(field, message)),
            evaluation: row.evaluation.map(EvaluationId::from),
            asked_by: Name {
                id: row.asked_by.into(),
                name: row.asked_by_name,
            },
            asked_at: row.asked_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}
