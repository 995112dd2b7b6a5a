//! The command line's work, apart from arguments and printing: every output, with everything that can be asked for.

use crate::golden::golden;
use crate::page::ll144;
use crate::schema::keeps_to_the_schema;
use crate::{assess, columns, data};
use assess::command::{Answer, Kept, Order, Output, Refused};
use assess::report::{Settings, Task};
use assess::{Assessment, Request};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use tempfile::NamedTempFile;

pub fn order(task: Task, protected: &[&str], output: Output) -> Order {
    let mut columns = columns(protected, if task == Task::Binary { "0" } else { "" });
    match task {
        Task::Binary | Task::Multiclass => {}
        Task::Regression => columns.score = None,
        Task::Ranking => columns.prediction = None,
    }
    Order {
        request: Request::new(task, columns),
        policy: None,
        output,
    }
}

pub fn run(order: &Order, file: &Path) -> Answer {
    order.run(file, &mut assess::unwatched).unwrap()
}

fn json(order: &Order, file: &Path) -> Value {
    serde_json::from_str(&run(order, file).text).unwrap()
}

/// The data rows of a CSV file in two halves, the first rounded down.
fn halves(name: &str) -> [NamedTempFile; 2] {
    let text = std::fs::read_to_string(data(name)).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<_> = rows.lines().collect();
    let (first, second) = rows.split_at(rows.len() / 2);
    [first, second].map(|rows| written(&format!("{head}\n{}\n", rows.join("\n"))))
}

pub fn written(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

pub const FILES: [(Task, &str, &[&str]); 4] = [
    (Task::Binary, "predictions/compas.parquet", &["race", "sex"]),
    (
        Task::Multiclass,
        "predictions/compas_multiclass.csv",
        &["race", "sex"],
    ),
    (
        Task::Regression,
        "predictions/law_regression.csv",
        &["race", "sex"],
    ),
    (Task::Ranking, "predictions/compas.csv", &["race", "sex"]),
];

/// Everything that can be asked for beside a report.
pub fn everything(task: Task, file: &str, protected: &[&str], output: Output) -> Order {
    let mut of = order(task, &protected[..1], output);
    of.request.slices = vec![protected[0].to_owned()];
    of.request.baseline = Some(data(file));
    of.request.features = vec![protected[1].to_owned()];
    of.policy = Some("[[gate]]\nmetric = \"rows\"\nat_least = 100\n".to_owned());
    of
}

#[test]
fn without_more_the_json_is_the_reports_own() {
    let path = data("predictions/compas.csv");
    let of = order(Task::Binary, &["race", "sex"], Output::Json);
    let report = assess(&path, &of.request.columns, &Settings::default()).unwrap();
    let own = String::from_utf8(report.to_json().unwrap()).unwrap() + "\n";
    assert!(run(&of, &path).text == own);
}

#[test]
fn every_task_keeps_to_the_one_schema_whatever_is_asked_for() {
    for (task, file, protected) in FILES {
        for of in [
            order(task, protected, Output::Json),
            everything(task, file, protected, Output::Json),
        ] {
            let answer = run(&of, &data(file));
            let value: Value = serde_json::from_str(&answer.text).unwrap();
            keeps_to_the_schema(&value).unwrap_or_else(|wrong| panic!("{task:?}: {wrong}"));
            let named = Assessment::from_json(answer.text.as_bytes()).unwrap();
            let guessed: Assessment = serde_json::from_str(&answer.text).unwrap();
            assert!(named == guessed && named.task() == task);
            let again = String::from_utf8(named.to_json().unwrap()).unwrap();
            assert!(
                again + "\n" == answer.text,
                "{task:?} doesn't come back as it was"
            );
        }
    }
}

#[test]
fn a_gate_that_is_not_met_or_not_measured_fails_the_run() {
    let gate = |metric: &str, bound: &str| format!("[[gate]]\nmetric = \"{metric}\"\n{bound}\n");
    let passes = |policy: String| {
        let order = Order {
            policy: Some(policy),
            ..order(Task::Binary, &["race"], Output::Table)
        };
        run(&order, &data("predictions/compas.csv"))
    };
    assert!(passes(gate("performance.accuracy", "at_least = 0.6")).passed);
    let failed = passes(
        gate("performance.accuracy", "at_least = 0.6") + &gate("fairness.impact_ratio", "at_least = 0.8"),
    );
    assert!(!failed.passed);
    assert!(
        failed.gates[0].starts_with("pass: Accuracy") && failed.gates[1].starts_with("fail: Impact ratio")
    );
    assert!(failed.text.contains("One gate is not met."));
    let absent = passes(gate("performance.speed", "at_least = 0.6"));
    assert!(!absent.passed && absent.gates[0].starts_with("not measured"));
    let order = Order {
        policy: Some("[[gate]]".to_owned()),
        ..order(Task::Binary, &[], Output::Table)
    };
    let refused = order.run(Path::new("not there"), &mut assess::unwatched);
    assert!(matches!(refused, Err(Refused::WrongUse(_))));
}

#[test]
fn slices_have_their_rows_figures_and_no_fairness() {
    let path = data("predictions/compas.csv");
    let mut of = order(Task::Binary, &["sex"], Output::Json);
    of.request.slices = vec!["charge_degree".to_owned()];
    let value = json(&of, &path);
    assert_eq!(value["attributes"].as_array().unwrap().len(), 1);
    let groups = value["slices"][0]["groups"].as_array().unwrap();
    let report = assess(&path, &columns(&["charge_degree"], "0"), &Settings::default()).unwrap();
    for (group, expected) in groups.iter().zip(&report.attributes[0].groups) {
        assert_eq!(group["n"], expected.n);
        let accuracy = group["figures"].as_array().unwrap();
        let accuracy = accuracy.iter().find(|entry| entry["id"] == "accuracy").unwrap();
        assert_eq!(accuracy["value"].as_f64(), expected.rates.accuracy.value);
        assert!(group.get("impact").is_none());
    }
}

#[test]
fn drift_is_the_golden_one() {
    for name in ["german_lr", "german_gb"] {
        let [first, second] = halves(&format!("predictions/{name}.csv"));
        let mut of = order(Task::Binary, &["sex", "foreign_worker"], Output::Json);
        of.request.baseline = Some(first.path().to_owned());
        of.request.features = vec!["age_band".to_owned()];
        let value = json(&of, second.path());
        let golden = golden(&data(&format!("golden/{name}.main.json")));
        let entry = |id: &str| {
            let mut entries = golden["entries"].as_array().unwrap().iter();
            entries.find(|entry| entry["id"] == id).unwrap()["value"].clone()
        };
        let near = |column: &str, id: &str, expected: &Value| {
            let mut columns = value["drift"]["columns"].as_array().unwrap().iter();
            let figures = &columns.find(|other| other["name"] == column).unwrap()["figures"];
            let mut figures = figures.as_array().unwrap().iter();
            let found = figures.find(|entry| entry["id"] == id).unwrap();
            let (found, expected) = (found["value"].as_f64().unwrap(), expected.as_f64().unwrap());
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs(),
                "{column} {id}: {found}, {expected}"
            );
        };
        near(
            "y_score",
            "psi",
            &entry("drift.psi.y_score.ref_quantile10")["psi"],
        );
        near("y_score", "ks", &entry("drift.ks.y_score")["statistic"]);
        near("y_score", "ks_p", &entry("drift.ks.y_score")["p"]);
        near("y_score", "wasserstein", &entry("drift.wasserstein.y_score"));
        for column in ["y_true", "y_pred", "sex", "foreign_worker", "age_band"] {
            let expected = entry(&format!("drift.categorical.{column}"));
            near(column, "psi", &expected["psi"]);
            near(column, "chi_square", &expected["chi2"]);
            near(column, "chi_square_p", &expected["p"]);
            near(column, "js_distance", &expected["js_base2"]);
            near(column, "total_variation", &expected["tvd"]);
        }
    }
}

#[test]
fn a_baseline_without_the_columns_is_told_from_the_file() {
    let mut of = order(Task::Binary, &["race"], Output::Json);
    of.request.baseline = Some(data("predictions/german_lr.csv"));
    let refused = of
        .run(&data("predictions/compas.csv"), &mut assess::unwatched)
        .unwrap_err();
    assert!(refused.to_string().contains("baseline"), "{refused}");
}

#[test]
fn what_has_moved_is_said_and_can_be_gated() {
    let rows = |answer: &str, rows: usize| format!("1,{answer},x\n").repeat(rows);
    let before = written(&format!("y_true,y_pred,g\n{}{}", rows("1", 50), rows("0", 50)));
    let after = written(&format!("y_true,y_pred,g\n{}{}", rows("1", 90), rows("0", 10)));
    let mut of = order(Task::Binary, &["g"], Output::Table);
    of.request.columns.score = None;
    of.request.columns.favourable = "1".to_owned();
    of.request.baseline = Some(before.path().to_owned());
    of.policy = Some("[[gate]]\nmetric = \"drift.psi\"\nat_most = 0.25\n".to_owned());
    let moved = run(&of, after.path());
    assert!(!moved.passed, "{}", moved.text);
    let line = moved
        .text
        .lines()
        .find(|line| line.starts_with("y_pred"))
        .unwrap();
    assert!(line.contains("moved"), "{line}");
    assert!(run(&of, before.path()).passed);
}

#[test]
fn every_line_of_csv_has_the_same_columns() {
    for (task, file, protected) in FILES {
        let of = everything(task, file, protected, Output::Csv);
        let text = run(&of, &data(file)).text;
        assert!(text.starts_with("section,attribute,group,figure,value,low,high,n,reason\r\n"));
        for section in [
            "source,",
            "performance,",
            "group,",
            "gap,",
            "slice,",
            "drift,",
            "gate,",
        ] {
            assert!(
                text.lines().any(|line| line.starts_with(section)),
                "{task:?} {section}"
            );
        }
        let mut reader = csv_core::Reader::new();
        let (mut out, mut ends) = (vec![0; text.len()], vec![0; text.len()]);
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (result, read, _, fields) = reader.read_record(rest, &mut out, &mut ends);
            rest = &rest[read..];
            if result == csv_core::ReadRecordResult::Record {
                assert_eq!(fields, 9);
            }
        }
    }
}

#[test]
fn nothing_that_was_said_is_passed_over_in_silence() {
    let refused = |order: &Order| match order.run(Path::new("not there"), &mut assess::unwatched) {
        Err(Refused::WrongUse(_)) => {}
        other => panic!("{other:?}"),
    };
    let asked = |task: Task, change: &dyn Fn(&mut Request)| {
        let mut of = order(task, &[], Output::Json);
        change(&mut of.request);
        refused(&of);
    };
    asked(Task::Regression, &|of| {
        of.columns.references.insert("g".into(), "a".into());
    });
    asked(Task::Regression, &|of| {
        of.columns.declared.insert("g".into(), vec!["a".into()]);
    });
    asked(Task::Multiclass, &|of| of.columns.threshold = Some(0.4));
    asked(Task::Multiclass, &|of| of.columns.favourable = "1".into());
    asked(Task::Binary, &|of| of.features = vec!["age".into()]);
    asked(Task::Binary, &|of| of.tops = vec!["5%".parse().unwrap()]);
    let mut of = ll144(Task::Binary, "sex", "race");
    of.request.columns.weight = Some("w".into());
    refused(&of);
    let mut of = ll144(Task::Binary, "sex", "race");
    of.request.columns.protected.push("age".into());
    refused(&of);
    refused(&ll144(Task::Multiclass, "sex", "race"));
    refused(&ll144(Task::Binary, "sex", "sex"));
    assert!("ordinal".parse::<Task>().is_err() && "ranking".parse() == Ok(Task::Ranking));
}

#[test]
fn a_stream_gives_what_its_file_gives() {
    let of = order(Task::Binary, &["race"], Output::Json);
    for file in ["predictions/compas.csv", "predictions/compas.parquet"] {
        let kept = Kept::from(std::fs::File::open(data(file)).unwrap()).unwrap();
        assert!(run(&of, kept.path()) == run(&of, &data(file)));
    }
}
