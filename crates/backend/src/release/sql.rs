//! The SQL of releases.
mod decision;
mod ground;
mod rebase;
mod request;
mod shown;

pub use decision::{insert_signature, save_decision, save_withdrawal};
pub use ground::{Subject, dossier, facts, ground, lock_subject, newest_report, subject_of};
pub use rebase::{is_at_work, lock_alive, save_rebase};
pub use request::{insert, next, open_release, open_reviews, unused_approval};
pub use shown::{more, newest, of_version, row, rows, signatures};

use crate::{Failure, Portal};
use chrono::{DateTime, Utc};
use domain::{
    actor::Discipline,
    finding::{Finding, Severity},
    id::{FindingId, PersonId, ReleaseId, ReviewId},
    model::ModelName,
    release::{Dossier, Release, State},
    review,
    signature::Standing,
};
use serde::Deserialize;
use sqlx::{PgConnection, query_as, query_scalar, types::Json};
use uuid::Uuid;

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

/// The dossier was digested from the same canonical text, so it can't fail here.
fn canonical(dossier: &Dossier) -> String {
    ledger::canonical::to_vec(dossier)
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .unwrap_or_default()
}
