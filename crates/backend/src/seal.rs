//! The sequencer: puts committed entries into the Merkle tree and signs checkpoints, apart from the requests.
//!
//! An entry's `seq` is handed out before its transaction ends, so the order of `seq` is not the order of commit. What is
//! committed but not yet integrated stands in `unsealed_entries`, written in the entry's own transaction; each round takes
//! what it sees there and gives it the next places in the tree. Nothing is skipped, and no place is given twice: an
//! advisory lock, held for a round, lets one portal at a time do it (docs/decisions/0014-one-round-one-sequencer.md).
pub mod anchors;
mod checkpoints;
mod nodes;
mod record;
mod rotation;
#[cfg(test)]
mod tests;
mod tiles;
mod turn;
mod verification;
pub mod witnesses;

pub use checkpoints::{keys, newest, published};
pub use rotation::rotate;
pub use tiles::{entries, tile};
pub use verification::{Broken, Problem, check, check_against, is_own, verify};

use crate::{Failure, Portal};
use ledger::digest::Digest;
use std::time::Duration;
use turn::Turn;

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

/// Answers with the size of the tree too, and whether the round was full.
async fn seal_round(portal: &Portal) -> Result<(i64, bool), Failure> {
    let mut turn = Turn::take(portal).await?;
    let waiting = turn.waiting(ROUND).await?;
    if waiting.is_empty() {
        return Ok((signed(turn.size()), false));
    }
    turn.integrate(&waiting).await?;
    let full = i64::try_from(waiting.len()).unwrap_or_default() == ROUND;
    let size = signed(turn.size());
    turn.end().await?;
    Ok((size, full))
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
    use sqlx::{PgPool, Result, query_scalar};

    pub async fn is_waiting(pool: &PgPool) -> Result<bool> {
        query_scalar!(r#"select exists (select from unsealed_entries) as "waiting!""#)
            .fetch_one(pool)
            .await
    }
}
