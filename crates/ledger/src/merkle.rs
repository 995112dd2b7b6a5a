//! The Merkle tree over audit entries: what makes one changed byte in a long history show (RFC 6962, RFC 9162).

mod frontier;
mod proof;

use crate::digest::{Digest, Hasher};
pub use frontier::{Frontier, NotAFrontier};
pub use proof::{Invalid, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion};
pub(crate) use proof::{consistency_ranges, inclusion_ranges};
use std::ops::Range;

/// The hash of an entry: SHA-256 of a zero byte and the entry (RFC 6962 §2.1).
pub fn leaf_hash(entry: &[u8]) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(&[0]);
    hasher.update(entry);
    hasher.finish()
}

/// The hash of two subtrees: SHA-256 of a one byte and both hashes (RFC 6962 §2.1).
pub fn node_hash(left: Digest, right: Digest) -> Digest {
    let mut hasher = Hasher::default();
    hasher.update(&[1]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    hasher.finish()
}

/// The root of a tree without entries: SHA-256 of nothing.
pub fn empty_root() -> Digest {
    Digest::of(&[])
}

/// The root over these leaf hashes, in order.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(root(left), root(right))
        }
    }
}

/// Cuts two or more leaves where the tree does: at the largest power of two below their number.
pub(crate) fn halves(leaves: &Range<u64>) -> (Range<u64>, Range<u64>) {
    let last = leaves.end - leaves.start - 1;
    let middle = leaves.start + (1 << last.ilog2());
    (leaves.start..middle, middle..leaves.end)
}

/// The entries and hashes that Certificate Transparency implementations test themselves with.
#[cfg(test)]
mod vectors {
    use super::{Digest, leaf_hash};

    pub(super) const ENTRIES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];

    /// The root after none, one, … eight entries.
    pub(super) const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    pub(super) const LEAVES: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
    ];

    pub(super) fn leaves() -> Vec<Digest> {
        ENTRIES.iter().map(|entry| leaf_hash(entry)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{leaf_hash, root, vectors};

    #[test]
    fn leaves_and_roots_are_those_of_certificate_transparency() {
        let leaves = vectors::leaves();
        for (leaf, known) in leaves.iter().zip(vectors::LEAVES) {
            assert_eq!(leaf.to_string(), known);
        }
        for (size, known) in vectors::ROOTS.iter().enumerate() {
            assert_eq!(root(&leaves[..size]).to_string(), *known, "size {size}");
        }
    }

    #[test]
    fn an_entry_cannot_pass_for_an_inner_node() {
        let leaves = vectors::leaves();
        let inner = [leaves[0].as_bytes().as_slice(), leaves[1].as_bytes()].concat();
        assert_ne!(leaf_hash(&inner), root(&leaves[..2]));
    }
}
