//! What is frozen of any task: it says itself in words, gates find its figures, and it is told by the name of its shape.

use crate::command::{FILES, everything, order, run, written};
use crate::{asked, data};
use assess::command::Output;
use assess::report::Task;
use assess::{Assessment, Fact};
use std::collections::BTreeSet;

fn whole(task: Task) -> Assessment {
    let (_, file, protected) = FILES.into_iter().find(|(of, ..)| *of == task).unwrap();
    let of = everything(task, file, protected, Output::Json);
    asked(&data(file), &of.request).unwrap()
}

fn fact(assessment: &Assessment, id: &str) -> Fact {
    assessment.fact(id).unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn each_task_comes_to_a_sentence() {
    let says = |task, parts: &[&str]| {
        let verdict = whole(task).verdict();
        for part in parts {
            assert!(verdict.contains(part), "{verdict}");
        }
    };
    let drift = "No column has moved from the baseline.";
    says(
        Task::Binary,
        &["Right for ", "ROC AUC", "Weakest: impact ratio", drift],
    );
    says(
        Task::Multiclass,
        &[
            "Right for ",
            "in 3 classes (macro F1 0.",
            "Least often found: violent, ",
            "Widest gap in accuracy: 0.",
            "against",
            drift,
        ],
    );
    says(
        Task::Regression,
        &[
            "Off by 0.",
            "(R² 0.",
            "Widest gap in mean absolute error: 0.",
            drift,
        ],
    );
    says(
        Task::Ranking,
        &[
            "Ranks a “1” above another answer in 70.2",
            "Widest gap in ROC AUC: 0.",
            drift,
        ],
    );
}

#[test]
fn no_two_facts_have_one_id_and_none_is_without_a_title() {
    for (task, ..) in FILES {
        let facts = whole(task).facts();
        let ids: BTreeSet<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
        assert_eq!(ids.len(), facts.len(), "{task:?}");
        assert!(
            facts
                .iter()
                .all(|fact| !fact.title.is_empty() && fact.title != fact.id)
        );
        for id in ["rows", "drift.psi"] {
            assert!(ids.contains(id), "{task:?}: no {id}");
        }
    }
}

#[test]
fn a_slice_has_a_fact_for_its_worst_group_and_one_for_each() {
    for (task, figure) in [
        (Task::Binary, "tpr"),
        (Task::Multiclass, "recall.violent"),
        (Task::Regression, "mae"),
        (Task::Ranking, "roc_auc"),
    ] {
        let whole = whole(task);
        let slice = &whole.beside().slices[0];
        let worst = fact(&whole, &format!("slice.{figure}.race"));
        let judged = slice
            .groups
            .iter()
            .filter_map(|group| group.figure(figure)?.judged());
        let expected = match figure {
            "mae" => judged.reduce(f64::max),
            _ => judged.reduce(f64::min),
        };
        assert_eq!(worst.value, expected, "{task:?}");
        for group in &slice.groups {
            let one = fact(&whole, &format!("slice.{figure}.race={}", group.name()));
            assert_eq!(one.value, group.figure(figure).unwrap().value);
            assert!(one.title.ends_with(&group.name()), "{}", one.title);
        }
    }
}

#[test]
fn the_size_of_the_mean_error_is_a_fact_and_what_has_no_better_side_is_none() {
    let whole = whole(Task::Regression);
    let size = fact(&whole, "performance.mean_error_size");
    assert!(size.value.unwrap() >= 0.0 && size.low <= size.value && size.value <= size.high);
    assert!(whole.fact("performance.mean_prediction").is_none());
    assert!(whole.fact("fairness.mean_prediction_difference.race").is_some());
}

#[test]
fn gates_hold_the_figures_of_every_task() {
    for (task, metric, met, missed) in [
        (
            Task::Multiclass,
            "performance.recall.violent",
            "at_least = 0",
            "at_least = 0.99",
        ),
        (
            Task::Multiclass,
            "fairness.accuracy_ratio.race",
            "at_least = 0.1",
            "at_least = 0.999",
        ),
        (
            Task::Regression,
            "slice.mae.race",
            "at_most = 10",
            "at_most = 0.001",
        ),
        (
            Task::Ranking,
            "performance.precision.top_5_percent",
            "at_least = 0.1",
            "at_least = 0.999",
        ),
        (
            Task::Ranking,
            "drift.psi.y_score",
            "at_most = 0.1",
            "at_most = -1",
        ),
    ] {
        let (_, file, protected) = FILES.into_iter().find(|(of, ..)| *of == task).unwrap();
        let passes = |bound: &str| {
            let mut of = everything(task, file, protected, Output::Csv);
            of.policy = Some(format!("[[gate]]\nmetric = \"{metric}\"\n{bound}\n"));
            run(&of, &data(file)).passed
        };
        assert!(passes(met) && !passes(missed), "{metric}");
    }
}

#[test]
fn a_report_of_before_is_read_and_what_is_none_is_refused_by_name() {
    let path = data("predictions/compas.csv");
    let binary = asked(&path, &order(Task::Binary, &["sex"], Output::Json).request).unwrap();
    let mut json: serde_json::Value = serde_json::from_slice(&binary.to_json().unwrap()).unwrap();
    let read = |json: &serde_json::Value| Assessment::from_json(json.to_string().as_bytes());
    json["schema"] = "countersign.report/1".into();
    for later in ["engine", "individual", "thresholds", "warnings"] {
        json.as_object_mut().unwrap().remove(later);
    }
    let before = read(&json).unwrap();
    assert_eq!(
        (before.schema(), before.task(), before.engine()),
        ("countersign.report/1", Task::Binary, "")
    );
    assert_eq!(
        before.fact("performance.accuracy"),
        binary.fact("performance.accuracy")
    );
    json["schema"] = "countersign.forecast/1".into();
    assert!(
        read(&json)
            .unwrap_err()
            .to_string()
            .contains("countersign.forecast/1")
    );
    json["schema"] = "countersign.multiclass/1".into();
    assert!(read(&json).is_err());
}

#[test]
fn what_is_odd_about_other_tasks_is_said() {
    let file = written(&format!("y_true,y_pred,g\n{}", "a,a,x\na,a,\n".repeat(40)));
    let mut of = order(Task::Multiclass, &["g"], Output::Json).request;
    of.columns.score = None;
    let found: Vec<String> = asked(file.path(), &of)
        .unwrap()
        .warnings()
        .iter()
        .map(|w| w.words.clone())
        .collect();
    let expected = [
        "the same true answer",
        "predicted the same answer",
        "40 of 80 rows have no value",
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    assert!(
        found
            .iter()
            .zip(expected)
            .all(|(found, part)| found.contains(part)),
        "{found:?}"
    );
}
