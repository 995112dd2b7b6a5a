//! The lines of the other tasks' reports.

use super::table::Table;
use super::{entries, gaps, groups, weighted};
use crate::report::Figure;
use crate::tasks::{Attribute, Multiclass, Ranking, Report};

pub fn lines<D>(table: &mut Table, report: &Report<D>) {
    entries(table, "performance", "", "", &report.overall);
    let by_weight = report.weighted.as_ref();
    weighted(table, ["performance", "", ""], report.rows, by_weight);
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
    let weights = report.detail.weighted_confusion.iter().flatten();
    for ((label, row), counts) in classes.iter().zip(weights).zip(&report.detail.confusion) {
        for ((prediction, weight), count) in classes.iter().zip(row).zip(counts) {
            let figure = Figure::new(*weight, None, *count);
            table.figure("confusion", label, prediction, "weighted.weight", &figure);
        }
    }
}

pub fn ranking(table: &mut Table, report: &Ranking) {
    lines(table, report);
    for cut in &report.detail.cuts {
        let section = |kind: &str| format!("{} {kind}", cut.id);
        let performance = section("performance");
        entries(table, &performance, "", "", &cut.figures);
        let by_weight = cut.weighted.as_ref();
        weighted(table, [&performance, "", ""], report.rows, by_weight);
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
    gaps(table, of_gap, &id, ("", &attribute.gaps));
    gaps(table, of_gap, &id, ("weighted.", &attribute.weighted_gaps));
    if let Some(dependence) = &attribute.dependence {
        let p = Figure::new(dependence.p, None, attribute.known);
        table.figure(of_gap, &id, "", "dependence.p", &p);
    }
}
