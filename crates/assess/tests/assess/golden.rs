//! Every entry of the golden files that the engine covers: counts exactly, rates to 1e-12, sums to 1e-9.

use crate::replies::Replies;
use crate::{columns, data};
use assess::Columns;
use assess::report::{Confusion, Rate};
use serde_json::{Value, json};
use std::path::Path;

/// What came of one golden file.
#[derive(Default, Debug)]
pub struct Tally {
    pub matched: usize,
    pub differing: Vec<String>,
    pub uncovered: usize,
}

/// Holds the engine's replies against every entry of a file; `name` turns the file's ids into the engine's.
pub fn hold(path: &Path, columns: &Columns, golden: &Path, name: impl Fn(&str) -> String) -> Tally {
    let replies = Replies::new(path, columns);
    let golden: Value = serde_json::from_slice(&std::fs::read(golden).unwrap()).unwrap();
    let mut tally = Tally::default();
    for entry in golden["entries"].as_array().unwrap() {
        let id = name(entry["id"].as_str().unwrap());
        match (entry.get("value"), replies.to(&id)) {
            (Some(expected), Some(reply)) => {
                let mut wrong = Vec::new();
                compare(&id, expected, &reply, tolerance(&id), &mut wrong);
                if wrong.is_empty() {
                    tally.matched += 1;
                } else {
                    tally.differing.extend(wrong);
                }
            }
            _ => tally.uncovered += 1,
        }
    }
    tally
}

fn tolerance(id: &str) -> f64 {
    let sums = [
        "roc_auc",
        "average_precision",
        "brier",
        "log_loss",
        "ece10",
        "mean_score",
        "by_group_score",
    ];
    if sums.iter().any(|sum| id.contains(sum)) {
        1e-9
    } else {
        1e-12
    }
}

fn compare(path: &str, expected: &Value, reply: &Value, tolerance: f64, wrong: &mut Vec<String>) {
    match (expected, reply) {
        (Value::Object(expected), Value::Object(reply)) => {
            for (key, value) in expected {
                // The largest bin's error isn't reported; the bins that it follows from are.
                match reply.get(key) {
                    Some(reply) => compare(&format!("{path}/{key}"), value, reply, tolerance, wrong),
                    None if key == "mce" => {}
                    None => wrong.push(format!("{path}/{key}: expected {value}, found nothing")),
                }
            }
            let more = reply.keys().filter(|key| !expected.contains_key(*key));
            wrong.extend(more.map(|key| format!("{path}/{key}: not expected")));
        }
        (Value::Array(expected), Value::Array(reply)) if expected.len() == reply.len() => {
            for (at, (expected, reply)) in expected.iter().zip(reply).enumerate() {
                compare(&format!("{path}/{at}"), expected, reply, tolerance, wrong);
            }
        }
        (Value::String(nan), Value::Null) if nan == "NaN" => {}
        // Without positives scikit-learn writes 0 with a warning; here what is undefined has no value.
        (Value::Number(zero), Value::Null)
            if zero.as_f64() == Some(0.0) && path.contains("average_precision") => {}
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            let counts = a.fract() == 0.0 && b.fract() == 0.0;
            let close = (a - b).abs() <= (tolerance * a.abs().max(b.abs())).max(1e-15);
            if a.to_bits() != b.to_bits() && (counts && a.abs() > 1.0 || !close) {
                wrong.push(format!("{path}: expected {a}, found {b}"));
            }
        }
        (expected, reply) if expected == reply => {}
        (expected, reply) => wrong.push(format!("{path}: expected {expected}, found {reply}")),
    }
}

fn main_golden(dataset: &str, protected: &[&str], favourable: &str, at_least: usize) {
    for kind in ["csv", "parquet"] {
        let file = data(&format!("predictions/{dataset}.{kind}"));
        let golden = data(&format!("golden/{dataset}.main.json"));
        let tally = hold(&file, &columns(protected, favourable), &golden, str::to_owned);
        println!(
            "{dataset}.{kind}: matched {}, uncovered {}",
            tally.matched, tally.uncovered
        );
        assert_eq!(tally.differing, Vec::<String>::new());
        assert!(
            tally.matched >= at_least,
            "only {} entries matched",
            tally.matched
        );
    }
}

#[test]
fn compas_equals_the_libraries() {
    main_golden("compas", &["race", "sex", "age_cat"], "0", 201);
}

#[test]
fn german_logistic_regression_equals_the_libraries() {
    main_golden("german_lr", &["sex", "age_band", "foreign_worker"], "1", 140);
}

#[test]
fn german_gradient_boosting_equals_the_libraries() {
    main_golden("german_gb", &["sex", "age_band", "foreign_worker"], "1", 140);
}

/// Aequitas' crosstabs: counts and rates of each group, recomputed from the counts of ours.
#[test]
fn crosstabs_equal_those_of_aequitas() {
    let cases: [(&str, &[&str]); 3] = [
        ("compas", &["race", "sex", "age_cat"]),
        ("german_lr", &["sex", "age_band", "foreign_worker"]),
        ("german_gb", &["sex", "age_band", "foreign_worker"]),
    ];
    for (dataset, protected) in cases {
        let path = data(&format!("predictions/{dataset}.csv"));
        let report = crate::assess(&path, &columns(protected, "1"), &crate::unguarded(2)).unwrap();
        let golden = std::fs::read(data(&format!("golden/{dataset}.aequitas.json"))).unwrap();
        let golden: Value = serde_json::from_slice(&golden).unwrap();
        let crosstabs = golden["entries"].as_array().unwrap().iter();
        let crosstabs = crosstabs.filter(|entry| entry["id"].as_str().unwrap().ends_with("crosstabs"));
        let (mut groups, mut wrong) = (0, Vec::new());
        for (key, row) in crosstabs.flat_map(|entry| entry["value"].as_object().unwrap()) {
            let (name, value) = key.split_once('=').unwrap();
            let attribute = report.attributes.iter().find(|one| one.columns.join("x") == name);
            let Some(attribute) = attribute else { continue };
            let parts = |key: &[Option<String>]| key.iter().flatten().cloned().collect::<Vec<_>>().join("|");
            let group = attribute
                .groups
                .iter()
                .find(|group| parts(&group.key) == value)
                .unwrap();
            let row = Value::Object(row.as_object().unwrap().clone());
            compare(
                key,
                &row,
                &crosstab(&row, &group.counts, &report.overall.counts),
                1e-12,
                &mut wrong,
            );
            groups += 1;
        }
        println!("{dataset}: crosstabs of {groups} groups matched");
        assert_eq!(wrong, Vec::<String>::new());
        assert!(groups > 6);
    }
}

fn crosstab(row: &Value, counts: &Confusion, all: &Confusion) -> Value {
    let part = |x: u64, n: u64| (n > 0).then(|| x as f64 / n as f64);
    let (pp, pn) = (counts.tp + counts.fp, counts.tn + counts.fn_);
    let selected = all.tp + all.fp;
    let mut reply = row.clone();
    let ours = json!({
        "accuracy": counts.rate(Rate::Accuracy), "tpr": counts.rate(Rate::Tpr), "tnr": counts.rate(Rate::Tnr),
        "fpr": counts.rate(Rate::Fpr), "fnr": counts.rate(Rate::Fnr), "precision": counts.rate(Rate::Precision),
        "fdr": part(counts.fp, pp), "for": part(counts.fn_, pn), "npv": part(counts.tn, pn),
        "pp": pp, "pn": pn, "ppr": part(pp, selected), "pprev": counts.rate(Rate::Selection), "k": selected,
        "fp": counts.fp, "fn": counts.fn_, "tn": counts.tn, "tp": counts.tp,
        "group_label_pos": counts.positives(), "group_label_neg": counts.negatives(),
        "group_size": counts.n(), "total_entities": all.n(), "prev": counts.rate(Rate::Base),
    });
    for (key, value) in ours.as_object().unwrap() {
        reply[key] = value.clone();
    }
    reply
}
