//! A document as CSV: the report's lines, then those of slices, drift and gates, all in the same columns.

use super::document::Document;
use crate::export::{self, Table};
use crate::report::{Entry, Figure, Standing};
use crate::tasks::{self, Attribute, Group};

pub(super) fn written(document: &Document) -> String {
    let mut table = match document {
        Document::Binary(with) => export::table(&with.report),
        Document::Multiclass(with) => of_task(&with.report),
        Document::Regression(with) => of_task(&with.report),
        Document::Ranking(with) => {
            let mut table = of_task(&with.report);
            for cut in &with.report.detail.cuts {
                let section = |kind: &str| format!("{} {kind}", cut.id);
                entries(&mut table, &section("performance"), "", "", &cut.figures);
                table.number(&cut.id, "", "", "taken", cut.taken);
                table.number(&cut.id, "", "", "tied", cut.tied);
                table.number(&cut.id, "", "", "tied_taken", cut.tied_taken);
                for attribute in &cut.attributes {
                    by_group(&mut table, [&section("group"), &section("gap")], attribute);
                }
            }
            table
        }
    };
    for slice in &document.beside().slices {
        groups(&mut table, "slice", &slice.column, &slice.groups);
    }
    for column in document.beside().drift.iter().flat_map(|drift| &drift.columns) {
        let missing = [("baseline", column.baseline), ("current", column.current)];
        for (side, part) in missing {
            table.number("drift", &column.name, side, "n", part.n);
            table.number("drift", &column.name, side, "missing", part.missing);
        }
        entries(&mut table, "drift", &column.name, "", &column.figures);
    }
    for gate in &document.beside().gates {
        let figure = Figure {
            value: gate.value,
            low: gate.low,
            high: gate.high,
            n: gate.n,
            reason: Some(format!("{}, target {}", gate.state.words(), gate.target)),
        };
        table.figure("gate", "", &gate.about, &gate.metric, &figure);
    }
    table.text
}

fn of_task<D>(report: &tasks::Report<D>) -> Table {
    let mut table = Table::new();
    let source = [
        ("schema", &report.schema),
        ("sha256", &report.source.digest),
        ("format", &report.source.format),
        ("label column", &report.columns.label),
    ];
    for (name, value) in source {
        table.row(["source", "", "", name, value, "", "", "", ""]);
    }
    table.number("source", "", "", "rows", report.rows);
    for (column, missing) in &report.missing {
        table.number("source", column, "", "missing", *missing);
    }
    entries(&mut table, "performance", "", "", &report.overall);
    for attribute in &report.attributes {
        by_group(&mut table, ["group", "gap"], attribute);
    }
    table
}

fn by_group(table: &mut Table, [group, of_gap]: [&str; 2], attribute: &Attribute) {
    let id = attribute.id();
    groups(table, group, &id, &attribute.groups);
    for gap in &attribute.gaps {
        let between = gap.between.as_ref();
        let between = between.map(|(high, low)| format!("{low} against {high}"));
        table.figure(of_gap, &id, &between.unwrap_or_default(), &gap.id, &gap.figure);
    }
}

fn groups(table: &mut Table, section: &str, attribute: &str, groups: &[Group]) {
    for group in groups {
        let (name, n) = (group.name(), group.n.to_string());
        let reason = match &group.standing {
            Standing::Judged => "",
            Standing::TooFew { reason } | Standing::Missing { reason } => reason,
        };
        table.row([section, attribute, &name, "n", &n, "", "", &n, reason]);
        entries(table, section, attribute, &name, &group.figures);
    }
}

fn entries(table: &mut Table, section: &str, attribute: &str, group: &str, entries: &[Entry]) {
    for Entry { id, figure } in entries {
        table.figure(section, attribute, group, id, figure);
    }
}
