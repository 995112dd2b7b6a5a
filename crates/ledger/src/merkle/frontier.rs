//! The right edge of the tree: all that is needed to go on appending, a few hashes however long the log.

use super::{Digest, empty_root, node_hash};
use serde::{Deserialize, Serialize};

/// The roots of the full subtrees that a tree of this size consists of, largest first: one a set bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Frontier {
    size: u64,
    edge: Vec<Digest>,
}

/// A stored frontier whose hashes don't go with its size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a frontier of {size} entries has {} hashes, this has {found}", size.count_ones())]
pub struct NotAFrontier {
    /// The size it claims.
    pub size: u64,
    /// How many hashes it came with.
    pub found: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    size: u64,
    edge: Vec<Digest>,
}

impl TryFrom<Parts> for Frontier {
    type Error = NotAFrontier;

    fn try_from(parts: Parts) -> Result<Self, NotAFrontier> {
        Self::from_parts(parts.size, parts.edge)
    }
}

impl Frontier {
    /// A frontier as it was stored: the size and its hashes, largest subtree first.
    pub fn from_parts(size: u64, edge: Vec<Digest>) -> Result<Self, NotAFrontier> {
        if u32::try_from(edge.len()) == Ok(size.count_ones()) {
            Ok(Self { size, edge })
        } else {
            Err(NotAFrontier {
                size,
                found: edge.len(),
            })
        }
    }

    /// Adds the next leaf hash.
    pub fn append(&mut self, leaf: Digest) {
        self.append_telling(leaf, |_, _| ());
    }

    /// Adds the next leaf hash, and tells of each full subtree that it completes: how many levels it is high, and its
    /// root. Its last leaf is the new one.
    pub fn append_telling(&mut self, leaf: Digest, mut completed: impl FnMut(u32, Digest)) {
        // A trailing one bit of the size is a full subtree that the new leaf completes to one of double size.
        let stays = self.edge.len() - self.size.trailing_ones() as usize;
        let grown = (1..)
            .zip(self.edge.drain(stays..).rev())
            .fold(leaf, |right, (height, left)| {
                let root = node_hash(left, right);
                completed(height, root);
                root
            });
        self.edge.push(grown);
        self.size += 1;
    }

    /// The number of entries so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes to store beside the size.
    pub fn edge(&self) -> &[Digest] {
        &self.edge
    }

    /// The root of the tree so far.
    pub fn root(&self) -> Digest {
        self.edge
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(left, right))
            .unwrap_or_else(empty_root)
    }
}

impl Extend<Digest> for Frontier {
    fn extend<I: IntoIterator<Item = Digest>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.append(leaf);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{leaf_hash, root, vectors};
    use super::{Digest, Frontier};
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let mut frontier = Frontier::default();
        assert_eq!(frontier.root().to_string(), vectors::ROOTS[0]);
        for (leaf, known) in vectors::leaves().into_iter().zip(&vectors::ROOTS[1..]) {
            frontier.append(leaf);
            assert_eq!(frontier.root().to_string(), *known);
        }
    }

    #[test]
    fn roots_agree_with_another_implementation_and_with_the_whole_tree() {
        let (mut frontier, mut oracle) = (Frontier::default(), MemoryBackedTree::<Sha256, Vec<u8>>::new());
        let mut leaves = Vec::new();
        for number in 0..=130u32 {
            assert_eq!(
                frontier.root().as_bytes()[..],
                oracle.root().as_bytes()[..],
                "size {number}"
            );
            assert_eq!(frontier.root(), root(&leaves), "size {number}");
            assert_eq!(frontier.size(), u64::from(number));

            let entry = number.to_be_bytes();
            leaves.push(leaf_hash(&entry));
            frontier.append(leaf_hash(&entry));
            oracle.push(entry.to_vec());
        }
    }

    #[test]
    fn every_full_subtree_is_told_of_when_its_last_leaf_comes() {
        let leaves: Vec<Digest> = (0..70u32)
            .map(|number| leaf_hash(&number.to_be_bytes()))
            .collect();
        let (mut frontier, mut told) = (Frontier::default(), Vec::new());
        for (end, leaf) in (1..).zip(&leaves) {
            frontier.append_telling(*leaf, |height, hash| told.push((end, height, hash)));
        }
        let mut expected = Vec::new();
        for end in 1..=leaves.len() {
            for height in 1..=end.trailing_zeros() {
                expected.push((end, height, root(&leaves[end - (1 << height)..end])));
            }
        }
        assert_eq!(told, expected);
    }

    #[test]
    fn a_stored_frontier_with_the_wrong_number_of_hashes_is_refused() {
        let hash = Digest::of(b"");
        assert!(Frontier::from_parts(6, vec![hash, hash]).is_ok());
        let refused = Frontier::from_parts(6, vec![hash]).map_err(|reason| reason.to_string());
        assert_eq!(
            refused,
            Err("a frontier of 6 entries has 2 hashes, this has 1".to_owned())
        );
        assert!(serde_json::from_str::<Frontier>(r#"{"size":1,"edge":[]}"#).is_err());
    }

    proptest! {
        #[test]
        fn stopping_and_going_on_changes_nothing(
            leaves in prop::collection::vec(any::<[u8; 32]>().prop_map(Digest::from), 0..300),
            pause: prop::sample::Index,
        ) {
            let (before, after) = leaves.split_at(pause.index(leaves.len() + 1));
            let mut frontier = Frontier::default();
            frontier.extend(before.iter().copied());
            let mut resumed: Frontier = serde_json::from_str(&serde_json::to_string(&frontier)?)?;
            resumed.extend(after.iter().copied());
            prop_assert_eq!(resumed.root(), root(&leaves));
        }
    }
}
