//! What is kept of some rows: enough to report on them, alone or together with that of the rows that follow.

pub(super) mod kept;
mod wire;

use super::intake::{Intake, Shift};
use super::tally::{Counts, Weights};
use super::{Rejected, digest};
use crate::report::{Report, Settings, Source};

/// All that is kept of the rows of one file, or of several that make up one table.
///
/// Counts, scores and weights are kept exactly, so the parts of a table give every figure of the whole to the last
/// digit, however it was divided. What differs by nature is the [`Source`], which names the parts. An error that only
/// shows where parts meet, such as a third answer, is named for the part's first row or the answer's, not always for
/// the first row at fault.
pub struct Partial {
    pub(super) intake: Intake,
    /// The files read, in order.
    pub(super) sources: Vec<Source>,
}

/// Rows that share their group in every protected attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell<'a> {
    /// For each attribute, in the order named; none where the group isn't known.
    pub groups: Vec<Option<&'a str>>,
    /// Rows by label and prediction, both by the place of the answer in [`Partial::answers`]. Without a prediction
    /// column, 1 in place of the prediction stands for scores at or above the threshold.
    pub rows: Counts,
    /// Sums over the same rows, where a column of weights was named.
    pub weights: Option<Weights>,
}

impl Partial {
    /// Rows read.
    pub fn rows(&self) -> u64 {
        self.intake.rows()
    }

    /// The files read, in order.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The label's answers, at most two, in the order in which they first occurred.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        self.intake
            .answers
            .known
            .iter()
            .map(|answer| answer.text.as_str())
    }

    /// What was counted for each combination of groups that occurs, in the order in which they first did.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let Intake { tally, groups, .. } = &self.intake;
        tally.cells.iter().enumerate().map(move |(at, (key, rows))| Cell {
            groups: key
                .iter()
                .zip(groups)
                .map(|(id, groups)| groups.name(*id))
                .collect(),
            rows: *rows,
            weights: tally.weights(at),
        })
    }

    /// Adds the rows that follow these in the table. Both must be read with the same columns.
    ///
    /// # Errors
    /// [`Rejected`], where the parts were read with different columns, or together exceed the limits of the first.
    pub fn merge(mut self, next: Self) -> Result<Self, Rejected> {
        if self.intake.columns != next.intake.columns {
            return Err(Rejected::Unlike("columns"));
        }
        let shift = Shift {
            rows: self.rows(),
            lines: None,
        };
        self.intake.absorb(next.intake, shift)?;
        self.sources.extend(next.sources);
        Ok(self)
    }

    /// The report on all rows.
    ///
    /// # Errors
    /// [`Rejected`], where there are no rows, or the columns name an answer or a group that no row has.
    pub fn report(self, settings: &Settings) -> Result<Report, Rejected> {
        let source = self.source();
        self.intake.report(settings, source)
    }

    /// What the report names as its source.
    pub fn source(&self) -> Source {
        of_sources(&self.sources)
    }
}

/// Files as one source. Of several: their sizes added up, their formats where they differ joined by `+`, and as digest the
/// SHA-256 of their digests in hexadecimal, in order, each with a line break.
pub(super) fn of_sources(sources: &[Source]) -> Source {
    let digests: Vec<&str> = sources.iter().map(|source| source.digest.as_str()).collect();
    let mut formats: Vec<&str> = sources.iter().map(|source| source.format.as_str()).collect();
    formats.sort_unstable();
    formats.dedup();
    Source {
        digest: digest::of_parts(&digests),
        bytes: sources
            .iter()
            .fold(0, |sum, source| sum.saturating_add(source.bytes)),
        format: formats.join("+"),
    }
}
