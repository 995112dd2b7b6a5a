//! Evaluations: from a predictions file to a frozen report, and the report's page.
use crate::{Failure, Portal, assessment, files, files::Arrived, policy, release, version};
use assess::{Columns, Format, Limits, Report};
use bytes::Bytes;
use domain::{
    Actor, evaluation,
    id::EvaluationId,
    model::ModelName,
    view::evaluation::{Evaluation, Row},
};
use futures::stream::BoxStream;
use ledger::{canonical, digest::Digest};
use std::{fs::File, io::Read};
use tokio::sync::Semaphore;

/// One file at a time: a large one takes a core and all the memory that [`limits`] lets it have.
static TURN: Semaphore = Semaphore::const_new(1);

/// What one file may take on a portal that serves people meanwhile: some 100 MB of memory, and minutes of a core. Its
/// size was limited when it was received.
fn limits() -> Limits {
    Limits {
        max_bytes: u64::MAX,
        max_rows: 50_000_000,
        max_decompressed_bytes: 4 << 30,
        max_scores: 2_000_000,
        ..Limits::default()
    }
}

/// Computes the report of a predictions file and freezes it with the file. What stands on the version is judged anew.
pub async fn evaluate(
    portal: &Portal,
    actor: &Actor,
    model: &ModelName,
    number: i32,
    file_name: &str,
    arrived: Arrived,
    columns: Columns,
) -> Result<EvaluationId, Failure> {
    let engineer = actor.as_engineer()?;
    version::sql::find(portal.pool(), model, number)
        .await?
        .ok_or(Failure::NotFound)?;
    let (report, arrived) = assess(arrived, columns).await?;
    let text =
        String::from_utf8(canonical::to_vec(&report)?).map_err(|error| Failure::Stored(error.to_string()))?;
    portal.files().keep(&arrived).await?;

    let mut change = portal.change(actor).await?;
    let version = version::lock(change.conn(), model, number)
        .await?
        .ok_or(Failure::NotFound)?;
    let evaluated = engineer.evaluate(evaluation::Result {
        id: sql::next(change.conn()).await?,
        version,
        model: model.clone(),
        number,
        file_name: files::plain_name(file_name),
        file_digest: arrived.digest().to_string(),
        file_bytes: i64::try_from(arrived.bytes()).unwrap_or(i64::MAX),
        report_digest: Digest::of(text.as_bytes()).to_string(),
        report: text,
        verdict: report.verdict(),
        measured: assessment::measured(&report),
    });
    let id = evaluated.result().id;
    let now = change.now();
    sql::insert(change.conn(), &evaluated, now).await?;
    let recorded = change.record(&evaluated).await?;
    release::rebase(&mut change, version, &format!("evaluation {id} was added")).await?;
    change.commit_recorded(recorded).await?;
    Ok(id)
}

/// Computes beside the threads that answer people. The turn is kept until the work ends, even if nobody waits any more.
async fn assess(arrived: Arrived, columns: Columns) -> Result<(Report, Arrived), Failure> {
    let turn = TURN
        .acquire()
        .await
        .map_err(|error| Failure::Stored(error.to_string()))?;
    let work = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let mut first = Vec::new();
        File::open(arrived.path())?.take(4).read_to_end(&mut first)?;
        let format = Format::of(&first);
        let report = assess::assess_file(arrived.path(), format, &columns, &limits(), &mut |_| {});
        report
            .map(|report| (report, arrived))
            .map_err(|rejected| files::unusable(rejected.about(&columns), rejected))
    });
    work.await.map_err(|error| Failure::Stored(error.to_string()))?
}

/// A report, with what it belongs to.
pub async fn page(portal: &Portal, _: &Actor, id: EvaluationId) -> Result<Evaluation, Failure> {
    let pool = portal.pool();
    let found = sql::find(pool, id).await?.ok_or(Failure::NotFound)?;
    let facts = assessment::facts(&found.report)?;
    let gates = match policy::in_force(pool, found.tier).await? {
        Some(policy) => policy.rules.gates.iter().map(|gate| gate.judge(&facts)).collect(),
        None => Vec::new(),
    };
    let baseline = version::sql::baseline(pool, &found.model, found.number).await?;
    Ok(Evaluation {
        row: found.row,
        tier: found.tier,
        number: found.number,
        version_digest: found.version_digest,
        report: found.report,
        gates,
        signatures: sql::signatures(pool, id).await?,
        baseline: baseline.and_then(|baseline| Some((baseline.evaluation?, baseline.number))),
        model: found.model,
    })
}

/// The predictions, as they were sent: the name and the bytes.
pub async fn file(
    portal: &Portal,
    _: &Actor,
    id: EvaluationId,
) -> Result<(String, BoxStream<'static, object_store::Result<Bytes>>), Failure> {
    let row = sql::find(portal.pool(), id).await?.ok_or(Failure::NotFound)?.row;
    let bytes = portal.files().read(&row.file_digest).await?;
    Ok((row.file_name, bytes))
}

/// A stored evaluation, with what it is of.
struct Found {
    row: Row,
    model: ModelName,
    tier: domain::model::Tier,
    number: i32,
    version_digest: String,
    report: String,
}

pub(crate) mod sql {
    use super::{EvaluationId, Failure, Found, Row};
    use chrono::{DateTime, Utc};
    use domain::{
        evaluation::Evaluated,
        id::VersionId,
        signature::Chair,
        view::{Name, release::Signature},
    };
    use sqlx::{PgConnection, PgPool, query, query_scalar};
    use uuid::Uuid;

    pub async fn next(conn: &mut PgConnection) -> sqlx::Result<EvaluationId> {
        let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('evaluations', 'id')) as "id!""#);
        id.fetch_one(conn).await.map(EvaluationId::from)
    }

    pub async fn insert(
        conn: &mut PgConnection,
        evaluated: &Evaluated,
        at: DateTime<Utc>,
    ) -> sqlx::Result<()> {
        let result = evaluated.result();
        query!(
            r#"
            insert into evaluations (id, version, file_name, file_digest, file_bytes, report, report_digest,
                                     verdict, roc_auc, accuracy, impact_ratio, rows, evaluated_by, evaluated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
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

    /// The report of a version's newest evaluation.
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
}

#[cfg(test)]
mod tests;
