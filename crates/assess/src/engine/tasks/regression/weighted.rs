//! The figures of predicted numbers with every row counted by its weight, as scikit-learn has them given `sample_weight`.

use super::super::cells::Grouping;
use super::Row;
use super::numbers::{Numbers, TOO_MANY, around_correlation};
use crate::engine::weighed::sum::Sum;
use crate::regression::moments::{Moments, Series};
use crate::regression::{Regression, weighted_median, weighted_rank_correlation};
use crate::report::{Entry, Figure};
use crate::stats::Interval;

/// Moments by weight and by its square: the latter tell how far a mean may be off.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Weighty {
    pub by_weight: Moments,
    pub by_square: Moments,
}

impl Weighty {
    pub fn add(&mut self, truth: f64, predicted: f64, weight: f64) {
        self.by_weight.add_weighty(truth, predicted, weight);
        self.by_square.add_weighty(truth, predicted, weight * weight);
    }

    pub fn merge(&mut self, other: &Self) {
        self.by_weight.merge(&other.by_weight);
        self.by_square.merge(&other.by_square);
    }

    /// Kish's effective number of rows.
    fn effective(&self) -> Option<f64> {
        let sum = Sum {
            weight: self.by_weight.weight,
            squares: self.by_square.weight,
        };
        sum.effective(self.by_weight.count)
    }

    /// The normal interval of a weighted mean m of values v, by the variance Σ w² (v − m)² / (Σ w)², corrected by
    /// n / (n − 1) for the effective number n.
    fn around(&self, series: fn(&Moments) -> &Series, z: f64) -> Option<Interval> {
        let effective = self.effective().filter(|effective| *effective > 1.0)?;
        let (by_weight, by_square) = (series(&self.by_weight), series(&self.by_square));
        let off = by_square.mean - by_weight.mean;
        let about = by_square.squares + self.by_square.weight * off * off;
        let all = self.by_weight.weight;
        let half = z * (about / all / all * (effective / (effective - 1.0))).sqrt();
        Some((by_weight.mean - half, by_weight.mean + half))
    }
}

impl Numbers<'_> {
    /// The figures of each group, under the ids of those by rows.
    pub fn weighed(&self, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let cells = self.weighted.as_deref().unwrap_or_default();
        let groups = grouping.summed(cells, Weighty::merge);
        let by_rows: Vec<Vec<Row>> = match &self.ranked {
            None => Vec::new(),
            Some(rows) => {
                let mut groups = vec![Vec::new(); grouping.groups];
                for row in rows {
                    if let Some(group) = grouping.of(row.cell) {
                        groups[group].push(*row);
                    }
                }
                groups
            }
        };
        let each = groups.iter().enumerate();
        each.map(|(at, group)| self.weighed_group(group, by_rows.get(at).map(Vec::as_slice)))
            .collect()
    }

    fn weighed_group(&self, group: &Weighty, rows: Option<&[Row]>) -> Vec<Entry> {
        let (moments, z) = (&group.by_weight, self.settings.z);
        let (medae, spearman) = rows.map_or((None, None), |rows| (median(rows), correlation(rows)));
        let figures = Regression::from_moments(moments, medae, spearman);
        let not_negative = |(low, high): Interval| (low.max(0.0), high);
        let mse = group.around(|moments| &moments.square, z).map(not_negative);
        let interval = |id: &str| match id {
            "mae" => group.around(|moments| &moments.size, z).map(not_negative),
            "mse" => mse,
            "rmse" => mse.map(|(low, high)| (low.sqrt(), high.sqrt())),
            "mean_error_pred_minus_true" => group.around(|moments| &moments.error, z),
            "mean_prediction" => group.around(|moments| &moments.predicted, z),
            "pearson" => around_correlation(figures.pearson, group.effective()?, z),
            _ => None,
        };
        let undefined = |id: &str| match id {
            "spearman" | "medae" if rows.is_none() => TOO_MANY,
            _ => "one side's numbers are all alike",
        };
        let entry = |(id, value): (&str, Option<f64>)| {
            let figure = value.map_or_else(
                || Figure::none(moments.count, undefined(id)),
                |value| Figure::new(value, interval(id), moments.count),
            );
            Entry::new(id, figure)
        };
        figures.named().into_iter().map(entry).collect()
    }
}

fn median(rows: &[Row]) -> Option<f64> {
    let sizes = rows.iter();
    let sizes = sizes.map(|row| ((row.predicted - row.truth).abs(), row.weight));
    weighted_median(sizes.collect())
}

fn correlation(rows: &[Row]) -> Option<f64> {
    let numbers: Vec<_> = rows.iter().map(|row| (row.truth, row.predicted)).collect();
    let weights: Vec<_> = rows.iter().map(|row| row.weight).collect();
    weighted_rank_correlation(&numbers, &weights)
}
