//! Replies about a file of predicted numbers.

use crate::multiclass::{Row, gaps, object};
use crate::reply::{Reply, columns_of, name, number, numbers};
use crate::table::Table;
use assess::ll144;
use assess::partition::{Part, parts};
use assess::regression::kruskal::kruskal;
use assess::regression::{Regression, sklearn};
use assess::stats::{median, real};
use serde_json::{Value, json};

/// A file's rows that have a true and a predicted number.
pub struct Numbers<'a> {
    table: &'a Table,
    rows: Vec<Option<(f64, f64)>>,
}

impl<'a> Numbers<'a> {
    pub fn new(table: &'a Table) -> Option<Self> {
        let truths = numbers(table.column("y_true")?).into_iter();
        let rows = truths.zip(numbers(table.column("y_pred")?));
        Some(Self {
            table,
            rows: rows.map(|(truth, predicted)| truth.zip(predicted)).collect(),
        })
    }

    pub fn reply(&self, id: &str, call: &str) -> Reply {
        let value = if let Some(figure) = id.strip_prefix("overall.") {
            let figures = figures(&self.rows, true);
            figures
                .into_iter()
                .find(|(id, _)| id == figure)
                .map(|(_, value)| number(value))
        } else if let Some(of) = id.strip_prefix("by_group.") {
            self.frame(of)
                .map(|frame| frame.into_iter().map(|(name, row)| (name, object(row))).collect())
        } else if let Some((kind, of)) = id.strip_prefix("mf.").and_then(|rest| rest.split_once('.')) {
            let rows = self
                .frame(of)
                .map(|frame| frame.into_iter().map(|(_, row)| row).collect::<Vec<_>>());
            rows.and_then(|rows| gaps(kind, &rows))
        } else if let Some(of) = id.strip_prefix("kruskal.residual.") {
            self.kruskal(of)
        } else if id.starts_with("ll144.") {
            return impact(self.table, id, call);
        } else {
            None
        };
        Reply::of(value, "no such figure of predicted numbers")
    }

    fn frame(&self, of: &str) -> Option<Vec<(String, Row)>> {
        let parts = parts_of(self.table, of)?;
        Some(
            parts
                .iter()
                .map(|part| (name(part), figures(&part.pick(&self.rows), false)))
                .collect(),
        )
    }

    fn kruskal(&self, of: &str) -> Option<Value> {
        let residuals = |part: &Part<'_>| {
            let rows = part.pick(&self.rows).into_iter().flatten();
            rows.map(|(truth, predicted)| predicted - truth)
                .collect::<Vec<_>>()
        };
        let test = kruskal(
            &parts_of(self.table, of)?
                .iter()
                .map(residuals)
                .collect::<Vec<_>>(),
        );
        Some(json!({"H": number(test.map(|test| test.statistic)), "p": number(test.map(|test| test.p))}))
    }
}

/// The known parts that a name such as `race` or `racexsex` speaks of.
fn parts_of<'a>(table: &'a Table, of: &str) -> Option<Vec<Part<'a>>> {
    let columns = columns_of(of, &table.names)?;
    let columns: Vec<_> = columns
        .iter()
        .map(|column| table.column(column))
        .collect::<Option<_>>()?;
    Some(parts(&columns).into_iter().filter(Part::is_known).collect())
}

/// Figures under scikit-learn's names and conventions; correlations only of all rows.
fn figures(rows: &[Option<(f64, f64)>], correlations: bool) -> Row {
    let figures = Regression::of(&rows.iter().copied().flatten().collect::<Vec<_>>());
    let mut row = vec![("count".to_owned(), Some(real(figures.count)))];
    for (id, value) in figures.named() {
        let value = match id {
            "r2" => sklearn::r2(&figures),
            "explained_variance" => sklearn::explained_variance(&figures),
            _ => value,
        };
        if correlations || !["pearson", "spearman"].contains(&id) {
            row.push((id.to_owned(), value));
        }
    }
    row
}

/// LL144's scoring rates by category, and the median that they start from; which column holds the scores, and the
/// least share, are in the call.
pub fn impact(table: &Table, id: &str, call: &str) -> Reply {
    let value = match id.strip_prefix("ll144.scoring_rate.") {
        Some(of) => categories(table, of, call),
        None if id == "ll144.median_score" => table
            .names
            .iter()
            .find(|name| call.contains(&format!("({name})")))
            .and_then(|name| table.column(name))
            .map(|column| number(median(&numbers(column).into_iter().flatten().collect::<Vec<_>>()))),
        None => None,
    };
    Reply::of(value, "no scoring rate")
}

fn categories(table: &Table, of: &str, call: &str) -> Option<Value> {
    let (of, _) = of
        .rsplit_once(".exclude_lt_0.")
        .or_else(|| of.rsplit_once(".exclude_lt_"))?;
    let column = call.split_once(":= ")?.1.split_once('>')?.0.trim();
    let least = fraction(call.split_once("n/total<")?.1)?;
    let scores = numbers(table.column(column)?);
    let categories = ll144::scoring(&scores, &parts_of(table, of)?, least);
    let rows = categories.into_iter().map(|category| {
        let ratio = if category.excluded {
            Value::Null
        } else {
            number(category.impact_ratio)
        };
        let row = json!({
            "n": category.n, "selected": category.selected, "rate": number(category.rate),
            "share": number(category.share), "excluded": category.excluded, "impact_ratio": ratio,
        });
        (category.key.join("|"), row)
    });
    Some(Value::Object(rows.collect()))
}

/// The decimal that a text begins with, as a fraction.
fn fraction(text: &str) -> Option<(u64, u64)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (whole, decimals) = text[..end].split_once('.').unwrap_or((&text[..end], ""));
    let denominator = 10_u64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    Some((format!("{whole}{decimals}").parse().ok()?, denominator))
}
