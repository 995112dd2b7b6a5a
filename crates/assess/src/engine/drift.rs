//! Drift between two predictions files.

mod counted;

use super::rows::{self, positions};
use super::{Limits, Rejected, Request, Watch};
use crate::drift::Drift;
use crate::drift::report::{Kind, SCHEMA};
use crate::report::Task;
use counted::Counted;
use std::path::Path;

/// The columns that are watched.
#[derive(Debug, Default)]
struct Watched {
    /// Columns of numbers, such as scores.
    numbers: Vec<String>,
    /// Columns of categories, such as answers and protected attributes.
    categories: Vec<String>,
    /// Columns that are numbers if every value in both files is one, and categories if not.
    features: Vec<String>,
}

impl Watched {
    /// What columns are by their meaning: a score is numbers, and so are label and prediction of a regression; all others
    /// are categories. The score of several classes is none, but what columns' names begin with.
    fn of(request: &Request) -> Self {
        let columns = &request.columns;
        let answers = std::iter::once(columns.label.clone()).chain(columns.prediction.clone());
        let score = columns.score.clone().into_iter();
        let protected = columns.protected.iter().cloned();
        let (numbers, categories) = match request.task {
            Task::Regression => (answers.collect(), protected.collect()),
            Task::Multiclass => (Vec::new(), answers.chain(protected).collect()),
            Task::Binary | Task::Ranking => (score.collect(), answers.chain(protected).collect()),
        };
        Self {
            numbers,
            categories,
            features: request.features.clone(),
        }
    }

    /// The columns to count, in order. What may be held of numbers is shared out among them.
    fn columns(&self, limits: &Limits) -> Vec<Counted> {
        let numeric = self.numbers.len() + self.features.len();
        let limit = limits.max_scores / numeric.max(1);
        let named = |names: &'_ [String], kind: Option<Kind>| {
            names
                .iter()
                .map(move |name| Counted::new(name, kind, limit))
                .collect::<Vec<_>>()
        };
        let mut columns = named(&self.numbers, Some(Kind::Numbers));
        columns.extend(named(&self.categories, Some(Kind::Categories)));
        columns.extend(named(&self.features, None));
        columns
    }
}

/// How far the watched columns of `current` have moved from those of `baseline`, each read once in bounded memory.
///
/// # Errors
/// [`Rejected`] names what is wrong with a file, and where.
pub(super) fn report(
    baseline: &Path,
    current: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Drift, Rejected> {
    let mut columns = Watched::of(request).columns(limits);
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut read = |path: &Path, side: usize| {
        rows::read(
            path,
            &|header| positions(&names, header),
            limits,
            progress,
            &mut |place, cells| {
                let mut each = columns.iter_mut().zip(cells);
                each.try_for_each(|(column, cell)| column.take(*cell, place, side))
            },
        )
    };
    let (baseline, current) = (read(baseline, 0)?, read(current, 1)?);
    Ok(Drift {
        schema: SCHEMA.to_owned(),
        baseline,
        current,
        columns: columns
            .into_iter()
            .map(|column| column.finished(&request.settings))
            .collect::<Result<_, _>>()?,
    })
}
