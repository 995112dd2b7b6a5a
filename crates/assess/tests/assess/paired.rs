//! Two evaluations of the same cases, held against what Python's libraries say of them, and against files that aren't of
//! the same cases.

use crate::command::{order, written};
use crate::schema::keeps_to_the_schema;
use crate::{assess, columns, data};
use assess::command::{Order, Output, Refused};
use assess::compare::{Method, Moved, Outcome};
use assess::report::{Settings, Task};
use assess::{Columns, Comparison, Limits, Matched, Rejected};
use serde_json::Value;
use std::path::Path;

fn compare(before: &Path, after: &Path, columns: &Columns, id: &str) -> Result<Comparison, Rejected> {
    let matched = Matched { columns, id };
    assess::paired(
        before,
        after,
        matched,
        &Settings::default(),
        &Limits::default(),
        &mut assess::unwatched,
    )
}

fn german() -> Comparison {
    let [before, after] = ["lr", "gb"].map(|name| data(&format!("predictions/german_{name}.csv")));
    compare(&before, &after, &columns(&["sex", "age_band"], "1"), "id").unwrap()
}

fn moved<'a>(comparison: &'a Comparison, id: &str) -> &'a Moved {
    let found = comparison.changes.iter().find(|moved| moved.id == id);
    found.unwrap_or_else(|| panic!("{id} is not among {comparison:#?}"))
}

fn golden() -> Value {
    serde_json::from_slice(&std::fs::read(data("paired/german.json")).unwrap()).unwrap()
}

#[test]
fn closed_forms_are_those_of_the_libraries() {
    let (comparison, golden) = (german(), golden());
    let near = |what: &str, found: Option<f64>, expected: &Value| {
        let (found, expected) = (found.unwrap(), expected.as_f64().unwrap());
        assert!(
            (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3),
            "{what}: {found}, not {expected}"
        );
    };
    let exact = golden["exact"].as_object().unwrap();
    for (id, expected) in exact.iter().filter(|(id, _)| *id != "favourable") {
        let found = moved(&comparison, id);
        near(id, found.change, &expected["change"]);
        near(id, found.low, &expected["low"]);
        near(id, found.high, &expected["high"]);
        near(id, found.p, &expected["p"]);
    }
    assert_eq!(exact.len(), 7);
    let (decisions, expected) = (comparison.paired.unwrap().decisions, &exact["favourable"]);
    assert_eq!(decisions.gained, expected["gained"].as_u64().unwrap());
    assert_eq!(decisions.lost, expected["lost"].as_u64().unwrap());
    near("low", decisions.low, &expected["low"]);
    near("high", decisions.high, &expected["high"]);
    near("p", Some(decisions.p), &expected["p"]);
}

/// Both sides draw by chance: they agree as far as so many draws can.
#[test]
fn what_is_drawn_from_counts_is_what_drawing_rows_gives() {
    let (comparison, golden) = (german(), golden());
    let drawn = golden["drawn"].as_object().unwrap();
    for (id, expected) in drawn {
        let found = moved(&comparison, id);
        let expected = ["change", "low", "high", "p"].map(|key| expected[key].as_f64().unwrap());
        let [change, low, high, p] = [found.change, found.low, found.high, found.p].map(Option::unwrap);
        assert_eq!(found.method, Method::Bootstrap);
        assert!(
            (change - expected[0]).abs() < 1e-12,
            "{id}: {change}, not {}",
            expected[0]
        );
        let allowed = 0.06 * (expected[2] - expected[1]);
        assert!(
            (low - expected[1]).abs() <= allowed,
            "{id}: from {low}, not {}",
            expected[1]
        );
        assert!(
            (high - expected[2]).abs() <= allowed,
            "{id}: to {high}, not {}",
            expected[2]
        );
        assert!((p - expected[3]).abs() <= 0.04, "{id}: {p}, not {}", expected[3]);
    }
    assert_eq!(drawn.len(), 8);
}

#[test]
fn every_figure_moves_from_one_report_to_the_other() {
    let comparison = german();
    let columns = columns(&["sex", "age_band"], "1");
    let reports = ["lr", "gb"].map(|name| {
        let path = data(&format!("predictions/german_{name}.csv"));
        assess(&path, &columns, &Settings::default()).unwrap()
    });
    for found in &comparison.changes {
        let [before, after] = [0, 1].map(|side: usize| reports[side].fact(&found.id).unwrap().value);
        assert_eq!((found.before, found.after), (before, after), "{}", found.id);
        if let (Some(low), Some(high), Some(change)) = (found.low, found.high, found.change) {
            assert!(low <= change && change <= high, "{found:?}");
        }
        assert!(
            found
                .p
                .is_none_or(|p| found.holm >= Some(p) && found.holm >= found.benjamini_hochberg)
        );
    }
    // All but the average precision are tested: ten of all rows, nine of each attribute and of their pair.
    let tested = comparison.changes.iter().filter(|moved| moved.p.is_some());
    assert_eq!(tested.count(), 10 + 3 * 9);
    let outcomes: Vec<Outcome> = comparison.changes.iter().map(|moved| moved.outcome).collect();
    assert!(outcomes.is_sorted(), "{outcomes:?}");
}

#[test]
fn the_same_files_give_the_same_bytes_and_a_file_doesnt_move_from_itself() {
    let json = |comparison: &Comparison| serde_json::to_string(comparison).unwrap();
    let first = german();
    assert_eq!(json(&first), json(&german()));
    let back: Comparison = serde_json::from_str(&json(&first)).unwrap();
    assert_eq!(back, first);
    let path = data("predictions/compas.csv");
    let same = compare(&path, &path, &columns(&["race"], "0"), "id").unwrap();
    let paired = same.paired.as_ref().unwrap();
    assert_eq!(
        (paired.cases, paired.only_before, paired.only_after),
        (7214, 0, 0)
    );
    assert_eq!((paired.decisions.gained, paired.decisions.lost), (0, 0));
    for moved in &same.changes {
        assert_eq!(moved.change, Some(0.0), "{}", moved.id);
        assert_eq!(moved.outcome, Outcome::NoClearChange, "{}", moved.id);
        assert!(moved.p.is_none_or(|p| p > 0.999), "{moved:?}");
    }
}

#[test]
fn cases_of_one_file_only_are_counted_and_left_out() {
    let text = std::fs::read_to_string(data("predictions/german_lr.csv")).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    // The later file in another order, each with two hundred cases that the other lacks.
    let later: Vec<&str> = rows[201..].iter().rev().copied().collect();
    let [before, after] = [rows[1..801].to_vec(), later].map(|part| {
        let text = format!("{}\n{}\n", rows[0], part.join("\n"));
        written(&text)
    });
    let found = compare(before.path(), after.path(), &columns(&["sex"], "1"), "id").unwrap();
    let paired = found.paired.unwrap();
    assert_eq!(
        (paired.cases, paired.only_before, paired.only_after),
        (600, 200, 200)
    );
    assert!(found.changes.iter().all(|moved| moved.change == Some(0.0)));
}

#[test]
fn what_cannot_be_matched_is_refused_with_its_row() {
    let file = |rows: &str| written(&format!("case,y_true,y_pred,g\n{rows}"));
    let columns = Columns {
        score: None,
        ..columns(&["g"], "1")
    };
    let refused = |before: &str, after: &str, id: &str| {
        let (before, after) = (file(before), file(after));
        compare(before.path(), after.path(), &columns, id)
            .unwrap_err()
            .to_string()
    };
    let good = "a,1,1,x\nb,0,1,y\n";
    for (before, after, words) in [
        (
            good,
            "a,1,1,x\nb,0,1,y\na,1,0,x\n",
            "In row 3 (line 4), column “case”, the case “a” comes again, after row 1 (line 2)",
        ),
        (
            "b,0,1,y\nb,0,1,y\n",
            good,
            "The earlier file can't be used. In row 2",
        ),
        (
            good,
            "a,1,1,x\nb,1,1,y\n",
            "In row 2 (line 3) the true answer of the case “b” is “1”, in the earlier file “0”",
        ),
        (good, "c,1,1,x\n", "No case is in both files"),
        (good, ",1,1,x\n", "Every row needs a case id"),
        (good, "a,2,1,x\nb,0,1,y\n", "more than two values"),
    ] {
        let found = refused(before, after, "case");
        assert!(found.contains(words), "{found}");
    }
    assert!(refused(good, good, "g").contains("named twice"));
    assert!(
        refused(good, good, "number").contains("The earlier file can't be used. There is no column “number”")
    );
    let (before, after) = (file(good), file(good));
    let weighted = Columns {
        weight: Some("w".to_owned()),
        ..columns.clone()
    };
    let found = compare(before.path(), after.path(), &weighted, "case");
    assert!(matches!(found, Err(Rejected::Weighted)));
    let few = Limits {
        max_rows: 1,
        ..Limits::default()
    };
    let matched = Matched {
        columns: &columns,
        id: "case",
    };
    let found = assess::paired(
        before.path(),
        after.path(),
        matched,
        &Settings::default(),
        &few,
        &mut assess::unwatched,
    );
    assert!(found.unwrap_err().to_string().contains("more than 1 rows"));
}

#[test]
fn the_format_of_the_files_has_no_say() {
    let german = |[before, after]: [&str; 2]| {
        let [before, after] = [before, after].map(|name| data(&format!("predictions/german_{name}")));
        compare(&before, &after, &columns(&["sex", "age_band"], "1"), "id").unwrap()
    };
    let csv = german(["lr.csv", "gb.csv"]);
    for files in [["lr.parquet", "gb.parquet"], ["lr.csv", "gb.parquet"]] {
        let found = german(files);
        assert_eq!((&found.changes, &found.paired), (&csv.changes, &csv.paired));
    }
}

#[test]
fn answers_may_be_spelled_in_two_ways() {
    let rows = |one: &str, zero: &str| {
        let row = |at: usize| format!("{at},{},{},g\n", [one, zero][at % 2], [one, zero][at / 2 % 2]);
        written(&(String::from("case,y_true,y_pred,g\n") + &(0..80).map(row).collect::<String>()))
    };
    let columns = Columns {
        score: None,
        ..columns(&["g"], "1")
    };
    let found = compare(
        rows("true", "false").path(),
        rows("1", "0.0").path(),
        &columns,
        "case",
    );
    let found = found.unwrap();
    assert_eq!(moved(&found, "performance.accuracy").change, Some(0.0));
    assert_eq!(found.paired.unwrap().cases, 80);
}

fn asked(output: Output) -> Order {
    let mut of = order(Task::Binary, &["sex"], output);
    "1".clone_into(&mut of.request.columns.favourable);
    of
}

#[test]
fn a_comparison_is_written_in_every_form() {
    let [before, after] = ["lr", "gb"].map(|name| data(&format!("predictions/german_{name}.csv")));
    for id in [Some("id"), None] {
        let text = |output| {
            asked(output)
                .compare(&before, &after, id, &mut assess::unwatched)
                .unwrap()
                .text
        };
        let json: Value = serde_json::from_str(&text(Output::Json)).unwrap();
        keeps_to_the_schema(&json).unwrap();
        assert_eq!(json["paired"].is_object(), id.is_some());
        let methods: Vec<&Value> = json["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["method"])
            .collect();
        assert_eq!(methods.iter().any(|method| **method != "unpaired"), id.is_some());
        let page = text(Output::Html);
        assert!(page.contains("<h2 id=\"s1\">Changes, worst first</h2>"));
        let table = text(Output::Table);
        assert!(
            table.contains("figures are clearly worse.") && table.contains("ROC AUC"),
            "{table}"
        );
        assert_eq!(table.contains("matched by “id”"), id.is_some());
        let lines = text(Output::Csv);
        assert!(
            lines
                .lines()
                .any(|line| line.starts_with("change,") && line.contains("performance.accuracy"))
        );
    }
}

#[test]
fn what_a_comparison_has_no_use_for_is_refused() {
    let path = data("predictions/german_lr.csv");
    let refused = |of: &Order, id| match of.compare(&path, &path, id, &mut assess::unwatched) {
        Err(Refused::WrongUse(words)) => words,
        other => panic!("{other:?}"),
    };
    let mut of = asked(Output::Json);
    of.request.columns.weight = Some("w".to_owned());
    assert!(refused(&of, Some("id")).contains("weights") && refused(&of, None).contains("weights"));
    let gated = Order {
        policy: Some("[[gate]]".to_owned()),
        ..asked(Output::Json)
    };
    assert!(refused(&gated, None).contains("gates"));
    assert!(refused(&order(Task::Ranking, &["sex"], Output::Json), None).contains("binary"));
    let absent = asked(Output::Json).compare(Path::new("not there"), &path, None, &mut assess::unwatched);
    assert!(
        absent
            .unwrap_err()
            .to_string()
            .starts_with("The earlier file can't be used.")
    );
}
