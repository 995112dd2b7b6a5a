//! Every entry of the golden files, by the same program that holds the engine against other directories.

use crate::data;
use crate::harness::binary::Binary;
use crate::harness::compare::{Replies, Reply, Tally};
use crate::harness::manifest::{self, Dataset};
use crate::harness::table::Table;
use crate::harness::{hold, run};
use serde_json::Value;
use std::path::Path;

/// Why an entry may go without a reply.
const REASONS: [&str; 2] = [
    "Aequitas' significance isn't copied: t-tests on columns of 0 and 1",
    "file not there",
];

pub fn golden(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The replies to a file of the shape of those in the manifest.
pub fn binary(path: &Path, dataset: &Dataset) -> Binary {
    let table = Table::read(&path.with_extension("csv")).unwrap();
    Binary::new(path, dataset, table)
}

#[test]
fn every_entry_of_every_golden_file_is_met() {
    let mut lines = Vec::new();
    let tally = run(&data(""), &mut lines).unwrap();
    println!("{}", String::from_utf8(lines).unwrap());
    assert_eq!(tally.differences, Vec::<String>::new());
    assert_eq!(tally.differing, 0);
    let unexplained = tally
        .gaps
        .iter()
        .filter(|gap| !REASONS.iter().any(|reason| gap.ends_with(&format!(": {reason}"))));
    assert_eq!(unexplained.collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(tally.matched >= 1544, "{tally}");
}

#[test]
fn parquet_gives_the_same_figures() {
    let datasets = manifest::read(&data("")).unwrap();
    let mut matched = 0;
    for dataset in datasets.iter().filter(|dataset| dataset.task == "binary") {
        let path = data(&format!("{}.parquet", dataset.name));
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let tally = hold(
            &golden(&data(&format!("golden/{name}.main.json"))),
            &binary(&path, dataset),
        );
        assert_eq!(tally.differences, Vec::<String>::new(), "{name}");
        matched += tally.matched;
    }
    assert!(matched >= 872, "{matched}");
}

/// A golden file whose numbers are a little off is told from the true one, entry by entry: nothing matches in vain.
#[test]
fn what_is_a_little_off_is_told() {
    for (kind, expected) in [("main", 243), ("aif360_clarify_evidently", 172)] {
        let dataset = manifest::read(&data("")).unwrap();
        let dataset = dataset
            .into_iter()
            .find(|one| one.name.ends_with("german_lr"))
            .unwrap();
        let replies = binary(&data("predictions/german_lr.csv"), &dataset);
        let mut golden = golden(&data(&format!("golden/german_lr.{kind}.json")));
        for entry in golden["entries"].as_array_mut().unwrap() {
            bend(&mut entry["value"]);
        }
        let tally = hold(&golden, &replies);
        // Entries of nothing but 0, 1 and infinity stay.
        assert!(tally.differing + 10 >= expected, "{kind}: {tally}");
    }
}

fn bend(value: &mut Value) {
    match value {
        Value::Object(object) => object.values_mut().for_each(bend),
        Value::Array(array) => array.iter_mut().for_each(bend),
        Value::Number(number) => *value = Value::from(number.as_f64().unwrap() * (1.0 + 1e-6)),
        _ => {}
    }
}

#[test]
fn an_error_of_the_library_is_a_gap() {
    let mut tally = Tally::default();
    tally.hold("id", Err("ValueError"), Reply::Value(Value::Null));
    assert_eq!((tally.matched, tally.uncovered), (0, 1));
}

/// Replies under other ids: those of an edge case leave out what the golden files spell out.
pub struct Spelled<'a, F: Fn(&str) -> String>(pub &'a Binary, pub F);

impl<F: Fn(&str) -> String> Replies for Spelled<'_, F> {
    fn reply(&self, id: &str, call: &str) -> Reply {
        self.0.reply(&(self.1)(id), call)
    }
}
