//! The audit log, as it is read.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor_name: String,
    pub action: String,
    pub refused: bool,
    pub sentence: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub model: Option<String>,
    pub release: Option<i64>,
    pub before: Value,
    pub after: Value,
    /// The RFC 6962 leaf hash, as 64 hexadecimal digits.
    pub leaf_hash: String,
    /// Its place in the tree; none while it is not yet sealed.
    pub index: Option<i64>,
}

/// What is looked for; every part narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Part of the actor's name.
    pub person: String,
    /// The start of an action: `release` finds `release.requested`.
    pub action: String,
    pub model: String,
    pub release: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Dates such as 2026-11-23; both ends are included.
    pub from: String,
    pub to: String,
    /// Entries before this sequence.
    pub before: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// The key that signs the log now, as verifiers take it.
    pub key: String,
    pub entries: Vec<Entry>,
    pub next: Option<i64>,
    pub verified: Option<Verified>,
    pub unsealed: i64,
    /// The newest published checkpoint, as a signed note.
    pub checkpoint: Option<String>,
    pub witnesses: Vec<Witness>,
}

/// Somebody elsewhere who cosigns checkpoints that continue what they saw before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    pub name: String,
    /// How many entries they cosigned last, and when by their own clock.
    pub said: Option<(i64, DateTime<Utc>)>,
}

/// How far the log has been recomputed and found whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub size: i64,
    pub at: DateTime<Utc>,
    /// What is wrong, where something is.
    pub problem: Option<String>,
}
