//! Several classes, numbers and rankings: the reports' figures are the golden ones, and few people are not judged.

use crate::command::{order, written};
use crate::golden::golden;
use crate::{asked, data, unguarded};
use assess::command::Output;
use assess::report::{About, Settings, Standing, Task};
use assess::tasks::ranking::Top;
use assess::tasks::{Attribute, Entry, Multiclass, Ranking, Regression, find};
use assess::{Assessment, Limits, Request};
use serde_json::Value;

pub fn multiclass(file: &str, request: &Request) -> Multiclass {
    match asked(&data(file), request).unwrap() {
        Assessment::Multiclass(with) => with.report,
        other => panic!("{:?}", other.task()),
    }
}

pub fn regression(file: &str, request: &Request) -> Regression {
    match asked(&data(file), request).unwrap() {
        Assessment::Regression(with) => with.report,
        other => panic!("{:?}", other.task()),
    }
}

pub fn ranking(file: &str, request: &Request) -> Ranking {
    match asked(&data(file), request).unwrap() {
        Assessment::Ranking(with) => with.report,
        other => panic!("{:?}", other.task()),
    }
}

fn request(task: Task, protected: &[&str], settings: Settings) -> Request {
    Request {
        settings,
        ..order(task, protected, Output::Json).request
    }
}

fn near(found: Option<f64>, expected: &Value, at: &str) {
    let expected = expected.as_f64().unwrap();
    let found = found.unwrap_or_else(|| panic!("{at}: none instead of {expected}"));
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1e-9),
        "{at}: {found} instead of {expected}"
    );
}

fn entry(golden: &Value, id: &str) -> Value {
    let entries = golden["entries"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["id"] == id);
    entry.unwrap_or_else(|| panic!("no {id}"))["value"].clone()
}

fn value(entries: &[Entry], id: &str) -> Option<f64> {
    find(entries, id).unwrap_or_else(|| panic!("no {id}")).value
}

/// Holds the groups and their gaps against the golden ones; `ours` says how a golden figure is called here, none for
/// what libraries define otherwise.
fn hold_groups(golden: &Value, attributes: &[Attribute], ours: &dyn Fn(&str) -> Option<String>) -> usize {
    let mut held = 0;
    for attribute in attributes {
        let of = attribute.columns.join("x");
        let Some(groups) = golden["entries"]
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["id"] == format!("by_group.{of}"))
        else {
            continue;
        };
        for group in &attribute.groups {
            let key: Vec<_> = group.key.iter().map(|part| part.clone().unwrap()).collect();
            let expected = groups["value"][key.join("|")].as_object().unwrap();
            assert_eq!(expected["count"].as_f64(), Some(assess::stats::real(group.n)));
            for (id, expected) in expected {
                let Some(id) = ours(id) else { continue };
                match value(&group.figures, &id) {
                    // Where nobody is of the class, libraries say 0 or not-a-number.
                    None => assert!(expected.as_f64().is_none_or(|zero| zero == 0.0), "{of} {id}"),
                    found => near(found, expected, &format!("{of} {} {id}", group.name())),
                }
                held += 1;
            }
        }
        for kind in ["difference", "ratio"] {
            let expected = entry(golden, &format!("mf.{kind}.{of}"));
            for (id, expected) in expected.as_object().unwrap() {
                let Some(id) = ours(id) else { continue };
                let id = match id.split_once('.') {
                    Some((id, class)) => format!("{id}_{kind}.{class}"),
                    None => format!("{id}_{kind}"),
                };
                let Some(gap) = attribute.gaps.iter().find(|gap| gap.id == id) else {
                    continue;
                };
                // A class that a group doesn't have is skipped here, and 0 there.
                if gap.skipped == 0 && gap.figure.value.is_some() {
                    near(gap.figure.value, expected, &format!("{of} {id}"));
                    held += 1;
                }
            }
        }
    }
    held
}

#[test]
fn several_classes_have_the_golden_figures() {
    let golden = golden(&data("golden/compas_multiclass.main.json"));
    for format in ["csv", "parquet"] {
        let of = request(Task::Multiclass, &["race", "sex", "age_cat"], unguarded(0));
        let report = multiclass(&format!("predictions/compas_multiclass.{format}"), &of);
        let detail = &report.detail;
        assert_eq!(serde_json::json!(detail.classes), entry(&golden, "classes"));
        assert_eq!(
            serde_json::json!(detail.confusion),
            entry(&golden, "overall.confusion")
        );
        for (ours, theirs) in [
            ("accuracy", "accuracy"),
            ("balanced_accuracy", "balanced_accuracy"),
            ("mcc", "mcc"),
            ("kappa", "kappa"),
            ("log_loss", "log_loss"),
            ("roc_auc_ovr_macro", "roc_auc.ovr.macro"),
            ("roc_auc_ovr_weighted", "roc_auc.ovr.weighted"),
            ("roc_auc_ovo_macro", "roc_auc.ovo.macro"),
            ("roc_auc_ovo_weighted", "roc_auc.ovo.weighted"),
        ] {
            near(
                value(&report.overall, ours),
                &entry(&golden, &format!("overall.{theirs}")),
                ours,
            );
        }
        for measure in ["precision", "recall", "f1"] {
            let golden = |of: &str| entry(&golden, &format!("overall.{measure}_score.{of}"));
            for average in ["macro", "micro", "weighted"] {
                let ours = format!("{measure}_{average}");
                near(value(&report.overall, &ours), &golden(average), &ours);
            }
            for (class, expected) in detail.classes.iter().zip(golden("per_class").as_array().unwrap()) {
                let ours = format!("{measure}.{class}");
                near(value(&report.overall, &ours), expected, &ours);
            }
        }
        let ours = |id: &str| match id {
            "accuracy" => Some(id.to_owned()),
            id => ["selection_rate", "recall"]
                .iter()
                .find_map(|kind| Some(format!("{kind}.{}", id.strip_prefix(kind)?.strip_prefix('_')?))),
        };
        assert!(hold_groups(&golden, &report.attributes, &ours) > 150);
    }
}

#[test]
fn predicted_numbers_have_the_golden_figures() {
    let golden = golden(&data("golden/law_regression.main.json"));
    for format in ["csv", "parquet"] {
        let of = request(Task::Regression, &["race", "sex"], unguarded(0));
        let report = regression(&format!("predictions/law_regression.{format}"), &of);
        for Entry { id, figure } in &report.overall {
            near(figure.value, &entry(&golden, &format!("overall.{id}")), id);
            assert_eq!(figure.n, report.rows);
        }
        let ours = |id: &str| (id != "count").then(|| id.to_owned());
        assert!(hold_groups(&golden, &report.attributes, &ours) > 150);
        for attribute in &report.attributes[..2] {
            let expected = entry(&golden, &format!("kruskal.residual.{}", attribute.id()));
            let found = attribute.dependence.as_ref().unwrap();
            near(Some(found.chi_square), &expected["H"], "H");
            near(Some(found.p), &expected["p"], "p");
        }
    }
}

#[test]
fn means_and_correlations_have_intervals_and_the_rest_has_none() {
    let of = request(Task::Regression, &["race", "sex"], Settings::default());
    let report = regression("predictions/law_regression.csv", &of);
    for id in ["mae", "mse", "rmse", "mean_error_pred_minus_true", "pearson"] {
        let figure = find(&report.overall, id).unwrap();
        let (low, high) = figure.interval().unwrap();
        assert!(
            low < figure.value.unwrap() && figure.value.unwrap() < high,
            "{id}"
        );
    }
    for id in ["r2", "medae", "max_error", "spearman"] {
        assert!(find(&report.overall, id).unwrap().interval().is_none(), "{id}");
    }
}

#[test]
fn few_people_are_shown_without_judgement_and_fewer_not_at_all() {
    let of = request(Task::Multiclass, &["race", "sex", "age_cat"], Settings::default());
    let report = multiclass("predictions/compas_multiclass.csv", &of);
    let race = &report.attributes[0];
    let group = |name: &str| race.groups.iter().find(|group| group.name() == name).unwrap();
    let few = group("Native American");
    assert!(few.n == 18 && matches!(few.standing, Standing::TooFew { .. }));
    let accuracy = few.figure("accuracy").unwrap();
    assert!(accuracy.value.is_some() && accuracy.judged().is_none());
    let gap = race
        .gaps
        .iter()
        .find(|gap| gap.id == "accuracy_difference")
        .unwrap();
    assert_eq!((gap.judged, gap.skipped), (5, 1));
    assert!(gap.figure.interval().is_some());
    let tiny = report.attributes[3]
        .groups
        .iter()
        .find(|group| group.n < 10)
        .unwrap();
    assert!(tiny.figures.iter().all(|entry| entry.figure.value.is_none()));
    assert!(
        tiny.figures[0]
            .figure
            .reason
            .as_ref()
            .unwrap()
            .contains("not shown")
    );
}

#[test]
fn a_ranking_has_the_binary_reports_score_figures() {
    let columns = crate::columns(&["race"], "0");
    let expected = crate::assess(&data("predictions/compas.csv"), &columns, &Settings::default()).unwrap();
    let mut of = request(Task::Ranking, &["race"], Settings::default());
    of.columns.favourable = "0".to_owned();
    let report = ranking("predictions/compas.csv", &of);
    for (id, figure) in expected.overall.scores.named() {
        assert_eq!(find(&report.overall, id), Some(figure), "{id}");
    }
    for (ours, theirs) in report.attributes[0]
        .groups
        .iter()
        .zip(&expected.attributes[0].groups)
    {
        assert_eq!(ours.key, theirs.key);
        for (id, figure) in theirs.scores.named() {
            assert_eq!(ours.figure(id), Some(figure), "{} {id}", ours.name());
        }
    }
    let cut = &report.detail.cuts[1];
    assert_eq!((cut.id.as_str(), cut.taken), ("top_5_percent", 360));
    assert!(cut.tied > cut.tied_taken, "deciles tie");
    let of_groups: f64 = cut.attributes[0]
        .groups
        .iter()
        .map(|group| {
            group.figure("selection_rate").unwrap().value.unwrap_or(0.0) * assess::stats::real(group.n)
        })
        .sum();
    assert!((of_groups - 360.0).abs() < 360.0 * 0.01);
}

#[test]
fn ties_at_the_cut_are_counted_and_taken_in_the_order_of_the_file() {
    let text = "y_true,y_score,g\n1,0.9,a\n0,0.5,a\n1,0.5,b\n0,0.5,b\n0,0.1,b\n";
    let mut of = request(Task::Ranking, &["g"], unguarded(0));
    of.tops = vec!["2".parse().unwrap(), "60%".parse().unwrap()];
    let report = ranking(written(text).path().to_str().unwrap(), &of);
    let [two, three] = report.detail.cuts.as_slice() else {
        panic!()
    };
    assert_eq!(
        (two.taken, two.score, two.tied, two.tied_taken),
        (2, Some(0.5), 3, 1)
    );
    assert_eq!(value(&two.figures, "precision"), Some(0.5));
    assert_eq!(value(&two.figures, "recall"), Some(0.5));
    assert_eq!((three.taken, three.tied_taken), (3, 2));
    let rates: Vec<_> = two.attributes[0]
        .groups
        .iter()
        .map(|group| value(&group.figures, "selection_rate"))
        .collect();
    assert_eq!(rates, [Some(1.0), Some(0.0)]);
    assert!("0".parse::<Top>().is_err() && "101%".parse::<Top>().is_err());
}

#[test]
fn what_can_not_be_read_is_named() {
    let of = request(Task::Regression, &[], Settings::default());
    let read = |text: &str, limits: &Limits| {
        let file = written(text);
        assess::assess(file.path(), &of, limits, &mut assess::unwatched)
            .unwrap_err()
            .to_string()
    };
    let limits = Limits::default();
    let wrong = |text: &str| read(text, &limits);
    assert!(wrong("y_true,y_pred\n1,2\n1,x\n").contains("row 2"));
    assert!(wrong("y_true,y_pred\n1,\n").contains("no value"));
    assert!(wrong("y_true,y_prd\n1,2\n").contains("Did you mean “y_prd”"));
    assert!(wrong("y_true,y_pred\n1,2,3\n").contains("3 values"));
    assert!(wrong("y_true,y_pred\n1,\"2\n").contains("never closed"));
    assert!(wrong("y_true,y_pred\n").contains("no rows"));
    assert!(wrong("y_true,y_pred\n1,inf\n").contains("finite"));
    assert!(wrong("").contains("empty"));
    let few = Limits {
        max_rows: 2,
        ..limits.clone()
    };
    assert!(read("y_true,y_pred\n1,2\n1,2\n1,2\n", &few).contains("more than 2 rows"));
}

#[test]
fn numbers_all_alike_have_no_share_explained_and_say_why() {
    let file = written("y_true,y_pred\n1,2\n1,3\n");
    let of = request(Task::Regression, &[], Settings::default());
    let report = regression(file.path().to_str().unwrap(), &of);
    let warnings: Vec<_> = report.warnings.iter().map(|warning| warning.about).collect();
    assert_eq!(warnings, [About::OneLabel]);
    let r2 = find(&report.overall, "r2").unwrap();
    assert!(r2.value.is_none() && r2.reason.is_some());
    let json = serde_json::to_value(&report).unwrap();
    let json = json["overall"].as_array().unwrap();
    assert!(
        json.iter()
            .any(|entry| entry["id"] == "r2" && entry["value"].is_null())
    );
}

#[test]
fn gates_find_these_figures_too() {
    let of = request(Task::Regression, &["race", "sex"], Settings::default());
    let report = regression("predictions/law_regression.csv", &of);
    let facts = report.facts();
    let fact = |id: &str| facts.iter().find(|fact| fact.id == id).unwrap().clone();
    assert_eq!(fact("performance.mae").value, value(&report.overall, "mae"));
    let (race, sex) = (
        fact("fairness.mae_difference.race"),
        fact("fairness.mae_difference.sex"),
    );
    assert_eq!(
        fact("fairness.mae_difference").value,
        if race.value > sex.value {
            race.value
        } else {
            sex.value
        }
    );
    assert!(fact("fairness.intersection.mae_difference").value >= race.value);
}
