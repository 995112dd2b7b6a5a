//! Figures of tasks other than two answers, in bounded memory: counts and moments by cell, and distinct numbers that are
//! held exactly until there are too many, then rounded, which reports say.

mod by_group;
mod by_weight;
mod cells;
pub(super) mod multiclass;
pub(super) mod partial;
pub(super) mod ranking;
pub(super) mod regression;
pub(super) mod scoring;
mod warnings;

use super::intake::Cell;
use super::rows::{self, Column, Take, positions};
use super::{ENGINE, Limits, Place, Rejected, Request, Watch};
use crate::report::{Columns, Entry, Source};
use crate::tasks::Report;
use by_group::Lens;
use cells::Cells;
use std::path::Path;

/// Whether a file is all there is: a part may lack what other parts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    Part,
}

/// The columns that a task reads: its own, then that of weights where one is named, then the protected ones.
struct Wanted {
    names: Vec<String>,
    roles: Vec<&'static str>,
    /// Where the weight stands.
    weight: Option<usize>,
}

impl Wanted {
    fn new(own: &[(&str, &'static str)], columns: &Columns) -> Result<Self, Rejected> {
        if columns.label.is_empty() {
            return Err(Rejected::Unnamed("label column"));
        }
        let weight = columns.weight.as_deref().map(|name| (name, "weight"));
        let all = || own.iter().copied().chain(weight);
        let names = all().map(|(name, _)| name.to_owned());
        Ok(Self {
            names: names.chain(columns.protected.iter().cloned()).collect(),
            roles: all().map(|(_, role)| role).collect(),
            weight: weight.map(|_| own.len()),
        })
    }

    /// One of the task's own columns.
    fn column(&self, at: usize) -> Column<'_> {
        Column {
            name: self.names.get(at).map_or("", String::as_str),
            role: self.roles.get(at).copied().unwrap_or_default(),
        }
    }

    /// The weight of a row; none where rows have none.
    fn weight(&self, row: &[Cell<'_>], place: Place) -> Result<Option<f64>, Rejected> {
        let weight = self.weight.map(|at| self.column(at).weight(row[at], place));
        weight.transpose()
    }

    /// The protected values of a row.
    fn protected<'r, 'c>(&self, row: &'r [Cell<'c>]) -> &'r [Cell<'c>] {
        &row[self.roles.len()..]
    }

    fn read(
        &self,
        file: &Path,
        limits: &Limits,
        progress: &mut Watch<'_>,
        take: Take<'_>,
    ) -> Result<Source, Rejected> {
        rows::read(
            file,
            &|header| positions(&self.names, header),
            limits,
            progress,
            take,
        )
    }
}

/// The report of a file as a task looks at it.
fn report<D>(
    source: Source,
    cells: &Cells,
    request: &Request,
    lens: &dyn Lens,
    (schema, detail, overall): (&str, D, Vec<Entry>),
) -> Report<D> {
    let (columns, settings) = (&request.columns, &request.settings);
    let attributes = by_group::attributes(cells, &columns.protected, settings, lens);
    let weighted = by_weight::overall(cells, lens);
    let mut warnings = lens.warnings(columns, &overall);
    warnings.extend(warnings::of_attributes(cells.rows(), &attributes));
    Report {
        schema: schema.to_owned(),
        task: request.task,
        engine: ENGINE.to_owned(),
        rows: cells.rows(),
        missing: cells.missing(),
        source,
        columns: columns.clone(),
        settings: settings.clone(),
        detail,
        overall,
        weighted,
        attributes,
        warnings,
    }
}

/// The prediction column, which this task can't do without.
fn prediction(columns: &Columns) -> Result<&str, Rejected> {
    columns
        .prediction
        .as_deref()
        .ok_or(Rejected::Unnamed("prediction column"))
}
