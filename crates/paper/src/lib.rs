//! Paper: a report as an archival, accessible PDF, set with Typst; and the same words as one HTML file.
//!
//! The result conforms to PDF/A-2a and PDF/UA-1, embeds its typefaces, reaches for no file and no network,
//! and is the same bytes for the same [`Paper`]. Text is data throughout: nothing in it is read as markup.
//!
//! [`pdf`] is pure computation, a fraction of a second for a report and some seconds at the limit of rows;
//! it cannot be cancelled. Call it from `tokio::task::spawn_blocking`, one or two at a time.
//!
//! The typefaces (Libertinus Serif, New Computer Modern, DejaVu Sans Mono) cover Latin, Greek, Cyrillic, Hebrew,
//! Armenian, Georgian and basic Arabic. What none of them has (Chinese, Japanese, Korean, the scripts of India, emoji)
//! is written as its code point, `[U+7530]`, and so are control and reordering characters: nothing is lost,
//! nothing is disguised, and a note at the end of the paper says so.

mod error;
mod html;
mod limits;
mod press;
mod sheet;
mod words;

pub use error::Error;
pub use html::html;

use serde::{Deserialize, Serialize};

/// A report as it is to stand on paper. Within a text, a line break is kept; any other control character is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paper {
    /// What the report is about: "recidivism-risk 3". Also the title in the document's metadata.
    pub title: String,
    /// What stands under the title: the data, the place, the years. May be empty.
    #[serde(default)]
    pub subtitle: String,
    /// What kind of report this is, with its number: "Performance and bias report 12". Also stands at the foot of each page.
    #[serde(default)]
    pub kicker: String,
    /// The sentence a manager would say.
    #[serde(default)]
    pub verdict: String,
    /// When the report was made, in seconds since 1970, UTC. Also the date in the document's metadata.
    pub date: i64,
    /// The few numbers that carry the verdict.
    #[serde(default)]
    pub figures: Vec<Headline>,
    /// The report itself.
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Who has signed.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// Whose signature is still missing.
    #[serde(default)]
    pub awaited: Vec<Awaited>,
    /// What the report stands on, name and digest in full.
    #[serde(default)]
    pub footer: Vec<(String, String)>,
}

/// One number that never stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Headline {
    /// What is measured.
    pub label: String,
    /// The number, with its unit.
    pub value: String,
    /// The first line is the outcome in words ("Below target"); the next are target, interval and n.
    #[serde(default)]
    pub detail: String,
    /// How the number stands to its target.
    #[serde(default)]
    pub tone: Tone,
}

/// How a number stands to its target. Shown as a sign and a colour, beside the words of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Met.
    Ok,
    /// Met, narrowly; or someone should look.
    Warn,
    /// Missed.
    Danger,
    /// Not judged.
    #[default]
    Neutral,
}

/// One part of the report: what it says, then the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Section {
    /// The heading, also in the document's outline.
    pub heading: String,
    /// What the numbers say, in sentences; each line is a paragraph.
    #[serde(default)]
    pub reading: String,
    /// A picture of the numbers: a self-contained SVG with a `viewBox`. The reading is its text alternative.
    #[serde(default)]
    pub chart: Option<String>,
    /// The numbers.
    #[serde(default)]
    pub table: Option<Table>,
    /// Names and values. A second line of a value stands below it; digests are set in a fixed width.
    #[serde(default)]
    pub facts: Vec<(String, String)>,
}

/// A table; its head repeats on each page it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// The columns, from the left.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Row>,
    /// The rule by which to read it, set below. May be empty.
    #[serde(default)]
    pub caption: String,
}

/// A column and how it is aligned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Column {
    /// The head of the column.
    pub label: String,
    /// Where its cells stand.
    #[serde(default)]
    pub align: Align,
}

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Words.
    #[default]
    Start,
    /// Numbers.
    End,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// The cells. Lines after the first are small print: the interval, the n.
    pub cells: Vec<String>,
    /// Shown but not judged: "too few to judge" must stand in one of the cells too.
    #[serde(default)]
    pub muted: bool,
}

/// A signature, in its four facts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signature {
    /// The signer, as they were called then.
    pub name: String,
    /// What the signature means.
    pub meaning: String,
    /// When it was given, in seconds since 1970, UTC.
    pub at: i64,
    /// What was signed.
    pub digest: String,
}

/// A signature that is still missing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Awaited {
    /// The chair that is to sign: "Compliance reviewer".
    pub chair: String,
    /// For whom or for what it waits: "Waits for Mei Tanaka". May be empty.
    #[serde(default)]
    pub waits: String,
}

/// Sets a paper as a PDF/A-2a and PDF/UA-1 document. Blocks its thread; see the crate's words on that.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, Error> {
    limits::hold(paper)?;
    let sheet = sheet::Sheet::of(paper)?;
    press::print(&sheet)
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
