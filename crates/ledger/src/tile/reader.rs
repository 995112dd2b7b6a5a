//! Proofs from tiles alone, none of which is believed before it leads to the root of a checkpoint.

use super::{HEIGHT, Malformed, Path, Unreadable, WIDTH, read, unbundle, width};
use crate::checkpoint::Checkpoint;
use crate::digest::Digest;
use crate::merkle::{self, halves, leaf_hash, node_hash, verify_consistency, verify_inclusion};
use std::collections::BTreeMap;
use std::ops::Range;

/// Why tiles don't answer a question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid<E> {
    /// A tile is not to be had.
    #[error(transparent)]
    Unreadable(#[from] Unreadable<E>),
    /// The question is about something outside the tree, or what the tiles say is not what was signed.
    #[error("what the tiles hold doesn't fit the checkpoint of size {size}: {reason}")]
    Proof {
        /// The size of the checkpoint.
        size: u64,
        /// What is wrong.
        reason: merkle::Invalid,
    },
    /// A bundle that is no sequence of entries.
    #[error("{path} is of no use: {reason}")]
    Bundle {
        /// The bundle asked for.
        path: Path,
        /// What is wrong.
        reason: Malformed,
    },
    /// A bundle with more or fewer entries than its name says.
    #[error("{path} holds {found} entries")]
    Entries {
        /// The bundle asked for.
        path: Path,
        /// How many there are.
        found: usize,
    },
    /// An entry that isn't the one that was signed for.
    #[error("entry {index} has the leaf hash {found}, where {expected} was signed")]
    Changed {
        /// Its place in the log, counted from 0.
        index: u64,
        /// The signed leaf hash.
        expected: Digest,
        /// The one of the entry as it is.
        found: Digest,
    },
}

/// A log as its tiles show it to somebody who has a checkpoint of it, signature checked.
///
/// Tiles are kept once fetched: make a new reader for a long walk through a large log.
#[derive(Debug)]
pub struct Reader<'a, F> {
    checkpoint: &'a Checkpoint,
    fetch: F,
    tiles: BTreeMap<Path, Vec<Digest>>,
}

impl<'a, E, F: FnMut(Path) -> Result<Vec<u8>, E>> Reader<'a, F> {
    /// Reads through `fetch`, which answers with the bytes of a tile or bundle.
    pub fn new(checkpoint: &'a Checkpoint, fetch: F) -> Self {
        Self {
            checkpoint,
            fetch,
            tiles: BTreeMap::new(),
        }
    }

    /// The leaf hash at this place, counted from 0, and the proof that it stands there.
    pub fn inclusion(&mut self, index: u64) -> Result<(Digest, Vec<Digest>), Invalid<E>> {
        let (size, root) = (self.checkpoint.size(), self.checkpoint.root());
        let ranges =
            merkle::inclusion_ranges(index, size).map_err(|reason| Invalid::Proof { size, reason })?;
        let proof = self.hashes(ranges)?;
        let leaf = self.root_of(index..index + 1)?;
        match verify_inclusion(leaf, index, size, &proof, root) {
            Ok(()) => Ok((leaf, proof)),
            Err(reason) => Err(Invalid::Proof { size, reason }),
        }
    }

    /// The proof that this log begins with the one of an earlier checkpoint.
    pub fn consistency(&mut self, earlier: &Checkpoint) -> Result<Vec<Digest>, Invalid<E>> {
        let (size, root) = (self.checkpoint.size(), self.checkpoint.root());
        let invalid = |reason| Invalid::Proof { size, reason };
        let proof = self.hashes(merkle::consistency_ranges(earlier.size(), size).map_err(invalid)?)?;
        verify_consistency(earlier.size(), earlier.root(), size, root, &proof).map_err(invalid)?;
        Ok(proof)
    }

    /// The entries of the bundle at this place, counted from 0 in steps of 256, each proven to be in the log.
    pub fn entries(&mut self, bundle: u64) -> Result<Vec<Vec<u8>>, Invalid<E>> {
        let size = self.checkpoint.size();
        let first = bundle.saturating_mul(u64::from(WIDTH));
        let outside = Invalid::Proof {
            size,
            reason: merkle::Invalid::OutsideTree { index: first, size },
        };
        let path = Path::entries(bundle, width_at(bundle, size)).ok_or(outside)?;
        let bytes = (self.fetch)(path).map_err(|reason| Unreadable::Fetch { path, reason })?;
        let entries = unbundle(&bytes).map_err(|reason| Invalid::Bundle { path, reason })?;
        if entries.len() != usize::from(path.width()) {
            return Err(Invalid::Entries {
                path,
                found: entries.len(),
            });
        }
        for (index, entry) in (first..).zip(&entries) {
            let (expected, _) = self.inclusion(index)?;
            let found = leaf_hash(entry);
            if found != expected {
                return Err(Invalid::Changed {
                    index,
                    expected,
                    found,
                });
            }
        }
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }

    fn hashes(&mut self, ranges: Vec<Range<u64>>) -> Result<Vec<Digest>, Invalid<E>> {
        ranges.into_iter().map(|range| self.root_of(range)).collect()
    }

    /// The root over a range as the tree has it: a full subtree, or the last, ragged one.
    fn root_of(&mut self, range: Range<u64>) -> Result<Digest, Invalid<E>> {
        let leaves = range.end - range.start;
        if leaves.is_power_of_two() {
            return self.node(leaves.ilog2(), range.start);
        }
        let (left, right) = halves(&range);
        Ok(node_hash(self.root_of(left)?, self.root_of(right)?))
    }

    /// The full subtree of this height that begins at this leaf: a hash of a tile, or some of them hashed together.
    fn node(&mut self, height: u32, leaf: u64) -> Result<Digest, Invalid<E>> {
        let level = height / HEIGHT;
        let place = leaf.checked_shr(level * HEIGHT).unwrap_or(0);
        let count = self.checkpoint.size().checked_shr(level * HEIGHT).unwrap_or(0);
        let index = place >> HEIGHT;
        let from = usize::from(width(place));
        let hashes = u8::try_from(level)
            .ok()
            .and_then(|level| Path::hashes(level, index, width_at(index, count)))
            .map(|path| self.tile(path))
            .transpose()?
            .and_then(|tile| tile.get(from..from + (1 << (height % HEIGHT))));
        hashes.map(merkle::root).ok_or_else(|| {
            let size = self.checkpoint.size();
            let reason = merkle::Invalid::OutsideTree { index: leaf, size };
            Invalid::Proof { size, reason }
        })
    }

    fn tile(&mut self, path: Path) -> Result<&[Digest], Unreadable<E>> {
        if !self.tiles.contains_key(&path) {
            let tile = read(path, &mut self.fetch)?;
            self.tiles.insert(path, tile);
        }
        Ok(self.tiles.get(&path).map_or(&[], Vec::as_slice))
    }
}

/// How wide the tile at this index is in a level of so many nodes; 0 if there is none.
fn width_at(index: u64, count: u64) -> u16 {
    match index.cmp(&(count >> HEIGHT)) {
        std::cmp::Ordering::Less => WIDTH,
        std::cmp::Ordering::Equal => width(count),
        std::cmp::Ordering::Greater => 0,
    }
}
