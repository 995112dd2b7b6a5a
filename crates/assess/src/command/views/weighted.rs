//! Tables of the figures by weight.

use super::super::view::{Table, interval, number};
use super::{figures, note};
use crate::report::{Figure, Group, Report, Weighted};
use crate::words::{count, shortened};

/// What to know before reading the tables; nothing where rows have no weights.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let weight = report.columns.weight.as_ref();
    let weight = weight.filter(|_| report.overall.weighted.is_some());
    let note = weight.map(|weight| {
        format!(
            "Weighted figures count each row by “{}”; n is still the rows. Their intervals go by the effective number of rows, \
             (Σw)² / Σw² (Kish). Everything else, such as gaps, tests, scores and drift, counts every row once.",
            shortened(weight)
        )
    });
    note.into_iter().collect()
}

/// All rows.
pub(super) fn overall(weighted: &Weighted) -> Table {
    let n = weighted.rates.accuracy.n;
    let sums = [
        ("weight", Figure::new(weighted.weight, None, n)),
        ("effective n", Figure::new(weighted.effective_n, None, n)),
    ];
    let sums = sums.iter().map(|(id, figure)| (*id, figure));
    let entries: Vec<(&str, &Figure)> = sums.chain(weighted.named()).collect();
    figures("Weighted", entries.into_iter())
}

/// The groups of an attribute; none where rows have no weights.
pub(super) fn groups(title: &str, groups: &[Group]) -> Option<Table> {
    let head = [
        "group",
        "n",
        "weight",
        "effective n",
        "favourable rate",
        "impact ratio",
        "95 % interval",
        "true positive rate",
        "false positive rate",
        "precision",
        "note",
    ];
    let mut table = Table::new(format!("Weighted: groups of {title}"), &head);
    let mut weighed = groups
        .iter()
        .filter_map(|group| Some((group, group.weighted.as_ref()?)))
        .peekable();
    weighed.peek()?;
    table.rows = weighed.map(|(group, weighted)| row(group, weighted)).collect();
    Some(table)
}

fn row(group: &Group, weighted: &Weighted) -> Vec<String> {
    let (rates, value) = (&weighted.rates, |figure: &Figure| number(figure.value));
    let impact = weighted.impact_ratio.clone().unwrap_or_default();
    let reason = match note(&group.standing) {
        none if none.is_empty() => impact.reason.clone().unwrap_or_default(),
        note => note,
    };
    vec![
        shortened(&group.name()),
        count(group.n),
        number(Some(weighted.weight)),
        number(Some(weighted.effective_n)),
        value(&rates.favourable),
        value(&impact),
        interval(&impact),
        value(&rates.tpr),
        value(&rates.fpr),
        value(&rates.precision),
        reason,
    ]
}
