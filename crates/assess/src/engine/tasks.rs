//! Figures of tasks other than two answers.
//!
//! They need all rows at once, so the columns are held in memory: at most as many rows as
//! [`Limits::held`](super::Limits::held) says.

mod by_group;
pub mod multiclass;
pub mod ranking;
pub mod regression;
mod warnings;

use super::table::Table;
use super::{ENGINE, Limits, Rejected, Request};
use crate::assessment::{Beside, Slice, With};
use crate::report::{Columns, Entry};
use crate::tasks::Report;
use by_group::Lens;
use std::collections::BTreeMap;

pub use super::table::Input;

/// The report of a table as a task looks at it, with its slices.
fn report<D>(
    table: &Table,
    request: &Request,
    limits: &Limits,
    lens: &dyn Lens,
    (schema, detail, overall): (&str, D, Vec<Entry>),
) -> Result<With<Report<D>>, Rejected> {
    let (columns, settings) = (&request.columns, &request.settings);
    let attributes = by_group::attributes(table, columns, settings, limits, lens)?;
    let mut warnings = lens.warnings(columns, &overall);
    warnings.extend(warnings::of_attributes(table.rows as u64, &attributes));
    let slice = |column: &String| {
        let groups = by_group::groups(table, std::slice::from_ref(column), settings, limits, lens)?;
        Ok(Slice {
            column: column.clone(),
            groups,
        })
    };
    let slices = request
        .slices
        .iter()
        .map(slice)
        .collect::<Result<_, Rejected>>()?;
    let report = Report {
        schema: schema.to_owned(),
        task: request.task,
        engine: ENGINE.to_owned(),
        rows: table.rows as u64,
        missing: missing(table, columns)?,
        source: table.source.clone(),
        columns: columns.clone(),
        settings: settings.clone(),
        detail,
        overall,
        attributes,
        warnings,
    };
    let beside = Beside {
        slices,
        ..Beside::default()
    };
    Ok(With { report, beside })
}

/// Rows without a value, for each protected attribute.
fn missing(table: &Table, columns: &Columns) -> Result<BTreeMap<String, u64>, Rejected> {
    let count = |name: &String| {
        let cells = table.column(name)?.iter();
        Ok((name.clone(), cells.filter(|cell| cell.is_none()).count() as u64))
    };
    columns.protected.iter().map(count).collect()
}

/// Whether a column of this name is among those that the user named.
fn is_named(request: &Request, name: &str) -> bool {
    let columns = &request.columns;
    let others = [&columns.prediction, &columns.score];
    let others = others.into_iter().flatten();
    let mut others = others.chain(&columns.protected).chain(&request.slices);
    columns.label == name || others.any(|other| other == name)
}

/// The prediction column, which this task can't do without.
fn prediction(columns: &Columns) -> Result<&str, Rejected> {
    columns
        .prediction
        .as_deref()
        .ok_or(Rejected::Unnamed("prediction column"))
}
