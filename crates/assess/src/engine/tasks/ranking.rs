//! A score alone, with no prediction and no threshold: how well it ranks people, and whom the top of the ranking holds.

mod cut;

use super::super::curve;
use super::super::table::{Input, Table};
use super::super::{Limits, Progress, Rejected};
use super::by_group::{self, Compared, Lens};
use super::{Entry, Report, is_named, missing};
use crate::report::{Columns, Dependence, Scores, Settings};
use serde::{Deserialize, Serialize};

pub use cut::{Cut, Top};

/// The name and version of the report's shape.
pub const SCHEMA: &str = "countersign.ranking/1";

/// The report of a ranking.
pub type Ranking = Report<Detail>;

/// What only this task has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Ranking")
)]
pub struct Detail {
    /// The answer that scores speak for.
    pub positive: String,
    /// What taking only the top of the ranking comes to, in the order asked for.
    pub cuts: Vec<Cut>,
}

/// The tops that are looked at unless others are named: 1, 5, 10 and 20 per cent.
pub const TOPS: [Top; 4] = [
    Top::Percent(1.0),
    Top::Percent(5.0),
    Top::Percent(10.0),
    Top::Percent(20.0),
];

/// Assesses a file by its label (two answers) and score columns.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess(
    input: Input<'_>,
    columns: &Columns,
    tops: &[Top],
    settings: &Settings,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Ranking, Rejected> {
    let table = Table::read(input, &|name| is_named(columns, name), limits, progress)?;
    report(&table, columns, tops, settings, limits)
}

/// The report of a table that is already read.
///
/// # Errors
/// [`Rejected`] names what is wrong with the table or the columns, and where.
pub fn report(
    table: &Table,
    columns: &Columns,
    tops: &[Top],
    settings: &Settings,
    limits: &Limits,
) -> Result<Ranking, Rejected> {
    let ranked = Ranked::read(table, columns, settings)?;
    let all: Vec<usize> = (0..table.rows).collect();
    let cuts = tops
        .iter()
        .map(|top| cut::cut(&ranked, *top, table, columns, limits));
    Ok(Report {
        schema: SCHEMA.to_owned(),
        task: "ranking".to_owned(),
        rows: table.rows as u64,
        missing: missing(table, columns)?,
        source: table.source.clone(),
        columns: columns.clone(),
        settings: settings.clone(),
        detail: Detail {
            cuts: cuts.collect::<Result<_, _>>()?,
            positive: ranked.positive.clone(),
        },
        overall: ranked.figures(&all),
        attributes: by_group::attributes(table, columns, settings, limits, &ranked)?,
    })
}

struct Ranked<'a> {
    positive: String,
    /// By row: score, and whether the answer is positive.
    rows: Vec<(f64, bool)>,
    /// Whether every score lies between 0 and 1.
    are_shares: bool,
    settings: &'a Settings,
}

impl<'a> Ranked<'a> {
    fn read(table: &Table, columns: &Columns, settings: &'a Settings) -> Result<Self, Rejected> {
        if columns.label.is_empty() {
            return Err(Rejected::Unnamed("label column"));
        }
        let score = columns
            .score
            .as_deref()
            .ok_or(Rejected::Unnamed("score column"))?;
        let labels = table.texts(&columns.label, "label")?;
        let positive = positive(&labels, columns)?;
        let scores = table.numbers(score, "score")?;
        Ok(Self {
            are_shares: scores.iter().all(|score| (0.0..=1.0).contains(score)),
            rows: scores
                .into_iter()
                .zip(labels.iter().map(|label| spelled(label) == positive))
                .collect(),
            positive,
            settings,
        })
    }
}

/// An answer as it is compared: numbers by their value, so that `1.0` is `1`.
fn spelled(text: &str) -> String {
    match text.trim_ascii().parse::<f64>() {
        Ok(number) if number.is_finite() => (number + 0.0).to_string(),
        _ => text.to_owned(),
    }
}

/// The answer that scores speak for: the one named, else `1`, else `true`, else the favourable one.
fn positive(labels: &[&str], columns: &Columns) -> Result<String, Rejected> {
    let mut known: Vec<String> = Vec::new();
    let mut last = None;
    for (row, label) in (1..).zip(labels) {
        // Most rows repeat the row before.
        if last == Some(*label) {
            continue;
        }
        last = Some(*label);
        let text = spelled(label);
        if known.contains(&text) {
            continue;
        }
        if let [first, second] = known.as_slice() {
            return Err(Rejected::TooManyAnswers {
                place: super::super::Place { row, line: None },
                column: columns.label.clone(),
                value: text,
                known: (first.clone(), second.clone()),
            });
        }
        known.push(text);
    }
    let usual = ["1", "true", "True", "TRUE"].map(str::to_owned);
    let usual = usual.into_iter().find(|answer| known.contains(answer));
    let named = columns.positive.as_deref().map(spelled);
    let favourable = || Some(spelled(&columns.favourable)).filter(|answer| !answer.is_empty());
    match named.or(usual).or_else(favourable) {
        Some(answer) if known.contains(&answer) => Ok(answer),
        Some(value) => Err(Rejected::UnknownAnswer {
            role: "positive",
            value,
            column: columns.label.clone(),
            known,
        }),
        None => Err(Rejected::Unnamed("answer that scores speak for")),
    }
}

impl Lens for Ranked<'_> {
    fn figures(&self, rows: &[usize]) -> Vec<Entry> {
        let rows = rows.iter().filter_map(|row| self.rows.get(*row).copied());
        let mut rows: Vec<(f64, bool)> = rows.collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let positives = rows.iter().filter(|row| row.1).count() as u64;
        let mut ranking = curve::Ranking::new(positives, rows.len() as u64 - positives);
        for (score, is_positive) in rows {
            ranking.push(score, u64::from(is_positive), u64::from(!is_positive));
        }
        let scores = ranking.finish(self.are_shares, self.settings).scores;
        entries(scores)
    }

    fn compared(&self) -> Vec<Compared> {
        vec![
            Compared::new("roc_auc", "ROC AUC", false),
            Compared::new("average_precision", "Average precision", false),
            Compared::new("mean_score", "Mean score", false),
        ]
    }

    fn dependence(&self, _: &[&[usize]]) -> Option<Dependence> {
        None
    }
}

fn entries(scores: Scores) -> Vec<Entry> {
    let named = scores.named().into_iter();
    named.map(|(id, figure)| Entry::new(id, figure.clone())).collect()
}
