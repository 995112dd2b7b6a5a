//! Tiles: the tree as plain files that anyone may copy, keep and compute proofs from (C2SP tlog-tiles).
//!
//! A tile holds up to 256 hashes of one level, eight levels of the tree apart from the next; a bundle holds the entries
//! below a tile of level 0. Both are named by [`Path`], and neither changes once it is full.

mod entries;
mod path;
mod reader;

pub use entries::{LONGEST_ENTRY, Malformed, TooLong, bundle, unbundle};
pub use path::{NotAPath, Path};
pub use reader::{Invalid, Reader};

use crate::Digest;
use crate::merkle;

/// The hashes of a full tile, and the entries of a full bundle.
pub const WIDTH: u16 = 256;

/// A tile is eight levels of the tree high.
pub const HEIGHT: u32 = 8;

/// The tiles to write when these leaf hashes are added to a tree of `size` leaves, lowest level first, each with its
/// bytes. `fetch` is asked for the partial tiles that the tree ends with, at most one a level.
///
/// What is written completes or replaces those partial tiles. They stay good for readers of older checkpoints, and may
/// be deleted once the full tile is there.
pub fn grow<E>(
    size: u64,
    leaves: &[Digest],
    mut fetch: impl FnMut(Path) -> Result<Vec<u8>, E>,
) -> Result<Vec<(Path, Vec<u8>)>, Unreadable<E>> {
    let mut written = Vec::new();
    let (mut level, mut count, mut added) = (0, size, leaves.to_vec());
    while !added.is_empty() {
        let first = count >> HEIGHT;
        let mut row = match Path::hashes(level, first, width(count)) {
            Some(partial) => read(partial, &mut fetch)?,
            None => Vec::new(),
        };
        row.append(&mut added);
        for (place, hashes) in (first..).zip(row.chunks(usize::from(WIDTH))) {
            let path = Path::hashes(level, place, hashes.len().try_into().unwrap_or(WIDTH));
            written.extend(path.map(|path| (path, write(hashes))));
            if hashes.len() == usize::from(WIDTH) {
                added.push(merkle::root(hashes));
            }
        }
        count >>= HEIGHT;
        level += 1;
    }
    Ok(written)
}

/// Why a tile could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable<E> {
    /// Whoever keeps the tiles said so.
    #[error("{path} can't be read: {reason}")]
    Fetch {
        /// The tile asked for.
        path: Path,
        /// What was said.
        reason: E,
    },
    /// Not as long as its name says.
    #[error("{path} has {found} bytes, where {} are due", usize::from(path.width()) * 32)]
    Length {
        /// The tile asked for.
        path: Path,
        /// How many bytes came.
        found: usize,
    },
}

/// How many of a level's nodes stand in its last, partial tile; 0 where there is none.
fn width(count: u64) -> u16 {
    u16::try_from(count % u64::from(WIDTH)).unwrap_or_default()
}

fn read<E>(
    path: Path,
    fetch: &mut impl FnMut(Path) -> Result<Vec<u8>, E>,
) -> Result<Vec<Digest>, Unreadable<E>> {
    let bytes = fetch(path).map_err(|reason| Unreadable::Fetch { path, reason })?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if rest.is_empty() && hashes.len() == usize::from(path.width()) {
        Ok(hashes.iter().copied().map(Digest::from).collect())
    } else {
        let found = bytes.len();
        Err(Unreadable::Length { path, found })
    }
}

fn write(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}
