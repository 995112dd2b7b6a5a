//! What is kept of a part of a table, whatever the task.

use super::partial::{Partial, kept};
use super::{Format, Limits, Rejected, Request, Watch, assess_partial, tasks};
use crate::assessment::Assessment;
use crate::report::{Settings, Source, Task};
use serde::Deserialize;
use std::fs::File;
use std::path::Path;

/// All that is kept of the rows of one file, or of several that make up one table.
///
/// Counts, sums of weights and scores are kept exactly, so the parts of a table give every figure of the whole to the last
/// digit, however it was divided; but means and spreads of predicted numbers to about twelve digits, for their sums are rounded.
pub struct Part(Of);

enum Of {
    Binary(Box<Partial>),
    Other(Box<tasks::partial::Partial>),
}

impl Part {
    /// Reads a file by a request: its task, columns and tops; the rest is asked of the whole.
    ///
    /// # Errors
    /// [`Rejected`] names what is wrong with the file or the columns, and where.
    pub fn read(
        file: &Path,
        request: &Request,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<Self, Rejected> {
        Ok(Self(if request.task == Task::Binary {
            let format = Format::of_file(&mut File::open(file)?)?;
            let partial = assess_partial(file, format, &request.columns, limits, progress)?;
            Of::Binary(Box::new(partial))
        } else {
            let partial = tasks::partial::Partial::read(file, request, limits, progress)?;
            Of::Other(Box::new(partial))
        }))
    }

    /// As JSON, which [`Part::from_json`] reads.
    ///
    /// # Errors
    /// None that a part can cause.
    pub fn to_json(&mut self) -> Result<Vec<u8>, serde_json::Error> {
        match &mut self.0 {
            Of::Binary(partial) => partial.to_json(),
            Of::Other(partial) => partial.as_json(),
        }
    }

    /// A part from its JSON, within the same limits as a file.
    ///
    /// # Errors
    /// [`Rejected`], which says what can't be.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, Rejected> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        if json.len() as u64 > limits.max_bytes {
            return Err(Rejected::TooBig {
                limit: limits.max_bytes,
            });
        }
        let head: Head = serde_json::from_slice(json).map_err(|error| kept::wrong(error.to_string()))?;
        Ok(Self(if head.schema == tasks::partial::SCHEMA {
            Of::Other(Box::new(tasks::partial::Partial::from_json(json, limits)?))
        } else {
            Of::Binary(Box::new(Partial::from_json(json, limits)?))
        }))
    }

    /// Rows read.
    pub fn rows(&self) -> u64 {
        match &self.0 {
            Of::Binary(partial) => partial.rows(),
            Of::Other(partial) => partial.rows(),
        }
    }

    /// The files read, in order.
    pub fn sources(&self) -> &[Source] {
        match &self.0 {
            Of::Binary(partial) => partial.sources(),
            Of::Other(partial) => &partial.sources,
        }
    }

    /// Adds the rows that follow these in the table. Both must be read by the same task, columns and tops.
    ///
    /// # Errors
    /// [`Rejected`], where the parts were read differently, or together exceed the limits of the first.
    pub fn merge(self, next: Self) -> Result<Self, Rejected> {
        Ok(Self(match (self.0, next.0) {
            (Of::Binary(part), Of::Binary(next)) => Of::Binary(Box::new(part.merge(*next)?)),
            (Of::Other(part), Of::Other(next)) => Of::Other(Box::new(part.merge(*next)?)),
            _ => return Err(Rejected::Unlike("tasks")),
        }))
    }

    /// The report on all rows. `again` are the parts once more, in their order, asked for only where the cut of a ranking falls
    /// among rows that tie: who of them is taken goes by the order of the table.
    ///
    /// # Errors
    /// [`Rejected`], where the columns name an answer or a group that no row has.
    pub fn report(
        self,
        settings: &Settings,
        again: &mut dyn Iterator<Item = Result<Self, Rejected>>,
    ) -> Result<Assessment, Rejected> {
        match self.0 {
            Of::Binary(partial) => Ok(partial.report(settings)?.into()),
            Of::Other(partial) => {
                let other = |part: Result<Self, Rejected>| match part?.0 {
                    Of::Other(part) => Ok(*part),
                    Of::Binary(_) => Err(Rejected::Unlike("tasks")),
                };
                partial.report(settings, &mut again.map(other))
            }
        }
    }
}
