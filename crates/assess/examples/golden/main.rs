//! Holds our figures against golden files: `cargo run -p assess --release --example golden -- DIR`.

mod compare;
mod counts;
mod drift;
mod multiclass;
mod regression;
mod reply;
mod table;

use reply::Reply;
use serde_json::Value;
use std::path::Path;
use std::process::ExitCode;
use table::Table;

#[derive(Default)]
struct Tally {
    matched: usize,
    differing: usize,
    uncovered: usize,
}

impl Tally {
    fn hold(&mut self, id: &str, golden: &Value, reply: &Reply) {
        let mut found = Vec::new();
        match reply {
            Reply::Uncovered(reason) => {
                self.uncovered += 1;
                println!("uncovered {id}: {reason}");
                return;
            }
            Reply::Value(value) => compare::differences(id, golden, value, &mut found),
            Reply::Between(low, high) => {
                let slack = 1e-12;
                let is_within = |value: f64| (low - slack..=high + slack).contains(&value);
                if !golden.as_f64().is_some_and(is_within) {
                    found.push(format!("{id}: {golden} ours {low} to {high}"));
                }
            }
        }
        if found.is_empty() {
            self.matched += 1;
        } else {
            self.differing += 1;
        }
        for one in &found {
            println!("differing {one}");
        }
    }
}

fn main() -> ExitCode {
    let Some(directory) = std::env::args().nth(1) else {
        eprintln!("usage: golden DIR");
        return ExitCode::from(2);
    };
    match run(Path::new(&directory)) {
        Ok(tally) => {
            println!(
                "matched {}, differing {}, uncovered {}",
                tally.matched, tally.differing, tally.uncovered
            );
            ExitCode::from(u8::from(tally.differing > 0))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run(directory: &Path) -> Result<Tally, Box<dyn std::error::Error>> {
    let manifest: Value = serde_json::from_slice(&std::fs::read(directory.join("MANIFEST.json"))?)?;
    let mut files: Vec<_> = std::fs::read_dir(directory.join("golden"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let mut total = Tally::default();
    for file in files {
        let golden: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
        let mut tally = Tally::default();
        if golden["groups"].is_object() {
            counts(directory, &golden, &mut tally);
        } else {
            entries(directory, &manifest, &golden, &mut tally)?;
        }
        println!(
            "{}: matched {}, differing {}, uncovered {}",
            file.display(),
            tally.matched,
            tally.differing,
            tally.uncovered
        );
        total.matched += tally.matched;
        total.differing += tally.differing;
        total.uncovered += tally.uncovered;
    }
    Ok(total)
}

fn counts(directory: &Path, golden: &Value, tally: &mut Tally) {
    let groups = golden["groups"].as_object().into_iter().flatten();
    let names: Vec<String> = groups.clone().map(|(name, _)| name.clone()).collect();
    let file = golden["meta"]["file"].as_str().unwrap_or_default();
    let counts = counts::Counts::new(directory, file, &names);
    for (attribute, groups) in groups {
        for (group, value) in groups.as_object().into_iter().flatten() {
            tally.hold(
                &format!("{attribute}.{group}"),
                value,
                &counts.reply(attribute, group),
            );
        }
    }
}

fn entries(
    directory: &Path,
    manifest: &Value,
    golden: &Value,
    tally: &mut Tally,
) -> Result<(), Box<dyn std::error::Error>> {
    let dataset = golden["meta"]["dataset"].as_str().unwrap_or_default();
    let name = dataset.trim_end_matches(".csv");
    let table = Table::read(&directory.join(dataset))?;
    let main = directory
        .join("golden")
        .join(format!("{}.main.json", name.trim_start_matches("predictions/")));
    let main: Value = serde_json::from_slice(&std::fs::read(main)?)?;
    let calls = main["entries"].as_array().into_iter().flatten();
    let order = calls
        .filter_map(|entry| entry["call"].as_str())
        .find(|call| call.contains("reference=first"));
    let drift = drift::Drift::new(&table, order.unwrap_or_default());
    let (numbers, classes) = (
        regression::Numbers::new(&table),
        multiclass::Multiclass::new(&table),
    );
    for entry in golden["entries"].as_array().into_iter().flatten() {
        let (id, call) = (
            entry["id"].as_str().unwrap_or_default(),
            entry["call"].as_str().unwrap_or_default(),
        );
        let moved = ["drift.", "evidently.", "chi2_all_groups."]
            .iter()
            .any(|start| id.starts_with(start));
        let impact = ["ll144.scoring_rate.", "ll144.median"]
            .iter()
            .any(|start| id.starts_with(start));
        let reply = match (manifest[name]["task"].as_str(), &numbers, &classes) {
            _ if moved => drift.reply(id, call),
            _ if impact => regression::impact(&table, id, call),
            (Some("regression"), Some(numbers), _) => numbers.reply(id, call),
            (Some("multiclass"), _, Some(classes)) => classes.reply(id, call),
            _ => continue,
        };
        match entry.get("value") {
            Some(value) => tally.hold(id, value, &reply),
            None => tally.hold(
                id,
                &Value::Null,
                &Reply::Uncovered(format!("the library gave no value: {}", entry["error"])),
            ),
        }
    }
    Ok(())
}
