//! A score alone, with no prediction and no threshold: how well it ranks people, and whom the top of the ranking holds.

mod cut;

use super::super::curve;
use super::super::table::{Input, Table};
use super::super::{Limits, Progress, Rejected, Request};
use super::by_group::{Compared, Lens};
use super::{is_named, warnings};
use crate::assessment::With;
use crate::report::{Columns, Dependence, Entry, Scores, Settings, Warning};
use crate::tasks::Ranking;
use crate::tasks::ranking::{Detail, SCHEMA};

/// Assesses a file by its label (two answers) and score columns.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess(
    input: Input<'_>,
    request: &Request,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<With<Ranking>, Rejected> {
    let table = Table::read(input, &|name| is_named(request, name), limits, progress)?;
    report(&table, request, limits)
}

fn report(table: &Table, request: &Request, limits: &Limits) -> Result<With<Ranking>, Rejected> {
    let ranked = Ranked::read(table, &request.columns, &request.settings)?;
    let all: Vec<usize> = (0..table.rows).collect();
    let cuts = request.cuts().iter();
    let cuts = cuts.map(|top| cut::cut(&ranked, *top, table, &request.columns, limits));
    let detail = Detail {
        cuts: cuts.collect::<Result<_, _>>()?,
        positive: ranked.positive.clone(),
    };
    super::report(
        table,
        request,
        limits,
        &ranked,
        (SCHEMA, detail, ranked.figures(&all)),
    )
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

    fn warnings(&self, columns: &Columns, overall: &[Entry]) -> Vec<Warning> {
        warnings::of_ranking(columns, overall, self.are_shares)
    }
}

fn entries(scores: Scores) -> Vec<Entry> {
    let named = scores.named().into_iter();
    named.map(|(id, figure)| Entry::new(id, figure.clone())).collect()
}
