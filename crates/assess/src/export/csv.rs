//! A report as one tidy table, safe to open in a spreadsheet.

use crate::report::{Attribute, Figure, Group, Report, Standing, Threshold, Value, Weighted};
use crate::stats::real;

const HEADER: &str = "section,attribute,group,figure,value,low,high,n,reason\r\n";

/// The report as CSV (RFC 4180): a line a figure, in the columns section, attribute, group, figure, value, low,
/// high, n, reason. Text that a spreadsheet would take for a formula is led by an apostrophe.
pub fn to_csv(report: &Report) -> String {
    table(report).text
}

/// The same, for more lines to follow.
pub(crate) fn table(report: &Report) -> Table {
    let mut table = Table::new();
    provenance(&mut table, report);
    let overall = &report.overall;
    table.counts("performance", "", "", &overall.counts);
    for (id, figure) in overall.rates.named().into_iter().chain(overall.scores.named()) {
        table.figure("performance", "", "", id, figure);
    }
    weighted(
        &mut table,
        ["performance", "", ""],
        report.rows,
        overall.weighted.as_ref(),
    );
    for attribute in &report.attributes {
        for group in &attribute.groups {
            one_group(&mut table, &attribute.id(), group);
        }
        gaps(&mut table, attribute);
    }
    values(&mut table, "", report.rows, &report.individual);
    for threshold in &report.thresholds {
        cut_off(&mut table, report, threshold);
    }
    for warning in &report.warnings {
        table.row(["warning", &warning.column, "", "", "", "", "", "", &warning.words]);
    }
    table
}

fn provenance(table: &mut Table, report: &Report) {
    let columns = &report.columns;
    let cut = report
        .columns
        .prediction
        .is_none()
        .then(|| columns.cut().to_string());
    let facts = [
        ("schema", Some(report.schema.clone())),
        ("sha256", Some(report.source.digest.clone())),
        ("bytes", Some(report.source.bytes.to_string())),
        ("format", Some(report.source.format.clone())),
        ("label column", Some(columns.label.clone())),
        ("prediction column", columns.prediction.clone()),
        ("score column", columns.score.clone()),
        ("weight column", columns.weight.clone()),
        ("threshold", cut),
        ("favourable answer", Some(columns.favourable.clone())),
        ("positive answer", Some(report.labels.positive.clone())),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            table.row(["source", "", "", name, &value, "", "", "", ""]);
        }
    }
    table.number("source", "", "", "rows", report.rows);
    for (column, missing) in &report.missing {
        table.number("source", column, "", "missing", *missing);
    }
}

fn one_group(table: &mut Table, attribute: &str, group: &Group) {
    let name = group.name();
    let reason = match &group.standing {
        Standing::Judged => "",
        Standing::TooFew { reason } | Standing::Missing { reason } => reason,
    };
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
    for gap in &attribute.gaps {
        let between = gap
            .between
            .as_ref()
            .map(|(high, low)| format!("{low} against {high}"));
        table.figure("gap", &id, &between.unwrap_or_default(), &gap.id, &gap.figure);
    }
    if let Some(dependence) = &attribute.dependence {
        let (p, n) = (dependence.p.to_string(), attribute.known.to_string());
        table.row(["gap", &id, "", "dependence.p", &p, "", "", &n, ""]);
    }
    values(table, &id, attribute.known, &attribute.library);
}

/// Lines under the header.
pub(crate) struct Table {
    pub text: String,
}

impl Table {
    pub fn new() -> Self {
        Self {
            text: HEADER.to_owned(),
        }
    }

    pub fn row(&mut self, cells: [&str; 9]) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            push_cell(&mut self.text, cell);
        }
        self.text.push_str("\r\n");
    }

    pub fn figure(&mut self, section: &str, attribute: &str, group: &str, id: &str, figure: &Figure) {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let (value, low, high) = (number(figure.value), number(figure.low), number(figure.high));
        let reason = figure.reason.as_deref().unwrap_or_default();
        self.row([
            section,
            attribute,
            group,
            id,
            &value,
            &low,
            &high,
            &figure.n.to_string(),
            reason,
        ]);
    }

    pub fn number(&mut self, section: &str, attribute: &str, group: &str, id: &str, count: u64) {
        self.figure(
            section,
            attribute,
            group,
            id,
            &Figure::new(real(count), None, count),
        );
    }

    fn counts(&mut self, section: &str, attribute: &str, group: &str, counts: &crate::report::Confusion) {
        for (id, count) in [
            ("tp", counts.tp),
            ("fp", counts.fp),
            ("tn", counts.tn),
            ("fn", counts.fn_),
        ] {
            let n = counts.n().to_string();
            self.row([section, attribute, group, id, &count.to_string(), "", "", &n, ""]);
        }
    }
}

fn push_cell(text: &mut String, cell: &str) {
    // A negative number is no formula; anything else that starts like one is disarmed.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell.parse::<f64>().is_err();
    if !formula && !cell.contains([',', '"', '\n', '\r']) {
        return text.push_str(cell);
    }
    text.push('"');
    if formula {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::push_cell;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_disarmed() {
        let cell = |text: &str| {
            let mut out = String::new();
            push_cell(&mut out, text);
            out
        };
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("@cmd"), "\"'@cmd\"");
        assert_eq!(cell("\tx"), "\"'\tx\"");
        assert_eq!(cell("-0.5"), "-0.5");
        assert_eq!(cell("+A1,B"), "\"'+A1,B\"");
        assert_eq!(cell("plain"), "plain");
    }
}
