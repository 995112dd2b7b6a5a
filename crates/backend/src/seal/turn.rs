//! A turn at the log: whoever has it gives committed entries their places and signs for them, all in one transaction.
use super::{checkpoints, nodes::Nodes, stored_digest};
use crate::{
    Change, Failure, Portal,
    change::{Recorded, Unrecorded},
};
use domain::audit::Event;
use ledger::{
    checkpoint::Checkpoint,
    merkle::{Frontier, leaf_hash},
    rotation::Keys,
};

pub struct Turn<'a> {
    portal: &'a Portal,
    change: Change<'a>,
    frontier: Frontier,
    keys: Keys,
}

/// An entry that has no place yet.
pub struct Waiting {
    seq: i64,
    canonical: String,
    leaf_hash: Vec<u8>,
}

impl<'a> Turn<'a> {
    /// Waits until no other portal has the turn. One whose key the log has given up gets none.
    pub async fn take(portal: &'a Portal) -> Result<Self, Failure> {
        let mut change = portal.own_change().await?;
        let frontier = sql::lock_frontier(change.conn()).await?;
        let keys = checkpoints::keys_in(portal, change.conn()).await?;
        if keys.current() != portal.settings().key.verifying_key() {
            return Err(Failure::Superseded(keys.current().to_string()));
        }
        Ok(Self {
            portal,
            change,
            frontier,
            keys,
        })
    }

    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn change(&mut self) -> &mut Change<'a> {
        &mut self.change
    }

    /// Committed entries without a place, at most so many.
    pub async fn waiting(&mut self, limit: i64) -> Result<Vec<Waiting>, Failure> {
        Ok(sql::unsealed(self.change.conn(), limit).await?)
    }

    /// Writes an entry within the turn; it waits after all others.
    pub async fn record(&mut self, event: &impl Event) -> Result<(Recorded, Waiting), Failure> {
        let recorded = self.change.record(event).await?;
        let entry = sql::entry(self.change.conn(), recorded.seq()).await?;
        Ok((recorded, entry))
    }

    /// Gives these entries the next places, and signs the checkpoint.
    pub async fn integrate(&mut self, entries: &[Waiting]) -> Result<(), Failure> {
        let first = super::signed(self.frontier.size());
        let mut nodes = Nodes::default();
        for entry in entries {
            let computed = leaf_hash(entry.canonical.as_bytes());
            if computed.as_bytes() != entry.leaf_hash.as_slice() {
                tracing::error!(seq = entry.seq, "an entry was changed before it was sealed");
            }
            let last = self.frontier.size();
            let leaf = stored_digest(&entry.leaf_hash)?;
            self.frontier
                .append_telling(leaf, |height, root| nodes.completed(last, height, root));
        }
        let settings = self.portal.settings();
        let (size, root) = (self.frontier.size(), self.frontier.root());
        let checkpoint = Checkpoint::new(&settings.origin, size, root)
            .map_err(|error| Failure::Stored(error.to_string()))?;
        let note = checkpoint.sign(&settings.key);
        let now = self.change.now();
        sql::integrate(self.change.conn(), first, entries, &nodes).await?;
        sql::checkpoint(self.change.conn(), &self.frontier, &note, now).await
    }

    pub async fn end(self) -> Result<(), Failure> {
        self.change.keep(Unrecorded::Log).await
    }

    /// Ends a turn in which something happened.
    pub async fn end_recorded(self, recorded: Recorded) -> Result<(), Failure> {
        self.change.commit_recorded(recorded).await
    }
}

mod sql {
    use super::super::signed;
    use super::{Failure, Frontier, Nodes, Waiting};
    use chrono::{DateTime, Utc};
    use sqlx::{PgConnection, Result, query, query_as};

    /// Any number, so long as every portal uses the same.
    const SEQUENCER: i64 = 0x636f_756e_7465_7273;

    /// Waits for the turn, which ends with the transaction, and reads the right edge of the tree. A portal that hangs
    /// in the middle of its turn, or can't be reached any more, loses it: Postgres ends its transaction.
    pub async fn lock_frontier(conn: &mut PgConnection) -> Result<Frontier, Failure> {
        query!("select set_config('idle_in_transaction_session_timeout', '5s', true) as timeout")
            .fetch_one(&mut *conn)
            .await?;
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

    /// One that was written in this transaction.
    pub async fn entry(conn: &mut PgConnection, seq: i64) -> Result<Waiting> {
        query_as!(
            Waiting,
            "select seq, canonical, leaf_hash from audit_entries where seq = $1",
            seq
        )
        .fetch_one(conn)
        .await
    }

    pub async fn integrate(
        conn: &mut PgConnection,
        first: i64,
        entries: &[Waiting],
        nodes: &Nodes,
    ) -> Result<()> {
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
