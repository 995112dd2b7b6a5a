//! A table that is spread over several files: each is counted apart, anywhere, and the counts are put together.

use super::{Answer, Order, Output, Refused, answered, gates};
use crate::engine::{Limits, Part, Rejected, Watch};
use crate::report::Settings;
use std::path::{Path, PathBuf};

impl Order {
    /// Counts one file of a spread table. The answer is the counts, for [`Merge`]; gates and whatever else needs the
    /// whole table are asked of that.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with the order or the file.
    pub fn part(&self, file: &Path, progress: &mut Watch<'_>) -> Result<Answer, Refused> {
        self.check()?;
        if self.policy.is_some() || self.request.baseline.is_some() || !self.request.slices.is_empty() {
            return Err(Refused::WrongUse(
                "A part is only counted: ask for gates when the parts are merged, for drift and slices of the whole table."
                    .to_owned(),
            ));
        }
        let mut part = Part::read(file, &self.request, &Limits::default(), progress)?;
        Ok(Answer {
            text: String::from_utf8_lossy(&part.to_json()?).into_owned() + "\n",
            gates: Vec::new(),
            passed: true,
        })
    }
}

/// What is asked of counted parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// Files that [`Order::part`] answered with, in the order of the table.
    pub parts: Vec<PathBuf>,
    /// The text of a file of gates.
    pub policy: Option<String>,
    pub output: Output,
}

impl Merge {
    /// The report of all parts: the same figures, as far as [`Part`] says, as if they were one file.
    ///
    /// # Errors
    /// [`Refused`] says which part can't be used, and why.
    pub fn run(&self) -> Result<Answer, Refused> {
        let policy = gates(self.policy.as_deref())?;
        let whole = self.parts.iter().try_fold(None, |whole: Option<Part>, path| {
            let part = read(path)?;
            Ok::<_, Rejected>(Some(match whole {
                Some(whole) => whole.merge(part)?,
                None => part,
            }))
        })?;
        let whole = whole.ok_or_else(|| Refused::WrongUse("Name the parts to merge.".to_owned()))?;
        let again = &mut self.parts.iter().map(|path| read(path));
        let assessment = whole.report(&Settings::default(), again)?;
        answered(assessment, policy.as_ref(), &self.output)
    }
}

fn read(path: &Path) -> Result<Part, Rejected> {
    Part::from_json(&std::fs::read(path)?, &Limits::default())
}
