//! The SQL of reviews and findings.
use crate::{Failure, template};
use chrono::{DateTime, Utc};
use domain::{
    Actor,
    actor::Discipline,
    finding::{Closed, Raised},
    id::{FindingId, ReleaseId, ReviewId},
    manifest::Manifest,
    release::{Release, State as ReleaseState},
    review::{Decided, Drafted, Drafting, Recused, Review, State},
    view::{Name, release::Finding},
};
use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};
use uuid::Uuid;

pub async fn release_of(conn: &mut PgConnection, id: ReviewId) -> Result<Option<ReleaseId>> {
    let release = query_scalar!("select release from reviews where id = $1", i64::from(id));
    Ok(release.fetch_optional(conn).await?.map(ReleaseId::from))
}

pub async fn release_of_finding(conn: &mut PgConnection, id: FindingId) -> Result<Option<ReleaseId>> {
    let release = query_scalar!("select release from findings where id = $1", i64::from(id));
    Ok(release.fetch_optional(conn).await?.map(ReleaseId::from))
}

/// A review as it is kept, with its questions and whoever decided it.
struct Stored {
    id: ReviewId,
    discipline: String,
    title: String,
    questions: String,
    state: String,
    answers: serde_json::Value,
    recused: Vec<Uuid>,
    drafted_by: Option<Uuid>,
    drafter: Option<String>,
    drafted_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    rationale: Option<String>,
    decider: Option<Uuid>,
    decider_name: Option<String>,
}

macro_rules! reviews {
    ($conn:expr, $wanted:tt, $argument:expr) => {
        query_as!(
            Stored,
            r#"
            select r.id, r.discipline, t.title, t.questions, r.state, r.answers, r.recused, r.drafted_by,
                   d.name as "drafter?", r.drafted_at, r.decided_at, r.rationale, p.id as "decider?", p.name as "decider_name?"
            from reviews r join templates t on t.id = r.template left join people d on d.id = r.drafted_by
            left join people p on p.id = r.decided_by
            "# + $wanted,
            $argument
        )
        .fetch_all($conn)
        .await?
    };
}

/// What stands beside the decision.
pub struct Line {
    pub drafted_at: Option<DateTime<Utc>>,
    pub decider: Option<Name>,
    pub decided_at: Option<DateTime<Utc>>,
    pub rationale: Option<String>,
}

fn read(stored: Stored, release: Release) -> Result<(Review, Line), Failure> {
    let drafter = stored.drafted_by.zip(stored.drafter).zip(stored.drafted_at);
    let review = Review {
        id: stored.id,
        release,
        template: template::sql::read(stored.discipline.clone(), stored.title, &stored.questions)?,
        discipline: Discipline::try_from(stored.discipline).map_err(Failure::Stored)?,
        state: State::from_stored(&stored.state),
        answers: serde_json::from_value(stored.answers)?,
        drafted: drafter.map(|((by, name), at)| Drafting {
            by: by.into(),
            name,
            at,
        }),
        decided_by: stored.decider_name.clone(),
        recused: stored.recused.into_iter().map(Into::into).collect(),
    };
    let decider = stored.decider.zip(stored.decider_name);
    let line = Line {
        drafted_at: stored.drafted_at,
        decider: decider.map(|(id, name)| Name { id: id.into(), name }),
        decided_at: stored.decided_at,
        rationale: stored.rationale,
    };
    Ok((review, line))
}

pub async fn get(conn: &mut PgConnection, id: ReviewId, release: Release) -> Result<(Review, Line), Failure> {
    let stored = reviews!(conn, "where r.id = $1", i64::from(id)).pop();
    read(stored.ok_or(Failure::NotFound)?, release)
}

pub async fn of_release(conn: &mut PgConnection, release: &Release) -> Result<Vec<(Review, Line)>, Failure> {
    let stored = reviews!(conn, "where r.release = $1 order by r.id", i64::from(release.id));
    stored
        .into_iter()
        .map(|stored| read(stored, release.clone()))
        .collect()
}

/// What is laid beside the questions.
pub struct Shown {
    pub manifest: Manifest,
    pub report: Option<String>,
}

pub async fn shown(conn: &mut PgConnection, release: ReleaseId) -> Result<Shown, Failure> {
    let row = query!(
        r#"
        select v.manifest, (select report from evaluations where version = v.id order by id desc limit 1) as report
        from releases r join versions v on v.id = r.version where r.id = $1
        "#,
        i64::from(release),
    )
    .fetch_one(conn)
    .await?;
    Ok(Shown {
        manifest: serde_json::from_str(&row.manifest)?,
        report: row.report,
    })
}

pub async fn save_draft(
    conn: &mut PgConnection,
    drafted: &Drafted,
    at: DateTime<Utc>,
) -> Result<(), Failure> {
    query!(
        "update reviews set answers = $2, drafted_by = $3, drafted_at = $4 where id = $1",
        i64::from(drafted.review()),
        serde_json::to_value(drafted.answers())?,
        Uuid::from(drafted.by()),
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn save_decision(conn: &mut PgConnection, decided: &Decided) -> Result<(), Failure> {
    let review = decided.review();
    let signed = decided.signed();
    query!(
        "update reviews set state = $2, answers = $3, decided_by = $4, decided_at = $5, rationale = $6 where id = $1",
        i64::from(review.id),
        decided.decision().state().as_str(),
        serde_json::to_value(decided.answers())?,
        Uuid::from(signed.person()),
        signed.at(),
        signed.note(),
    )
    .execute(&mut *conn)
    .await?;
    crate::release::insert_signature(&mut *conn, review.release.id, Some(review.id), signed).await?;
    if decided.release_state() == ReleaseState::Refused {
        query!(
            "update releases set state = 'refused', closed_at = $2, closing_note = $3 where id = $1",
            i64::from(review.release.id),
            signed.at(),
            signed.note(),
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

pub async fn save_recusal(conn: &mut PgConnection, recused: &Recused) -> Result<()> {
    query!(
        "update reviews set recused = array_append(recused, $2) where id = $1",
        i64::from(recused.review()),
        Uuid::from(recused.by())
    )
    .execute(conn)
    .await
    .map(drop)
}

pub async fn next_finding(conn: &mut PgConnection) -> Result<FindingId> {
    let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('findings', 'id')) as "id!""#);
    id.fetch_one(conn).await.map(FindingId::from)
}

pub async fn insert_finding(conn: &mut PgConnection, raised: &Raised, at: DateTime<Utc>) -> Result<()> {
    let observation = raised.observation();
    query!(
        "insert into findings (id, release, review, severity, text, due_on, raised_by, raised_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        i64::from(raised.id()),
        i64::from(raised.release()),
        i64::from(raised.review()),
        observation.severity.as_str(),
        observation.text,
        observation.due_on,
        Uuid::from(raised.by()),
        at,
    )
    .execute(conn)
    .await
    .map(drop)
}

pub async fn close_finding(conn: &mut PgConnection, closed: &Closed, at: DateTime<Utc>) -> Result<()> {
    query!(
        "update findings set closed_by = $2, closed_at = $3, closing = $4 where id = $1",
        i64::from(closed.finding().id),
        Uuid::from(closed.by()),
        at,
        closed.closing(),
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A row of the list, without its release.
pub struct Listed {
    pub id: ReviewId,
    pub discipline: Discipline,
    pub state: State,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
}

pub async fn rows(pool: &PgPool) -> Result<Vec<(Listed, ReleaseId)>, Failure> {
    let rows = query!(
        r#"
        select r.id as "id!", r.release as "release!", r.discipline as "discipline!", r.state as "state!",
               p.name as "decided_by?", r.decided_at
        from (
            (select r.*, 0 as place from reviews r join releases l on l.id = r.release
             where r.state = 'open' and l.state = 'open' order by r.id desc limit 60)
            union all
            (select r.*, 1 from reviews r join releases l on l.id = r.release
             where r.state <> 'open' or l.state <> 'open' order by r.id desc limit 60)
        ) r left join people p on p.id = r.decided_by
        order by r.place, r.id desc limit 60
        "#
    );
    rows.fetch_all(pool)
        .await?
        .into_iter()
        .map(|row| {
            let listed = Listed {
                id: row.id.into(),
                discipline: Discipline::try_from(row.discipline).map_err(Failure::Stored)?,
                state: State::from_stored(&row.state),
                decided_by: row.decided_by,
                decided_at: row.decided_at,
            };
            Ok((listed, row.release.into()))
        })
        .collect()
}

pub async fn findings(pool: &PgPool, actor: &Actor, release: ReleaseId) -> Result<Vec<Finding>, Failure> {
    let rows = query!(
        r#"
        select f.id, f.review, r.discipline, f.severity, f.text, f.due_on, f.raised_by, raiser.name as raiser, f.raised_at,
               f.closed_by as "closed_by?", closer.name as "closer?", f.closed_at, f.closing
        from findings f join reviews r on r.id = f.review join people raiser on raiser.id = f.raised_by
        left join people closer on closer.id = f.closed_by
        where f.release = $1 order by f.id
        "#,
        i64::from(release),
    );
    rows.fetch_all(pool)
        .await?
        .into_iter()
        .map(|row| {
            let closed = row.closed_by.zip(row.closer).zip(row.closed_at).zip(row.closing);
            let closed = closed.map(|(((id, name), at), why)| (Name { id: id.into(), name }, at, why));
            Ok(Finding {
                id: row.id.into(),
                review: row.review.into(),
                discipline: Discipline::try_from(row.discipline).map_err(Failure::Stored)?,
                severity: row.severity.parse()?,
                text: row.text,
                due_on: row.due_on,
                can_close: closed.is_none() && row.raised_by == Uuid::from(actor.id),
                raised_by: Name {
                    id: row.raised_by.into(),
                    name: row.raiser,
                },
                raised_at: row.raised_at,
                closed,
            })
        })
        .collect()
}
