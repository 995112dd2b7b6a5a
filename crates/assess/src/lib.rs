//! Numbers: from a predictions table to a performance and bias report.
//!
//! An [`assessment`] is a [`report`] or one of the other [`tasks`], with what was asked for beside it. These and their
//! readers ([`facts`], [`mod@compare`], [`export`], [`policy`], [`stats`]) are pure and compile to wasm, and so are
//! the figures over slices ([`multiclass`], [`regression`], [`calibration`], [`drift`], with [`partition`] and [`spread`]
//! for those by group) and the modules named after a library or a law ([`fairlearn`], [`sklearn`], [`aequitas`],
//! [`aif360`], [`clarify`], [`ll144`]), which say what it would say. [`engine`] (feature `engine`) reads files and
//! computes.

pub mod aequitas;
pub mod aif360;
pub mod assessment;
pub mod calibration;
pub mod clarify;
#[cfg(feature = "engine")]
pub mod command;
pub mod compare;
pub mod drift;
#[cfg(feature = "engine")]
pub mod engine;
pub mod export;
pub mod facts;
pub mod fairlearn;
pub mod ll144;
pub mod metrics;
pub mod multiclass;
pub mod partition;
pub mod policy;
pub mod regression;
pub mod report;
#[cfg(feature = "schema")]
pub mod schema;
pub mod sklearn;
pub mod spread;
pub mod stats;
pub mod tasks;
mod verdict;
pub mod words;

pub use assessment::{Asked, Assessment};
pub use compare::{Change, Comparison, Outcome, compare};
pub use facts::{Direction, Fact, Unit};
pub use report::{Columns, Figure, Report};

#[cfg(feature = "engine")]
pub use engine::{
    Format, Limits, Matched, Part, Partial, Progress, Rejected, Request, Watch, assess, assess_file,
    assess_partial, assess_read, assess_with, paired, unwatched,
};
