//! Replies to the golden files of regression predictions.

use super::compare::{Replies, Reply};
use super::manifest::Dataset;
use super::table::Table;

/// A regression file.
pub struct Regression;

impl Regression {
    pub fn new(_: &Dataset, _: Table) -> Self {
        Self
    }
}

impl Replies for Regression {
    fn reply(&self, _: &str, _: &str) -> Reply {
        Reply::Uncovered("regression".to_owned())
    }
}
