//! The roots of full subtrees that tiles above level 0 consist of.
use super::signed;
use ledger::{digest::Digest, tile::HEIGHT};

/// Some of them, a column each.
#[derive(Default)]
pub struct Nodes {
    pub levels: Vec<i16>,
    pub indexes: Vec<i64>,
    pub hashes: Vec<Vec<u8>>,
}

impl Nodes {
    /// Keeps the root of a subtree so many levels high that ends with the leaf at `last`, if tiles have it.
    pub fn completed(&mut self, last: u64, height: u32, root: Digest) {
        if height.is_multiple_of(HEIGHT) {
            self.levels
                .push(i16::try_from(height / HEIGHT).unwrap_or(i16::MAX));
            self.indexes.push(signed(last >> height));
            self.hashes.push(root.as_bytes().to_vec());
        }
    }
}
