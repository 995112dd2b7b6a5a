//! Decisions on a release, with their signatures.
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::{
    id::ReleaseId,
    release::{Decided, State, Withdrawn},
};
use sqlx::{PgConnection, query};
use uuid::Uuid;

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
