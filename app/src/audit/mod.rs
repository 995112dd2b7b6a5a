//! The audit log: a sentence an entry, what it holds and proves behind it, and the way to take it along.
mod entry;
mod filter;
mod proof;
mod show;

pub use entry::unsealed;
pub use show::AuditPage;
