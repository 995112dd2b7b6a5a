//! Replies about a file of predicted numbers.

use super::compare::{Replies, Reply, number};
use super::drift::{Drift, is_drift};
use super::manifest::Dataset;
use super::multiclass::{Row, gaps, object};
use super::scoring;
use super::table::Table;
use assess::partition::Part;
use assess::regression::kruskal::kruskal;
use assess::regression::{self, sklearn};
use assess::stats::real;
use serde_json::{Value, json};
use std::rc::Rc;

/// A file's rows that have a true and a predicted number.
pub struct Regression {
    dataset: Dataset,
    table: Rc<Table>,
    drift: Drift,
    rows: Vec<Option<(f64, f64)>>,
}

impl Regression {
    pub fn new(dataset: &Dataset, table: Table) -> Option<Self> {
        let truths = table.numbers("y_true")?.into_iter();
        let rows = truths.zip(table.numbers("y_pred")?);
        let rows = rows.map(|(truth, predicted)| truth.zip(predicted)).collect();
        let table = Rc::new(table);
        Some(Self {
            drift: Drift::new(dataset, Rc::clone(&table)),
            dataset: dataset.clone(),
            table,
            rows,
        })
    }

    fn value(&self, id: &str, call: &str) -> Option<Value> {
        if let Some(figure) = id.strip_prefix("overall.") {
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
            scoring::reply(&self.dataset, &self.table, id, call)
        } else {
            None
        }
    }

    fn groups(&self, of: &str) -> Option<Vec<(String, Part<'_>)>> {
        self.table.groups(&self.dataset.columns_of(of, &self.table)?)
    }

    fn frame(&self, of: &str) -> Option<Vec<(String, Row)>> {
        let groups = self.groups(of)?.into_iter();
        Some(
            groups
                .map(|(name, part)| (name, figures(&part.pick(&self.rows), false)))
                .collect(),
        )
    }

    fn kruskal(&self, of: &str) -> Option<Value> {
        let residuals = |(_, part): (String, Part<'_>)| {
            let rows = part.pick(&self.rows).into_iter().flatten();
            rows.map(|(truth, predicted)| predicted - truth)
                .collect::<Vec<_>>()
        };
        let groups: Vec<_> = self.groups(of)?.into_iter().map(residuals).collect();
        let test = kruskal(&groups).map(|(test, _)| test);
        Some(json!({"H": number(test.map(|test| test.statistic)), "p": number(test.map(|test| test.p))}))
    }
}

impl Replies for Regression {
    fn reply(&self, id: &str, call: &str) -> Reply {
        if is_drift(id) {
            return self.drift.reply(id, call);
        }
        Reply::of(self.value(id, call), "no such figure of predicted numbers")
    }
}

/// Figures under scikit-learn's names and conventions; correlations only of all rows.
fn figures(rows: &[Option<(f64, f64)>], correlations: bool) -> Row {
    let figures = regression::Regression::of(&rows.iter().copied().flatten().collect::<Vec<_>>());
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
