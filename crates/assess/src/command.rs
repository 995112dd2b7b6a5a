//! What `countersign assess` does, apart from reading its arguments and printing: a file and what is asked of it become
//! one text and a verdict on the gates. It needs no database and no server.

mod check;
mod compare;
mod csv;
mod document;
mod html;
mod ll144;
mod parts;
mod text;
mod view;
mod views;

use crate::drift::{self, AnswersAre, Drift, Watched};
use crate::engine::{Format, Limits, Progress, Rejected, assess_with};
use crate::facts::Fact;
use crate::policy::{Outcome, Policy};
use crate::report::{Columns, Entry, Group, Settings};
use crate::tasks::{self, Input, multiclass, ranking, regression};
use crate::words;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use thiserror::Error;

pub use document::{Beside, Document, Slice, With};
pub use parts::Merge;

/// What is asked of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub task: Task,
    pub columns: Columns,
    /// Columns by which performance is told apart, without judging fairness.
    pub slices: Vec<String>,
    /// Tops of a ranking; [`ranking::TOPS`] where empty.
    pub tops: Vec<ranking::Top>,
    /// An earlier file that drift is measured from.
    pub baseline: Option<PathBuf>,
    /// Columns whose drift is measured besides those named above.
    pub features: Vec<String>,
    /// The text of a file of gates.
    pub policy: Option<String>,
    /// The column of how many people a row stands for.
    pub weights: Option<String>,
    pub output: Output,
}

/// The kind of prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Two answers, one of them favourable for the person.
    Binary,
    /// Several classes.
    Multiclass,
    /// Numbers.
    Regression,
    /// A score alone.
    Ranking,
}

impl FromStr for Task {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "binary" => Ok(Self::Binary),
            "multiclass" => Ok(Self::Multiclass),
            "regression" => Ok(Self::Regression),
            "ranking" => Ok(Self::Ranking),
            _ => Err(format!(
                "“{text}” is none of binary, multiclass, regression and ranking."
            )),
        }
    }
}

/// How the answer is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// By `docs/report.schema.json`, every figure to its last digit.
    Json,
    /// For a terminal.
    Table,
    /// A line a figure.
    Csv,
    /// A page that stands alone.
    Html,
    /// The page that New York City's Local Law 144 asks to publish, by these two columns.
    Ll144 { sex: String, race: String },
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was asked for, with a line break at its end.
    pub text: String,
    /// How each gate of the policy came out, in a line each.
    pub gates: Vec<String>,
    /// Whether every gate is met; true without a policy.
    pub passed: bool,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Refused {
    /// The order makes no sense; the file wasn't looked at.
    #[error("{0}")]
    WrongUse(String),
    #[error(transparent)]
    Rejected(Box<Rejected>),
    /// The files can't be compared.
    #[error("Drift from the baseline can't be measured. {0}")]
    Drift(Box<Rejected>),
    /// The answer can't be written.
    #[error("The report can't be written: {0}.")]
    Unwritable(#[from] serde_json::Error),
}

impl From<Rejected> for Refused {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(Box::new(rejected))
    }
}

/// The gates of a policy's text.
fn gates(policy: Option<&str>) -> Result<Option<Policy>, Refused> {
    let policy = policy.map(Policy::parse).transpose();
    policy.map_err(|wrong| Refused::WrongUse(format!("The policy can't be used. {wrong}")))
}

/// Holds a report against the gates, and writes both.
fn answered(mut document: Document, policy: Option<&Policy>, output: &Output) -> Result<Answer, Refused> {
    if let Some(policy) = policy {
        document.beside_mut().gates = policy.judge(&document.facts());
    }
    let text = match output {
        Output::Json => String::from_utf8_lossy(&document.to_json()?).into_owned() + "\n",
        Output::Csv => csv::written(&document),
        Output::Table => text::written(&views::of(&document)),
        Output::Html | Output::Ll144 { .. } => html::page(&views::of(&document)),
    };
    let gates = &document.beside().gates;
    Ok(Answer {
        text,
        gates: gates.iter().map(Outcome::line).collect(),
        passed: gates.iter().all(|gate| gate.state.is_met()),
    })
}

impl Order {
    /// Does what is asked with the file.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with the order or a file.
    pub fn run(&self, file: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Answer, Refused> {
        self.check()?;
        let policy = gates(self.policy.as_deref())?;
        if let Output::Ll144 { sex, race } = &self.output {
            let page = ll144::page(self, file, [sex, race], progress)?;
            return Ok(Answer {
                text: html::page(&page),
                gates: Vec::new(),
                passed: true,
            });
        }
        answered(self.document(file, progress)?, policy.as_ref(), &self.output)
    }

    /// Everything that is asked for but the gates.
    fn document(&self, file: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Document, Refused> {
        let all = Columns {
            weight: self.weights.clone().or_else(|| self.columns.weight.clone()),
            ..self.columns.clone()
        };
        let mut document = self.report(file, &all, progress)?;
        let mut slices = Vec::new();
        for column in &self.slices {
            let columns = Columns {
                protected: vec![column.clone()],
                references: std::collections::BTreeMap::new(),
                declared: std::collections::BTreeMap::new(),
                ..all.clone()
            };
            let sliced = self.report(file, &columns, progress)?;
            slices.push(Slice {
                column: column.clone(),
                groups: sliced.groups(),
            });
        }
        document.beside_mut().slices = slices;
        let drift = self.drift(file, progress);
        document.beside_mut().drift = drift.map_err(|rejected| Refused::Drift(Box::new(rejected)))?;
        Ok(document)
    }

    fn report(
        &self,
        file: &Path,
        columns: &Columns,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Document, Rejected> {
        let (settings, held) = (Settings::default(), Limits::held());
        let input = Input::Path(file);
        Ok(match self.task {
            Task::Binary => {
                let format = Format::of_file(&mut File::open(file)?)?;
                let limits = Limits::default();
                let report = assess_with(file, format, columns, &settings, &limits, progress)?;
                Document::Binary(Box::new(With::new(report)))
            }
            Task::Multiclass => Document::Multiclass(Box::new(With::new(multiclass::assess(
                input, columns, &settings, &held, progress,
            )?))),
            Task::Regression => Document::Regression(Box::new(With::new(regression::assess(
                input, columns, &settings, &held, progress,
            )?))),
            Task::Ranking => Document::Ranking(Box::new(With::new(ranking::assess(
                input,
                columns,
                self.tops(),
                &settings,
                &held,
                progress,
            )?))),
        })
    }

    fn tops(&self) -> &[ranking::Top] {
        if self.tops.is_empty() {
            &ranking::TOPS
        } else {
            &self.tops
        }
    }

    fn drift(&self, file: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Option<Drift>, Rejected> {
        let Some(baseline) = &self.baseline else {
            return Ok(None);
        };
        let answers = match self.task {
            Task::Regression => AnswersAre::Numbers,
            _ => AnswersAre::Categories,
        };
        let mut columns = self.columns.clone();
        if self.task == Task::Multiclass {
            // It is a prefix there, not a column.
            columns.score = None;
        }
        let watched = Watched::of(&columns, answers, &self.features);
        let (before, after) = (Input::Path(baseline), Input::Path(file));
        drift::report(
            before,
            after,
            &watched,
            &Settings::default(),
            &Limits::held(),
            progress,
        )
        .map(Some)
    }
}

/// What a stream holds, as a file: standard input is kept in a temporary one, for Parquet can't be read in order and
/// slices read it twice. The file goes when this is dropped.
#[derive(Debug)]
pub struct Kept(tempfile::NamedTempFile);

impl Kept {
    /// Reads all of it, at most as much as a file may be large.
    ///
    /// # Errors
    /// Where it can't be read or kept, or is too large.
    pub fn from(reader: impl Read) -> Result<Self, Rejected> {
        let limit = Limits::default().max_bytes;
        let mut file = tempfile::NamedTempFile::new()?;
        let bytes = std::io::copy(&mut reader.take(limit + 1), &mut file)?;
        file.flush()?;
        if bytes > limit {
            return Err(Rejected::TooBig { limit });
        }
        Ok(Self(file))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// How far the reading has come, in a few words.
pub fn progress_words(progress: Progress) -> String {
    let rows = words::count(progress.rows);
    match progress.of.filter(|of| *of > 0) {
        Some(of) => {
            let percent = u128::from(progress.bytes) * 100 / u128::from(of);
            format!("{} % read, {rows} rows", percent.min(100))
        }
        None => format!("{rows} rows read"),
    }
}

/// A group of a binary report in the words of the other tasks.
fn group(group: &Group) -> tasks::Group {
    let figures = group.rates.named().into_iter().chain(group.scores.named());
    let figures = figures.map(|(id, figure)| Entry::new(id, figure.clone()));
    // A slice isn't judged, so of the figures by weight it has the rates alone.
    let weighted = group.weighted.iter().flat_map(|weighted| weighted.rates.named());
    let weighted = weighted.map(|(id, figure)| Entry::new(format!("weighted.{id}"), figure.clone()));
    tasks::Group {
        key: group.key.clone(),
        standing: group.standing.clone(),
        n: group.n,
        figures: figures.chain(weighted).collect(),
    }
}

impl Document {
    /// Every figure that a gate may ask for.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = match self {
            Self::Binary(with) => with.report.facts(),
            Self::Multiclass(with) => with.report.facts(),
            Self::Regression(with) => with.report.facts(),
            Self::Ranking(with) => with.report.facts(),
        };
        facts.extend(self.beside().drift.as_ref().map(Drift::facts).unwrap_or_default());
        facts
    }

    /// The groups of the first attribute.
    fn groups(&self) -> Vec<tasks::Group> {
        let first = |attributes: &[tasks::Attribute]| attributes.first().map(|first| first.groups.clone());
        let groups = match self {
            Self::Binary(with) => {
                let first = with.report.attributes.first();
                first.map(|first| first.groups.iter().map(group).collect())
            }
            Self::Multiclass(with) => first(&with.report.attributes),
            Self::Regression(with) => first(&with.report.attributes),
            Self::Ranking(with) => first(&with.report.attributes),
        };
        groups.unwrap_or_default()
    }
}
