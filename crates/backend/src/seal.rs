//! The sequencer: puts committed entries into the Merkle tree and signs checkpoints, apart from the requests.
//!
//! An entry's `seq` is handed out before its transaction ends, so the order of `seq` is not the order of commit. What is
//! committed but not yet integrated stands in `unsealed_entries`, written in the entry's own transaction; each round takes
//! what it sees there and gives it the next places in the tree. Nothing is skipped, and no place is given twice: an
//! advisory lock, held for a round, lets one portal at a time do it (docs/decisions/0014-one-round-one-sequencer.md).
mod checkpoints;
mod nodes;
mod record;
#[cfg(test)]
mod tests;
mod tiles;
mod verification;
pub mod witnesses;

use checkpoints::keys;
pub use checkpoints::{newest, published};
pub use tiles::{entries, tile};
pub use verification::{Broken, Problem, check, check_against, is_own, verify};

use crate::{Failure, Portal, change::Unrecorded};
use ledger::{
    checkpoint::Checkpoint,
    digest::Digest,
    merkle::{Frontier, leaf_hash},
};
use nodes::Nodes;
use std::time::Duration;

/// Entries that one round takes at most.
const ROUND: i64 = 5_000;
/// How often a portal looks for entries that another one wrote and could not seal any more.
const LOOK: Duration = Duration::from_millis(500);
/// How long a burst of entries is waited for, so that it shares one checkpoint.
const BURST: Duration = Duration::from_millis(200);

/// Seals entries as they come, whichever portal wrote them. Together `LOOK`, `BURST` and a round are less than a second.
pub async fn run(portal: Portal) {
    loop {
        tokio::select! { () = portal.sealing().notified() => {}, () = tokio::time::sleep(LOOK) => {} }
        tokio::time::sleep(BURST).await;
        if let Err(failure) = seal_waiting(&portal).await {
            tracing::error!(?failure, "the log could not be sealed; trying again");
        }
    }
}

/// Looks first: while nothing waits, no portal takes the turn.
async fn seal_waiting(portal: &Portal) -> Result<(), Failure> {
    if sql::is_waiting(portal.pool()).await? {
        seal_now(portal).await?;
    }
    Ok(())
}

/// Integrates everything that is committed, and answers with the size of the tree.
pub async fn seal_now(portal: &Portal) -> Result<i64, Failure> {
    loop {
        let (size, full) = seal_round(portal).await?;
        if !full {
            return Ok(size);
        }
    }
}

async fn seal_round(portal: &Portal) -> Result<(i64, bool), Failure> {
    let mut change = portal.own_change().await?;
    let mut frontier = sql::lock_frontier(change.conn()).await?;
    let waiting = sql::unsealed(change.conn(), ROUND).await?;
    let full = i64::try_from(waiting.len()).unwrap_or_default() == ROUND;
    if waiting.is_empty() {
        return Ok((signed(frontier.size()), false));
    }
    let first = signed(frontier.size());
    let mut nodes = Nodes::default();
    for entry in &waiting {
        let computed = leaf_hash(entry.canonical.as_bytes());
        if computed.as_bytes() != entry.leaf_hash.as_slice() {
            tracing::error!(seq = entry.seq, "an entry was changed before it was sealed");
        }
        let last = frontier.size();
        frontier.append_telling(stored_digest(&entry.leaf_hash)?, |height, root| {
            nodes.completed(last, height, root);
        });
    }
    sql::integrate(change.conn(), first, &waiting, &nodes).await?;
    let settings = portal.settings();
    let checkpoint = Checkpoint::new(&settings.origin, frontier.size(), frontier.root())
        .map_err(|error| Failure::Stored(error.to_string()))?;
    let note = checkpoint.sign(&settings.key);
    let now = change.now();
    sql::checkpoint(change.conn(), &frontier, &note, now).await?;
    change.keep(Unrecorded::Log).await?;
    Ok((signed(frontier.size()), full))
}

fn stored_digest(bytes: &[u8]) -> Result<Digest, Failure> {
    <[u8; 32]>::try_from(bytes)
        .map(Digest::from)
        .map_err(|_| Failure::Stored("a leaf hash of another length".into()))
}

/// Sizes are counted in `u64` by the tree and kept as `bigint`.
fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

mod sql {
    use super::{Failure, Frontier, Nodes, signed};
    use chrono::{DateTime, Utc};
    use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};

    /// Any number, so long as every portal uses the same.
    const SEQUENCER: i64 = 0x636f_756e_7465_7273;

    pub struct Waiting {
        pub seq: i64,
        pub canonical: String,
        pub leaf_hash: Vec<u8>,
    }

    pub async fn is_waiting(pool: &PgPool) -> Result<bool> {
        query_scalar!(r#"select exists (select from unsealed_entries) as "waiting!""#)
            .fetch_one(pool)
            .await
    }

    /// Waits for the turn, which ends with the transaction, and reads the right edge of the tree. A portal that hangs
    /// in the middle of its turn, or can't be reached any more, loses it: Postgres ends its transaction.
    pub async fn lock_frontier(conn: &mut PgConnection) -> Result<Frontier, Failure> {
        query!(
            "select set_config('idle_in_transaction_session_timeout', '5s', true), pg_advisory_xact_lock($1)",
            SEQUENCER
        )
        .execute(&mut *conn)
        .await?;
        let newest = query!("select frontier from checkpoints order by size desc limit 1")
            .fetch_optional(conn)
            .await?;
        Ok(newest
            .map(|row| serde_json::from_value(row.frontier))
            .transpose()?
            .unwrap_or_default())
    }

    pub async fn unsealed(conn: &mut PgConnection, limit: i64) -> Result<Vec<Waiting>> {
        query_as!(
            Waiting,
            "select e.seq, e.canonical, e.leaf_hash from unsealed_entries u join audit_entries e using (seq) order by u.seq limit $1",
            limit
        )
        .fetch_all(conn)
        .await
    }

    pub async fn integrate(conn: &mut PgConnection, first: i64, entries: &[Waiting], nodes: &Nodes) -> Result<()> {
        let seqs: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
        let hashes: Vec<Vec<u8>> = entries.iter().map(|entry| entry.leaf_hash.clone()).collect();
        query!(
            r#"
            insert into log_leaves (index, seq, leaf_hash)
            select $1 + place - 1, seq, leaf_hash
            from unnest($2::bigint[], $3::bytea[]) with ordinality as entry (seq, leaf_hash, place)
            "#,
            first,
            &seqs,
            &hashes,
        )
        .execute(&mut *conn)
        .await?;
        query!(
            "insert into log_nodes (level, index, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])",
            &nodes.levels,
            &nodes.indexes,
            &nodes.hashes,
        )
        .execute(&mut *conn)
        .await?;
        query!("delete from unsealed_entries where seq = any($1)", &seqs)
            .execute(conn)
            .await
            .map(drop)
    }

    pub async fn checkpoint(
        conn: &mut PgConnection,
        frontier: &Frontier,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let root = frontier.root();
        // Time goes forward in the record, whatever this machine's clock does.
        query!(
            r#"
            insert into checkpoints (size, root, note, frontier, at)
            values ($1, $2, $3, $4, greatest($5, (select at from checkpoints order by size desc limit 1)))
            "#,
            signed(frontier.size()),
            root.as_bytes().as_slice(),
            note,
            serde_json::to_value(frontier)?,
            at,
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}
