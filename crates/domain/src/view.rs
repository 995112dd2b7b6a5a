//! What pages and doors read: whole answers, ready to be shown, without rules of their own.
pub mod account;
pub mod audit;
pub mod deployment;
pub mod evaluation;
pub mod governance;
pub mod inbox;
pub mod model;
pub mod release;
pub mod review;
pub mod version;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What stands around every page: who is signed in, what waits for them, how far the log is verified, the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Around {
    pub actor: Option<crate::Actor>,
    pub waiting: u32,
    pub verified: Option<audit::Verified>,
    pub now: DateTime<Utc>,
}

/// A page of a list. `next` is the cursor of the page after it, `previous` says whether there is one before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub next: Option<String>,
}

/// Somebody's name beside what they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub id: crate::id::PersonId,
    pub name: String,
}
