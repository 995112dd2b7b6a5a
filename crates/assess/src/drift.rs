//! How far a column of one part of the data, or of newer data, has moved from a reference.

pub mod bins;
pub mod categories;
pub mod evidently;
#[cfg(feature = "engine")]
mod files;
pub mod report;
pub mod shares;
pub mod wasserstein;

#[cfg(feature = "engine")]
pub use files::{AnswersAre, Watched, report};
pub use report::{Column, Drift, Kind, Movement};
