//! Checkpoints as others get them: with what witnesses said, and under which key.
use super::rotation::ACTION;
use crate::{Failure, Portal};
use ledger::{
    bundle::Handover,
    dsse::Envelope,
    rotation::{self, Keys},
};
use serde_json::Value;
use sqlx::PgConnection;

/// The log's keys, as the log itself tells of them to someone who trusts this portal's.
pub async fn keys(portal: &Portal) -> Result<Keys, Failure> {
    let mut conn = portal.pool().acquire().await?;
    keys_in(portal, &mut conn).await
}

pub(super) async fn keys_in(portal: &Portal, conn: &mut PgConnection) -> Result<Keys, Failure> {
    try_keys(portal, conn)
        .await?
        .map_err(|reason| Failure::Stored(reason.to_string()))
}

/// The same, with the reason where what the log tells doesn't hold.
pub(super) async fn try_keys(
    portal: &Portal,
    conn: &mut PgConnection,
) -> Result<Result<Keys, rotation::Invalid>, Failure> {
    let settings = portal.settings();
    let entries = sql::sealed(conn, ACTION).await?;
    let rotations: Result<Vec<_>, _> = entries
        .iter()
        .map(|entry| rotation_in(&entry.canonical))
        .collect();
    let through =
        |rotations: Vec<Envelope>| Keys::through(&settings.origin, &rotations, settings.key.verifying_key());
    Ok(rotations.and_then(through))
}

/// How each key came after the one before, with the entry that says so.
pub(crate) async fn handovers(portal: &Portal) -> Result<Vec<Handover>, Failure> {
    let mut conn = portal.pool().acquire().await?;
    let handovers = sql::sealed(&mut conn, ACTION).await?.into_iter().map(|entry| {
        let envelope = rotation_in(&entry.canonical).map_err(|reason| Failure::Stored(reason.to_string()))?;
        Ok(Handover {
            entry: entry.index.unsigned_abs(),
            envelope,
        })
    });
    handovers.collect()
}

fn rotation_in(entry: &str) -> Result<Envelope, rotation::Invalid> {
    let read = || {
        let mut entry: Value = serde_json::from_str(entry)?;
        serde_json::from_value(entry["after"]["rotation"].take())
    };
    read().map_err(|reason: serde_json::Error| rotation::Invalid::Malformed(reason.to_string()))
}

/// The newest checkpoint as the log signed it; none while the log is empty.
pub async fn newest(portal: &Portal) -> Result<Option<String>, Failure> {
    Ok(sql::newest(portal.pool()).await?)
}

/// The newest checkpoint that as many witnesses have cosigned as the configuration asks for, with their newest
/// cosignatures. While too few of them answer, it stays where it was, which everybody can see.
pub async fn published(portal: &Portal) -> Result<Option<String>, Failure> {
    let quorum = &portal.settings().quorum;
    let witnesses: Vec<String> = quorum.witnesses().iter().map(ToString::to_string).collect();
    let needed = i64::try_from(quorum.needed()).unwrap_or(i64::MAX);
    Ok(sql::published(portal.pool(), &witnesses, needed).await?)
}

mod sql {
    use super::super::proofs::sql::Sealed;
    use sqlx::{PgConnection, PgPool, Result, query_as, query_scalar};

    /// Entries of a kind, in the order of the tree.
    pub async fn sealed(conn: &mut PgConnection, action: &str) -> Result<Vec<Sealed>> {
        query_as!(
            Sealed,
            r#"
            select l.index, e.canonical from audit_entries e join log_leaves l using (seq)
            where e.action = $1 order by l.index
            "#,
            action
        )
        .fetch_all(conn)
        .await
    }

    pub async fn newest(pool: &PgPool) -> Result<Option<String>> {
        query_scalar!("select note from checkpoints order by size desc limit 1")
            .fetch_optional(pool)
            .await
    }

    pub async fn published(pool: &PgPool, witnesses: &[String], needed: i64) -> Result<Option<String>> {
        query_scalar!(
            r#"
            select c.note || coalesce(string_agg(said.line, '' order by said.witness), '') as "note!"
            from (
                select case when $2::bigint = 0 then (select max(size) from checkpoints) else (
                    select size from cosignatures where witness = any($1)
                    group by size having count(distinct witness) >= $2::bigint order by size desc limit 1
                ) end as size
            ) newest
            join checkpoints c using (size)
            left join (
                select distinct on (size, witness) size, witness, line from cosignatures
                where witness = any($1) order by size, witness, at desc
            ) said using (size)
            group by c.note
            "#,
            witnesses,
            needed,
        )
        .fetch_optional(pool)
        .await
    }
}
