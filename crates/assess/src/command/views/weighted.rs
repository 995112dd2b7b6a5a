//! Tables of the figures by weight.

use super::super::view::{Section, Table, interval, number};
use super::{by_group, figures, gaps, is_compared, note};
use crate::report::{Attribute, Entry, Figure, Group, Report, Weighted};
use crate::tasks;
use crate::words::{count, shortened};

/// All rows; nothing where they have no weights.
pub(super) fn overall(report: &Report) -> Option<Section> {
    let weighted = report.overall.weighted.as_ref()?;
    let sums = [
        ("weight", Figure::new(weighted.weight, None, report.rows)),
        (
            "effective_n",
            Figure::new(weighted.effective_n, None, report.rows),
        ),
    ];
    let sums = sums.iter().map(|(id, figure)| (*id, figure));
    let entries: Vec<(&str, &Figure)> = sums.chain(weighted.named()).collect();
    let column = report.columns.weight.as_deref().unwrap_or_default();
    Some(section(
        column,
        figures("All rows, weighted", entries.into_iter()),
    ))
}

fn section(column: &str, table: Table) -> Section {
    Section {
        heading: "Weighted".to_owned(),
        notes: vec![format!(
            "Each row counts by “{}”; n is still the rows. Intervals go by the effective number of rows, (Σw)² / Σw² (Kish); \
             that of the ROC AUC by DeLong's variance with weights. What isn't called weighted counts every row once: tests \
             and drift too.",
            shortened(column)
        )],
        tables: vec![table],
    }
}

/// The same of another task.
pub(super) fn of_task<D>(report: &tasks::Report<D>) -> Option<Section> {
    let weighted = report.weighted.as_ref()?;
    let column = report.columns.weight.as_deref().unwrap_or_default();
    Some(section(
        column,
        all_of("All rows, weighted", weighted, report.rows),
    ))
}

/// The figures of so many rows.
pub(super) fn all_of(caption: &str, weighted: &tasks::Weighted, rows: u64) -> Table {
    let entries: Vec<Entry> = weighted.named(rows).map(unled).collect();
    figures(
        caption,
        entries.iter().map(|entry| (entry.id.as_str(), &entry.figure)),
    )
}

/// The groups of another task's attribute; nothing where rows have no weights.
pub(super) fn by_of_task(attribute: &tasks::Attribute) -> Option<Section> {
    let title = shortened(&attribute.title());
    let weighed = |group: &tasks::Group| {
        let weighted = group.weighted.as_ref()?;
        let entries = weighted.named(group.n);
        Some(tasks::Group {
            figures: entries.map(unled).collect(),
            weighted: None,
            ..group.clone()
        })
    };
    let groups: Vec<_> = attribute.groups.iter().filter_map(weighed).collect();
    (!groups.is_empty()).then(|| Section {
        heading: format!("Weighted, by {title}"),
        notes: Vec::new(),
        tables: vec![
            by_group(format!("Groups of {title}, weighted"), &groups, &|id| {
                ["weight", "effective_n"].contains(&id) || is_compared(&attribute.weighted_gaps, id)
            }),
            gaps(&format!("{title}, weighted"), &attribute.weighted_gaps),
        ],
    })
}

/// A figure under the id of that by rows.
fn unled(entry: Entry) -> Entry {
    let id = entry.id.strip_prefix("weighted.").unwrap_or(&entry.id);
    Entry::new(id, entry.figure)
}

/// The groups of an attribute; nothing where rows have no weights.
pub(super) fn by(attribute: &Attribute) -> Option<Section> {
    let title = shortened(&attribute.title());
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
    let weighed = attribute.groups.iter();
    let weighed = weighed.filter_map(|group| Some(row(group, group.weighted.as_ref()?)));
    let mut table = Table::new(format!("Groups of {title}, weighted"), &head);
    table.rows = weighed.collect();
    (!table.rows.is_empty()).then(|| Section {
        heading: format!("Weighted, by {title}"),
        notes: Vec::new(),
        tables: vec![
            table,
            gaps(&format!("{title}, weighted"), &attribute.weighted_gaps),
        ],
    })
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
