//! Replies to the golden files of binary predictions: what the engine reports, and what follows from its counts.

mod aequitas;
mod differences;
mod figures;
mod impact;
mod privilege;
mod source;

use super::compare::{Replies, Reply};
use super::drift::{Drift, is_drift};
use super::manifest::Dataset;
use super::table::Table;
use serde_json::Value;
use source::Source;
use std::path::Path;
use std::rc::Rc;

/// A binary file.
pub struct Binary {
    source: Source,
    drift: Drift,
    aequitas: aequitas::Memory,
}

impl Binary {
    pub fn new(path: &Path, dataset: &Dataset, table: Table) -> Self {
        let table = Rc::new(table);
        Self {
            drift: Drift::new(dataset, Rc::clone(&table)),
            source: Source::new(path, dataset, table),
            aequitas: aequitas::Memory::default(),
        }
    }

    fn value(&self, id: &str, call: &str) -> Option<Value> {
        let source = &self.source;
        let kind = id.split('.').next().unwrap_or_default();
        match kind {
            "overall" | "by_group" | "by_group_score" | "mf" | "fairlearn" => figures::reply(source, id),
            "ll144" => impact::reply(source, id, call),
            "aif360" | "aif360sk" | "clarify" => privilege::reply(source, id, call),
            "crosstabs" | "disparity" | "fairness" | "inter" => {
                aequitas::reply(source, &self.aequitas, id, call)
            }
            _ => differences::reply(source, id),
        }
    }
}

impl Replies for Binary {
    fn reply(&self, id: &str, call: &str) -> Reply {
        if is_drift(id) {
            return self.drift.reply(id, call);
        }
        if id
            .strip_prefix("inter.")
            .unwrap_or(id)
            .starts_with("significance.")
        {
            let why = "Aequitas' significance isn't copied: t-tests on columns of 0 and 1";
            return Reply::Uncovered(why.to_owned());
        }
        if let Some(reason) = differences::unreliable(&self.source, id) {
            return Reply::Uncovered(reason.to_owned());
        }
        match (self.value(id, call), self.source.refusal()) {
            (Some(value), _) => Reply::Value(value),
            (None, Some(refusal)) => Reply::Uncovered(format!("the engine refuses the file: {refusal}")),
            (None, None) => Reply::Uncovered("no such figure".to_owned()),
        }
    }
}
