//! What a careful reader would ask about before trusting the figures of these tasks.

use super::super::fairness::warnings::{WORSE_THAN_CHANCE, of_column};
use crate::report::{About, Columns, Entry, Figure, Warning, find};
use crate::tasks::Attribute;

fn warning(about: About, column: &str, words: impl Into<String>) -> Warning {
    Warning {
        about,
        column: column.to_owned(),
        words: words.into(),
    }
}

/// What is odd about labels and predictions that may never change.
pub(super) fn of_answers(columns: &Columns, one_label: bool, one_prediction: bool) -> Vec<Warning> {
    let labels =
        "Everybody has the same true answer: nothing can be said of how well another is told from it.";
    let predictions = "Everybody is predicted the same answer: groups can't differ, whoever is in them.";
    let predicted = columns.prediction.as_deref().unwrap_or_default();
    let labels = one_label.then(|| warning(About::OneLabel, &columns.label, labels));
    let predictions = one_prediction.then(|| warning(About::OnePrediction, predicted, predictions));
    labels.into_iter().chain(predictions).collect()
}

/// What is odd about a score and what it ranks.
pub(super) fn of_ranking(columns: &Columns, overall: &[Entry], are_shares: bool) -> Vec<Warning> {
    let score = columns.score.as_deref().unwrap_or_default();
    let (auc, mut found) = (find(overall, "roc_auc"), Vec::new());
    if auc.is_some_and(|auc| auc.value.is_none()) {
        found.extend(of_answers(columns, true, false));
    }
    if let Some(auc) = auc
        .and_then(Figure::judged)
        .filter(|auc| *auc < WORSE_THAN_CHANCE)
    {
        let words = format!(
            "The score ranks worse than a coin (ROC AUC {auc:.3}): it may speak for the other answer, or the labels are swapped."
        );
        found.push(warning(About::LooksSwapped, score, words));
    }
    if !are_shares {
        let words = "Scores lie outside 0 to 1: they rank people, but nothing is said of calibration.";
        found.push(warning(About::ScoresOutsideShares, score, words));
    }
    found
}

/// What is odd about the protected attributes.
pub(super) fn of_attributes(rows: u64, attributes: &[Attribute]) -> Vec<Warning> {
    let singles = attributes.iter().filter(|attribute| attribute.columns.len() == 1);
    let of = |attribute: &Attribute| {
        let groups = attribute.groups.len() as u64;
        let column = attribute.columns.first().map_or("", String::as_str);
        of_column(column, rows, groups, attribute.known)
    };
    singles.flat_map(of).collect()
}

/// That there were too many distinct scores to hold, how far the ROC AUC may be off, and what else follows.
pub(super) fn rounded_scores(columns: &Columns, places: u32, off: f64, more: &str) -> Warning {
    let words = format!(
        "Too many distinct scores to hold: they were rounded to one part in 2^{places}. The ROC AUC is off by at most {off:.1e}, {more}."
    );
    warning(
        About::Rounded,
        columns.score.as_deref().unwrap_or_default(),
        words,
    )
}

/// That there were too many distinct errors to hold.
pub(super) fn rounded_errors(columns: &Columns, places: u32) -> Warning {
    let words = format!(
        "Too many distinct errors to hold: for the median absolute error and the test of dependence they were rounded to one part \
         in 2^{places}. All other figures are exact."
    );
    warning(
        About::Rounded,
        columns.prediction.as_deref().unwrap_or_default(),
        words,
    )
}
