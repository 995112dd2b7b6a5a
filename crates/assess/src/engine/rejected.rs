//! Why a file can't be assessed: a sentence with the row and the column.

use crate::report::Columns;
use crate::words::{count, shortened};
use std::fmt;
use thiserror::Error;

/// Where in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Data row, counted from 1; the header isn't counted.
    pub row: u64,
    /// Line of a CSV file at which the row starts, counted from 1 with the header.
    pub line: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "row {} (line {})", count(self.row), count(line)),
            None => write!(f, "row {}", count(self.row)),
        }
    }
}

/// Why a file can't be assessed. Each message is a whole sentence, made for the person who sent the file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Rejected {
    #[error("The file is empty.")]
    Empty,
    #[error("The file has a header and no rows.")]
    NoRows,
    #[error("There is no column “{}”. {}", shortened(.name), suggestion(.nearest.as_deref(), .available))]
    MissingColumn {
        name: String,
        nearest: Option<String>,
        available: Vec<String>,
    },
    #[error("Two columns are called “{}” (columns {first} and {second}): give each its own name.", shortened(.name))]
    DuplicateColumn {
        name: String,
        first: usize,
        second: usize,
    },
    #[error("The file has more than {} columns.", count(*.limit as u64))]
    TooManyColumns { limit: usize },
    #[error("The column “{}” is named twice: as {first} and as {second}.", shortened(.name))]
    NamedTwice {
        name: String,
        first: &'static str,
        second: &'static str,
    },
    #[error("Name the {0}.")]
    Unnamed(&'static str),
    /// What is asked for makes no sense; the file wasn't looked at.
    #[error("{0}")]
    Senseless(&'static str),
    #[error("Drift from the baseline can't be measured. {0}")]
    Baseline(Box<Rejected>),
    #[error("The threshold must be a finite number.")]
    Threshold,
    #[error("{} isn't UTF-8 text: byte 0x{byte:02X}, at byte {offset} of the file. Save the file as UTF-8.", start(*.place))]
    NotUtf8 {
        place: Option<Place>,
        byte: u8,
        offset: u64,
    },
    #[error("The file is UTF-16 text. Save it as UTF-8 (Excel: “CSV UTF-8”).")]
    Utf16,
    #[error("The file isn't CSV text: it holds zero bytes{}.", at(*.place))]
    Binary { place: Option<Place> },
    #[error("The file is {0}, not CSV text.")]
    NotCsv(&'static str),
    #[error("The columns are separated by “{}”. Write the file with commas.", shortened(&.0.to_string()))]
    Separator(char),
    #[error("The file isn't Parquet: it doesn't begin and end with “PAR1”. It may have been cut off.")]
    NotParquet,
    #[error(
        "In {place} there are {found} values, but the header has {expected} columns. The row may be cut off, or hold a comma that needs quotes."
    )]
    Ragged {
        place: Place,
        expected: usize,
        found: usize,
    },
    #[error("A quote opened in {place} is never closed.")]
    OpenQuote { place: Place },
    #[error("The row at {place} is longer than {} bytes. Is a quote left open?", count(*.limit as u64))]
    RowTooLong { place: Place, limit: usize },
    #[error("In {place}, column “{}”, the value is longer than {} bytes.", shortened(.column), count(*.limit as u64))]
    FieldTooLong {
        place: Place,
        column: String,
        limit: usize,
    },
    #[error("In {place}, column “{}”, there is no value. Every row needs a {role}.", shortened(.column))]
    MissingValue {
        place: Place,
        column: String,
        role: &'static str,
    },
    #[error("In {place}, column “{}”, “{}” is not a number.{}", shortened(.column), shortened(.value), comma(.value))]
    NotANumber {
        place: Place,
        column: String,
        value: String,
    },
    #[error("In {place}, column “{}”, the score is {}: only finite numbers can be ranked.", shortened(.column), shortened(.value))]
    NotFinite {
        place: Place,
        column: String,
        value: String,
    },
    #[error("In {place}, column “{}”, the weight is {}: weights are finite numbers from 0 to 1e150.", shortened(.column), shortened(.value))]
    Weight {
        place: Place,
        column: String,
        value: String,
    },
    #[error("The column “{}” has more than two values: “{}”, “{}” and, in {place}, “{}”. A binary assessment needs two.",
        shortened(.column), shortened(&.known.0), shortened(&.known.1), shortened(.value))]
    TooManyAnswers {
        place: Place,
        column: String,
        value: String,
        known: (String, String),
    },
    #[error("The column “{}” has more than {limit} classes. If it holds numbers, assess it as a regression.", shortened(.column))]
    TooManyClasses { column: String, limit: usize },
    #[error("In {place}, column “{}”, the prediction “{}” isn't one of the label's values{}.",
        shortened(.column), shortened(.value), listed(.known))]
    UnknownPrediction {
        place: Place,
        column: String,
        value: String,
        known: Vec<String>,
    },
    #[error("The {role} answer “{}” isn't a value of the column “{}”, which has {}.",
        shortened(.value), shortened(.column), quoted(.known))]
    UnknownAnswer {
        role: &'static str,
        value: String,
        column: String,
        known: Vec<String>,
    },
    #[error("The reference group “{}” isn't a value of the column “{}”, which has {}.",
        shortened(.value), shortened(.column), quoted(.known))]
    UnknownReference {
        value: String,
        column: String,
        known: Vec<String>,
    },
    #[error(
        "More than {limit} protected attributes are named. Name fewer at a time: each pair of them is a table of its own."
    )]
    TooManyProtected { limit: usize },
    #[error("One, two or three attributes can be taken together.")]
    Together,
    #[error(
        "The protected attributes taken together make {tables} tables, more than {limit}. Name fewer, or take fewer together."
    )]
    TooManyTables { tables: usize, limit: usize },
    #[error("“{}” isn't among the protected attributes.", shortened(.0))]
    NotProtected(String),
    #[error("The column “{}” has more than {} groups (the next one in {place}): “{}”. Is it really a protected attribute?",
        shortened(.column), count(*.limit as u64), shortened(.value))]
    TooManyGroups {
        place: Place,
        column: String,
        value: String,
        limit: usize,
    },
    #[error("The protected attributes make more than {} combinations (the next one in {place}). Name fewer at a time.", count(*.limit as u64))]
    TooManyCells { place: Place, limit: usize },
    #[error("There are more than {} distinct numbers, too many to hold: round them.", count(*.limit as u64))]
    TooManyValues { limit: usize },
    #[error("The file is larger than {}.", bytes(*.limit))]
    TooBig { limit: u64 },
    #[error("The file has more than {} rows.", count(*.limit))]
    TooManyRows { limit: u64 },
    #[error("The columns would take {} once decompressed, more than {}.", bytes(*.size), bytes(*.limit))]
    Bomb { size: u64, limit: u64 },
    #[error("The Parquet file is damaged or cut off: {}.", shortened(.detail))]
    Corrupt { detail: String },
    #[error(
        "The Parquet file is compressed by {0}, which isn't read here. Write it with Zstandard, Snappy or gzip."
    )]
    Compression(String),
    #[error("The column “{}” holds {}, where {wanted} is needed.", shortened(.column), shortened(.kind))]
    UnsupportedType {
        column: String,
        kind: String,
        wanted: &'static str,
    },
    #[error("In {place}, column “{}”, the case “{}” comes again, after {first}: no case may come twice.",
        shortened(.column), shortened(.case))]
    SameCase {
        place: Place,
        column: String,
        case: String,
        first: Place,
    },
    #[error("In {place} the true answer of the case “{}” is “{}”, in the earlier file “{}”: it must be the same to compare models by it.",
        shortened(.case), shortened(.after), shortened(.before))]
    OtherAnswer {
        place: Place,
        case: String,
        before: String,
        after: String,
    },
    #[error("No case is in both files. Is “{}” the same number of the same case in both?", shortened(.0))]
    NoCases(String),
    #[error("A comparison of the same cases counts each once: leave the weights out.")]
    Weighted,
    #[error("The earlier file can't be used. {0}")]
    Before(Box<Rejected>),
    #[error("This isn't a partial result: {}.", shortened(.detail))]
    NotPartial { detail: String },
    #[error("The parts can't be put together: they were read with different {0}.")]
    Unlike(&'static str),
    /// Whoever watched the reading broke it off.
    #[error("The reading was broken off.")]
    Cancelled,
    #[error("The file can't be read: {0}.")]
    Unreadable(#[from] std::io::Error),
}

impl Rejected {
    /// The same said of another file than the one assessed; what isn't about a file stays as it is.
    pub(crate) fn of(self, file: fn(Box<Self>) -> Self) -> Self {
        match self {
            Self::Cancelled => self,
            other => file(Box::new(other)),
        }
    }

    /// The column that it is about, if it is about one.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::MissingColumn { name: column, .. }
            | Self::NamedTwice { name: column, .. }
            | Self::FieldTooLong { column, .. }
            | Self::MissingValue { column, .. }
            | Self::NotANumber { column, .. }
            | Self::NotFinite { column, .. }
            | Self::Weight { column, .. }
            | Self::TooManyAnswers { column, .. }
            | Self::UnknownPrediction { column, .. }
            | Self::TooManyClasses { column, .. }
            | Self::TooManyGroups { column, .. }
            | Self::UnsupportedType { column, .. } => Some(column),
            _ => None,
        }
    }

    /// What to look at again: `file`, or what was named of `columns`, such as `label` or `reference`.
    pub fn about(&self, columns: &Columns) -> &'static str {
        if let Some(column) = self.column() {
            return naming(column, columns);
        }
        match self {
            Self::UnknownAnswer { role, .. } => role,
            Self::UnknownReference { .. } | Self::NotProtected(_) => "reference",
            Self::TooManyProtected { .. }
            | Self::TooManyTables { .. }
            | Self::Together
            | Self::TooManyCells { .. } => "protected",
            Self::Threshold => "threshold",
            Self::Baseline(_) | Self::Before(_) => "baseline",
            Self::SameCase { .. } | Self::OtherAnswer { .. } | Self::NoCases(_) | Self::Weighted => "id",
            Self::Unnamed(_) if columns.label.is_empty() => "label",
            Self::Unnamed(_) if columns.favourable.is_empty() => "favourable",
            Self::Unnamed(_) => "prediction",
            _ => "file",
        }
    }
}

/// Where a column was named; the later place where it was named twice.
fn naming(column: &str, columns: &Columns) -> &'static str {
    if columns.protected.iter().any(|name| name == column) {
        "protected"
    } else if columns.score.as_deref() == Some(column) {
        "score"
    } else if columns.weight.as_deref() == Some(column) {
        "weight"
    } else if columns.prediction.as_deref() == Some(column) {
        "prediction"
    } else {
        "label"
    }
}

fn at(place: Option<Place>) -> String {
    place.map(|place| format!(" (in {place})")).unwrap_or_default()
}

fn start(place: Option<Place>) -> String {
    place.map_or("The header".to_owned(), |place| format!("What stands in {place}"))
}

fn suggestion(nearest: Option<&str>, available: &[String]) -> String {
    let mean = nearest
        .map(|name| format!("Did you mean “{}”? ", shortened(name)))
        .unwrap_or_default();
    format!("{mean}The columns are {}.", quoted(available))
}

fn comma(value: &str) -> &'static str {
    if value.contains(',') {
        " Write decimals with a point."
    } else {
        ""
    }
}

fn listed(known: &[String]) -> String {
    if known.is_empty() {
        String::new()
    } else {
        format!(" ({})", quoted(known))
    }
}

/// Names in quotation marks, at most twenty of them.
fn quoted(names: &[String]) -> String {
    let mut words: Vec<_> = names
        .iter()
        .take(20)
        .map(|name| format!("“{}”", shortened(name)))
        .collect();
    if names.len() > 20 {
        words.push(format!("{} more", names.len() - 20));
    }
    match words.split_last() {
        None => "none".to_owned(),
        Some((one, [])) => one.clone(),
        Some((last, most)) => format!("{} and {last}", most.join(", ")),
    }
}

fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{} kB", n / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", n / 1_000_000),
        _ => format!("{}.{} GB", n / 1_000_000_000, n / 100_000_000 % 10),
    }
}

/// The name most like one that isn't there, if any is like it.
pub(super) fn nearest(name: &str, available: &[String]) -> Option<String> {
    let cut: Vec<char> = name.to_lowercase().chars().take(60).collect();
    available
        .iter()
        .map(|other| {
            (
                distance(&cut, &other.to_lowercase().chars().take(60).collect::<Vec<_>>()),
                other,
            )
        })
        .filter(|(distance, _)| *distance <= cut.len().div_ceil(2).min(4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other.clone())
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
