//! The figures of predicted numbers, overall and by group, every row counted once.

use super::super::by_group::{Compared, Lens};
use super::super::cells::{Cells, Grouping};
use super::super::warnings;
use super::Row;
use super::weighted::Weighty;
use crate::engine::scores::Entry as Held;
use crate::engine::values::Table;
use crate::regression::kruskal::kruskal_counts;
use crate::regression::moments::{Moments, Series};
use crate::regression::{self, rank_correlation};
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{Interval, real};

/// The numbers of a file.
pub(super) struct Numbers<'a> {
    /// By cell.
    moments: Vec<Moments>,
    /// By cell, where rows have weights.
    pub weighted: Option<Vec<Weighty>>,
    /// Errors, ascending.
    errors: Vec<Held>,
    /// Places that errors were rounded to; none where they are exact.
    places: Option<u32>,
    /// Sizes of errors, ascending, with their cell and how often each occurs.
    sizes: Vec<(f64, u32, u32)>,
    /// Every row; none where there are too many.
    pub ranked: Option<Vec<Row>>,
    pub settings: &'a Settings,
}

impl<'a> Numbers<'a> {
    pub fn new(
        (moments, weighted): (Vec<Moments>, Option<Vec<Weighty>>),
        errors: Table,
        ranked: Option<Vec<Row>>,
        settings: &'a Settings,
    ) -> Self {
        let entries = errors.entries.iter();
        let sizes = entries.map(|entry| (entry.score.abs(), entry.cell, entry.rows[0]));
        let mut sizes: Vec<_> = sizes.collect();
        sizes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        Self {
            moments,
            weighted,
            errors: errors.entries,
            places: errors.places,
            sizes,
            ranked,
            settings,
        }
    }

    /// The figures of all rows.
    pub fn overall(&self, all: &Grouping) -> Vec<Entry> {
        self.figures(all).pop().unwrap_or_default()
    }

    /// The median size of the errors of groups of so many rows.
    fn medians(&self, grouping: &Grouping, counts: &[u64]) -> Vec<Option<f64>> {
        let mut seen = vec![0_u64; counts.len()];
        let mut middle: Vec<[Option<f64>; 2]> = vec![[None; 2]; counts.len()];
        for (size, cell, rows) in &self.sizes {
            let Some(group) = grouping.of(*cell) else {
                continue;
            };
            seen[group] += u64::from(*rows);
            let lower = counts[group].saturating_sub(1) / 2;
            for (middle, rank) in middle[group].iter_mut().zip([lower, counts[group] / 2]) {
                if seen[group] > rank {
                    middle.get_or_insert(*size);
                }
            }
        }
        let halfway = |[low, high]: [Option<f64>; 2]| Some(f64::midpoint(low?, high?));
        middle.into_iter().map(halfway).collect()
    }

    /// Spearman's correlation of groups; none where ranks aren't taken.
    fn correlations(&self, grouping: &Grouping) -> Option<Vec<Option<f64>>> {
        let mut rows: Vec<Vec<(f64, f64)>> = vec![Vec::new(); grouping.groups];
        for row in self.ranked.as_ref()? {
            if let Some(group) = grouping.of(row.cell) {
                rows[group].push((row.truth, row.predicted));
            }
        }
        Some(rows.iter().map(|rows| rank_correlation(rows)).collect())
    }

    /// The figures of one group.
    fn entries(&self, moments: &Moments, medae: Option<f64>, spearman: Option<f64>) -> Vec<Entry> {
        let n = moments.count;
        let figures = regression::Regression::from_moments(moments, medae, spearman);
        let around = |series: &Series| -> Option<Interval> {
            let half = self.settings.z * series.error(n)?;
            Some((series.mean - half, series.mean + half))
        };
        let not_negative = |(low, high): Interval| (low.max(0.0), high);
        let mse = around(&moments.square).map(not_negative);
        let interval = |id: &str| match id {
            "mae" => around(&moments.size).map(not_negative),
            "mse" => mse,
            "rmse" => mse.map(|(low, high)| (low.sqrt(), high.sqrt())),
            "mean_error_pred_minus_true" => around(&moments.error),
            "mean_prediction" => around(&moments.predicted),
            "pearson" => around_correlation(figures.pearson, real(n), self.settings.z),
            _ => None,
        };
        let undefined = |id: &str| match id {
            _ if n == 0 => "no rows",
            "spearman" if self.ranked.is_none() => TOO_MANY,
            _ => "one side's numbers are all alike",
        };
        let entry = |(id, value): (&str, Option<f64>)| {
            let figure = value.map_or_else(
                || Figure::none(n, undefined(id)),
                |value| Figure::new(value, interval(id), n),
            );
            Entry::new(id, figure)
        };
        figures.named().into_iter().map(entry).collect()
    }
}

/// Why there is nothing that needs every row.
pub(super) const TOO_MANY: &str = "more rows than can be ranked: that needs all of them at once";

/// Fisher's interval of a correlation over `n` rows (1921): normal on the inverse hyperbolic tangent, with variance
/// 1/(n − 3).
pub(super) fn around_correlation(r: Option<f64>, n: f64, z: f64) -> Option<Interval> {
    let r = r.filter(|r| r.abs() < 1.0 && n > 3.0)?;
    let half = z / (n - 3.0).sqrt();
    Some(((r.atanh() - half).tanh(), (r.atanh() + half).tanh()))
}

impl Lens for Numbers<'_> {
    fn figures(&self, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let moments = grouping.summed(&self.moments, Moments::merge);
        let counts: Vec<u64> = moments.iter().map(|moments| moments.count).collect();
        let correlations = self
            .correlations(grouping)
            .unwrap_or_else(|| vec![None; counts.len()]);
        let ranked = self.medians(grouping, &counts).into_iter().zip(correlations);
        let each = moments.iter().zip(ranked);
        each.map(|(moments, (medae, spearman))| self.entries(moments, medae, spearman))
            .collect()
    }

    fn weighted(&self, _: &Cells, grouping: &Grouping) -> Vec<Vec<Entry>> {
        self.weighed(grouping)
    }

    fn compared(&self) -> Vec<Compared> {
        vec![
            Compared::new("mae", "Mean absolute error", true),
            Compared::new("mse", "Mean squared error", true),
            Compared::new("rmse", "Root mean squared error", true),
            Compared::new("r2", "R²", false),
            Compared::new("medae", "Median absolute error", true),
            Compared::new("max_error", "Largest absolute error", true),
            Compared::new("mean_error_pred_minus_true", "Mean error", false),
            Compared::new("mean_prediction", "Mean prediction", false),
            Compared::new("explained_variance", "Explained variance", false),
        ]
    }

    /// Kruskal and Wallis' test of the errors by group.
    fn dependence(&self, grouping: &Grouping) -> Option<Dependence> {
        let errors = self.errors.iter();
        let errors = errors
            .filter_map(|entry| Some((entry.score, grouping.of(entry.cell)?, u64::from(entry.rows[0]))));
        let (test, degrees) = kruskal_counts(errors, grouping.groups)?;
        Some(Dependence {
            chi_square: test.statistic,
            degrees,
            p: test.p,
        })
    }

    fn warnings(&self, columns: &Columns, _: &[Entry]) -> Vec<Warning> {
        let mut all = Moments::default();
        self.moments.iter().for_each(|moments| all.merge(moments));
        let alike = |series: Series| series.squares <= 0.0;
        let mut found = warnings::of_answers(columns, alike(all.truth), alike(all.predicted));
        found.extend(
            self.places
                .map(|places| warnings::rounded_errors(columns, places)),
        );
        found
    }
}
