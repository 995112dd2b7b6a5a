//! Replies about generated files of a million rows and more: counts by group, from the engine.

use crate::reply::{Reply, number};
use assess::report::{Group, Settings};
use assess::stats::real;
use assess::{Columns, Format, Limits, Report, assess_with};
use serde_json::json;
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
    pub fn new(directory: &Path, file: &str, attributes: &[String]) -> Self {
        let path = find(directory, file);
        let report = |name: &String| match &path {
            Some(path) => assess(path, name),
            None => Err("file not there".to_owned()),
        };
        Self {
            reports: attributes
                .iter()
                .map(|name| (name.clone(), report(name)))
                .collect(),
        }
    }

    /// The counts of a group; the id is the attribute's name, the call the group's.
    pub fn reply(&self, id: &str, call: &str) -> Reply {
        let report = match self.reports.get(id) {
            Some(Ok(report)) => report,
            Some(Err(reason)) => return Reply::Uncovered(reason.clone()),
            None => return Reply::Uncovered("no such attribute".to_owned()),
        };
        let attribute = report
            .attributes
            .iter()
            .find(|attribute| attribute.columns.join(",") == id);
        let key = |group: &Group| group.key.iter().flatten().cloned().collect::<Vec<_>>().join("|");
        let groups = attribute.iter().flat_map(|attribute| &attribute.groups);
        let group = groups
            .filter(|group| group.key.iter().all(Option::is_some))
            .find(|group| key(group) == call);
        let counts = group.map(|group| {
            let sum = group.scores.mean.value.map(|mean| mean * real(group.n));
            json!({
                "tn": group.counts.tn, "fp": group.counts.fp, "fn": group.counts.fn_, "tp": group.counts.tp,
                "sum_score": number(sum),
            })
        });
        Reply::of(counts, "no such group in the report")
    }
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
    assess_with(path, format, &columns, &settings, &Limits::default(), &mut |_| {})
        .map_err(|rejected| format!("the engine refuses the file: {rejected}"))
}
