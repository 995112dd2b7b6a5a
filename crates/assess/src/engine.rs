//! The engine: reads predictions in one pass and bounded memory, and computes the report.
//!
//! CSV is read in blocks, Parquet in stretches of rows, each taken in by whatever thread is free into counts of its own,
//! and these are put together in the order of the file. What can't be understood at a glance is read again row by row.
//! The figures, the order in which groups and answers are numbered, and the error that is reported don't depend on how
//! many threads there were. All that is kept is a [`Partial`], of whatever task a [`Part`]: those of several files make that
//! of one table.
//!
//! A column of weights is summed beside the counts, exactly: [`Partial::cells`] gives both, and reports hold the figures of
//! both.
//!
//! Whoever watches the [`Progress`] may break the reading off.

mod answers;
mod csv;
mod curve;
mod decimal;
mod digest;
mod drift;
mod exact;
mod fairness;
mod figures;
mod groups;
mod intake;
mod limits;
mod lookup;
mod pages;
mod paired;
mod parquet;
mod part;
mod partial;
mod pool;
mod quick;
mod rejected;
pub mod request;
mod rows;
mod scores;
mod tally;
mod tasks;
mod values;
mod wanted;
mod weighed;

use crate::report::{Columns, Report, Settings};
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

pub use limits::Limits;
pub use paired::{Matched, paired};
pub use part::Part;
pub use partial::{Cell, Partial};
pub use rejected::{Place, Rejected};
pub use request::{Request, assess};
pub use tally::{Counts, Weights};
pub(crate) use tasks::scoring::scoring;

/// The version of this engine, in every report it makes.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// How a predictions file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, UTF-8, with a header (RFC 4180).
    Csv,
    /// Apache Parquet, uncompressed or compressed by Zstandard, Snappy, LZ4 or gzip.
    Parquet,
}

impl Format {
    /// The format's name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The format by a file's first bytes: Parquet says so, anything else is taken for CSV.
    pub fn of(first: &[u8]) -> Self {
        if first.starts_with(b"PAR1") {
            Self::Parquet
        } else {
            Self::Csv
        }
    }
}

/// How far the reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read (of Parquet: the compressed bytes of the row groups done).
    pub bytes: u64,
    /// Bytes in all, where known.
    pub of: Option<u64>,
    /// Rows read.
    pub rows: u64,
}

/// Is told how far the reading has come, after every few megabytes at most, and answers whether to go on. At a break nothing
/// more is read, and the answer is [`Rejected::Cancelled`].
pub type Watch<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// The watch that nobody keeps: everything is read to its end.
pub fn unwatched(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Progress {
    /// Tells of it.
    fn told(self, watch: &mut Watch<'_>) -> Result<(), Rejected> {
        match watch(self) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Rejected::Cancelled),
        }
    }
}

/// Assesses a predictions file by the default settings.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess_file(
    path: &Path,
    format: Format,
    columns: &Columns,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Report, Rejected> {
    assess_with(path, format, columns, &Settings::default(), limits, progress)
}

/// Assesses a predictions file by settings of one's own.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess_with(
    path: &Path,
    format: Format,
    columns: &Columns,
    settings: &Settings,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Report, Rejected> {
    assess_partial(path, format, columns, limits, progress)?.report(settings)
}

/// Reads a predictions file and keeps what a report needs of it, to be put together with that of other files.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess_partial(
    path: &Path,
    format: Format,
    columns: &Columns,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Partial, Rejected> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > limits.max_bytes {
        return Err(Rejected::TooBig {
            limit: limits.max_bytes,
        });
    }
    let wanted = wanted::Wanted::new(columns, limits)?;
    let (intake, source) = match format {
        Format::Csv => csv::read(file, Some(bytes), &wanted, limits, progress)?,
        Format::Parquet => parquet::digested(&file, || parquet::read(&file, &wanted, limits, progress))?,
    };
    Ok(Partial {
        intake,
        sources: vec![source],
    })
}

/// Assesses CSV from any reader, such as standard input or the body of a request.
///
/// # Errors
/// [`Rejected`] names what is wrong with the data or the columns, and where.
pub fn assess_read(
    reader: impl Read,
    columns: &Columns,
    settings: &Settings,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Report, Rejected> {
    let wanted = wanted::Wanted::new(columns, limits)?;
    let (intake, source) = csv::read(reader, None, &wanted, limits, progress)?;
    intake.report(settings, source)
}

impl Report {
    /// The report as JSON, every figure to its last digit.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(self)
    }

    /// A report from its JSON; figures come back exactly.
    pub fn from_json(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }
}
