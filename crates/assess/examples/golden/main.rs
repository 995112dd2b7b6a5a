//! Holds our code against every entry of every golden file of a directory such as `crates/assess/data`:
//! `cargo run -p assess --release --example golden -- DIRECTORY`. Fails if any entry differs.
//!
//! What a file's columns and attributes are comes from MANIFEST.json and from the entries themselves.

pub mod binary;
pub mod compare;
mod counts;
mod drift;
pub mod manifest;
mod multiclass;
mod python;
mod regression;
mod scoring;
pub mod table;

use compare::{Nothing, Replies, Tally};
use manifest::Dataset;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::Table;

/// Why the directory couldn't be gone through.
pub type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1) else {
        eprintln!("usage: golden DIRECTORY (with MANIFEST.json, predictions/ and golden/)");
        return ExitCode::from(2);
    };
    match run(Path::new(&directory), &mut std::io::stdout()) {
        Ok(tally) if tally.differing == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

/// Goes through a directory, telling what differs and what isn't covered.
pub fn run(directory: &Path, out: &mut dyn Write) -> Result<Tally, Failure> {
    let datasets = manifest::read(directory)?;
    let mut all = Tally::default();
    for path in golden_files(directory)? {
        let golden: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        let tally = hold(&golden, replies(directory, &datasets, &golden)?.as_ref());
        for line in &tally.differences {
            writeln!(out, "  differs: {line}")?;
        }
        for line in &tally.gaps {
            writeln!(out, "  uncovered: {line}")?;
        }
        writeln!(out, "{}: {tally}", path.display())?;
        all.add(tally);
    }
    writeln!(out, "{all}")?;
    Ok(all)
}

fn golden_files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries: Result<Vec<_>, _> = std::fs::read_dir(directory.join("golden"))?.collect();
    let mut paths: Vec<_> = entries?.iter().map(std::fs::DirEntry::path).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    Ok(paths)
}

/// Holds replies against the entries of one golden file.
pub fn hold(golden: &Value, replies: &dyn Replies) -> Tally {
    let mut tally = Tally::default();
    for (id, call, expected) in entries(golden) {
        tally.hold(&id, expected, replies.reply(&id, call));
    }
    tally
}

type Entry<'a> = (String, &'a str, Result<&'a Value, &'a str>);

/// The entries of a golden file; in one of counts each attribute's are an entry.
fn entries(golden: &Value) -> Vec<Entry<'_>> {
    if let Some(entries) = golden["entries"].as_array() {
        return entries.iter().map(entry).collect();
    }
    let parts = golden
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != "meta");
    let flat = parts.flat_map(|(key, part)| match part.as_object() {
        Some(part) => part
            .iter()
            .map(|(name, value)| (format!("{key}.{name}"), "", Ok(value)))
            .collect(),
        None => vec![(key.clone(), "", Ok(part))],
    });
    flat.collect()
}

fn entry(entry: &Value) -> Entry<'_> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let expected = entry.get("value").ok_or(text("error"));
    (text("id").to_owned(), text("call"), expected)
}

/// Whatever answers a golden file, by the task of the predictions it is about.
fn replies(directory: &Path, datasets: &[Dataset], golden: &Value) -> Result<Box<dyn Replies>, Failure> {
    if golden["entries"].is_null() {
        return Ok(Box::new(counts::Counts::new(directory, golden)));
    }
    let file = golden["meta"]["dataset"].as_str().unwrap_or_default();
    let name = file.strip_suffix(".csv").unwrap_or(file);
    let Some(dataset) = datasets.iter().find(|dataset| dataset.name == name) else {
        return Ok(Box::new(Nothing(format!("MANIFEST.json doesn't name {name:?}"))));
    };
    let path = directory.join(format!("{name}.csv"));
    if !path.exists() {
        return Ok(Box::new(Nothing(format!("{name}.csv isn't there"))));
    }
    let table = Table::read(&path)?;
    Ok(match dataset.task.as_str() {
        "binary" => Box::new(binary::Binary::new(&path, dataset, table)),
        "multiclass" => answered(multiclass::Multiclass::new(dataset, table)),
        "regression" => answered(regression::Regression::new(dataset, table)),
        task => Box::new(Nothing(format!("the task {task:?} isn't known"))),
    })
}

/// The replies to a table, if it has the columns that they need.
fn answered(replies: Option<impl Replies + 'static>) -> Box<dyn Replies> {
    match replies {
        Some(replies) => Box::new(replies),
        None => Box::new(Nothing("the file lacks labels or predictions".to_owned())),
    }
}
