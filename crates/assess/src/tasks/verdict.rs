//! The sentences that a manager reads first, for these tasks.

use super::{Multiclass, Ranking, Regression, Report, find};
use crate::facts::Fact;
use crate::report::Figure;
use crate::words::{count, percent, short};

impl Multiclass {
    /// What the report comes to, in plain words.
    pub fn verdict(&self) -> String {
        let rows = count(self.rows);
        let right = match self.figure("accuracy") {
            Some(accuracy) => format!(
                "Right for {} of {rows} rows, in {} classes{}.",
                percent(accuracy),
                count(self.detail.classes.len() as u64),
                aside("macro F1", self.figure("f1_macro"))
            ),
            None => format!("Nothing can be said of {rows} rows."),
        };
        right + &self.least_found() + &self.gap("accuracy", &self.facts()) + &self.too_few()
    }

    /// The class that is found least often, of those with enough rows.
    fn least_found(&self) -> String {
        let recall = |class: &String| {
            let figure = find(&self.overall, &format!("recall.{class}")).and_then(Figure::judged);
            Some((class.clone(), figure?))
        };
        let least = self.detail.classes.iter().filter_map(recall);
        let least = least.min_by(|(_, a), (_, b)| a.total_cmp(b));
        least.map_or_else(String::new, |(class, recall)| {
            format!(" Least often found: {class}, {} of its rows.", percent(recall))
        })
    }
}

impl Regression {
    /// What the report comes to, in plain words.
    pub fn verdict(&self) -> String {
        let rows = count(self.rows);
        let off = match self.figure("mae") {
            Some(mae) => format!(
                "Off by {} on average over {rows} rows{}.",
                short(mae),
                aside("R²", self.figure("r2"))
            ),
            None => format!("Nothing can be said of {rows} rows."),
        };
        off + &self.leaning() + &self.gap("mae", &self.facts()) + &self.too_few()
    }

    /// Which way predictions lean, where that is more than chance.
    fn leaning(&self) -> String {
        let figure = find(&self.overall, "mean_error_pred_minus_true");
        let leaning = figure.and_then(|figure| Some((figure.value?, figure.interval()?)));
        match leaning {
            Some((error, (low, _))) if low > 0.0 => format!(" Too high by {} in the mean.", short(error)),
            Some((error, (_, high))) if high < 0.0 => format!(" Too low by {} in the mean.", short(-error)),
            _ => String::new(),
        }
    }
}

impl Ranking {
    /// What the report comes to, in plain words.
    pub fn verdict(&self) -> String {
        let rows = count(self.rows);
        let ranks = match self.figure("roc_auc") {
            Some(auc) => format!(
                "Ranks a “{}” above another answer in {} of pairs, over {rows} rows (ROC AUC {auc:.3}).",
                self.detail.positive,
                percent(auc)
            ),
            None => format!("Nothing can be said of {rows} rows."),
        };
        ranks + &self.gap("roc_auc", &self.facts()) + &self.too_few()
    }
}

impl<D> Report<D> {
    fn figure(&self, id: &str) -> Option<f64> {
        find(&self.overall, id)?.value
    }

    /// Where groups lie furthest apart in a figure.
    fn gap(&self, figure: &str, facts: &[Fact]) -> String {
        if self.attributes.is_empty() {
            return " No protected attribute was named, so fairness is not measured.".to_owned();
        }
        let id = format!("fairness.{figure}_difference");
        let widest = facts.iter().find(|fact| fact.id == id);
        match widest.and_then(|fact| Some((fact, fact.value?))) {
            None => " No two groups can be told apart: fewer than two can be judged.".to_owned(),
            Some((fact, value)) => format!(
                " Widest gap in {}: {}, {}.",
                lower(&super::named::title(figure)),
                short(value),
                fact.about
            ),
        }
    }

    fn too_few(&self) -> String {
        let singles = self
            .attributes
            .iter()
            .filter(|attribute| attribute.columns.len() == 1);
        let few = singles.flat_map(|attribute| &attribute.groups);
        let few = few.filter(|group| matches!(group.standing, crate::report::Standing::TooFew { .. }));
        match few.count() {
            0 => String::new(),
            1 => " One group is too small to judge.".to_owned(),
            few => format!(" {few} groups are too small to judge."),
        }
    }
}

fn aside(name: &str, value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!(" ({name} {value:.3})"))
}

/// A name within a sentence; one that begins with an abbreviation stays as it is.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}
