//! Local Law 144: selection and scoring-rate tables.

use super::figures::by_group;
use super::source::{Selected, Source, name};
use assess::ll144::{Row, above_median, selection};
use assess::report::Group;
use assess::stats::median;
use serde_json::{Map, Value, json};

pub fn reply(source: &Source, id: &str) -> Option<Value> {
    if id == "ll144.median_score" {
        return Some(json!(median(&source.scores()?)));
    }
    let (table, least) = id.strip_prefix("ll144.")?.rsplit_once(".exclude_lt_")?;
    let (kind, attribute) = table.split_once('.')?;
    let least = fraction(least)?;
    match kind {
        "selection_favourable" => selected(source, attribute, Selected::Favourable, least),
        "scoring_rate" => scored(source, attribute, least),
        kind if kind.starts_with("selection_") => selected(source, attribute, Selected::Positive, least),
        _ => None,
    }
}

/// A decimal such as `0.02` as a fraction in whole numbers.
fn fraction(text: &str) -> Option<(u64, u64)> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{places}").parse().ok()?;
    Some((digits, 10_u64.checked_pow(u32::try_from(places.len()).ok()?)?))
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
    Some(rows(groups.into_keys(), &selection(&counts, least)))
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

fn scored(source: &Source, attribute: &str, least: (u64, u64)) -> Option<Value> {
    let grouping = source.grouping(attribute)?;
    let names: Vec<String> = grouping
        .attribute()?
        .groups
        .iter()
        .filter(|group| group.n > 0)
        .filter_map(name)
        .collect();
    let columns = source.named(attribute)?;
    let columns: Option<Vec<_>> = columns.iter().map(|column| source.table.column(column)).collect();
    let columns = columns?;
    let scores = source.scores()?;
    let category = |row: usize| {
        let parts: Option<Vec<_>> = columns.iter().map(|column| column.get(row)?.as_deref()).collect();
        let name = parts?.join("|");
        names.iter().position(|known| *known == name)
    };
    let categories: Vec<_> = (0..scores.len()).map(category).collect();
    let counts = above_median(&scores, &categories, names.len());
    Some(rows(names.into_iter(), &selection(&counts, least)))
}

fn rows(names: impl Iterator<Item = String>, rows: &[Row]) -> Value {
    let row = |row: &Row| {
        json!({
            "n": row.n, "selected": row.selected, "rate": row.rate, "share": row.share, "excluded": row.excluded,
            "impact_ratio": row.impact_ratio,
        })
    };
    Value::Object(names.zip(rows.iter().map(row)).collect::<Map<_, _>>())
}
