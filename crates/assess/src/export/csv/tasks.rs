//! The lines of the other tasks' reports.

use super::table::Table;
use super::{entries, groups};
use crate::report::Figure;
use crate::tasks::{Attribute, Multiclass, Ranking, Report};

pub fn lines<D>(table: &mut Table, report: &Report<D>) {
    entries(table, "performance", "", "", &report.overall);
    for attribute in &report.attributes {
        by_group(table, ["group", "gap"], attribute);
    }
}

/// The rows of each label by prediction stand under `confusion`: attribute is the label, group the prediction.
pub fn multiclass(table: &mut Table, report: &Multiclass) {
    lines(table, report);
    let classes = &report.detail.classes;
    for (label, row) in classes.iter().zip(&report.detail.confusion) {
        for (prediction, count) in classes.iter().zip(row) {
            table.number("confusion", label, prediction, "rows", *count);
        }
    }
}

pub fn ranking(table: &mut Table, report: &Ranking) {
    lines(table, report);
    for cut in &report.detail.cuts {
        let section = |kind: &str| format!("{} {kind}", cut.id);
        entries(table, &section("performance"), "", "", &cut.figures);
        let counts = [
            ("taken", cut.taken),
            ("tied", cut.tied),
            ("tied_taken", cut.tied_taken),
        ];
        for (id, count) in counts {
            table.number(&cut.id, "", "", id, count);
        }
        for attribute in &cut.attributes {
            by_group(table, [&section("group"), &section("gap")], attribute);
        }
    }
}

fn by_group(table: &mut Table, [group, of_gap]: [&str; 2], attribute: &Attribute) {
    let id = attribute.id();
    groups(table, group, &id, &attribute.groups);
    for gap in &attribute.gaps {
        let between = gap.between.as_ref();
        let between = between.map(|(high, low)| format!("{low} against {high}"));
        table.figure(of_gap, &id, &between.unwrap_or_default(), &gap.id, &gap.figure);
    }
    if let Some(dependence) = &attribute.dependence {
        let p = Figure::new(dependence.p, None, attribute.known);
        table.figure(of_gap, &id, "", "dependence.p", &p);
    }
}
