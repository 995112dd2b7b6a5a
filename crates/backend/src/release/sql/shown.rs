//! What the list and the page of releases show.
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    id::{EvaluationId, ReleaseId},
    policy::Policy,
    release::State,
    view::{
        Name,
        release::{Row, Signature},
    },
};
use sqlx::{PgPool, query};

/// Which rows of the list are wanted; every part narrows.
#[derive(Default)]
pub struct Which {
    pub ids: Option<Vec<i64>>,
    pub version: Option<i64>,
    pub state: Option<String>,
    pub before: Option<i64>,
}

pub async fn rows(pool: &PgPool, which: &Which, limit: i64) -> Result<Vec<Row>, Failure> {
    let rows = query!(
        r#"
        select r.id, m.name as model, m.tier, v.number, e.name as environment, r.state, r.reason, r.requested_by, p.name,
               r.requested_at, r.approved_until,
               (select count(*) from jsonb_array_elements(r.gates) gate where gate ->> 'state' not in ('pass', 'near')) as "unmet!"
        from releases r join versions v on v.id = r.version join models m on m.id = v.model
        join environments e on e.id = r.environment join people p on p.id = r.requested_by
        where ($1::bigint[] is null or r.id = any($1)) and ($2::bigint is null or r.version = $2)
          and ($3::text is null or r.state = $3) and ($4::bigint is null or r.id < $4)
        order by r.id desc limit $5
        "#,
        which.ids.as_deref(),
        which.version,
        which.state,
        which.before,
        limit,
    );
    rows.fetch_all(pool)
        .await?
        .into_iter()
        .map(|row| {
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
                    name: row.name,
                },
                requested_at: row.requested_at,
                approved_until: row.approved_until,
                unmet: row.unmet,
            })
        })
        .collect()
}

/// What the page shows beside the rules.
pub struct More {
    pub changes: String,
    pub policy: Policy,
    pub gates_at: DateTime<Utc>,
    pub evaluation: Option<EvaluationId>,
    pub report: Option<String>,
    pub closing_note: Option<String>,
}

pub async fn more(pool: &PgPool, id: ReleaseId) -> Result<More, Failure> {
    let row = query!(
        r#"
        select r.policy, r.gates_at, r.closing_note, v.manifest, newest.id as "evaluation?", newest.report as "report?"
        from releases r join versions v on v.id = r.version
        left join lateral (select id, report from evaluations where version = v.id order by id desc limit 1) newest on true
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
        report: row.report,
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
