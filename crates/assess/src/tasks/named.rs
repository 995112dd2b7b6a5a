//! What figures are called before readers, and which way they are better.

use crate::facts::{Direction, Fact, Unit};
use crate::report::{Entry, Figure};
use Direction::{HigherIsBetter, LowerIsBetter};

/// A figure's name, direction (none where neither more nor less of it is better) and unit.
type Named = (&'static str, Option<Direction>, Unit);

/// By id, without the class of the file that may follow a point.
const fn named(id: &str) -> Option<Named> {
    const HIGHER: Option<Direction> = Some(HigherIsBetter);
    const LOWER: Option<Direction> = Some(LowerIsBetter);
    use Unit::{Score, Share};
    Some(match id.as_bytes() {
        b"accuracy" => ("Accuracy", HIGHER, Share),
        b"balanced_accuracy" => ("Balanced accuracy", HIGHER, Share),
        b"precision" => ("Precision", HIGHER, Share),
        b"precision_macro" => ("Macro precision", HIGHER, Share),
        b"precision_weighted" => ("Weighted precision", HIGHER, Share),
        b"precision_micro" => ("Micro precision", HIGHER, Share),
        b"recall" => ("Recall", HIGHER, Share),
        b"recall_macro" => ("Macro recall", HIGHER, Share),
        b"recall_weighted" => ("Weighted recall", HIGHER, Share),
        b"recall_micro" => ("Micro recall", HIGHER, Share),
        b"f1" => ("F1", HIGHER, Score),
        b"f1_macro" => ("Macro F1", HIGHER, Score),
        b"f1_weighted" => ("Weighted F1", HIGHER, Score),
        b"f1_micro" => ("Micro F1", HIGHER, Score),
        b"mcc" => ("Matthews' correlation", HIGHER, Score),
        b"kappa" => ("Cohen's kappa", HIGHER, Score),
        b"favourable_rate" => ("Favourable rate", None, Share),
        b"selection_rate" => ("Share predicted", None, Share),
        b"base_rate" => ("Base rate", None, Share),
        b"tpr" => ("True positive rate", HIGHER, Share),
        b"fpr" => ("False positive rate", LOWER, Share),
        b"tnr" => ("True negative rate", HIGHER, Share),
        b"fnr" => ("False negative rate", LOWER, Share),
        b"roc_auc" => ("ROC AUC", HIGHER, Score),
        b"roc_auc_ovr_macro" => ("Macro ROC AUC of each class against the others", HIGHER, Score),
        b"roc_auc_ovr_weighted" => ("Weighted ROC AUC of each class against the others", HIGHER, Score),
        b"roc_auc_ovo_macro" => ("Macro ROC AUC of pairs of classes", HIGHER, Score),
        b"roc_auc_ovo_weighted" => ("Weighted ROC AUC of pairs of classes", HIGHER, Score),
        b"average_precision" => ("Average precision", HIGHER, Score),
        b"brier" => ("Brier score", LOWER, Score),
        b"log_loss" => ("Log loss", LOWER, Score),
        b"mean_score" => ("Mean score", None, Score),
        b"calibration_error" => ("Calibration error", LOWER, Score),
        b"calibration_error_equal_mass" => ("Calibration error, bins of equal mass", LOWER, Score),
        b"mae" => ("Mean absolute error", LOWER, Score),
        b"mse" => ("Mean squared error", LOWER, Score),
        b"rmse" => ("Root mean squared error", LOWER, Score),
        b"medae" => ("Median absolute error", LOWER, Score),
        b"max_error" => ("Largest absolute error", LOWER, Score),
        b"r2" => ("R²", HIGHER, Score),
        b"explained_variance" => ("Explained variance", HIGHER, Score),
        b"pearson" => ("Pearson's correlation", HIGHER, Score),
        b"spearman" => ("Spearman's correlation", HIGHER, Score),
        b"mean_error_pred_minus_true" => ("Mean error", None, Score),
        b"weight" => ("Sum of weights", None, Score),
        b"effective_n" => ("Effective number of rows", None, Score),
        b"mean_prediction" => ("Mean prediction", None, Score),
        _ => return None,
    })
}

/// The name of a figure for readers: `Recall of violent`; its id where it has no name.
pub fn title(id: &str) -> String {
    let id = id
        .strip_prefix("weighted.")
        .map_or((id, ""), |id| (id, ", by weight"));
    let (base, class) = id.0.split_once('.').unwrap_or((id.0, ""));
    let name = named(base).map_or(base, |(name, ..)| name);
    match class {
        "" => format!("{name}{}", id.1),
        class => format!("{name} of {class}{}", id.1),
    }
}

/// How a figure is written; none of one that has no name here.
pub fn unit(id: &str) -> Option<Unit> {
    let id = id.strip_prefix("weighted.").unwrap_or(id);
    named(id.split('.').next().unwrap_or_default()).map(|(.., unit)| unit)
}

/// A figure as a fact under the id `<place>.<figure>`; none where neither more nor less of it is better.
pub(crate) fn fact(place: &str, entry: &Entry) -> Option<Fact> {
    let id = entry.id.strip_prefix("weighted.").unwrap_or(&entry.id);
    let (_, direction, unit) = named(id.split('.').next().unwrap_or_default())?;
    let id = format!("{place}.{}", entry.id);
    Some(plain(&id, title(&entry.id), &entry.figure, direction?, unit))
}

/// A figure as a fact about all rows.
pub(crate) fn plain(id: &str, title: String, figure: &Figure, direction: Direction, unit: Unit) -> Fact {
    Fact {
        id: id.to_owned(),
        title,
        value: figure.value,
        low: figure.low,
        high: figure.high,
        n: figure.n,
        about: String::new(),
        reason: figure.reason.clone(),
        direction,
        unit,
    }
}

#[cfg(test)]
mod tests {
    use super::{fact, title};
    use crate::report::{Entry, Figure};

    #[test]
    fn figures_of_classes_and_by_weight_are_named_after_their_kind() {
        assert_eq!(title("recall.non.violent"), "Recall of non.violent");
        assert_eq!(title("weighted.f1_macro"), "Macro F1, by weight");
        assert_eq!(title("no_such"), "no_such");
    }

    #[test]
    fn what_is_neither_better_nor_worse_is_no_fact() {
        let of = |id: &str| fact("performance", &Entry::new(id, Figure::new(0.5, None, 9)));
        assert_eq!(of("mean_prediction"), None);
        assert_eq!(of("mae").unwrap().id, "performance.mae");
    }

    /// Whatever a report of another task holds has a name here.
    #[test]
    fn every_figure_in_the_list_has_a_name() {
        use crate::metrics::{MULTICLASS, RANKING, REGRESSION, WEIGHTED};
        let sections = MULTICLASS
            .iter()
            .chain(&REGRESSION)
            .chain(&RANKING)
            .chain(&WEIGHTED);
        let ids = sections
            .flat_map(|section| section.metrics)
            .map(|metric| metric.id);
        for id in ids.filter(|id| !id.contains("_difference") && !id.contains("_ratio")) {
            let base = id.split('.').find(|part| *part != "weighted").unwrap();
            assert_ne!(title(base), base);
        }
    }
}
