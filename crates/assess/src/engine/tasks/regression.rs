//! Predicted numbers: how far they lie from the true ones, overall and by group.

use super::super::table::{Input, Table};
use super::super::{Limits, Progress, Rejected, Request};
use super::by_group::{Compared, Lens};
use super::{is_named, prediction, warnings};
use crate::assessment::With;
use crate::regression::{self, kruskal::kruskal};
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{Interval, is_same, mean, real, size};
use crate::tasks::Regression;
use crate::tasks::regression::{Detail, SCHEMA};

/// Assesses a file by its columns of true and predicted numbers.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess(
    input: Input<'_>,
    request: &Request,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<With<Regression>, Rejected> {
    let table = Table::read(input, &|name| is_named(request, name), limits, progress)?;
    report(&table, request, limits)
}

fn report(table: &Table, request: &Request, limits: &Limits) -> Result<With<Regression>, Rejected> {
    let columns = &request.columns;
    if columns.label.is_empty() {
        return Err(Rejected::Unnamed("label column"));
    }
    let truth = table.numbers(&columns.label, "label")?;
    let predicted = table.numbers(prediction(columns)?, "prediction")?;
    let numbers = Numbers {
        rows: truth.into_iter().zip(predicted).collect(),
        settings: &request.settings,
    };
    let all: Vec<usize> = (0..table.rows).collect();
    let overall = numbers.figures(&all);
    super::report(table, request, limits, &numbers, (SCHEMA, Detail {}, overall))
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

    fn warnings(&self, columns: &Columns, _: &[Entry]) -> Vec<Warning> {
        let alike = |side: fn(&(f64, f64)) -> f64| {
            let mut values = self.rows.iter().map(side);
            values
                .next()
                .is_some_and(|first| values.all(|value| is_same(first, value)))
        };
        warnings::of_answers(columns, alike(|row| row.0), alike(|row| row.1))
    }
}
