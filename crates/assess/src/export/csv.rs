//! An assessment as one tidy table, safe to open in a spreadsheet.

mod binary;
mod comparison;
mod table;
mod tasks;

use crate::assessment::{Assessment, Beside};
use crate::report::{Entry, Figure, Gap, Standing};
use crate::tasks::{Group, Weighted};
use table::Table;

pub use comparison::comparison_to_csv;

/// The assessment as CSV (RFC 4180): a line a figure, in the columns section, attribute, group, figure, value, low,
/// high, n, reason. Text that a spreadsheet would take for a formula is led by an apostrophe.
pub fn to_csv(assessment: &Assessment) -> String {
    let mut table = Table::new();
    provenance(&mut table, assessment);
    match assessment {
        Assessment::Binary(with) => binary::lines(&mut table, &with.report),
        Assessment::Multiclass(with) => tasks::multiclass(&mut table, &with.report),
        Assessment::Regression(with) => tasks::lines(&mut table, &with.report),
        Assessment::Ranking(with) => tasks::ranking(&mut table, &with.report),
    }
    for warning in assessment.warnings() {
        table.row(["warning", &warning.column, "", "", "", "", "", "", &warning.words]);
    }
    beside(&mut table, assessment.beside());
    table.text
}

fn provenance(table: &mut Table, assessment: &Assessment) {
    let (columns, file) = (assessment.columns(), assessment.source());
    let bytes = file.bytes.to_string();
    source(
        table,
        &[
            ("schema", Some(assessment.schema())),
            ("task", Some(assessment.task().word())),
            ("engine", Some(assessment.engine())),
            ("sha256", Some(&file.digest)),
            ("bytes", Some(&bytes)),
            ("format", Some(&file.format)),
            ("label column", Some(&columns.label)),
            ("prediction column", columns.prediction.as_deref()),
            ("score column", columns.score.as_deref()),
            ("weight column", columns.weight.as_deref()),
        ],
    );
    table.number("source", "", "", "rows", assessment.rows());
    for (column, missing) in assessment.missing() {
        table.number("source", column, "", "missing", *missing);
    }
}

fn source(table: &mut Table, facts: &[(&str, Option<&str>)]) {
    for (name, value) in facts {
        if let Some(value) = value {
            table.row(["source", "", "", name, value, "", "", "", ""]);
        }
    }
}

/// What was asked for beside the report.
fn beside(table: &mut Table, beside: &Beside) {
    for slice in &beside.slices {
        groups(table, "slice", &slice.column, &slice.groups);
    }
    for column in beside.drift.iter().flat_map(|drift| &drift.columns) {
        for (side, part) in [("baseline", column.baseline), ("current", column.current)] {
            table.number("drift", &column.name, side, "n", part.n);
            table.number("drift", &column.name, side, "missing", part.missing);
        }
        entries(table, "drift", &column.name, "", &column.figures);
    }
    for gate in &beside.gates {
        let figure = Figure {
            value: gate.value,
            low: gate.low,
            high: gate.high,
            n: gate.n,
            reason: Some(format!("{}, target {}", gate.state.words(), gate.target)),
        };
        table.figure("gate", "", &gate.about, &gate.metric, &figure);
    }
}

fn groups(table: &mut Table, section: &str, attribute: &str, groups: &[Group]) {
    for group in groups {
        let (name, n) = (group.name(), group.n.to_string());
        let reason = standing(&group.standing);
        table.row([section, attribute, &name, "n", &n, "", "", &n, reason]);
        entries(table, section, attribute, &name, &group.figures);
        weighted(
            table,
            [section, attribute, &name],
            group.n,
            group.weighted.as_ref(),
        );
    }
}

fn entries(table: &mut Table, section: &str, attribute: &str, group: &str, entries: &[Entry]) {
    for Entry { id, figure } in entries {
        table.figure(section, attribute, group, id, figure);
    }
}

/// The figures by weight of another task's rows; no lines where they have no weights.
fn weighted(table: &mut Table, [section, attribute, group]: [&str; 3], n: u64, weighted: Option<&Weighted>) {
    let weighted: Vec<Entry> = weighted.iter().flat_map(|weighted| weighted.named(n)).collect();
    entries(table, section, attribute, group, &weighted);
}

/// Gaps of an attribute, their ids led by a word.
fn gaps(table: &mut Table, section: &str, attribute: &str, (lead, gaps): (&str, &[Gap])) {
    for gap in gaps {
        let between = gap.between.as_ref();
        let between = between.map(|(high, low)| format!("{low} against {high}"));
        let id = format!("{lead}{}", gap.id);
        table.figure(section, attribute, &between.unwrap_or_default(), &id, &gap.figure);
    }
}

/// Why a group isn't judged; empty where it is.
fn standing(standing: &Standing) -> &str {
    match standing {
        Standing::Judged => "",
        Standing::TooFew { reason } | Standing::Missing { reason } => reason,
    }
}
