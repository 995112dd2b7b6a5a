//! Tasks whose distinct numbers are too many to hold: rounded, said so, and no further off than said.

use crate::command::order;
use crate::{asked, data};
use assess::command::Output;
use assess::report::{About, Task, find};
use assess::tasks::Entry;
use assess::{Assessment, Limits, Request};

/// The exact assessment, and that in which fewer numbers can be held.
fn both(task: Task, file: &str, held: usize) -> [Assessment; 2] {
    let of = order(task, &["sex"], Output::Json).request;
    let limits = Limits {
        max_scores: held,
        ..Limits::default()
    };
    let bounded = assess::assess(&data(file), &of, &limits, &mut assess::unwatched).unwrap();
    [asked(&data(file), &of).unwrap(), bounded]
}

fn overall(assessment: &Assessment) -> &[Entry] {
    match assessment {
        Assessment::Multiclass(with) => &with.report.overall,
        Assessment::Regression(with) => &with.report.overall,
        Assessment::Ranking(with) => &with.report.overall,
        Assessment::Binary(_) => panic!("has an engine of its own"),
    }
}

fn value(assessment: &Assessment, id: &str) -> Option<f64> {
    find(overall(assessment), id).unwrap().value
}

/// How far the warning says that the ROC AUC may be off; none where nothing was rounded.
fn off(assessment: &Assessment) -> Option<f64> {
    let rounded = assessment
        .warnings()
        .iter()
        .find(|warning| warning.about == About::Rounded)?;
    let (_, after) = rounded.words.split_once("off by at most ")?;
    after.split(',').next().unwrap().parse().ok()
}

#[test]
fn scores_of_several_classes_are_off_by_no_more_than_said() {
    let [exact, bounded] = both(Task::Multiclass, "predictions/compas_multiclass.csv", 1200);
    assert_eq!(off(&exact), None);
    let off = off(&bounded).unwrap();
    assert!(off > 0.0 && off < 0.02, "{off}");
    for id in ["roc_auc_ovr_macro", "roc_auc_ovo_macro", "roc_auc_ovr_weighted"] {
        let apart = value(&exact, id).unwrap() - value(&bounded, id).unwrap();
        assert!(apart.abs() <= off, "{id}: {apart}");
    }
    for id in ["log_loss", "accuracy", "mcc"] {
        assert_eq!(value(&exact, id), value(&bounded, id), "{id}");
    }
}

#[test]
fn a_ranking_is_off_by_no_more_than_said() {
    let [exact, bounded] = both(Task::Ranking, "predictions/german_lr.csv", 300);
    let off = off(&bounded).unwrap();
    let apart = value(&exact, "roc_auc").unwrap() - value(&bounded, "roc_auc").unwrap();
    assert!(off < 0.02 && apart.abs() <= off, "{apart}, {off}");
    let log_loss = find(overall(&bounded), "log_loss").unwrap();
    assert!(log_loss.value.is_none() && log_loss.reason.as_ref().unwrap().contains("rounded"));
    let taken = |assessment: &Assessment| match assessment {
        Assessment::Ranking(with) => with
            .report
            .detail
            .cuts
            .iter()
            .map(|cut| cut.taken)
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(taken(&exact), taken(&bounded));
}

#[test]
fn only_ranks_and_medians_of_errors_suffer() {
    let [exact, bounded] = both(Task::Regression, "predictions/law_regression.csv", 2000);
    assert!(
        bounded
            .warnings()
            .iter()
            .any(|warning| warning.about == About::Rounded)
    );
    let spearman = find(overall(&bounded), "spearman").unwrap();
    assert!(spearman.value.is_none() && spearman.reason.as_ref().unwrap().contains("ranked"));
    for Entry { id, figure } in overall(&exact) {
        let (expected, found) = (figure.value.unwrap(), value(&bounded, id));
        match (id.as_str(), found) {
            ("spearman", _) => {}
            ("medae", Some(found)) => assert!((expected - found).abs() < 0.05 * expected, "{found}"),
            (id, found) => assert_eq!(found, Some(expected), "{id}"),
        }
    }
}

#[test]
fn what_moves_moves_when_rounded_too() {
    let file = "predictions/german_lr.csv";
    let of = Request {
        baseline: Some(data("predictions/german_gb.csv")),
        ..order(Task::Binary, &["sex"], Output::Json).request
    };
    let of = Request {
        columns: assess::Columns {
            favourable: "1".to_owned(),
            ..of.columns.clone()
        },
        ..of
    };
    let limits = Limits {
        max_scores: 1000,
        ..Limits::default()
    };
    let column = |assessment: Assessment| {
        let drift = assessment.beside().drift.clone().unwrap();
        drift
            .columns
            .into_iter()
            .find(|column| column.name == "y_score")
            .unwrap()
    };
    let exact = column(asked(&data(file), &of).unwrap());
    let bounded = column(assess::assess(&data(file), &of, &limits, &mut assess::unwatched).unwrap());
    assert!(exact.rounded.is_none());
    let largest = bounded.rounded.unwrap().largest_share;
    let ks = |column: &assess::drift::Column| find(&column.figures, "ks").unwrap().value.unwrap();
    assert!(
        (0.0..=largest).contains(&(ks(&exact) - ks(&bounded))),
        "{largest}"
    );
    assert_eq!(exact.movement, bounded.movement);
}
