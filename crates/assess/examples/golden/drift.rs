//! Replies on how the parts of a file differ, whatever its task.

use super::compare::Reply;
use super::manifest::Dataset;
use super::table::Table;

/// Whether an entry is about drift.
pub fn is_drift(id: &str) -> bool {
    id.starts_with("drift.") || id.starts_with("evidently.") || id.contains("kruskal")
}

/// The reply to an entry.
pub fn reply(_: &Dataset, _: &Table, _: &str, _: &str) -> Reply {
    Reply::Uncovered("drift".to_owned())
}
