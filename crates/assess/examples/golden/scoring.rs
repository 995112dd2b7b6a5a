//! Local Law 144's scoring rates, whatever is predicted.

use super::compare::number;
use super::manifest::Dataset;
use super::table::{Table, joined};
use assess::ll144::{self, Row};
use assess::stats::median;
use serde_json::{Value, json};

/// The reply to an entry; which column holds the scores is in its call.
pub fn reply(dataset: &Dataset, table: &Table, id: &str, call: &str) -> Option<Value> {
    if id == "ll144.median_score" {
        let mut columns = table.header.iter();
        let column = columns.find(|name| call.contains(&format!("({name})")))?;
        let scores = table.numbers(column)?.into_iter().flatten();
        return Some(number(median(&scores.collect::<Vec<_>>())));
    }
    let (attribute, least) = id
        .strip_prefix("ll144.scoring_rate.")?
        .rsplit_once(".exclude_lt_")?;
    let (column, _) = call.split_once(":= ")?.1.split_once('>')?;
    let scores = table.numbers(column.trim())?;
    let parts = table.parts(&dataset.columns_of(attribute, table)?)?;
    let rows = ll144::scoring(&scores, &parts, fraction(least)?);
    let rows = rows
        .iter()
        .filter_map(|(part, of)| Some((joined(&part.key)?, row(of))));
    Some(Value::Object(rows.collect()))
}

/// A decimal such as `0.02` as a fraction in whole numbers.
pub fn fraction(text: &str) -> Option<(u64, u64)> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{places}").parse().ok()?;
    Some((digits, 10_u64.checked_pow(u32::try_from(places.len()).ok()?)?))
}

/// A category's row.
pub fn row(row: &Row) -> Value {
    json!({
        "n": row.n, "selected": row.selected, "rate": row.rate, "share": row.share, "excluded": row.excluded,
        "impact_ratio": row.impact_ratio,
    })
}
