//! `countersign assess` as a pipeline calls it: a program, its output and its exit status.
#![expect(
    clippy::unwrap_used,
    reason = "in a test, what fails to unwrap has failed the test"
)]
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

const COLUMNS: [&str; 8] = [
    "--label",
    "y_true",
    "--prediction",
    "y_pred",
    "--score",
    "y_score",
    "--protected",
    "race,sex",
];

fn compas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/predictions/compas.csv")
}

fn assess() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("assess");
    command
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A file's rows counted by so many processes at once, each with a part, and put together by one more; and the whole file
/// read by one.
fn in_parts_and_whole(file: &Path, asked: &[&str], parts: usize) -> [Value; 2] {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(file).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<_> = rows.lines().collect();
    let mut running = Vec::new();
    for (at, part) in rows.chunks(rows.len().div_ceil(parts)).enumerate() {
        let (file, counted) = (
            folder.path().join(format!("{at}.csv")),
            folder.path().join(format!("{at}.json")),
        );
        fs::write(&file, format!("{head}\n{}\n", part.join("\n"))).unwrap();
        let counting = assess()
            .arg(&file)
            .args(asked)
            .arg("--partial")
            .stdout(fs::File::create(&counted).unwrap())
            .spawn()
            .unwrap();
        running.push((counting, counted));
    }
    let mut counts = Vec::new();
    for (mut counting, counted) in running {
        assert!(counting.wait().unwrap().success());
        counts.push(counted);
    }
    assert_eq!(counts.len(), parts);
    let merged = assess()
        .arg("merge")
        .args(&counts)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let whole = assess()
        .arg(file)
        .args(asked)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let [mut merged, mut whole] = [json(&merged), json(&whole)];
    // The source of the one is a file, that of the other a list of files.
    assert_ne!(merged["source"].take(), whole["source"].take());
    [merged, whole]
}

#[test]
fn parts_counted_by_processes_side_by_side_make_the_figures_of_the_whole() {
    let asked = [&COLUMNS[..], &["--favourable", "0"]].concat();
    let [merged, whole] = in_parts_and_whole(&compas(), &asked, 4);
    assert_eq!(merged, whole);
}

/// Classes and rankings to the last digit; means of predicted numbers, whose sums are rounded, to twelve.
#[test]
fn parts_of_the_other_tasks_do_so_too() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/assess/data/predictions");
    let label = [
        "--label",
        "y_true",
        "--protected",
        "race,sex",
        "--weights",
        "id",
        "--task",
    ];
    let of =
        |file: &str, more: &[&str]| in_parts_and_whole(&data.join(file), &[&label[..], more].concat(), 16);
    let scored = ["multiclass", "--prediction", "y_pred", "--score", "y_score"];
    let [merged, whole] = of("compas_multiclass.csv", &scored);
    assert_eq!(merged, whole);
    let [merged, whole] = of(
        "compas.csv",
        &["ranking", "--score", "y_score", "--top", "100,5%"],
    );
    assert_eq!(merged, whole);
    let [merged, whole] = of("law_regression.csv", &["regression", "--prediction", "y_pred"]);
    let figures = |report: &Value| {
        let (rows, weights) = (&report["overall"], &report["weighted"]["figures"]);
        let all = [rows, weights].map(|of| of.as_array().unwrap().clone()).concat();
        all.iter()
            .map(|of| of["value"].as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    let (merged, whole) = (figures(&merged), figures(&whole));
    assert_eq!((merged.len(), whole.len()), (22, 22));
    for (ours, theirs) in merged.iter().zip(&whole) {
        // A mean error is what is left of sums that cancel out: it is as exact as these are.
        assert!(
            (ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0),
            "{ours}, {theirs}"
        );
    }
}

#[test]
fn a_gate_that_is_missed_fails_the_pipeline_and_says_by_how_much() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("gates.toml");
    fs::write(
        &policy,
        "[[gate]]\nmetric = \"fairness.impact_ratio\"\nat_least = 0.8\n",
    )
    .unwrap();
    let run = |favourable: &str| {
        assess()
            .arg("-")
            .args(COLUMNS)
            .args(["--favourable", favourable, "--format", "json", "--policy"])
            .arg(&policy)
            .stdin(Stdio::from(fs::File::open(compas()).unwrap()))
            .output()
            .unwrap()
    };
    let missed = run("0");
    let said = String::from_utf8(missed.stderr.clone()).unwrap();
    assert_eq!(missed.status.code(), Some(1), "{said}");
    assert!(said.contains("0.52") && said.contains("0.8"), "{said}");
    assert_eq!(json(&missed)["gates"][0]["state"], "fail");
}

#[test]
fn a_wrong_use_is_told_from_a_bad_file() {
    let nothing = assess().output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
    let stray = assess()
        .arg(compas())
        .args(["--label", "y_tru", "--prediction", "y_pred"])
        .output()
        .unwrap();
    let said = String::from_utf8(stray.stderr).unwrap();
    assert_eq!(stray.status.code(), Some(1), "{said}");
    assert!(said.contains("y_true"), "{said}");
}
