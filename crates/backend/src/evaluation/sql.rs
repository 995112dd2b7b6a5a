//! The SQL of evaluations.
pub mod job;

use super::Found;
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    evaluation::{Drift, Evaluated},
    id::{EvaluationId, VersionId},
    model::ModelName,
    signature::Chair,
    view::{
        Name,
        evaluation::{Drifted, Row},
        release::Signature,
    },
};
use sqlx::{PgConnection, PgPool, query, query_scalar};
use uuid::Uuid;

pub async fn next(conn: &mut PgConnection) -> sqlx::Result<EvaluationId> {
    let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('evaluations', 'id')) as "id!""#);
    id.fetch_one(conn).await.map(EvaluationId::from)
}

pub async fn insert(conn: &mut PgConnection, evaluated: &Evaluated, at: DateTime<Utc>) -> sqlx::Result<()> {
    let result = evaluated.result();
    let drift = result.drift.as_ref();
    let (columns, psi) = drift
        .map(|drift| drift.columns.iter().cloned().unzip::<_, _, Vec<_>, Vec<_>>())
        .unzip();
    query!(
        r#"
        insert into evaluations (id, version, file_name, file_digest, file_bytes, report, report_digest,
                                 verdict, roc_auc, accuracy, impact_ratio, rows, evaluated_by, evaluated_at,
                                 drift_from, drift_columns, drift_psi)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        "#,
        i64::from(result.id),
        i64::from(result.version),
        result.file_name,
        result.file_digest,
        result.file_bytes,
        result.report,
        result.report_digest,
        result.verdict,
        result.measured.roc_auc,
        result.measured.accuracy,
        result.measured.impact_ratio,
        i64::try_from(result.measured.rows).unwrap_or(i64::MAX),
        Uuid::from(evaluated.by()),
        at,
        drift.map(|drift| &drift.from),
        columns.as_deref(),
        psi.as_deref() as Option<&[Option<f64>]>,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The evaluations of a version, newest first.
pub async fn rows(pool: &PgPool, version: VersionId) -> sqlx::Result<Vec<Row>> {
    let rows = query!(
        r#"
        select e.id, e.file_name, e.file_digest, e.file_bytes, e.report_digest, e.verdict,
               e.evaluated_by, p.name as evaluated_by_name, e.evaluated_at
        from evaluations e join people p on p.id = e.evaluated_by
        where e.version = $1 order by e.id desc limit 200
        "#,
        i64::from(version),
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| Row {
        id: row.id.into(),
        file_name: row.file_name,
        file_digest: row.file_digest,
        file_bytes: row.file_bytes,
        report_digest: row.report_digest,
        verdict: row.verdict,
        evaluated_by: Name {
            id: row.evaluated_by.into(),
            name: row.evaluated_by_name,
        },
        evaluated_at: row.evaluated_at,
    });
    Ok(rows.collect())
}

/// The newest evaluations of a model, with words to choose them by.
pub async fn of_model(pool: &PgPool, model: &ModelName) -> sqlx::Result<Vec<(String, String)>> {
    let rows = query!(
        r#"
        select e.id, v.number, e.file_name, e.evaluated_at
        from evaluations e join versions v on v.id = e.version join models m on m.id = v.model
        where m.name = $1 order by e.id desc limit 50
        "#,
        model.as_str(),
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| {
        let day = row.evaluated_at.format("%-d %B %Y");
        let words = format!(
            "Report {}, version {}, {day}: {}",
            row.id, row.number, row.file_name
        );
        (row.id.to_string(), words)
    });
    Ok(rows.collect())
}

/// The newest evaluations of a model that say something of drift, up to one of them; newest first.
pub async fn drifted(
    pool: &PgPool,
    model: &ModelName,
    until: Option<EvaluationId>,
) -> sqlx::Result<Vec<Drifted>> {
    let rows = query!(
        r#"
        select e.id, v.number, e.evaluated_at, e.rows, e.drift_from as "from!", e.drift_columns as "columns!",
               e.drift_psi as "psi!: Vec<Option<f64>>"
        from evaluations e join versions v on v.id = e.version join models m on m.id = v.model
        where m.name = $1 and e.drift_from is not null and e.id <= $2
        order by e.id desc limit 60
        "#,
        model.as_str(),
        until.map_or(i64::MAX, i64::from),
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| Drifted {
        evaluation: row.id.into(),
        number: row.number,
        at: row.evaluated_at,
        rows: row.rows.map(i64::unsigned_abs),
        drift: Drift {
            from: row.from,
            columns: row.columns.into_iter().zip(row.psi).collect(),
        },
    });
    Ok(rows.collect())
}

/// The evaluation that one was held against.
pub async fn held_against(pool: &PgPool, id: EvaluationId) -> sqlx::Result<Option<EvaluationId>> {
    let baseline = query_scalar!(
        "select baseline from evaluation_jobs where evaluation = $1",
        i64::from(id)
    );
    let baseline = baseline.fetch_optional(pool).await?;
    Ok(baseline.flatten().map(EvaluationId::from))
}

/// What an evaluation reported, as it was frozen.
pub async fn report(conn: &mut PgConnection, id: EvaluationId) -> sqlx::Result<String> {
    let report = query_scalar!("select report from evaluations where id = $1", i64::from(id));
    report.fetch_one(conn).await
}

pub(super) async fn find(pool: &PgPool, id: EvaluationId) -> Result<Option<Found>, Failure> {
    let row = query!(
        r#"
        select e.id, e.file_name, e.file_digest, e.file_bytes, e.report, e.report_digest, e.verdict,
               e.evaluated_by, p.name as evaluated_by_name, e.evaluated_at,
               m.name as model, m.tier, v.number, v.digest as version_digest
        from evaluations e
        join people p on p.id = e.evaluated_by
        join versions v on v.id = e.version
        join models m on m.id = v.model
        where e.id = $1
        "#,
        i64::from(id),
    );
    let Some(row) = row.fetch_optional(pool).await? else {
        return Ok(None);
    };
    Ok(Some(Found {
        model: row.model.parse()?,
        tier: row.tier.parse()?,
        number: row.number,
        version_digest: row.version_digest,
        report: row.report,
        row: Row {
            id: row.id.into(),
            file_name: row.file_name,
            file_digest: row.file_digest,
            file_bytes: row.file_bytes,
            report_digest: row.report_digest,
            verdict: row.verdict,
            evaluated_by: Name {
                id: row.evaluated_by.into(),
                name: row.evaluated_by_name,
            },
            evaluated_at: row.evaluated_at,
        },
    }))
}

/// What was signed on releases whose dossier holds this evaluation.
pub async fn signatures(pool: &PgPool, id: EvaluationId) -> sqlx::Result<Vec<Signature>> {
    let rows = query!(
        r#"
        select s.person_name, s.chair, s.decision, s.meaning, s.note, s.dossier_digest, s.at,
               s.voided_at, s.void_reason
        from evaluations e
        join releases r on r.version = e.version
        join signatures s on s.release = r.id
        where e.id = $1
          and r.dossier::jsonb @> jsonb_build_object('evaluations', jsonb_build_array(jsonb_build_object('id', $1)))
        order by s.id
        "#,
        i64::from(id),
    );
    let signatures = rows.fetch_all(pool).await?.into_iter().map(|row| Signature {
        name: row.person_name,
        chair: Chair::from(row.chair).words(),
        decision: row.decision,
        meaning: row.meaning,
        note: row.note,
        dossier_digest: row.dossier_digest,
        at: row.at,
        voided: row.voided_at.zip(row.void_reason),
    });
    Ok(signatures.collect())
}
