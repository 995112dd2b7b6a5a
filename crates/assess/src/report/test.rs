//! Whether a difference between groups is more than chance, beside how large it is.

use serde::{Deserialize, Serialize};

/// How likely a difference at least as large is by chance alone, were the two groups treated alike; two-sided.
///
/// Small is not unfair and large is not fair: with many people the slightest difference is no chance, with few the
/// gravest may be one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Test {
    pub method: Method,
    /// The group compared with.
    pub against: String,
    /// Standard deviations between the two rates; none for Fisher's test.
    pub z: Option<f64>,
    pub p: f64,
    /// The same, had it been one of `comparisons` tests that all might err (Holm 1979).
    pub holm: f64,
    /// The same as a false discovery rate over the `comparisons` (Benjamini and Hochberg 1995).
    pub benjamini_hochberg: f64,
    /// Groups of the attribute that were tested.
    pub comparisons: u64,
}

/// How a difference of two rates was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The two-proportion z test with the pooled variance.
    TwoProportionZ,
    /// Fisher's exact test, where a cell of the table expects fewer than five people.
    FisherExact,
}

/// Whether the favourable answer depends on the group at all: Pearson's chi-square over all judged groups, without
/// Yates' correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependence {
    pub chi_square: f64,
    pub degrees: u64,
    pub p: f64,
}
