//! The SQL of releases.
mod ground;
mod shown;

pub use ground::{Subject, dossier, facts, ground, lock_subject, newest_report, subject_of};
pub use shown::{more, newest, of_version, row, rows, signatures};

use crate::{Failure, Portal};
use chrono::{DateTime, Utc};
use domain::{
    actor::Discipline,
    finding::{Finding, Severity},
    id::{FindingId, PersonId, ReleaseId, ReviewId, VersionId},
    model::ModelName,
    release::{Decided, Dossier, Rebased, Release, Requested, State, Withdrawn},
    review,
    signature::Standing,
    view::evaluation::Change,
};
use serde::Deserialize;
use sqlx::{PgConnection, query, query_as, query_scalar, types::Json};
use uuid::Uuid;

pub async fn open_release(conn: &mut PgConnection, subject: &Subject) -> sqlx::Result<Option<ReleaseId>> {
    let open = query_scalar!(
        "select id from releases where version = $1 and environment = $2 and state = 'open'",
        i64::from(subject.version),
        i64::from(subject.environment_id),
    );
    Ok(open.fetch_optional(conn).await?.map(ReleaseId::from))
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

/// The dossier was digested from the same canonical text, so it can't fail here.
fn canonical(dossier: &Dossier) -> String {
    ledger::canonical::to_vec(dossier)
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .unwrap_or_default()
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

struct Stored {
    id: ReleaseId,
    model: String,
    number: i32,
    environment: String,
    state: String,
    rules: String,
    dossier: String,
    dossier_digest: String,
    gates: serde_json::Value,
    approved_until: Option<DateTime<Utc>>,
    deployed: bool,
    authors: Vec<Uuid>,
    signatures: Option<Json<Vec<Standing>>>,
    reviews: Option<Json<Vec<(Discipline, review::State)>>>,
    findings: Option<Json<Vec<StoredFinding>>>,
}

#[derive(Deserialize)]
struct StoredFinding {
    id: FindingId,
    review: ReviewId,
    severity: Severity,
    text: String,
    raised_by: PersonId,
    closed: bool,
}

/// Locks the release: every decision on it takes its turn.
pub async fn lock(conn: &mut PgConnection, id: ReleaseId) -> Result<Option<Release>, Failure> {
    let locked = query_scalar!(
        "select id from releases where id = $1 for no key update",
        i64::from(id)
    );
    match locked.fetch_optional(&mut *conn).await? {
        Some(id) => Ok(load(conn, &[id]).await?.pop()),
        None => Ok(None),
    }
}

/// The release as it stands, for reading.
pub async fn find(portal: &Portal, id: ReleaseId) -> Result<Option<Release>, Failure> {
    let mut conn = portal.pool().acquire().await?;
    Ok(load(&mut conn, &[id.into()]).await?.pop())
}

/// Releases as they stand, newest first, with everything that their rules read.
///
/// The ids come by way of a subquery: of "any of these" alone the database counts the ids and plans anew each time,
/// which takes longer than the answer.
pub async fn load(conn: &mut PgConnection, ids: &[i64]) -> Result<Vec<Release>, Failure> {
    let releases = query_as!(
        Stored,
        r#"
        select r.id, m.name as model, v.number, e.name as environment, r.state, p.rules, r.dossier, r.dossier_digest,
               r.gates, r.approved_until, r.deployed_at is not null as "deployed!",
               array (
                   select r.requested_by union select m.owner union select v.registered_by
                   union select evaluated_by from evaluations where version = v.id
                   union select added_by from evidence where version = v.id
               ) as "authors!",
               (select jsonb_agg(jsonb_build_object('person', s.person, 'chair', s.chair) order by s.id)
                from signatures s where s.release = r.id and s.voided_at is null) as "signatures: Json<Vec<Standing>>",
               (select jsonb_agg(jsonb_build_array(w.discipline, w.state) order by w.id)
                from reviews w where w.release = r.id) as "reviews: Json<Vec<(Discipline, review::State)>>",
               (select jsonb_agg(jsonb_build_object('id', f.id, 'review', f.review, 'severity', f.severity, 'text', f.text,
                                                    'raised_by', f.raised_by, 'closed', f.closed_at is not null) order by f.id)
                from findings f where f.release = r.id) as "findings: Json<Vec<StoredFinding>>"
        from releases r join versions v on v.id = r.version join models m on m.id = v.model
        join environments e on e.id = r.environment join policies p on p.id = r.policy
        where r.id = any (array (select unnest($1::bigint[]))) order by r.id desc
        "#,
        ids,
    );
    releases
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(Stored::release)
        .collect()
}

impl Stored {
    fn release(self) -> Result<Release, Failure> {
        let model: ModelName = self.model.parse()?;
        let finding = |found: StoredFinding| Finding {
            id: found.id,
            release: self.id,
            review: found.review,
            model: model.clone(),
            severity: found.severity,
            text: found.text,
            raised_by: found.raised_by,
            closed: found.closed,
        };
        let findings = self.findings.map(|found| found.0).unwrap_or_default();
        Ok(Release {
            id: self.id,
            number: self.number,
            environment: self.environment.parse()?,
            state: State::from_stored(&self.state),
            rules: serde_json::from_str(&self.rules)?,
            dossier: serde_json::from_str(&self.dossier)?,
            dossier_digest: self.dossier_digest,
            gates: serde_json::from_value(self.gates)?,
            authors: self.authors.into_iter().map(PersonId::from).collect(),
            signatures: self.signatures.map(|given| given.0).unwrap_or_default(),
            reviews: self.reviews.map(|reviews| reviews.0).unwrap_or_default(),
            findings: findings.into_iter().map(finding).collect(),
            approved_until: self.approved_until,
            deployed: self.deployed,
            model,
        })
    }
}

pub async fn save_decision(conn: &mut PgConnection, decided: &Decided) -> Result<(), Failure> {
    let release = i64::from(decided.release());
    insert_signature(&mut *conn, decided.release(), None, decided.signed()).await?;
    let closing = (decided.state() == State::Refused).then(|| decided.signed().note());
    let closed_at = (decided.state() != State::Open).then(|| decided.signed().at());
    query!(
        "update releases set state = $2, closed_at = $3, closing_note = $4, approved_until = $5 where id = $1",
        release,
        decided.state().as_str(),
        closed_at,
        closing,
        decided.approved_until(),
    )
    .execute(&mut *conn)
    .await?;
    if decided.state() == State::Approved {
        query!(
            r#"
            insert into standings (model, environment, approved)
            select v.model, r.environment, r.id from releases r join versions v on v.id = r.version where r.id = $1
            on conflict (model, environment) do update set approved = excluded.approved
            "#,
            release,
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// A second signature by the same person is stopped by the database as well, whatever raced.
pub async fn insert_signature(
    conn: &mut PgConnection,
    release: ReleaseId,
    review: Option<domain::id::ReviewId>,
    signed: &domain::signature::Signed,
) -> Result<(), Failure> {
    use crate::failure::OnConstraint;
    query!(
        r#"
        insert into signatures (release, review, person, person_name, chair, decision, meaning, note, dossier_digest, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        i64::from(release),
        review.map(i64::from),
        Uuid::from(signed.person()),
        signed.name(),
        signed.chair().as_str(),
        signed.decision(),
        signed.meaning(),
        signed.note(),
        signed.dossier(),
        signed.at(),
    )
    .execute(conn)
    .await
    .map(drop)
    .on_constraint("signatures_one_chair", || domain::Refusal::AlreadyDecided("you".into()))
}

pub async fn save_withdrawal(
    conn: &mut PgConnection,
    withdrawn: &Withdrawn,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    query!(
        "update releases set state = 'withdrawn', closed_at = $2, closing_note = $3 where id = $1",
        i64::from(withdrawn.release()),
        at,
        withdrawn.note(),
    )
    .execute(conn)
    .await
    .map(drop)
}

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
