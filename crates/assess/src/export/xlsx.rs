//! A report as a workbook, a sheet a table. Numbers are numbers to the last digit, whatever came from a file is text,
//! and the same report gives the same bytes.

mod groups;
mod name;
mod sheet;

use crate::report::{Attribute, Confusion, Figure, Report, Value};
use name::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use serde::Serialize;
use sheet::Cell::{self, Blank, Count, Number, Share, Text};
use sheet::{Looks, Sheet};

/// The columns that every figure takes.
const FIGURE: [&str; 5] = ["value", "low", "high", "n", "reason"];

/// A report that no workbook can hold.
#[derive(Debug, thiserror::Error)]
#[error("the report can't be written as a workbook: {0}")]
pub struct Unwritable(#[from] XlsxError);

/// The report as XLSX: its source, performance, attributes and pairs, gaps, numbers under other libraries' names,
/// cut-offs and warnings.
pub fn to_xlsx(report: &Report) -> Result<Vec<u8>, Unwritable> {
    Ok(written(report, properties(report)?)?)
}

/// The same, with the digest under which the report is filed among the document's properties.
pub fn to_xlsx_with(report: &Report, digest: &str) -> Result<Vec<u8>, Unwritable> {
    let properties = properties(report)?.set_custom_property("Report SHA-256", digest);
    Ok(written(report, properties)?)
}

/// Nothing of the hour or of the machine, so that the same report is the same file.
fn properties(report: &Report) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title("Assessment report")
        .set_creation_datetime(&ExcelDateTime::from_ymd(1980, 1, 1)?)
        .set_custom_property("Schema", &report.schema)
        .set_custom_property("File SHA-256", &report.source.digest))
}

fn written(report: &Report, properties: DocProperties) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::default();
    let mut names = Names::default();
    let fixed = [
        "Source",
        "Performance",
        "Gaps",
        "Libraries",
        "Cut-offs",
        "Warnings",
    ];
    let [
        source_name,
        performance_name,
        gaps_name,
        libraries_name,
        cut_offs_name,
        warnings_name,
    ] = fixed.map(|name| names.unique(name));
    let mut sheets = vec![
        source(report, Sheet::new(&looks, &source_name)?)?,
        performance(report, Sheet::new(&looks, &performance_name)?)?,
    ];
    for attribute in &report.attributes {
        let name = names.unique(&attribute.title());
        sheets.push(groups::filled(attribute, Sheet::new(&looks, &name)?)?);
    }
    sheets.push(gaps(report, Sheet::new(&looks, &gaps_name)?)?);
    sheets.push(libraries(report, Sheet::new(&looks, &libraries_name)?)?);
    sheets.push(cut_offs(report, Sheet::new(&looks, &cut_offs_name)?)?);
    sheets.push(warnings(report, Sheet::new(&looks, &warnings_name)?)?);

    let mut workbook = Workbook::new();
    workbook.set_properties(&properties);
    for sheet in sheets {
        workbook.push_worksheet(sheet.finished()?);
    }
    workbook.save_to_buffer()
}

/// What was read, by which names and rules; for an attribute, how many rows lack it and who stands for what.
fn source<'a>(report: &Report, mut sheet: Sheet<'a>) -> Result<Sheet<'a>, XlsxError> {
    let (columns, labels, settings) = (&report.columns, &report.labels, &report.settings);
    let cut = columns.prediction.is_none().then(|| columns.cut());
    let (over, under) = settings.impact_mark;
    sheet.head(["fact", "column", "value"], 1)?;
    for (fact, value) in [
        ("schema", Text(&report.schema)),
        ("task", Text(&word(&report.task))),
        ("sha256", Text(&report.source.digest)),
        ("bytes", Count(report.source.bytes)),
        ("format", Text(&report.source.format)),
        ("rows", Count(report.rows)),
        ("label column", Text(&columns.label)),
        ("prediction column", optional(columns.prediction.as_ref())),
        ("score column", optional(columns.score.as_ref())),
        ("weight column", optional(columns.weight.as_ref())),
        ("threshold", cut.map_or(Blank, Number)),
        ("favourable answer", Text(&columns.favourable)),
        ("positive answer", Text(&labels.positive)),
        ("negative answer", optional(labels.negative.as_ref())),
        (
            "positive is favourable",
            Text(if labels.positive_is_favourable {
                "yes"
            } else {
                "no"
            }),
        ),
        ("confidence", Number(settings.confidence)),
        ("z", Number(settings.z)),
        ("min_shown", Count(settings.min_shown)),
        ("min_judged", Count(settings.min_judged)),
        ("min_outcomes", Count(settings.min_outcomes)),
        ("min_percent", Count(settings.min_percent)),
        ("impact_mark", Text(&format!("{over}/{under}"))),
    ] {
        if !matches!(value, Blank) {
            sheet.row(&[Text(fact), Blank, value])?;
        }
    }
    for column in &columns.protected {
        sheet.row(&[Text("protected"), Text(column), Blank])?;
    }
    for (column, group) in &columns.references {
        sheet.row(&[Text("reference"), Text(column), Text(group)])?;
    }
    for (column, groups) in &columns.declared {
        for group in groups {
            sheet.row(&[Text("declared"), Text(column), Text(group)])?;
        }
    }
    for (column, missing) in &report.missing {
        sheet.row(&[Text("missing"), Text(column), Count(*missing)])?;
    }
    for attribute in &report.attributes {
        sheet.row(&[Text("known"), Text(&attribute.id()), Count(attribute.known)])?;
    }
    Ok(sheet)
}

fn performance<'a>(report: &Report, mut sheet: Sheet<'a>) -> Result<Sheet<'a>, XlsxError> {
    let overall = &report.overall;
    sheet.head(["figure"].into_iter().chain(FIGURE), 1)?;
    for (id, count) in counts(&overall.counts) {
        let n = Count(overall.counts.n());
        sheet.row(&[Text(id), Count(count), Blank, Blank, n])?;
    }
    for (id, figure) in overall.rates.named().into_iter().chain(overall.scores.named()) {
        sheet.row(&[&[Text(id)][..], &of(figure)].concat())?;
    }
    Ok(sheet)
}

fn gaps<'a>(report: &Report, mut sheet: Sheet<'a>) -> Result<Sheet<'a>, XlsxError> {
    let before = ["attribute", "gap", "title", "rate", "highest", "lowest"];
    let after = ["judged", "skipped"];
    sheet.head(before.into_iter().chain(FIGURE).chain(after), 2)?;
    for attribute in &report.attributes {
        let id = attribute.id();
        for gap in &attribute.gaps {
            let (high, low) = gap.between.as_ref().map_or((Blank, Blank), |(high, low)| {
                (Text(high.as_str()), Text(low.as_str()))
            });
            let rate = gap.rate.map_or(Blank, |rate| Text(rate.id()));
            let before = [Text(&id), Text(&gap.id), Text(&gap.title), rate, high, low];
            let after = [Count(gap.judged), Count(gap.skipped)];
            sheet.row(&[&before[..], &of(&gap.figure), &after].concat())?;
        }
        dependence(attribute, &mut sheet)?;
    }
    Ok(sheet)
}

/// Pearson's test over all judged groups, in lines of its own.
fn dependence(attribute: &Attribute, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let Some(dependence) = &attribute.dependence else {
        return Ok(());
    };
    let (id, title) = (attribute.id(), "Dependence of the favourable answer on the group");
    for (name, value) in [
        ("dependence.chi_square", Number(dependence.chi_square)),
        ("dependence.degrees", Count(dependence.degrees)),
        ("dependence.p", Number(dependence.p)),
    ] {
        let n = Count(attribute.known);
        let before = [Text(&id), Text(name), Text(title), Blank, Blank, Blank];
        sheet.row(&[&before[..], &[value, Blank, Blank, n]].concat())?;
    }
    Ok(())
}

/// Figures under other libraries' names; those of all rows first, which belong to no attribute.
fn libraries<'a>(report: &Report, mut sheet: Sheet<'a>) -> Result<Sheet<'a>, XlsxError> {
    sheet.head(["attribute", "privileged", "figure", "value", "n", "reason"], 1)?;
    values(&mut sheet, [Blank, Blank], report.rows, &report.individual)?;
    for attribute in &report.attributes {
        let id = attribute.id();
        let of = [Text(&id), optional(attribute.privileged.as_ref())];
        values(&mut sheet, of, attribute.known, &attribute.library)?;
    }
    Ok(sheet)
}

fn values(sheet: &mut Sheet, of: [Cell; 2], n: u64, values: &[Value]) -> Result<(), XlsxError> {
    for value in values {
        let (number, reason) = match value.value {
            Some(number) => (Number(number), Blank),
            None => (Blank, Text("not a number")),
        };
        sheet.row(&[&of[..], &[Text(&value.id), number, Count(n), reason]].concat())?;
    }
    Ok(())
}

/// What each cut-off would have come to, and whom of each attribute it would have treated worst.
fn cut_offs<'a>(report: &Report, mut sheet: Sheet<'a>) -> Result<Sheet<'a>, XlsxError> {
    let singles = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    let worst: Vec<_> = singles
        .flat_map(|attribute| {
            let id = attribute.id();
            [
                format!("lowest impact_ratio, {id}"),
                format!("lowest group, {id}"),
            ]
        })
        .collect();
    let before = ["cut", "tp", "fp", "tn", "fn"];
    sheet.head(before.into_iter().chain(worst.iter().map(String::as_str)), 1)?;
    for threshold in &report.thresholds {
        let mut cells = vec![Number(threshold.cut)];
        cells.extend(counts(&threshold.counts).map(|(_, count)| Count(count)));
        for worst in &threshold.worst {
            cells.extend(match worst {
                Some(worst) => [Share(worst.ratio), Text(&worst.group)],
                None => [Blank, Blank],
            });
        }
        sheet.row(&cells)?;
    }
    Ok(sheet)
}

fn warnings<'a>(report: &Report, mut sheet: Sheet<'a>) -> Result<Sheet<'a>, XlsxError> {
    sheet.head(["about", "column", "words"], 0)?;
    for warning in &report.warnings {
        let about = word(&warning.about);
        sheet.row(&[Text(&about), Text(&warning.column), Text(&warning.words)])?;
    }
    Ok(sheet)
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
