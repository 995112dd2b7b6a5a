//! How far a column of one part of the data, or of newer data, has moved from a reference.

pub mod bins;
pub mod categories;
pub mod chi;
pub mod evidently;
pub mod kolmogorov;
pub mod shares;
pub(crate) mod special;
pub mod wasserstein;
