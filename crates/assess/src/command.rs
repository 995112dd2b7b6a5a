//! What `countersign assess` does, apart from reading its arguments and printing: a file and what is asked of it become
//! one text and a verdict on the gates. It needs no database and no server.

mod check;
mod compare;
mod html;
mod ll144;
mod parts;
mod text;
mod view;
mod views;

use crate::assessment::Assessment;
use crate::engine::{Limits, Progress, Rejected, Request, Watch, assess};
use crate::export;
use crate::policy::{Outcome, Policy};
use crate::words;
use std::io::{Read, Write};
use std::path::Path;
use thiserror::Error;

pub use parts::Merge;

/// What is asked of a file, and how the answer is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub request: Request,
    /// The text of a file of gates.
    pub policy: Option<String>,
    pub output: Output,
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
    /// The answer can't be written.
    #[error("The report can't be written: {0}.")]
    Unwritable(#[from] serde_json::Error),
}

impl From<Rejected> for Refused {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Senseless(words) => Self::WrongUse(words.to_owned()),
            rejected => Self::Rejected(Box::new(rejected)),
        }
    }
}

/// The gates of a policy's text.
fn gates(policy: Option<&str>) -> Result<Option<Policy>, Refused> {
    let policy = policy.map(Policy::parse).transpose();
    policy.map_err(|wrong| Refused::WrongUse(format!("The policy can't be used. {wrong}")))
}

/// Holds a report against the gates, and writes both.
fn answered(mut assessment: Assessment, policy: Option<&Policy>, output: &Output) -> Result<Answer, Refused> {
    if let Some(policy) = policy {
        assessment.beside_mut().gates = policy.judge(&assessment.facts());
    }
    let text = match output {
        Output::Json => String::from_utf8_lossy(&assessment.to_json()?).into_owned() + "\n",
        Output::Csv => export::to_csv(&assessment),
        Output::Table => text::written(&views::of(&assessment)),
        Output::Html | Output::Ll144 { .. } => html::page(&views::of(&assessment)),
    };
    let gates = &assessment.beside().gates;
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
    pub fn run(&self, file: &Path, progress: &mut Watch<'_>) -> Result<Answer, Refused> {
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
        let assessment = assess(file, &self.request, &Limits::default(), progress)?;
        answered(assessment, policy.as_ref(), &self.output)
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
