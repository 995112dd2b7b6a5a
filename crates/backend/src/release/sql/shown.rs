//! What the list and the page of releases show.
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    id::{EvaluationId, ReleaseId, VersionId},
    policy::Policy,
    release::State,
    view::{
        Name,
        release::{Row, Signature},
    },
};
use sqlx::{PgPool, query, query_as};
use uuid::Uuid;

/// A row of the list as it is kept.
struct Stored {
    id: i64,
    model: String,
    tier: String,
    number: i32,
    environment: String,
    state: String,
    reason: String,
    requested_by: Uuid,
    requester: String,
    requested_at: DateTime<Utc>,
    approved_until: Option<DateTime<Utc>>,
    unmet: i64,
}

/// The one select behind every list, with what each list wants of it. A text of its own for each lets the database keep
/// its plan; "everything or this one" in one text has it plan anew at each look.
macro_rules! rows {
    ($pool:expr, $wanted:tt $(, $argument:expr)*) => {
        read(
            query_as!(
                Stored,
                r#"
                select r.id, m.name as model, m.tier, v.number, e.name as environment, r.state, r.reason, r.requested_by,
                       p.name as requester, r.requested_at, r.approved_until,
                       (select count(*) from jsonb_array_elements(r.gates) gate
                        where gate ->> 'state' not in ('pass', 'near')) as "unmet!"
                from releases r join versions v on v.id = r.version join models m on m.id = v.model
                join environments e on e.id = r.environment join people p on p.id = r.requested_by
                "# + $wanted
                $(, $argument)*
            )
            .fetch_all($pool)
            .await?,
        )
    };
}

fn read(rows: Vec<Stored>) -> Result<Vec<Row>, Failure> {
    let row = |row: Stored| {
        Ok(Row {
            id: row.id.into(),
            model: row.model.parse()?,
            tier: row.tier.parse()?,
            number: row.number,
            environment: row.environment.parse()?,
            state: State::from_stored(&row.state),
            reason: row.reason,
            requested_by: Name {
                id: row.requested_by.into(),
                name: row.requester,
            },
            requested_at: row.requested_at,
            approved_until: row.approved_until,
            unmet: row.unmet,
        })
    };
    rows.into_iter().map(row).collect()
}

pub async fn row(pool: &PgPool, id: ReleaseId) -> Result<Option<Row>, Failure> {
    Ok(rows!(pool, "where r.id = $1", i64::from(id))?.pop())
}

pub async fn rows(pool: &PgPool, ids: &[i64]) -> Result<Vec<Row>, Failure> {
    rows!(pool, "where r.id = any($1)", ids)
}

/// The newest 50 of a version.
pub async fn of_version(pool: &PgPool, version: VersionId) -> Result<Vec<Row>, Failure> {
    rows!(
        pool,
        "where r.version = $1 order by r.id desc limit 50",
        i64::from(version)
    )
}

/// The newest 31 in a state or in any, before one that is known.
pub async fn newest(pool: &PgPool, state: Option<&str>, before: Option<i64>) -> Result<Vec<Row>, Failure> {
    let before = before.unwrap_or(i64::MAX);
    match state {
        Some(state) => {
            rows!(
                pool,
                "where r.state = $1 and r.id < $2 order by r.id desc limit 31",
                state,
                before
            )
        }
        None => rows!(pool, "where r.id < $1 order by r.id desc limit 31", before),
    }
}

/// What the page shows beside the rules.
pub struct More {
    pub changes: String,
    pub policy: Policy,
    pub gates_at: DateTime<Utc>,
    pub evaluation: Option<EvaluationId>,
    pub closing_note: Option<String>,
}

pub async fn more(pool: &PgPool, id: ReleaseId) -> Result<More, Failure> {
    let row = query!(
        r#"
        select r.policy, r.gates_at, r.closing_note, v.manifest, (select max(id) from evaluations where version = v.id) as evaluation
        from releases r join versions v on v.id = r.version
        where r.id = $1
        "#,
        i64::from(id),
    )
    .fetch_one(pool)
    .await?;
    let manifest: domain::manifest::Manifest = serde_json::from_str(&row.manifest)?;
    Ok(More {
        changes: manifest.changes,
        policy: crate::policy::sql::get(pool, row.policy.into()).await?,
        gates_at: row.gates_at,
        evaluation: row.evaluation.map(EvaluationId::from),
        closing_note: row.closing_note,
    })
}

pub async fn signatures(pool: &PgPool, id: ReleaseId) -> Result<Vec<Signature>, Failure> {
    let rows = query!(
        r#"
        select person_name, chair, decision, meaning, note, dossier_digest, at, voided_at, void_reason
        from signatures where release = $1 order by id
        "#,
        i64::from(id),
    );
    let rows = rows.fetch_all(pool).await?;
    Ok(rows
        .into_iter()
        .map(|row| Signature {
            name: row.person_name,
            chair: domain::signature::Chair::from(row.chair).words(),
            decision: row.decision,
            meaning: row.meaning,
            note: row.note,
            dossier_digest: row.dossier_digest,
            at: row.at,
            voided: row.voided_at.zip(row.void_reason),
        })
        .collect())
}
