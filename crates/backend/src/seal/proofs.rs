//! Proofs out of the log that lead to its newest checkpoint.
use super::sql;
use crate::{Failure, Portal};
use ledger::{
    checkpoint::Checkpoint,
    tile::{Path, Reader},
};
use tokio::runtime::Handle;

/// A checkpoint, and the way to what leads to it. Proofs read as they go: make them on a thread that may wait.
pub(crate) struct Proofs {
    portal: Portal,
    runtime: Handle,
    checkpoint: Checkpoint,
    note: String,
}

impl Proofs {
    /// Those of the newest checkpoint, after everything that waits has been sealed. To be called within the runtime.
    pub async fn newest(portal: &Portal) -> Result<Self, Failure> {
        super::seal_now(portal).await?;
        let note = super::checkpoint(portal).await?.ok_or(Failure::NotFound)?;
        let settings = portal.settings();
        let checkpoint = Checkpoint::verify(&note, settings.key.verifying_key(), &settings.origin)
            .map_err(|error| Failure::Stored(error.to_string()))?;
        Ok(Self {
            portal: portal.clone(),
            runtime: Handle::current(),
            checkpoint,
            note,
        })
    }

    pub fn portal(&self) -> &Portal {
        &self.portal
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

    /// The entries at these places, in order: each with its place.
    pub fn entries(&self, places: &[i64]) -> Result<Vec<sql::Sealed>, Failure> {
        self.wait(async { Ok(sql::sealed(self.portal.pool(), places).await?) })
    }

    /// Waits for an answer of the runtime.
    pub fn wait<T>(&self, answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        self.runtime.block_on(answer)
    }
}

/// A proof that the tiles don't bear out.
pub(crate) fn unproven(error: impl ToString) -> Failure {
    Failure::Stored(format!("the log can't be proven: {}", error.to_string()))
}
