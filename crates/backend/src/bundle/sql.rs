//! The SQL of bundles.
use crate::{
    Failure,
    audit::written,
    evidence::{Said, SaidFile},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{id::ReleaseId, model::ModelName};
use ledger::bundle::Signature;
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgPool, Result, query, query_as, query_scalar};
use std::collections::HashMap;
use uuid::Uuid;

/// The name of a release's model.
pub async fn model(pool: &PgPool, id: ReleaseId) -> Result<Option<String>> {
    let model = query_scalar!(
        "select m.name from releases r join versions v on v.id = r.version join models m on m.id = v.model where r.id = $1",
        i64::from(id)
    );
    model.fetch_optional(pool).await
}

/// "Release 7: credit-risk 14 for production".
pub async fn title(pool: &PgPool, id: ReleaseId) -> Result<Option<String>> {
    let title = query_scalar!(
        r#"
        select format('Release %s: %s %s for %s', r.id, m.name, v.number, e.name) as "title!"
        from releases r join versions v on v.id = r.version join models m on m.id = v.model
        join environments e on e.id = r.environment where r.id = $1
        "#,
        i64::from(id)
    );
    title.fetch_optional(pool).await
}

/// All releases of a model; none if there is no such model.
pub async fn releases(pool: &PgPool, model: &ModelName) -> Result<Option<Vec<i64>>> {
    let releases = query_scalar!(
        r#"
        select array(select r.id from releases r join versions v on v.id = r.version where v.model = m.id order by r.id) as "ids!"
        from models m where m.name = $1
        "#,
        model.as_str()
    );
    releases.fetch_optional(pool).await
}

pub async fn dossier(pool: &PgPool, release: i64) -> Result<String, Failure> {
    let dossier = query_scalar!("select dossier from releases where id = $1", release);
    dossier.fetch_optional(pool).await?.ok_or(Failure::NotFound)
}

pub async fn manifest(pool: &PgPool, model: &str, number: i32) -> Result<String> {
    query_scalar!(
        "select v.manifest from versions v join models m on m.id = v.model where m.name = $1 and v.number = $2",
        model,
        number
    )
    .fetch_one(pool)
    .await
}

pub async fn rules(pool: &PgPool, policy: i64) -> Result<String> {
    query_scalar!("select rules from policies where id = $1", policy)
        .fetch_one(pool)
        .await
}

pub struct Version {
    pub number: i32,
    pub manifest: String,
}

pub async fn versions(pool: &PgPool, model: &ModelName) -> Result<Vec<Version>> {
    query_as!(
        Version,
        "select v.number, v.manifest from versions v join models m on m.id = v.model where m.name = $1",
        model.as_str()
    )
    .fetch_all(pool)
    .await
}

pub struct Evaluation {
    pub id: i64,
    pub report: String,
    pub file_digest: String,
    pub file_bytes: i64,
}

pub async fn evaluations(pool: &PgPool, ids: &[i64]) -> Result<Vec<Evaluation>> {
    query_as!(
        Evaluation,
        "select id, report, file_digest, file_bytes from evaluations where id = any($1)",
        ids
    )
    .fetch_all(pool)
    .await
}

pub async fn evaluations_of_model(pool: &PgPool, model: &ModelName) -> Result<Vec<Evaluation>> {
    query_as!(
        Evaluation,
        r#"
        select e.id, e.report, e.file_digest, e.file_bytes
        from evaluations e join versions v on v.id = e.version join models m on m.id = v.model where m.name = $1
        "#,
        model.as_str()
    )
    .fetch_all(pool)
    .await
}

/// A piece of evidence, with what it says as it was digested.
pub struct Evidence {
    pub id: i64,
    pub said: Vec<u8>,
    /// The digest and the size of its file.
    pub file: Option<(String, i64)>,
}

struct StoredEvidence {
    id: i64,
    kind: String,
    title: String,
    statement: String,
    expires_on: Option<NaiveDate>,
    file_name: Option<String>,
    file_digest: Option<String>,
    file_bytes: Option<i64>,
}

impl TryFrom<StoredEvidence> for Evidence {
    type Error = Failure;

    fn try_from(row: StoredEvidence) -> Result<Self, Failure> {
        let file = row.file_digest.zip(row.file_bytes);
        let said = Said {
            kind: &row.kind,
            title: &row.title,
            text: &row.statement,
            expires_on: row.expires_on,
            file: row
                .file_name
                .as_deref()
                .zip(file.as_ref())
                .map(|(name, (digest, bytes))| SaidFile {
                    name,
                    digest,
                    bytes: *bytes,
                }),
        };
        Ok(Self {
            id: row.id,
            said: ledger::canonical::to_vec(&said)?,
            file,
        })
    }
}

macro_rules! evidence {
    ($pool:expr, $wanted:tt, $argument:expr) => {
        query_as!(
            StoredEvidence,
            r#"
            select d.id, d.kind, d.title, d.statement, d.expires_on, d.file_name, d.file_digest, d.file_bytes
            from evidence d join versions v on v.id = d.version join models m on m.id = v.model where
            "# + $wanted,
            $argument
        )
        .fetch_all($pool)
        .await?
        .into_iter()
        .map(Evidence::try_from)
        .collect()
    };
}

pub async fn evidence(pool: &PgPool, ids: &[i64]) -> Result<Vec<Evidence>, Failure> {
    evidence!(pool, "d.id = any($1)", ids)
}

pub async fn evidence_of_model(pool: &PgPool, model: &ModelName) -> Result<Vec<Evidence>, Failure> {
    evidence!(pool, "m.name = $1", model.as_str())
}

/// A review with its answers.
#[derive(Serialize)]
pub struct Review {
    id: i64,
    discipline: String,
    template: String,
    template_digest: String,
    questions: String,
    state: String,
    answers: Value,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    rationale: Option<String>,
    stepped_back: Vec<String>,
}

pub async fn reviews(pool: &PgPool, release: i64) -> Result<Vec<Review>> {
    query_as!(
        Review,
        r#"
        select r.id, r.discipline, t.title as template, t.digest as template_digest, t.questions, r.state, r.answers,
               p.name as "decided_by?", r.decided_at, r.rationale,
               array(select name from people where id = any(r.recused) order by name) as "stepped_back!"
        from reviews r join templates t on t.id = r.template left join people p on p.id = r.decided_by
        where r.release = $1 order by r.id
        "#,
        release
    )
    .fetch_all(pool)
    .await
}

/// A finding, closed or not.
#[derive(Serialize)]
pub struct Finding {
    id: i64,
    review: i64,
    severity: String,
    text: String,
    due_on: Option<NaiveDate>,
    raised_by: String,
    raised_at: DateTime<Utc>,
    closed_by: Option<String>,
    closed_at: Option<DateTime<Utc>>,
    closing: Option<String>,
}

pub async fn findings(pool: &PgPool, release: i64) -> Result<Vec<Finding>> {
    query_as!(
        Finding,
        r#"
        select f.id, f.review, f.severity, f.text, f.due_on, p.name as raised_by, f.raised_at,
               c.name as "closed_by?", f.closed_at, f.closing
        from findings f join people p on p.id = f.raised_by left join people c on c.id = f.closed_by
        where f.release = $1 order by f.id
        "#,
        release
    )
    .fetch_all(pool)
    .await
}

/// The signatures of a release as they are kept, each with the log's entry that records it: somebody's signatures and
/// their entries come in one order.
pub async fn signatures(pool: &PgPool, release: i64) -> Result<Vec<Signature>, Failure> {
    let entries = query!(
        r#"
        select l.index, e.at, e.actor from audit_entries e join log_leaves l on l.seq = e.seq
        where e.release = $1 and e.outcome = 'done' and e.canonical::jsonb #> '{after,signature}' is not null
        order by l.index desc
        "#,
        release
    );
    let mut recorded: HashMap<Option<Uuid>, Vec<(i64, DateTime<Utc>)>> = HashMap::new();
    for entry in entries.fetch_all(pool).await? {
        recorded
            .entry(entry.actor)
            .or_default()
            .push((entry.index, entry.at));
    }
    let rows = query!(
        r#"
        select id, person, person_name, chair, decision, meaning, note, dossier_digest, voided_at
        from signatures where release = $1 order by id
        "#,
        release
    );
    let rows = rows.fetch_all(pool).await?.into_iter().map(|row| {
        let entry = recorded.get_mut(&Some(row.person)).and_then(Vec::pop);
        let (index, at) = entry.ok_or_else(|| {
            Failure::Stored(format!(
                "no entry of the log records signature {} of {}",
                row.id, row.person_name
            ))
        })?;
        Ok(Signature {
            person: row.person_name,
            chair: row.chair.into(),
            decision: row.decision,
            meaning: row.meaning,
            note: row.note,
            dossier_digest: crate::attestation::digest(&row.dossier_digest)?,
            at: written(at),
            voided_at: row.voided_at.map(written),
            entry: index.unsigned_abs(),
        })
    });
    rows.collect()
}

/// The places of a release's entries, and of those of what it is about, below a size of the log.
pub async fn places_of_release(pool: &PgPool, id: ReleaseId, below: i64) -> Result<Vec<i64>> {
    query_scalar!(
        r#"
        with mine as (
            select r.version, m.name || '/' || v.number as name
            from releases r join versions v on v.id = r.version join models m on m.id = v.model where r.id = $1
        ), entries as (
            select seq from audit_entries where release = $1
            union
            select e.seq from mine join audit_entries e on e.subject_kind = 'version' and e.subject_id = mine.name
            union
            select a.seq from mine join evaluations e on e.version = mine.version
            join audit_entries a on a.subject_kind = 'evaluation' and a.subject_id = e.id::text
            union
            select a.seq from mine join evidence e on e.version = mine.version
            join audit_entries a on a.subject_kind = 'evidence' and a.subject_id = e.id::text
        )
        select l.index from entries join log_leaves l using (seq) where l.index < $2 order by l.index
        "#,
        i64::from(id),
        below
    )
    .fetch_all(pool)
    .await
}

pub async fn places_of_model(pool: &PgPool, model: &ModelName, below: i64) -> Result<Vec<i64>> {
    query_scalar!(
        "select l.index from audit_entries e join log_leaves l using (seq) where e.model = $1 and l.index < $2 order by l.index",
        model.as_str(),
        below
    )
    .fetch_all(pool)
    .await
}

/// For each of these places the first checkpoint that speaks of it, if it is earlier than the newest.
pub async fn checkpoints(pool: &PgPool, places: &[u64], newest: i64) -> Result<Vec<String>, Failure> {
    let places: Vec<i64> = places
        .iter()
        .filter_map(|place| i64::try_from(*place).ok())
        .collect();
    let notes = query_scalar!(
        r#"
        select c.note from checkpoints c
        where c.size in (
            select (select min(size) from checkpoints where size > place) from unnest($1::bigint[]) place
        ) and c.size < $2
        order by c.size
        "#,
        &places,
        newest
    );
    Ok(notes.fetch_all(pool).await?)
}
