//! The audit log: appended to here, and nowhere else.
mod leaf;
mod reading;

pub use reading::{export, has, log};
pub(crate) use reading::{head, of_model, of_release, of_version};

use crate::{Failure, Portal};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    Actor,
    audit::{By, Event, Noted, Refused},
};
use leaf::Leaf;
use ledger::merkle;
use serde::Serialize;
use sqlx::PgConnection;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Done,
    Refused,
}

/// A time as the log writes it.
pub(crate) fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Answers with the entry's sequence number.
pub(crate) async fn append(
    conn: &mut PgConnection,
    by: &By,
    at: DateTime<Utc>,
    event: &impl Event,
    outcome: Outcome,
) -> Result<i64, Failure> {
    let seq = sql::next(conn).await?;
    let mut leaf = Leaf::new(seq, at, by, event.entry(), outcome);
    let text = leaf.fit()?;
    let hash = merkle::leaf_hash(text.as_bytes());
    sql::insert(conn, &leaf, at, &text, hash.as_bytes()).await?;
    Ok(seq)
}

/// Writes down an attempt that was refused, in a transaction of its own.
pub async fn refused(portal: &Portal, actor: &Actor, refused: &Refused) -> Result<(), Failure> {
    portal.attempt(actor).await?.commit_refusal(refused).await
}

/// Writes down a refused attempt of someone who isn't known, such as a failed sign-in.
pub async fn refused_stranger(portal: &Portal, refused: &Refused) -> Result<(), Failure> {
    portal.strangers_attempt().await?.commit_refusal(refused).await
}

/// Writes down what the portal did by itself.
pub async fn note(portal: &Portal, noted: &Noted) -> Result<(), Failure> {
    portal.own_change().await?.commit(noted).await
}

mod sql {
    use super::{Leaf, Outcome};
    use chrono::{DateTime, Utc};
    use sqlx::{PgConnection, Result, query, query_scalar};

    pub async fn next(conn: &mut PgConnection) -> Result<i64> {
        query_scalar!(r#"select nextval(pg_get_serial_sequence('audit_entries', 'seq')) as "seq!""#)
            .fetch_one(conn)
            .await
    }

    pub async fn insert(
        conn: &mut PgConnection,
        leaf: &Leaf<'_>,
        at: DateTime<Utc>,
        canonical: &str,
        hash: &[u8],
    ) -> Result<()> {
        let outcome = match leaf.outcome {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
        };
        query!(
            r#"
            with entry as (
                insert into audit_entries
                    (seq, at, actor, actor_name, action, outcome, subject_kind, subject_id, sentence, model, release, canonical, leaf_hash)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                returning seq
            )
            insert into unsealed_entries (seq) select seq from entry
            "#,
            leaf.seq,
            at,
            leaf.actor.id.map(uuid::Uuid::from),
            leaf.actor.name,
            leaf.action,
            outcome,
            leaf.subject.kind.as_str(),
            leaf.subject.id,
            leaf.sentence,
            leaf.model,
            leaf.release,
            canonical,
            hash,
        )
        .execute(conn)
        .await
        .map(drop)
    }
}
