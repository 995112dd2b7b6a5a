//! How far predicted numbers lie from the true ones.

pub mod kruskal;
pub mod moments;
pub mod ranks;
pub mod sklearn;

use crate::stats::median;
use moments::{Moments, Series};
use ranks::{ranks, weighted_ranks};

/// Figures of pairs of a true and a predicted number; each none where it is undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regression {
    /// Rows.
    pub count: u64,
    /// Mean absolute error, in the unit of the numbers.
    pub mae: Option<f64>,
    /// Mean squared error, in that unit squared.
    pub mse: Option<f64>,
    /// The root of the mean squared error.
    pub rmse: Option<f64>,
    /// Share of the true numbers' variance that the predictions explain, errors of the mean included; can be
    /// negative. None below two rows and where the true numbers are all alike.
    pub r2: Option<f64>,
    /// Median absolute error.
    pub medae: Option<f64>,
    /// The largest absolute error.
    pub max_error: Option<f64>,
    /// Mean of predicted less true: above 0, the model says too much.
    pub mean_error: Option<f64>,
    /// Mean of the predicted numbers.
    pub mean_prediction: Option<f64>,
    /// As `r2`, a constant error forgiven.
    pub explained_variance: Option<f64>,
    /// Pearson's correlation of true and predicted.
    pub pearson: Option<f64>,
    /// Spearman's correlation: Pearson's of the ranks.
    pub spearman: Option<f64>,
    /// Variance of the errors, over all rows (not all but one).
    pub error_variance: Option<f64>,
}

impl Regression {
    /// The figures of rows, each a true number and a predicted one, all finite.
    pub fn of(rows: &[(f64, f64)]) -> Self {
        let mut moments = Moments::default();
        for (truth, predicted) in rows {
            moments.add(*truth, *predicted);
        }
        let sizes: Vec<f64> = rows
            .iter()
            .map(|(truth, predicted)| (predicted - truth).abs())
            .collect();
        Self::from_moments(&moments, median(&sizes), rank_correlation(rows))
    }

    /// The figures, given those that don't follow from moments: the median absolute error and Spearman's correlation.
    pub fn from_moments(moments: &Moments, medae: Option<f64>, spearman: Option<f64>) -> Self {
        let n = moments.count;
        let some = |value: f64| (moments.weight > 0.0).then_some(value);
        let variance = |series: &Series| some(series.squares / moments.weight);
        let (mse, error_variance) = (some(moments.square.mean), variance(&moments.error));
        let spread = variance(&moments.truth).filter(|spread| *spread > 0.0);
        let unexplained = |left: Option<f64>| Some(1.0 - left? / spread?);
        Self {
            count: n,
            mae: some(moments.size.mean),
            mse,
            rmse: mse.map(f64::sqrt),
            r2: unexplained(mse),
            medae,
            max_error: some(moments.largest),
            mean_error: some(moments.error.mean),
            mean_prediction: some(moments.predicted.mean),
            explained_variance: unexplained(error_variance),
            pearson: pearson(moments),
            spearman,
            error_variance,
        }
    }

    /// Each figure under its stable id.
    pub fn named(&self) -> [(&'static str, Option<f64>); 11] {
        [
            ("mae", self.mae),
            ("mse", self.mse),
            ("rmse", self.rmse),
            ("r2", self.r2),
            ("medae", self.medae),
            ("max_error", self.max_error),
            ("mean_error_pred_minus_true", self.mean_error),
            ("mean_prediction", self.mean_prediction),
            ("explained_variance", self.explained_variance),
            ("pearson", self.pearson),
            ("spearman", self.spearman),
        ]
    }
}

/// Pearson's correlation, −1 to 1; none where either side is constant.
fn pearson(moments: &Moments) -> Option<f64> {
    let of = moments.truth.squares.sqrt() * moments.predicted.squares.sqrt();
    (of > 0.0).then(|| (moments.product / of).clamp(-1.0, 1.0))
}

/// Spearman's correlation of the two sides of rows: Pearson's of their ranks; none where a side is all alike.
pub fn rank_correlation(rows: &[(f64, f64)]) -> Option<f64> {
    let side = |side: fn(&(f64, f64)) -> f64| ranks(&rows.iter().map(side).collect::<Vec<_>>());
    let (truth, predicted) = (side(|row| row.0), side(|row| row.1));
    let mut moments = Moments::default();
    for (truth, predicted) in truth.iter().zip(&predicted) {
        moments.add(*truth, *predicted);
    }
    pearson(&moments)
}

/// The same of rows with weights: each counts as so many rows, and where a number occurs more than once its rows share the
/// middle of their ranks. Whole weights give the correlation of so many repeated rows.
pub fn weighted_rank_correlation(rows: &[(f64, f64)], weights: &[f64]) -> Option<f64> {
    let side =
        |side: fn(&(f64, f64)) -> f64| weighted_ranks(&rows.iter().map(side).collect::<Vec<_>>(), weights);
    let (truth, predicted) = (side(|row| row.0), side(|row| row.1));
    let mut moments = Moments::default();
    for ((truth, predicted), weight) in truth.iter().zip(&predicted).zip(weights) {
        moments.add_weighty(*truth, *predicted, *weight);
    }
    pearson(&moments)
}

/// The median of values by weight, as scikit-learn's `median_absolute_error` has it: the first value at which half of the
/// weight is reached, and the mean of it and the next where that is met exactly. None where they weigh nothing.
pub fn weighted_median(mut values: Vec<(f64, f64)>) -> Option<f64> {
    values.retain(|(_, weight)| *weight > 0.0);
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut upto = 0.0;
    let above = values.iter().map(|(_, weight)| {
        upto += weight;
        upto - all / 2.0
    });
    let above: Vec<f64> = above.collect();
    let at = above
        .partition_point(|above| *above < 0.0)
        .min(values.len().checked_sub(1)?);
    let (value, _) = *values.get(at)?;
    let next = values.get(at + 1).map_or(value, |(next, _)| *next);
    let is_met = above[at] <= f64::EPSILON * all;
    Some(if is_met { f64::midpoint(value, next) } else { value })
}

#[cfg(test)]
mod tests;
