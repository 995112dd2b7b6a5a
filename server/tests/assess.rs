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

/// Four processes at once, each with a part of the file, and one that puts their counts together.
#[test]
fn parts_counted_by_processes_side_by_side_make_the_figures_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(compas()).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<_> = rows.lines().collect();
    let mut running = Vec::new();
    for (at, part) in rows.chunks(rows.len().div_ceil(4)).enumerate() {
        let (file, counted) = (
            folder.path().join(format!("{at}.csv")),
            folder.path().join(format!("{at}.json")),
        );
        fs::write(&file, format!("{head}\n{}\n", part.join("\n"))).unwrap();
        let counting = assess()
            .arg(&file)
            .args(COLUMNS)
            .args(["--favourable", "0", "--partial"])
            .stdout(fs::File::create(&counted).unwrap())
            .spawn()
            .unwrap();
        running.push((counting, counted));
    }
    let mut parts = Vec::new();
    for (mut counting, counted) in running {
        assert!(counting.wait().unwrap().success());
        parts.push(counted);
    }
    assert_eq!(parts.len(), 4);
    let merged = assess()
        .arg("merge")
        .args(&parts)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let whole = assess()
        .arg(compas())
        .args(COLUMNS)
        .args(["--favourable", "0", "--format", "json"])
        .output()
        .unwrap();
    let (mut merged, mut whole) = (json(&merged), json(&whole));
    // The source of the one is a file, that of the other a list of files.
    assert_ne!(merged["source"].take(), whole["source"].take());
    assert_eq!(merged, whole);
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
