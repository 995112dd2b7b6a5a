//! Predicted numbers: how far they lie from the true ones, overall and by group.

use super::super::table::{Input, Table};
use super::super::{Limits, Progress, Rejected};
use super::by_group::{self, Compared, Lens};
use super::{Entry, Report, is_named, missing, prediction};
use crate::regression::{self, kruskal::kruskal};
use crate::report::{Columns, Dependence, Figure, Settings};
use crate::stats::{Interval, mean, real, size};
use serde::{Deserialize, Serialize};

/// The name and version of the report's shape.
pub const SCHEMA: &str = "countersign.regression/1";

/// The report of predicted numbers.
pub type Regression = Report<Detail>;

/// What only this task has: nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Regression")
)]
pub struct Detail {}

/// Assesses a file by its columns of true and predicted numbers.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess(
    input: Input<'_>,
    columns: &Columns,
    settings: &Settings,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Regression, Rejected> {
    let table = Table::read(input, &|name| is_named(columns, name), limits, progress)?;
    report(&table, columns, settings, limits)
}

/// The report of a table that is already read.
///
/// # Errors
/// [`Rejected`] names what is wrong with the table or the columns, and where.
pub fn report(
    table: &Table,
    columns: &Columns,
    settings: &Settings,
    limits: &Limits,
) -> Result<Regression, Rejected> {
    if columns.label.is_empty() {
        return Err(Rejected::Unnamed("label column"));
    }
    let truth = table.numbers(&columns.label, "label")?;
    let predicted = table.numbers(prediction(columns)?, "prediction")?;
    let numbers = Numbers {
        rows: truth.into_iter().zip(predicted).collect(),
        settings,
    };
    let all: Vec<usize> = (0..table.rows).collect();
    Ok(Report {
        schema: SCHEMA.to_owned(),
        task: "regression".to_owned(),
        rows: table.rows as u64,
        missing: missing(table, columns)?,
        source: table.source.clone(),
        columns: columns.clone(),
        settings: settings.clone(),
        detail: Detail {},
        overall: numbers.figures(&all),
        attributes: by_group::attributes(table, columns, settings, limits, &numbers)?,
    })
}

struct Numbers<'a> {
    /// True and predicted.
    rows: Vec<(f64, f64)>,
    settings: &'a Settings,
}

impl Numbers<'_> {
    fn pick(&self, rows: &[usize]) -> Vec<(f64, f64)> {
        rows.iter()
            .filter_map(|row| self.rows.get(*row).copied())
            .collect()
    }

    /// The normal interval of a mean, from the spread of the values; none below two values.
    fn around_mean(&self, values: &[f64]) -> Option<Interval> {
        let middle = mean(values)?;
        let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
        let half = self.settings.z * (squares / (size(values) - 1.0) / size(values)).sqrt();
        (values.len() > 1).then_some((middle - half, middle + half))
    }

    /// Fisher's interval of a correlation (1921): normal on the inverse hyperbolic tangent, with variance 1/(n − 3).
    fn around_correlation(&self, r: Option<f64>, n: u64) -> Option<Interval> {
        let r = r.filter(|r| r.abs() < 1.0 && n > 3)?;
        let half = self.settings.z / real(n - 3).sqrt();
        Some(((r.atanh() - half).tanh(), (r.atanh() + half).tanh()))
    }
}

impl Lens for Numbers<'_> {
    fn figures(&self, rows: &[usize]) -> Vec<Entry> {
        let rows = self.pick(rows);
        let figures = regression::Regression::of(&rows);
        let errors: Vec<f64> = rows.iter().map(|(truth, predicted)| predicted - truth).collect();
        let each = |value: fn(&f64) -> f64| errors.iter().map(value).collect::<Vec<_>>();
        let not_negative = |(low, high): Interval| (low.max(0.0), high);
        let mse = self.around_mean(&each(|error| error * error)).map(not_negative);
        let predicted: Vec<f64> = rows.iter().map(|(_, predicted)| *predicted).collect();
        let n = figures.count;
        let interval = |id: &str| match id {
            "mae" => self.around_mean(&each(|error| error.abs())).map(not_negative),
            "mse" => mse,
            "rmse" => mse.map(|(low, high)| (low.sqrt(), high.sqrt())),
            "mean_error_pred_minus_true" => self.around_mean(&errors),
            "mean_prediction" => self.around_mean(&predicted),
            "pearson" => self.around_correlation(figures.pearson, n),
            _ => None,
        };
        let undefined = if n == 0 {
            "no rows"
        } else {
            "one side's numbers are all alike"
        };
        let entry = |(id, value): (&str, Option<f64>)| {
            let figure = value.map_or_else(
                || Figure::none(n, undefined),
                |value| Figure::new(value, interval(id), n),
            );
            Entry::new(id, figure)
        };
        figures.named().into_iter().map(entry).collect()
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
    fn dependence(&self, groups: &[&[usize]]) -> Option<Dependence> {
        let errors = |rows: &&[usize]| {
            let rows = self.pick(rows).into_iter();
            rows.map(|(truth, predicted)| predicted - truth).collect()
        };
        let errors: Vec<Vec<f64>> = groups.iter().map(errors).collect();
        let (test, degrees) = kruskal(&errors)?;
        Some(Dependence {
            chi_square: test.statistic,
            degrees,
            p: test.p,
        })
    }
}
