//! How far predicted numbers lie from the true ones.

pub mod kruskal;
pub mod ranks;
pub mod sklearn;

use crate::stats::{mean, median};
use ranks::ranks;

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
        let (truth, predicted): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        let errors: Vec<f64> = rows.iter().map(|(truth, predicted)| predicted - truth).collect();
        let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        let squares: Vec<f64> = errors.iter().map(|error| error * error).collect();
        let (mse, spread, error_variance) = (mean(&squares), variance(&truth), variance(&errors));
        let unexplained = |left: Option<f64>| Some(1.0 - left? / spread.filter(|spread| *spread > 0.0)?);
        Self {
            count: rows.len() as u64,
            mae: mean(&sizes),
            mse,
            rmse: mse.map(f64::sqrt),
            r2: unexplained(mse),
            medae: median(&sizes),
            max_error: sizes.iter().copied().reduce(f64::max),
            mean_error: mean(&errors),
            mean_prediction: mean(&predicted),
            explained_variance: unexplained(error_variance),
            pearson: correlation(&truth, &predicted),
            spearman: correlation(&ranks(&truth), &ranks(&predicted)),
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

/// Mean squared distance from the mean; exactly 0 where all values are alike, whatever their mean rounds to.
fn variance(values: &[f64]) -> Option<f64> {
    let mean_value = mean(values)?;
    if values.iter().all(|value| Some(value) == values.first()) {
        return Some(0.0);
    }
    let squares: Vec<f64> = values.iter().map(|value| (value - mean_value).powi(2)).collect();
    mean(&squares)
}

/// Pearson's correlation, −1 to 1; none where either side is constant.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mean_a, mean_b) = (mean(a)?, mean(b)?);
    let (deviation_a, deviation_b) = (variance(a)?.sqrt(), variance(b)?.sqrt());
    let products: Vec<f64> = a
        .iter()
        .zip(b)
        .map(|(a, b)| (a - mean_a) * (b - mean_b))
        .collect();
    let of = deviation_a * deviation_b;
    (of > 0.0)
        .then_some(mean(&products)? / of)
        .map(|r| r.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests;
