//! Replies about generated files of a million rows and more: counts by group, from the engine.

use super::compare::{Replies, Reply, number};
use super::table::joined;
use assess::report::{Group, Settings};
use assess::stats::real;
use assess::{Columns, Format, Limits, Report, assess_with};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reports on a generated file, one for each attribute with counts; or why there is none.
pub struct Counts {
    reports: BTreeMap<String, Result<Report, String>>,
}

impl Counts {
    /// Looks for the file that the golden file's `meta` names (`x.csv/.parquet …`) beside the other predictions, and
    /// assesses it by each attribute; a pair is named `a,b`. One at a time, for the scores of all combinations of all
    /// attributes are more than the engine's limits let it hold.
    pub fn new(directory: &Path, golden: &Value) -> Self {
        let path = find(directory, golden["meta"]["file"].as_str().unwrap_or_default());
        let report = |name: &String| match &path {
            Some(path) => assess(path, name),
            None => Err("file not there".to_owned()),
        };
        let attributes = golden["groups"].as_object().into_iter().flatten();
        Self {
            reports: attributes.map(|(name, _)| (name.clone(), report(name))).collect(),
        }
    }
}

impl Replies for Counts {
    /// The counts of an attribute's groups, those that have a value.
    fn reply(&self, id: &str, _: &str) -> Reply {
        let attribute = id.strip_prefix("groups.").unwrap_or(id);
        let report = match self.reports.get(attribute) {
            Some(Ok(report)) => report,
            Some(Err(reason)) => return Reply::Uncovered(reason.clone()),
            None => return Reply::Uncovered("no such attribute".to_owned()),
        };
        let mut attributes = report.attributes.iter();
        let attribute = attributes.find(|one| one.columns.join(",") == attribute);
        let rows = attribute.map(|attribute| {
            let groups = attribute.groups.iter().filter(|group| group.n > 0);
            groups
                .filter_map(|group| Some((joined(&group.key)?, row(group))))
                .collect()
        });
        Reply::of(rows, "no such attribute in the report")
    }
}

fn row(group: &Group) -> Value {
    let (counts, mean) = (&group.counts, group.scores.mean.value);
    json!({
        "tn": counts.tn, "fp": counts.fp, "fn": counts.fn_, "tp": counts.tp,
        "sum_score": number(mean.map(|mean| mean * real(group.n))),
    })
}

fn find(directory: &Path, file: &str) -> Option<PathBuf> {
    let (stem, _) = file.split_once('.')?;
    let places = [directory.join("predictions"), directory.to_owned()];
    let mut candidates = places
        .iter()
        .flat_map(|place| ["csv", "parquet"].map(|end| place.join(format!("{stem}.{end}"))));
    candidates.find(|path| path.is_file())
}

fn assess(path: &Path, attribute: &str) -> Result<Report, String> {
    let columns = Columns {
        label: "y_true".to_owned(),
        prediction: Some("y_pred".to_owned()),
        score: Some("y_score".to_owned()),
        protected: attribute.split(',').map(str::to_owned).collect(),
        favourable: "1".to_owned(),
        ..Columns::default()
    };
    let settings = Settings {
        min_shown: 0,
        ..Settings::default()
    };
    let is_parquet = path.extension().is_some_and(|end| end == "parquet");
    let format = if is_parquet { Format::Parquet } else { Format::Csv };
    assess_with(
        path,
        format,
        &columns,
        &settings,
        &Limits::default(),
        &mut assess::unwatched,
    )
    .map_err(|rejected| format!("the engine refuses the file: {rejected}"))
}
