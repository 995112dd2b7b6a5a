//! Proofs out of the log that lead to its newest checkpoint.
use crate::{Failure, Portal, blocking};
use domain::{Actor, Refusal};
use ledger::{
    attestation::Logged,
    checkpoint::Checkpoint,
    rotation::Keys,
    tile::{Path, Reader},
};
use tokio::runtime::Handle;

/// A checkpoint, and the way to what leads to it. Proofs read as they go: make them on a thread that may wait.
pub(crate) struct Proofs {
    portal: Portal,
    keys: Keys,
    runtime: Handle,
    checkpoint: Checkpoint,
    note: String,
}

impl Proofs {
    /// Those of the newest checkpoint that as many witnesses have cosigned as are asked for, after everything that waits has
    /// been sealed. To be called within the runtime.
    pub async fn newest(portal: &Portal) -> Result<Self, Failure> {
        super::seal_now(portal).await?;
        let note = super::published(portal).await?.ok_or(Refusal::NotWitnessed)?;
        let keys = super::keys(portal).await?;
        let checkpoint = keys.verify(&note).map_err(unproven)?;
        Ok(Self {
            keys,
            portal: portal.clone(),
            runtime: Handle::current(),
            checkpoint,
            note,
        })
    }

    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The size of the log, as the database counts it.
    pub fn size(&self) -> i64 {
        super::signed(self.checkpoint.size())
    }

    /// The checkpoint as it was signed.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Makes proofs, and keeps what it has read for the next: for a long walk make a new one once in a while.
    pub fn reader(&self) -> Reader<'_, impl FnMut(Path) -> Result<Vec<u8>, Failure>> {
        Reader::new(&self.checkpoint, |path| {
            let tile = self.wait(super::tile(&self.portal, path))?;
            tile.ok_or_else(|| Failure::Stored(format!("the log has no {path}")))
        })
    }

    /// Whether the checkpoint speaks of an entry at this place.
    pub fn reaches(&self, place: u64) -> Result<(), Failure> {
        if place < self.checkpoint.size() {
            Ok(())
        } else {
            Err(Refusal::NotWitnessed.into())
        }
    }

    /// The entries at these places, in order: each with its place.
    pub fn entries(&self, places: &[i64]) -> Result<Vec<sql::Sealed>, Failure> {
        self.wait(async { Ok(sql::sealed(self.portal.pool(), places).await?) })
    }

    /// An entry with the proof that it is there. Made on a thread that may wait.
    pub fn logged(&self, index: i64) -> Result<Logged, Failure> {
        let place = index.unsigned_abs();
        self.reaches(place)?;
        let entry = self.entries(&[index])?.pop().ok_or(Failure::NotFound)?;
        let (_, proof) = self.reader().inclusion(place).map_err(unproven)?;
        Ok(Logged {
            index: place,
            entry: serde_json::from_str(&entry.canonical)?,
            proof,
            checkpoint: self.note.clone(),
        })
    }

    /// Waits for an answer of the runtime.
    pub fn wait<T>(&self, answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        self.runtime.block_on(answer)
    }
}

/// An entry of the log with its proof, by its number in the portal.
pub async fn logged(portal: &Portal, _: &Actor, seq: i64) -> Result<Logged, Failure> {
    let index = sql::place(portal.pool(), seq).await?.ok_or(Failure::NotFound)?;
    let proofs = Proofs::newest(portal).await?;
    blocking(move || proofs.logged(index)).await
}

/// A proof that the tiles don't bear out.
pub(crate) fn unproven(error: impl ToString) -> Failure {
    Failure::Stored(format!("the log can't be proven: {}", error.to_string()))
}

pub(crate) mod sql {
    use sqlx::{PgPool, Result, query_as, query_scalar};

    /// Where an entry stands in the log.
    pub async fn place(pool: &PgPool, seq: i64) -> Result<Option<i64>> {
        query_scalar!("select index from log_leaves where seq = $1", seq)
            .fetch_optional(pool)
            .await
    }

    /// An entry in its place.
    pub struct Sealed {
        pub index: i64,
        pub canonical: String,
    }

    /// The entries at these places, in their order.
    pub async fn sealed(pool: &PgPool, places: &[i64]) -> Result<Vec<Sealed>> {
        query_as!(
            Sealed,
            r#"
            select l.index, e.canonical from log_leaves l join audit_entries e using (seq)
            where l.index = any($1) order by l.index
            "#,
            places,
        )
        .fetch_all(pool)
        .await
    }
}
