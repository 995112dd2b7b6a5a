//! A comparison in the lines of a report's table.

use super::Table;
use crate::compare::{Comparison, Moved, Pairing};
use crate::report::Figure;

/// The comparison as CSV, in the columns of [`super::to_csv`]: of each figure the change with its interval and what it
/// means, then what it was and is, and its p.
pub fn comparison_to_csv(comparison: &Comparison) -> String {
    let mut table = Table::new();
    if let Some(pairing) = &comparison.paired {
        matched(&mut table, pairing);
    }
    for moved in &comparison.changes {
        lines(&mut table, moved);
    }
    table.text
}

fn matched(table: &mut Table, pairing: &Pairing) {
    let (decisions, bootstrap) = (&pairing.decisions, &pairing.bootstrap);
    for (name, value) in [
        ("cases", pairing.cases),
        ("only_before", pairing.only_before),
        ("only_after", pairing.only_after),
        ("gained", decisions.gained),
        ("lost", decisions.lost),
        ("seed", bootstrap.seed),
        ("draws", bootstrap.draws),
    ] {
        table.number("source", "", "", name, value);
    }
}

fn lines(table: &mut Table, moved: &Moved) {
    let change = Figure {
        reason: Some(moved.outcome.words().to_owned()),
        ..moved.figure()
    };
    table.figure("change", "", &moved.about, &moved.id, &change);
    for (section, value) in [
        ("before", moved.before),
        ("after", moved.after),
        ("p", moved.p),
        ("holm", moved.holm),
        ("benjamini_hochberg", moved.benjamini_hochberg),
    ] {
        let figure = Figure {
            value,
            n: moved.n,
            ..Figure::default()
        };
        table.figure(section, "", &moved.about, &moved.id, &figure);
    }
}
