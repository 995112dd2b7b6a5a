//! The lines of a binary report.

use super::table::Table;
use super::{source, standing};
use crate::report::{Attribute, Figure, Group, Report, Threshold, Value, Weighted};

pub fn lines(table: &mut Table, report: &Report) {
    provenance(table, report);
    let overall = &report.overall;
    table.counts("performance", "", "", &overall.counts);
    for (id, figure) in overall.rates.named().into_iter().chain(overall.scores.named()) {
        table.figure("performance", "", "", id, figure);
    }
    weighted(
        table,
        ["performance", "", ""],
        report.rows,
        overall.weighted.as_ref(),
    );
    for attribute in &report.attributes {
        for group in &attribute.groups {
            one_group(table, &attribute.id(), group);
        }
        gaps(table, attribute);
    }
    values(table, "", report.rows, &report.individual);
    for threshold in &report.thresholds {
        cut_off(table, report, threshold);
    }
}

/// What the answers mean, and which score says so.
fn provenance(table: &mut Table, report: &Report) {
    let columns = &report.columns;
    let cut = columns.prediction.is_none().then(|| columns.cut().to_string());
    source(
        table,
        &[
            ("threshold", cut.as_deref()),
            ("favourable answer", Some(&columns.favourable)),
            ("positive answer", Some(&report.labels.positive)),
        ],
    );
}

fn one_group(table: &mut Table, attribute: &str, group: &Group) {
    let name = group.name();
    let reason = standing(&group.standing);
    let n = group.n.to_string();
    table.row(["group", attribute, &name, "n", &n, "", "", &n, reason]);
    table.counts("group", attribute, &name, &group.counts);
    table.number("group", attribute, &name, "favourable", group.favourable);
    for (id, figure) in group.rates.named().into_iter().chain(group.scores.named()) {
        table.figure("group", attribute, &name, id, figure);
    }
    table.figure("group", attribute, &name, "impact_ratio", &group.impact.ratio);
    if let Some(figure) = &group.to_reference {
        table.figure("group", attribute, &name, "impact_ratio_to_reference", figure);
    }
    weighted(
        table,
        ["group", attribute, &name],
        group.n,
        group.weighted.as_ref(),
    );
    if let Some(test) = &group.test {
        let against = format!("against {}", test.against);
        let adjusted = [
            ("test.p", test.p),
            ("test.holm", test.holm),
            ("test.benjamini_hochberg", test.benjamini_hochberg),
        ];
        for (id, p) in adjusted {
            table.row([
                "group",
                attribute,
                &name,
                id,
                &p.to_string(),
                "",
                "",
                &n,
                &against,
            ]);
        }
    }
}

/// The figures by weight, each id led by `weighted.`; no lines where rows have no weights.
fn weighted(table: &mut Table, [section, attribute, group]: [&str; 3], n: u64, weighted: Option<&Weighted>) {
    let Some(weighted) = weighted else {
        return;
    };
    let sums = [("weight", weighted.weight), ("effective_n", weighted.effective_n)];
    for (id, sum) in sums.into_iter().chain(weighted.counts.named()) {
        let figure = Figure::new(sum, None, n);
        table.figure(section, attribute, group, &format!("weighted.{id}"), &figure);
    }
    for (id, figure) in weighted.named() {
        table.figure(section, attribute, group, &format!("weighted.{id}"), figure);
    }
}

/// What a cut-off would have come to; the group is the one with the lowest impact ratio.
fn cut_off(table: &mut Table, report: &Report, threshold: &Threshold) {
    let cut = threshold.cut.to_string();
    table.counts("cut-off", "", &cut, &threshold.counts);
    let singles = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    for (attribute, worst) in singles.zip(&threshold.worst) {
        if let Some(worst) = worst {
            let (ratio, n) = (worst.ratio.to_string(), threshold.counts.n().to_string());
            let whose = format!("lowest: {}", worst.group);
            table.row([
                "cut-off",
                &attribute.id(),
                &cut,
                "impact_ratio",
                &ratio,
                "",
                "",
                &n,
                &whose,
            ]);
        }
    }
}

/// Figures under another library's names.
fn values(table: &mut Table, attribute: &str, n: u64, values: &[Value]) {
    for value in values {
        let figure = match value.value {
            Some(number) => Figure::new(number, None, n),
            None => Figure::none(n, "not a number"),
        };
        table.figure("library", attribute, "", &value.id, &figure);
    }
}

fn gaps(table: &mut Table, attribute: &Attribute) {
    let id = attribute.id();
    super::gaps(table, "gap", &id, ("", &attribute.gaps));
    super::gaps(table, "gap", &id, ("weighted.", &attribute.weighted_gaps));
    if let Some(dependence) = &attribute.dependence {
        let (p, n) = (dependence.p.to_string(), attribute.known.to_string());
        table.row(["gap", &id, "", "dependence.p", &p, "", "", &n, ""]);
    }
    values(table, &id, attribute.known, &attribute.library);
}
