//! The sequencer: puts committed entries into the Merkle tree and signs checkpoints, apart from the requests.
//!
//! An entry's `seq` is handed out before its transaction ends, so the order of `seq` is not the order of commit. What is
//! committed but not yet integrated stands in `unsealed_entries`, written in the entry's own transaction; each round takes
//! what it sees there and gives it the next places in the tree. Nothing is skipped, and no place is given twice: an
//! advisory lock lets one portal at a time do it.
mod tiles;
mod verification;

pub use tiles::{checkpoint, entries, tile};
pub use verification::{Broken, Problem, check, check_against, is_own, verify};

use crate::{Failure, Portal, change::Unrecorded};
use ledger::{
    checkpoint::Checkpoint,
    digest::Digest,
    merkle::{Frontier, leaf_hash},
    tile::HEIGHT,
};
use std::time::Duration;

/// Entries that one round takes at most.
const ROUND: i64 = 5_000;

/// Seals as entries come, and looks once in a while in case the news got lost.
pub async fn run(portal: Portal) {
    loop {
        if let Err(failure) = seal_now(&portal).await {
            tracing::error!(?failure, "the log could not be sealed; trying again");
        }
        let heartbeat = tokio::time::sleep(Duration::from_secs(10));
        tokio::select! { () = portal.sealing().notified() => {}, () = heartbeat => {} }
        tokio::time::sleep(Duration::from_millis(200)).await; // a burst of entries shares one checkpoint
    }
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
        grow(&mut frontier, stored_digest(&entry.leaf_hash)?, &mut nodes);
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

/// The roots of the full subtrees that tiles above level 0 consist of, a column each.
#[derive(Default)]
struct Nodes {
    levels: Vec<i16>,
    indexes: Vec<i64>,
    hashes: Vec<Vec<u8>>,
}

fn grow(frontier: &mut Frontier, leaf: Digest, nodes: &mut Nodes) {
    let last = frontier.size();
    frontier.append_telling(leaf, |height, hash| {
        if height % HEIGHT == 0 {
            nodes.levels.push(i16::try_from(height / HEIGHT).unwrap_or(i16::MAX));
            nodes.indexes.push(signed(last >> height));
            nodes.hashes.push(hash.as_bytes().to_vec());
        }
    });
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
    use sqlx::{PgConnection, Result, query, query_as};

    /// Any number, so long as every portal uses the same.
    const SEQUENCER: i64 = 0x636f_756e_7465_7273;

    pub struct Waiting {
        pub seq: i64,
        pub canonical: String,
        pub leaf_hash: Vec<u8>,
    }

    /// Waits for the turn, which ends with the transaction, and reads the right edge of the tree.
    pub async fn lock_frontier(conn: &mut PgConnection) -> Result<Frontier, Failure> {
        query!("select pg_advisory_xact_lock($1)", SEQUENCER)
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
        query!(
            "insert into checkpoints (size, root, note, frontier, at) values ($1, $2, $3, $4, $5)",
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
