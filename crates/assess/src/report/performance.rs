//! How well a model predicts, all rows together, and the points its charts are drawn from.

use super::{Confusion, Figure, Rates, Weighted};
use serde::{Deserialize, Serialize};

/// How well a model predicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Performance {
    pub counts: Confusion,
    pub rates: Rates,
    pub scores: Scores,
    /// The ROC curve from (0, 0) to (1, 1), at most 200 points; empty without a score or with one answer only.
    pub roc: Vec<Point>,
    /// Ten bins of equal width, from 0 to 1; empty without a score, or with scores that aren't probabilities.
    pub calibration: Vec<Bin>,
    /// At most ten bins of as many rows each as rows of one score allow, by ascending score; `low` and `high` are the
    /// lowest and the highest score in them. Empty as `calibration` is.
    #[serde(default)]
    pub calibration_equal_mass: Vec<Bin>,
    /// The rates by weight; none where no column of weights is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted: Option<Weighted>,
}

/// What the scores say, apart from any threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scores {
    /// Area under the ROC curve, ties counting half (Mann-Whitney). Interval: DeLong's variance on the logit.
    pub roc_auc: Figure,
    /// Mean precision over the steps of recall, not the trapezoid. Interval: logit (Boyd, Eng and Page, 2013).
    pub average_precision: Figure,
    /// Mean squared distance of score and answer. Interval: normal.
    pub brier: Figure,
    /// Mean negative log-likelihood; scores are clipped to `[2⁻⁵², 1 − 2⁻⁵²]`. Interval: normal.
    pub log_loss: Figure,
    /// Mean score. Interval: normal.
    pub mean: Figure,
    /// Expected calibration error over ten bins of equal width, closed at the left. Interval: conservative, for the error
    /// is above 0 by chance alone.
    pub calibration_error: Figure,
    /// The same over ten bins of equal mass, whose edges are the tenths of the scores.
    #[serde(default = "not_in_this_version")]
    pub calibration_error_equal_mass: Figure,
}

impl Scores {
    /// Each figure under its stable id.
    pub fn named(&self) -> [(&'static str, &Figure); 7] {
        [
            ("roc_auc", &self.roc_auc),
            ("average_precision", &self.average_precision),
            ("brier", &self.brier),
            ("log_loss", &self.log_loss),
            ("mean_score", &self.mean),
            ("calibration_error", &self.calibration_error),
            ("calibration_error_equal_mass", &self.calibration_error_equal_mass),
        ]
    }
}

fn not_in_this_version() -> Figure {
    Figure::none(0, "reports of this version had no such figure")
}

/// A point of the ROC curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// Scores at or above it predict the positive answer; none at (0, 0).
    pub threshold: Option<f64>,
    pub fpr: f64,
    pub tpr: f64,
}

/// How often what was scored alike came true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bin {
    pub low: f64,
    pub high: f64,
    /// Mean score in the bin; none if it is empty.
    pub score: Option<f64>,
    /// Share of positive answers in the bin, with Wilson's interval.
    pub observed: Figure,
}
