//! A log that is kept as tiles.

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::merkle::{leaf_hash, root};
use ledger::tile::{Path, Unreadable, bundle, grow};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such tile")]
pub struct NoSuchTile;

/// A log whose tiles are kept in a map, as a server keeps them in files.
#[derive(Default)]
pub struct Log {
    pub leaves: Vec<Digest>,
    pub tiles: BTreeMap<Path, Vec<u8>>,
}

pub fn entry(index: usize) -> Vec<u8> {
    format!(r#"{{"action":"approved","seq":{index}}}"#).into_bytes()
}

impl Log {
    pub fn of(size: usize) -> Result<Self, Unreadable<NoSuchTile>> {
        let mut log = Self::default();
        log.add(size)?;
        Ok(log)
    }

    /// Adds so many entries; answers with the tiles that were written for them.
    pub fn add(&mut self, more: usize) -> Result<Vec<Path>, Unreadable<NoSuchTile>> {
        let before = self.leaves.len();
        let added: Vec<_> = (before..before + more)
            .map(|index| leaf_hash(&entry(index)))
            .collect();
        let written = grow(before as u64, &added, |path| self.fetch(path))?;
        let paths = written.iter().map(|(path, _)| *path).collect();
        self.tiles.extend(written);
        self.leaves.extend(added);
        Ok(paths)
    }

    pub fn fetch(&self, path: Path) -> Result<Vec<u8>, NoSuchTile> {
        if path.level().is_some() {
            return self.tiles.get(&path).cloned().ok_or(NoSuchTile);
        }
        let first = usize::try_from(path.index() * 256).map_err(|_| NoSuchTile)?;
        let entries: Vec<_> = (first..first + usize::from(path.width())).map(entry).collect();
        bundle(entries.iter().map(Vec::as_slice)).map_err(|_| NoSuchTile)
    }

    pub fn checkpoint(&self, size: usize) -> Result<Checkpoint, ledger::checkpoint::Malformed> {
        Checkpoint::new("example.com/log", size as u64, root(&self.leaves[..size]))
    }
}
