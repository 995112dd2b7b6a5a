//! Local Law 144: selection tables; scoring rates are in [`super::super::scoring`].

use super::super::scoring::{self, fraction, row};
use super::figures::by_group;
use super::source::{Selected, Source};
use assess::ll144::selection;
use assess::report::Group;
use serde_json::{Value, json};

pub fn reply(source: &Source, id: &str, call: &str) -> Option<Value> {
    if let Some(value) = scoring::reply(&source.dataset, &source.table, id, call) {
        return Some(value);
    }
    let (table, least) = id.strip_prefix("ll144.")?.rsplit_once(".exclude_lt_")?;
    let (kind, attribute) = table.split_once('.')?;
    let least = fraction(least)?;
    match kind {
        "selection_favourable" => selected(source, attribute, Selected::Favourable, least),
        kind if kind.starts_with("selection_") => selected(source, attribute, Selected::Positive, least),
        _ => None,
    }
}

/// The engine's impact ratios, or where it can't leave out that little of the data, those of its counts.
fn selected(source: &Source, attribute: &str, selected: Selected, least: (u64, u64)) -> Option<Value> {
    let percent = least.0 * 100 / least.1;
    if percent * least.1 == least.0 * 100 {
        let grouping = source.impact(attribute, selected, percent)?;
        let known: u64 = grouping.groups().values().map(|group| group.n).sum();
        return Some(by_group(&grouping, |group| engine_row(group, known)));
    }
    let grouping = source.impact(attribute, selected, 0)?;
    let groups = grouping.groups();
    let counts: Vec<_> = groups.values().map(|group| (group.n, group.favourable)).collect();
    let rows = groups.into_keys().zip(selection(&counts, least));
    Some(Value::Object(rows.map(|(name, of)| (name, row(&of))).collect()))
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2⁵³")]
fn engine_row(group: &Group, known: u64) -> Value {
    let reason = group.impact.ratio.reason.as_ref();
    let excluded = reason.is_some_and(|why| why.starts_with("under"));
    json!({
        "n": group.n, "selected": group.favourable, "rate": group.rates.favourable.value,
        "share": group.n as f64 / known as f64, "excluded": excluded, "impact_ratio": group.impact.ratio.value,
    })
}
