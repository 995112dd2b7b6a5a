//! Drift between two predictions files.

use super::report::{Column, Drift, SCHEMA};
use crate::engine::table::{Input, Table};
use crate::engine::{Limits, Place, Progress, Rejected};
use crate::report::{Columns, Settings};

/// The columns that are watched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watched {
    /// Columns of numbers, such as scores.
    pub numbers: Vec<String>,
    /// Columns of categories, such as answers and protected attributes.
    pub categories: Vec<String>,
    /// Columns that are numbers if every value in both files is one, and categories if not.
    pub features: Vec<String>,
}

impl Watched {
    /// What a file's columns are by their meaning: the score is numbers, and so are label and prediction where
    /// `answers_are_numbers` (a regression); all others are categories.
    pub fn of(columns: &Columns, answers_are_numbers: AnswersAre, features: &[String]) -> Self {
        let answers = std::iter::once(columns.label.clone()).chain(columns.prediction.clone());
        let score = columns.score.clone().into_iter();
        let protected = columns.protected.iter().cloned();
        let (numbers, categories) = match answers_are_numbers {
            AnswersAre::Numbers => (answers.chain(score).collect(), protected.collect()),
            AnswersAre::Categories => (score.collect(), answers.chain(protected).collect()),
        };
        Self {
            numbers,
            categories,
            features: features.to_vec(),
        }
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.numbers.iter().chain(&self.categories).chain(&self.features)
    }
}

/// What labels and predictions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswersAre {
    Categories,
    Numbers,
}

/// How far the watched columns of `current` have moved from those of `baseline`. Both are held in memory, within
/// `limits` each; see [`Limits::held`].
///
/// # Errors
/// [`Rejected`] names what is wrong with a file, and where.
pub fn report(
    baseline: Input<'_>,
    current: Input<'_>,
    watched: &Watched,
    settings: &Settings,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Drift, Rejected> {
    let wants = |name: &str| watched.all().any(|watched| watched == name);
    let baseline = Table::read(baseline, &wants, limits, progress)?;
    let current = Table::read(current, &wants, limits, progress)?;
    let mut columns = Vec::new();
    for name in &watched.numbers {
        columns.push(numbers(name, &baseline, &current, settings)?);
    }
    for name in &watched.categories {
        columns.push(categories(name, &baseline, &current, settings)?);
    }
    for name in &watched.features {
        let cells = baseline.column(name)?.iter().chain(current.column(name)?);
        let are_numbers = cells
            .flatten()
            .all(|cell| cell.trim_ascii().parse::<f64>().is_ok());
        columns.push(if are_numbers {
            numbers(name, &baseline, &current, settings)?
        } else {
            categories(name, &baseline, &current, settings)?
        });
    }
    Ok(Drift {
        schema: SCHEMA.to_owned(),
        baseline: baseline.source,
        current: current.source,
        columns,
    })
}

fn numbers(name: &str, baseline: &Table, current: &Table, settings: &Settings) -> Result<Column, Rejected> {
    let (before, after) = (parsed(name, baseline)?, parsed(name, current)?);
    Ok(Column::numbers(name, &before, &after, settings))
}

fn categories(
    name: &str,
    baseline: &Table,
    current: &Table,
    settings: &Settings,
) -> Result<Column, Rejected> {
    let (before, after) = (baseline.column(name)?, current.column(name)?);
    Ok(Column::categories(name, before, after, settings))
}

fn parsed(name: &str, table: &Table) -> Result<Vec<Option<f64>>, Rejected> {
    let number = |(row, cell): (u64, &Option<String>)| {
        let number = cell.as_deref().map(|cell| {
            cell.trim_ascii().parse().map_err(|_| Rejected::NotANumber {
                place: Place { row, line: None },
                column: name.to_owned(),
                value: cell.to_owned(),
            })
        });
        number.transpose()
    };
    (1..).zip(table.column(name)?).map(number).collect()
}
