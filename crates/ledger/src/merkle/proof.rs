//! Short proofs that an entry is in the log, and that a longer log begins with a shorter one (RFC 9162 §2.1.3–4).

use super::{Digest, empty_root, halves, node_hash, root};
use std::ops::Range;

/// Why a proof can't be made or doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// There is no such entry.
    #[error("entry {index} is not in a log of {size} entries")]
    OutsideTree {
        /// The entry asked for, counted from 0.
        index: u64,
        /// The number of entries.
        size: u64,
    },
    /// The earlier log is longer than the later one.
    #[error("a log of {old} entries can't be the beginning of one of {new}")]
    Shrinks {
        /// The size said to be earlier.
        old: u64,
        /// The size said to be later.
        new: u64,
    },
    /// The proof has fewer or more hashes than one for these sizes.
    #[error("the proof has the wrong number of hashes ({found})")]
    WrongLength {
        /// How many hashes the proof has.
        found: usize,
    },
    /// The hashes lead elsewhere.
    #[error("the proof leads to another root than the one given")]
    WrongRoot,
}

/// The hashes beside the way from an entry to the root (RFC 9162 §2.1.3.1). `index` counts from 0.
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Result<Vec<Digest>, Invalid> {
    let ranges = inclusion_ranges(index as u64, leaves.len() as u64)?;
    Ok(roots(leaves, ranges))
}

/// The ranges of leaves whose roots are the inclusion proof, in its order.
pub(crate) fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, Invalid> {
    if index >= size {
        return Err(Invalid::OutsideTree { index, size });
    }
    let (mut asides, mut way) = (Vec::new(), 0..size);
    while way.end - way.start > 1 {
        let (left, right) = halves(&way);
        let aside;
        (way, aside) = if left.contains(&index) {
            (left, right)
        } else {
            (right, left)
        };
        asides.push(aside);
    }
    asides.reverse();
    Ok(asides)
}

fn roots(leaves: &[Digest], ranges: Vec<Range<u64>>) -> Vec<Digest> {
    let place = |leaf: u64| usize::try_from(leaf).unwrap_or(usize::MAX);
    ranges
        .into_iter()
        .filter_map(|range| leaves.get(place(range.start)..place(range.end)))
        .map(root)
        .collect()
}

/// Checks that the entry with this leaf hash stands at `index` of the tree with this size and root (§2.1.3.2).
pub fn verify_inclusion(
    leaf: Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: Digest,
) -> Result<(), Invalid> {
    if index >= size {
        return Err(Invalid::OutsideTree { index, size });
    }
    let mut climb = Climb {
        node: index,
        last: size - 1,
    };
    let mut hash = leaf;
    for aside in proof {
        hash = match climb.step(proof.len())? {
            Side::Left => node_hash(*aside, hash),
            Side::Right => node_hash(hash, *aside),
        };
    }
    climb.arrived(proof.len())?;
    if hash == root {
        Ok(())
    } else {
        Err(Invalid::WrongRoot)
    }
}

/// The hashes that lead both to the root over the first `old_size` leaves and to that over all (§2.1.4.1).
///
/// Empty where there is nothing to show: nothing to begin with, or nothing added.
pub fn consistency_proof(leaves: &[Digest], old_size: usize) -> Result<Vec<Digest>, Invalid> {
    let ranges = consistency_ranges(old_size as u64, leaves.len() as u64)?;
    Ok(roots(leaves, ranges))
}

/// The ranges of leaves whose roots are the consistency proof, in its order.
pub(crate) fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, Invalid> {
    if old > new {
        return Err(Invalid::Shrinks { old, new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let (mut asides, mut way) = (Vec::new(), 0..new);
    while old < way.end {
        let (left, right) = halves(&way);
        let aside;
        (way, aside) = if old <= left.end {
            (left, right)
        } else {
            (right, left)
        };
        asides.push(aside);
    }
    // The verifier has the old root already; only another full subtree needs naming.
    if way.start > 0 {
        asides.push(way);
    }
    asides.reverse();
    Ok(asides)
}

/// Checks that the log of `new_size` entries begins with the log of `old_size` entries (§2.1.4.2).
pub fn verify_consistency(
    old_size: u64,
    old_root: Digest,
    new_size: u64,
    new_root: Digest,
    proof: &[Digest],
) -> Result<(), Invalid> {
    if old_size > new_size {
        return Err(Invalid::Shrinks {
            old: old_size,
            new: new_size,
        });
    }
    if old_size == 0 || old_size == new_size {
        let known = if old_size == 0 { empty_root() } else { new_root };
        return match proof {
            [] if old_root == known => Ok(()),
            [] => Err(Invalid::WrongRoot),
            _ => Err(Invalid::WrongLength { found: proof.len() }),
        };
    }
    let (start, path) = match proof {
        _ if old_size.is_power_of_two() => (old_root, proof),
        [start, path @ ..] => (*start, path),
        [] => return Err(Invalid::WrongLength { found: 0 }),
    };
    let full = (old_size - 1).trailing_ones();
    let mut climb = Climb {
        node: (old_size - 1) >> full,
        last: (new_size - 1) >> full,
    };
    let (mut old, mut new) = (start, start);
    for aside in path {
        match climb.step(proof.len())? {
            Side::Left => (old, new) = (node_hash(*aside, old), node_hash(*aside, new)),
            Side::Right => new = node_hash(new, *aside),
        }
    }
    climb.arrived(proof.len())?;
    if old == old_root && new == new_root {
        Ok(())
    } else {
        Err(Invalid::WrongRoot)
    }
}

/// On which side of the way the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way up from a node, both numbers counted on the node's level (`fn` and `sn` in RFC 9162).
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    fn step(&mut self, length: usize) -> Result<Side, Invalid> {
        if self.last == 0 {
            return Err(Invalid::WrongLength { found: length });
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // At the right edge, levels where the node has no sibling are passed over. The node isn't 0 here,
            // for the last one isn't.
            self.up(self.node.trailing_zeros());
            Side::Left
        } else {
            Side::Right
        };
        self.up(1);
        Ok(side)
    }

    fn up(&mut self, levels: u32) {
        self.node >>= levels;
        self.last >>= levels;
    }

    fn arrived(&self, length: usize) -> Result<(), Invalid> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(Invalid::WrongLength { found: length })
        }
    }
}
