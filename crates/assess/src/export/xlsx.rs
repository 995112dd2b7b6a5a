//! An assessment as a workbook, a sheet a table. Numbers are numbers to the last digit, whatever came from a file is text,
//! and the same assessment gives the same bytes.

mod beside;
mod binary;
mod gaps;
mod groups;
mod name;
mod sheet;
mod source;
mod tasks;

use crate::assessment::Assessment;
use crate::report::{Confusion, Entry, Figure, Standing, Warning};
use name::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use serde::Serialize;
use sheet::Cell::{self, Blank, Count, Share, Text};
use sheet::{Looks, Sheet};

/// The columns that every figure takes.
const FIGURE: [&str; 5] = ["value", "low", "high", "n", "reason"];

/// An assessment that no workbook can hold.
#[derive(Debug, thiserror::Error)]
#[error("the report can't be written as a workbook: {0}")]
pub struct Unwritable(#[from] XlsxError);

/// The assessment as XLSX: its source, performance, attributes and pairs, gaps, what else its task has, slices, drift
/// and warnings.
pub fn to_xlsx(assessment: &Assessment) -> Result<Vec<u8>, Unwritable> {
    Ok(written(assessment, &properties(assessment)?)?)
}

/// The same, with the digest under which the report is filed among the document's properties.
pub fn to_xlsx_with(assessment: &Assessment, digest: &str) -> Result<Vec<u8>, Unwritable> {
    let properties = properties(assessment)?.set_custom_property("Report SHA-256", digest);
    Ok(written(assessment, &properties)?)
}

/// Nothing of the hour or of the machine, so that the same report is the same file.
fn properties(assessment: &Assessment) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title("Assessment report")
        .set_creation_datetime(&ExcelDateTime::from_ymd(1980, 1, 1)?)
        .set_custom_property("Schema", assessment.schema())
        .set_custom_property("File SHA-256", &assessment.source().digest))
}

fn written(assessment: &Assessment, properties: &DocProperties) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::default();
    let mut book = Book::new(&looks);
    book.sheet("Source", |sheet| source::filled(assessment, sheet))?;
    match assessment {
        Assessment::Binary(with) => binary::sheets(&with.report, &mut book)?,
        Assessment::Multiclass(with) => tasks::multiclass(&with.report, &mut book)?,
        Assessment::Regression(with) => tasks::sheets(&with.report, &mut book)?,
        Assessment::Ranking(with) => tasks::ranking(&with.report, &mut book)?,
    }
    beside::sheets(assessment.beside(), &mut book)?;
    book.sheet("Warnings", |sheet| warnings(assessment.warnings(), sheet))?;
    book.saved(properties)
}

/// The sheets so far. Fixed names are kept free for the sheets that have them.
struct Book<'a> {
    looks: &'a Looks,
    names: Names,
    pages: Vec<Worksheet>,
}

impl<'a> Book<'a> {
    fn new(looks: &'a Looks) -> Self {
        let mut names = Names::default();
        for fixed in [
            "Source",
            "Performance",
            "Gaps",
            "Libraries",
            "Cut-offs",
            "Confusion",
            "Tops",
            "Drift",
            "Gates",
            "Warnings",
        ] {
            names.unique(fixed);
        }
        Self {
            looks,
            names,
            pages: Vec::new(),
        }
    }

    /// A sheet of a name that is kept free for it.
    fn sheet(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Sheet<'a>) -> Result<(), XlsxError>,
    ) -> Result<(), XlsxError> {
        let mut sheet = Sheet::new(self.looks, name)?;
        fill(&mut sheet)?;
        self.pages.push(sheet.finished()?);
        Ok(())
    }

    /// A sheet called by something of the file.
    fn sheet_of(
        &mut self,
        title: &str,
        fill: impl FnOnce(&mut Sheet<'a>) -> Result<(), XlsxError>,
    ) -> Result<(), XlsxError> {
        let name = self.names.unique(title);
        self.sheet(&name, fill)
    }

    fn saved(self, properties: &DocProperties) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(properties);
        for page in self.pages {
            workbook.push_worksheet(page);
        }
        workbook.save_to_buffer()
    }
}

fn warnings(warnings: &[Warning], sheet: &mut Sheet) -> Result<(), XlsxError> {
    sheet.head(["about", "column", "words"], 0)?;
    for warning in warnings {
        let about = word(&warning.about);
        sheet.row(&[Text(&about), Text(&warning.column), Text(&warning.words)])?;
    }
    Ok(())
}

/// Figures under their ids, a row each.
fn figures<'f>(
    figures: impl IntoIterator<Item = (&'f str, &'f Figure)>,
    sheet: &mut Sheet,
) -> Result<(), XlsxError> {
    for (id, figure) in figures {
        sheet.row(&[&[Text(id)][..], &of(figure)].concat())?;
    }
    Ok(())
}

fn entries(entries: &[Entry]) -> impl Iterator<Item = (&str, &Figure)> {
    entries.iter().map(|Entry { id, figure }| (id.as_str(), figure))
}

/// `tpr`, `tpr low`, `tpr high`, `tpr n`, `tpr reason`.
fn figure_heads(id: &str) -> impl Iterator<Item = String> {
    FIGURE.into_iter().map(move |part| match part {
        "value" => id.to_owned(),
        part => format!("{id} {part}"),
    })
}

/// A group's values, rows, and whether it is judged.
fn group<'g>(key: &'g [Option<String>], n: u64, standing: &'g Standing) -> Vec<Cell<'g>> {
    let key = key.iter();
    let mut cells: Vec<_> = key
        .map(|value| Text(value.as_deref().unwrap_or("(missing)")))
        .collect();
    let (standing, reason) = match standing {
        Standing::Judged => ("judged", Blank),
        Standing::TooFew { reason } => ("too_few", Text(reason)),
        Standing::Missing { reason } => ("missing", Text(reason)),
    };
    cells.extend([Count(n), Text(standing), reason]);
    cells
}

fn counts(counts: &Confusion) -> [(&'static str, u64); 4] {
    [
        ("tp", counts.tp),
        ("fp", counts.fp),
        ("tn", counts.tn),
        ("fn", counts.fn_),
    ]
}

/// A figure in the columns of [`FIGURE`].
fn of(figure: &Figure) -> [Cell<'_>; 5] {
    let number = |value: Option<f64>| value.map_or(Blank, Share);
    [
        number(figure.value),
        number(figure.low),
        number(figure.high),
        Count(figure.n),
        optional(figure.reason.as_ref()),
    ]
}

fn optional(text: Option<&String>) -> Cell<'_> {
    text.map_or(Blank, |text| Text(text))
}

/// A word of the report as its JSON has it, e.g. `fisher_exact`.
fn word(of: &impl Serialize) -> String {
    let json = serde_json::to_value(of).ok();
    json.as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
