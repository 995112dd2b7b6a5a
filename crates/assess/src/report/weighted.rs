//! The figures again, with every row counted by its weight.

use super::{Bin, Figure, Rates, Scores};
use serde::{Deserialize, Serialize};

/// What the rows of a whole file or of a group come to where each counts as often as its weight says, beside the figures
/// that count rows. Who is shown and judged goes by rows all the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Weighted {
    /// Sum of weights Σw.
    pub weight: f64,
    /// How many rows of equal weight would say as much: (Σw)² / Σw² (Kish 1965), at most the number of rows. 0 where
    /// nobody weighs anything, or so little (below about 10⁻¹⁵⁴) that no square can be told from 0.
    pub effective_n: f64,
    pub counts: WeightedConfusion,
    /// Shares of weight. `n` is the rows in the denominator; intervals are those of the unweighted rates with the
    /// effective number of those rows in place of their number.
    pub rates: Rates,
    /// Scores by weight; `n` is rows. Intervals: of the ROC AUC by DeLong's variance with weights, of the average
    /// precision and in bins by effective numbers, of means normal, of the calibration error as by rows. Bins of equal mass
    /// are made of rows alone. None in reports from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Scores>,
    /// The calibration by weight; empty as that by rows is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calibration: Vec<Bin>,
    /// Favourable rate over the highest weighted one of any group that has an impact ratio by rows; 1 for that group
    /// itself. Interval: Katz with effective numbers. None for all rows together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_ratio: Option<Figure>,
}

/// How predictions and labels met, in sums of weights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WeightedConfusion {
    pub tp: f64,
    pub fp: f64,
    pub tn: f64,
    #[serde(rename = "fn")]
    pub fn_: f64,
}

impl WeightedConfusion {
    /// Each sum under its stable id.
    pub fn named(&self) -> [(&'static str, f64); 4] {
        [
            ("tp", self.tp),
            ("fp", self.fp),
            ("tn", self.tn),
            ("fn", self.fn_),
        ]
    }
}

impl Weighted {
    /// Each rate and score under its stable id, then the impact ratio where there is one.
    pub fn named(&self) -> Vec<(&'static str, &Figure)> {
        let impact = self.impact_ratio.iter().map(|ratio| ("impact_ratio", ratio));
        self.performance().chain(impact).collect()
    }

    /// Each rate and score that is taken by weight, under its stable id.
    pub fn performance(&self) -> impl Iterator<Item = (&'static str, &Figure)> {
        let scores = self.scores.iter().flat_map(Scores::named);
        let scores = scores.filter(|(id, _)| *id != "calibration_error_equal_mass");
        self.rates.named().into_iter().chain(scores)
    }
}
