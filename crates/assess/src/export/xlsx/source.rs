//! The sheet of what was read, by which names and rules.

use super::sheet::Cell::{self, Blank, Count, Number, Text};
use super::{Sheet, optional};
use crate::assessment::Assessment;
use rust_xlsxwriter::XlsxError;

/// For an attribute, also how many rows lack it and who stands for what.
pub fn filled(assessment: &Assessment, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let (columns, settings, file) = (assessment.columns(), assessment.settings(), assessment.source());
    sheet.head(["fact", "column", "value"], 1)?;
    rows(
        sheet,
        &[
            ("schema", Text(assessment.schema())),
            ("task", Text(assessment.task().word())),
            ("engine", Text(assessment.engine())),
            ("sha256", Text(&file.digest)),
            ("bytes", Count(file.bytes)),
            ("format", Text(&file.format)),
            ("rows", Count(assessment.rows())),
            ("label column", Text(&columns.label)),
            ("prediction column", optional(columns.prediction.as_ref())),
            ("score column", optional(columns.score.as_ref())),
            ("weight column", optional(columns.weight.as_ref())),
            ("confidence", Number(settings.confidence)),
            ("z", Number(settings.z)),
            ("min_shown", Count(settings.min_shown)),
            ("min_judged", Count(settings.min_judged)),
            ("min_outcomes", Count(settings.min_outcomes)),
        ],
    )?;
    answers(assessment, sheet)?;
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
    for (column, missing) in assessment.missing() {
        sheet.row(&[Text("missing"), Text(column), Count(*missing)])?;
    }
    for (id, known) in assessment.known() {
        sheet.row(&[Text("known"), Text(&id), Count(known)])?;
    }
    Ok(())
}

/// What the answers mean, where there are two.
fn answers(assessment: &Assessment, sheet: &mut Sheet) -> Result<(), XlsxError> {
    if let Assessment::Ranking(with) = assessment {
        return rows(sheet, &[("positive answer", Text(&with.report.detail.positive))]);
    }
    let Some(report) = assessment.as_binary() else {
        return Ok(());
    };
    let (columns, labels, settings) = (&report.columns, &report.labels, &report.settings);
    let cut = columns.prediction.is_none().then(|| columns.cut());
    let (over, under) = settings.impact_mark;
    let is_favourable = if labels.positive_is_favourable {
        "yes"
    } else {
        "no"
    };
    rows(
        sheet,
        &[
            ("threshold", cut.map_or(Blank, Number)),
            ("favourable answer", Text(&columns.favourable)),
            ("positive answer", Text(&labels.positive)),
            ("negative answer", optional(labels.negative.as_ref())),
            ("positive is favourable", Text(is_favourable)),
            ("min_percent", Count(settings.min_percent)),
            ("impact_mark", Text(&format!("{over}/{under}"))),
        ],
    )
}

fn rows(sheet: &mut Sheet, facts: &[(&str, Cell)]) -> Result<(), XlsxError> {
    for (fact, value) in facts {
        if !matches!(value, Blank | Text("")) {
            sheet.row(&[Text(fact), Blank, *value])?;
        }
    }
    Ok(())
}
