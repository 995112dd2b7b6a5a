//! How far a column of one part of the data, or of newer data, has moved from a reference.

pub mod bins;
pub mod categories;
pub mod evidently;
pub mod numbers;
pub mod report;
pub mod shares;
pub mod wasserstein;

pub use report::{Column, Drift, Kind, Movement, Part, Rounded};
