//! What a careful reader would ask about before trusting the figures.

use crate::report::{About, Attribute, Columns, Performance, Warning};
use crate::stats::real;
use crate::words;

/// More groups than this may be a number of each person.
const MANY_GROUPS: u64 = 50;
/// Fewer rows to a group than this, on average, and it likely is.
const FEW_ROWS: u64 = 20;
/// Missing values in more than this part of the rows are worth a word, in per cent.
const MUCH_MISSING: u64 = 5;
/// A ranking this far below a coin's is no accident, given as many rows.
pub(in crate::engine) const WORSE_THAN_CHANCE: f64 = 0.4;
/// Nor is agreement this far below what chance gives (Cohen's kappa).
const AGAINST_CHANCE: f64 = -0.1;

/// What is odd about a file, the gravest first.
pub(super) fn of(
    columns: &Columns,
    overall: &Performance,
    attributes: &[Attribute],
    are_shares: Option<bool>,
    follows: Option<bool>,
) -> Vec<Warning> {
    let counts = &overall.counts;
    let rows = counts.n();
    let mut found = Vec::new();
    let mut warn = |about, column: &str, words: String| {
        found.push(Warning {
            about,
            column: column.to_owned(),
            words,
        });
    };
    let decided = columns.prediction.as_deref().unwrap_or_default();
    if counts.positives() == 0 || counts.negatives() == 0 {
        let words =
            "Everybody has the same true answer: nothing can be said of how well the other is told from it.";
        warn(About::OneLabel, &columns.label, words.into());
    }
    if counts.tp + counts.fp == 0 || counts.tn + counts.fn_ == 0 {
        let words = "Everybody is predicted the same answer: groups can't differ, whoever is in them.";
        warn(About::OnePrediction, decided, words.into());
    }
    if let Some(auc) = overall
        .scores
        .roc_auc
        .judged()
        .filter(|auc| *auc < WORSE_THAN_CHANCE)
    {
        let score = columns.score.as_deref().unwrap_or_default();
        let words = format!(
            "The score ranks worse than a coin (ROC AUC {auc:.3}): it may speak for the other answer, or the labels are swapped."
        );
        warn(About::LooksSwapped, score, words);
    } else if counts.kappa().is_some_and(|kappa| kappa < AGAINST_CHANCE) {
        let words =
            "Predictions are wrong more often than by chance: label and prediction may mean opposite things.";
        warn(About::LooksSwapped, decided, words.into());
    }
    if are_shares == Some(false) {
        let score = columns.score.as_deref().unwrap_or_default();
        let words = "Scores lie outside 0 to 1: they rank people, but nothing is said of calibration.";
        warn(About::ScoresOutsideShares, score, words.into());
    }
    if follows == Some(false) {
        let words = "No single cut-off of the score gives these predictions: something else decided as well, or the columns don't belong together.";
        warn(About::PredictionsNotByScore, decided, words.into());
    }
    let singles = attributes.iter().filter(|attribute| attribute.columns.len() == 1);
    found.extend(singles.flat_map(|attribute| {
        let groups = attribute.groups.len() as u64;
        of_column(&attribute.columns[0], rows, groups, attribute.known)
    }));
    found
}

/// What is odd about a protected attribute of so many groups, `known` in so many of all rows.
pub(in crate::engine) fn of_column(column: &str, rows: u64, groups: u64, known: u64) -> Vec<Warning> {
    let warning = |about, words| Warning {
        about,
        column: column.to_owned(),
        words,
    };
    let mut found = Vec::new();
    if groups > MANY_GROUPS && rows / groups < FEW_ROWS {
        let words = format!(
            "{} groups in {} rows: this looks like a number of each person, not like something people share.",
            words::count(groups),
            words::count(rows)
        );
        found.push(warning(About::LooksLikeIdentifier, words));
    }
    let missing = rows - known;
    if missing * 100 > rows * MUCH_MISSING {
        let words = format!(
            "{} of {} rows have no value ({:.1} %): they count overall, and in no group.",
            words::count(missing),
            words::count(rows),
            100.0 * real(missing) / real(rows)
        );
        found.push(warning(About::ManyMissing, words));
    }
    found
}
