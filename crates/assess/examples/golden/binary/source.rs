//! A binary predictions file, read by the engine in as many ways as entries ask for.

use super::super::manifest::Dataset;
use super::super::table::{Table, joined};
use assess::calibration::Scored;
use assess::report::{Attribute, Confusion, Group, Settings};
use assess::{Columns, Format, Limits, Report};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The file's columns by convention.
const LABEL: &str = "y_true";
const PREDICTION: &str = "y_pred";
const SCORE: &str = "y_score";

/// What impact ratios are taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selected {
    /// The answer that is good for the person.
    Favourable,
    /// The answer that scores speak for.
    Positive,
}

/// What sets one reading of the file apart from another.
type Way = (Vec<String>, Selected, u64);

/// A file.
pub struct Source {
    pub dataset: Dataset,
    pub table: Rc<Table>,
    path: PathBuf,
    columns: Columns,
    /// The answer counted as positive.
    positive: String,
    reports: RefCell<BTreeMap<Way, Result<Rc<Report>, String>>>,
}

/// The groups of an attribute, or of two crossed.
pub struct Grouping {
    report: Rc<Report>,
}

impl Grouping {
    /// The attribute; a crossed one comes after those it is made of.
    pub fn attribute(&self) -> Option<&Attribute> {
        self.report.attributes.last()
    }

    /// The counts of all rows, those without a group included.
    pub fn all(&self) -> Confusion {
        self.report.overall.counts
    }

    /// The groups that have a value and rows, by name.
    pub fn groups(&self) -> BTreeMap<String, &Group> {
        let groups = self.attribute().map(|attribute| attribute.groups.as_slice());
        let filled = groups.unwrap_or_default().iter().filter(|group| group.n > 0);
        filled.filter_map(|group| Some((name(group)?, group))).collect()
    }

    /// Everybody in none of the groups that `taken` picks: the counts of the others, pooled.
    pub fn pooled(&self, taken: impl Fn(&Group) -> bool) -> Confusion {
        let mut counts = Confusion::default();
        let groups = self.attribute().map(|attribute| attribute.groups.as_slice());
        for group in groups.unwrap_or_default().iter().filter(|group| taken(group)) {
            counts.add(&group.counts);
        }
        counts
    }

    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// A group's name in golden files; none where it lacks a value.
pub fn name(group: &Group) -> Option<String> {
    joined(&group.key)
}

impl Source {
    pub fn new(path: &Path, dataset: &Dataset, table: Rc<Table>) -> Self {
        let present = |name: &str| {
            table
                .header
                .iter()
                .any(|known| known == name)
                .then(|| name.to_owned())
        };
        let columns = Columns {
            label: LABEL.to_owned(),
            prediction: present(PREDICTION),
            score: present(SCORE),
            favourable: dataset.favourable(&table, LABEL),
            ..Columns::default()
        };
        let mut source = Self {
            dataset: dataset.clone(),
            table,
            path: path.to_owned(),
            columns,
            positive: "1".to_owned(),
            reports: RefCell::default(),
        };
        if let Some(whole) = source.whole() {
            source.positive.clone_from(&whole.report.labels.positive);
        }
        source
    }

    /// The file without any attribute.
    pub fn whole(&self) -> Option<Grouping> {
        self.read(Vec::new(), Selected::Favourable, 0)
    }

    /// Why the engine refuses the file, if it does.
    pub fn refusal(&self) -> Option<String> {
        let reports = self.reports.borrow();
        reports.values().find_map(|report| report.as_ref().err().cloned())
    }

    /// The groups of an attribute by its name in golden files, two crossed ones joined by `x`.
    pub fn grouping(&self, name: &str) -> Option<Grouping> {
        self.read(self.named(name)?, Selected::Favourable, 0)
    }

    /// The same, with impact ratios of an answer, leaving out groups of less than a percentage.
    pub fn impact(&self, name: &str, selected: Selected, percent: u64) -> Option<Grouping> {
        self.read(self.named(name)?, selected, percent)
    }

    /// The parts of `head.attribute`, wherever a dot parts them so that the attribute exists.
    pub fn attribute_last<'a>(&self, text: &'a str) -> Option<(&'a str, Grouping)> {
        parted(text).find_map(|(head, name)| Some((head, self.grouping(name)?)))
    }

    /// What `find` makes of `attribute.tail`, wherever a dot parts them so that it makes something.
    pub fn attribute_first<T>(&self, text: &str, find: impl Fn(Grouping, &str) -> Option<T>) -> Option<T> {
        parted(text).find_map(|(name, tail)| find(self.grouping(name)?, tail))
    }

    /// The columns that a name stands for.
    pub fn named(&self, name: &str) -> Option<Vec<String>> {
        self.dataset.columns_of(name, &self.table)
    }

    /// Every row's score, and whether its label is positive; none if a row lacks either.
    pub fn scored(&self) -> Option<Vec<Scored>> {
        let scores = self.scores()?;
        let labels = self.table.column(LABEL)?.iter();
        let positive = labels.map(|label| Some(same(label.as_deref()?, &self.positive)));
        scores
            .into_iter()
            .zip(positive)
            .map(|(score, label)| Some((score, label?)))
            .collect()
    }

    /// Every row's score; none if a row lacks one.
    fn scores(&self) -> Option<Vec<f64>> {
        self.table.numbers(SCORE)?.into_iter().collect()
    }

    fn read(&self, protected: Vec<String>, selected: Selected, percent: u64) -> Option<Grouping> {
        let way = (protected, selected, percent);
        if let Some(report) = self.reports.borrow().get(&way) {
            return report.clone().ok().map(|report| Grouping { report });
        }
        let report = self.assess(&way).map(Rc::new);
        self.reports.borrow_mut().insert(way, report.clone());
        report.ok().map(|report| Grouping { report })
    }

    /// The report with every figure shown, however few rows it rests on, as the libraries do.
    fn assess(&self, (protected, selected, percent): &Way) -> Result<Report, String> {
        let mut columns = Columns {
            protected: protected.clone(),
            ..self.columns.clone()
        };
        if *selected == Selected::Positive {
            columns.favourable.clone_from(&self.positive);
        }
        let settings = Settings {
            min_shown: 0,
            min_judged: 1,
            min_outcomes: 0,
            min_percent: *percent,
            ..Settings::default()
        };
        let limits = Limits {
            max_groups: 100_000,
            max_cells: 1_000_000,
            ..Limits::default()
        };
        let is_parquet = self.path.extension().is_some_and(|ending| ending == "parquet");
        let format = if is_parquet { Format::Parquet } else { Format::Csv };
        assess::assess_with(
            &self.path,
            format,
            &columns,
            &settings,
            &limits,
            &mut assess::unwatched,
        )
        .map_err(|refusal| refusal.to_string())
    }
}

/// Every way to part a text at a dot.
fn parted(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('.')
        .filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?)))
}

/// Whether two answers are one, as the engine sees it.
fn same(a: &str, b: &str) -> bool {
    let number = |text: &str| match text.to_ascii_lowercase().as_str() {
        "true" => Some(1.0),
        "false" => Some(0.0),
        text => text.parse::<f64>().ok(),
    };
    a == b
        || number(a)
            .zip(number(b))
            .is_some_and(|(a, b)| a.total_cmp(&b).is_eq())
}
