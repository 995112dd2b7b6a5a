//! Why a paper could not be set.

/// A paper that cannot be set, with the reason in words for the reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An accessible document must have a title (PDF/UA-1, clause 7.1).
    #[error("a paper needs a title")]
    Untitled,
    /// The time lies outside the years 0 to 9999, which is all a PDF can record.
    #[error("{0} seconds since 1970 is not a date a paper can bear")]
    Undated(i64),
    /// More than one paper may hold; typesetting cannot be cancelled, so it is limited beforehand.
    #[error("a paper holds at most {limit} {what}")]
    TooMuch {
        /// What there is too much of, in the plural.
        what: &'static str,
        /// The most of it that is accepted.
        limit: usize,
    },
    /// A row that does not fit its columns would shift every number after it.
    #[error("row {row} under \u{201c}{heading}\u{201d} has {found} cells, its table has {expected} columns")]
    Ragged {
        /// The heading of the section.
        heading: String,
        /// The row, counted from one.
        row: usize,
        /// How many cells it has.
        found: usize,
        /// How many columns the table has.
        expected: usize,
    },
    /// The typesetter refused: most likely a chart that is no SVG, or one that reaches for other files.
    #[error("the paper could not be set: {0}")]
    Unset(String),
}
