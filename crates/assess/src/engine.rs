//! The engine: reads predictions in one pass and bounded memory, and computes the report.

mod answers;
mod csv;
mod curve;
mod digest;
mod fairness;
mod figures;
mod groups;
mod intake;
mod limits;
mod pages;
mod parquet;
mod rejected;
mod scores;
pub mod table;
mod tally;
pub mod tasks;

use crate::report::{Columns, Report, Settings, Source};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

pub use limits::Limits;
pub use rejected::{Place, Rejected};

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

/// Assesses a predictions file by the default settings.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess_file(
    path: &Path,
    format: Format,
    columns: &Columns,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
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
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Rejected> {
    let file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > limits.max_bytes {
        return Err(Rejected::TooBig {
            limit: limits.max_bytes,
        });
    }
    let wanted = intake::Wanted::new(columns, limits)?;
    let (intake, source) = match format {
        Format::Csv => csv::read(file, Some(bytes), &wanted, limits, progress)?,
        Format::Parquet => {
            let digest = digest::of(BufReader::new(file.try_clone()?))?;
            let intake = parquet::read(&file, &wanted, limits, progress)?;
            (
                intake,
                Source {
                    digest,
                    bytes,
                    format: format.name().to_owned(),
                },
            )
        }
    };
    intake.report(settings, source)
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
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Rejected> {
    let wanted = intake::Wanted::new(columns, limits)?;
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
