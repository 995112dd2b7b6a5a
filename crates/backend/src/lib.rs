//! The portal's use cases, and every line of SQL they need.
//!
//! Each noun has a file: the use cases first, their SQL in `mod sql` at its foot. A command loads and locks, asks the
//! domain, saves what was decided, and commits it with its audit entry; there is no other commit (see [`change`]).
pub mod account;
pub mod assessment;
pub mod attestation;
pub mod audit;
pub mod bundle;
pub mod change;
pub mod deployment;
pub mod environment;
pub mod evaluation;
pub mod evidence;
pub mod failure;
pub mod files;
pub mod inbox;
pub mod model;
pub mod password;
pub mod person;
pub mod policy;
pub mod portal;
pub mod release;
mod remembered;
pub mod review;
pub mod seal;
pub mod session;
pub mod session_rows;
pub mod template;
pub mod token;
mod vault;
pub mod version;

#[cfg(test)]
mod cast;

pub use change::Change;
pub use failure::Failure;
pub use portal::{Portal, Settings};

/// Does work that waits or computes beside the threads that answer people.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::Stored(error.to_string()))?
}

/// Every step from an empty database to the current one.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
