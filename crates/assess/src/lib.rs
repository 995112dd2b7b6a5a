//! Numbers: from a predictions table to a performance and bias report.
//!
//! [`report`] and its readers ([`facts`], [`compare`], [`export`], [`fairlearn`], [`stats`]) are pure and compile
//! to wasm. [`engine`] (feature `engine`) reads files and computes.

pub mod compare;
#[cfg(feature = "engine")]
pub mod engine;
pub mod export;
pub mod facts;
pub mod fairlearn;
pub mod report;
pub mod stats;
mod verdict;
pub mod words;

pub use compare::{Change, Outcome, compare};
pub use facts::{Direction, Fact, Unit};
pub use report::{Columns, Figure, Report};

#[cfg(feature = "engine")]
pub use engine::{
    Format, Limits, Partial, Progress, Rejected, assess_file, assess_partial, assess_read, assess_with,
};
