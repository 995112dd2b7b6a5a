//! Replies to the golden files of multiclass predictions.

use super::compare::{Replies, Reply};
use super::manifest::Dataset;
use super::table::Table;

/// A multiclass file.
pub struct Multiclass;

impl Multiclass {
    pub fn new(_: &Dataset, _: Table) -> Self {
        Self
    }
}

impl Replies for Multiclass {
    fn reply(&self, _: &str, _: &str) -> Reply {
        Reply::Uncovered("multiclass".to_owned())
    }
}
