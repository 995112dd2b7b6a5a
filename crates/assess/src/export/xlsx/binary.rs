//! The sheets that only a binary report has.

use super::gaps::{self, Gaps};
use super::sheet::Cell::{self, Blank, Count, Number, Share, Text};
use super::{Book, FIGURE, Sheet, counts, figures, groups, of, optional};
use crate::report::{Report, Value, Weighted};
use rust_xlsxwriter::XlsxError;

pub fn sheets(report: &Report, book: &mut Book) -> Result<(), XlsxError> {
    book.sheet("Performance", |sheet| performance(report, sheet))?;
    for attribute in &report.attributes {
        book.sheet_of(&attribute.title(), |sheet| groups::filled(attribute, sheet))?;
    }
    book.sheet("Gaps", |sheet| {
        let of = report.attributes.iter().map(|attribute| Gaps {
            id: attribute.id(),
            known: attribute.known,
            each: &attribute.gaps,
            weighted: &attribute.weighted_gaps,
            dependence: attribute.dependence.as_ref(),
        });
        gaps::filled(of, sheet)
    })?;
    book.sheet("Libraries", |sheet| libraries(report, sheet))?;
    book.sheet("Cut-offs", |sheet| cut_offs(report, sheet))
}

fn performance(report: &Report, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let overall = &report.overall;
    sheet.head(["figure"].into_iter().chain(FIGURE), 1)?;
    for (id, count) in counts(&overall.counts) {
        let n = Count(overall.counts.n());
        sheet.row(&[Text(id), Count(count), Blank, Blank, n])?;
    }
    let named = overall.rates.named().into_iter().chain(overall.scores.named());
    figures(named, sheet)?;
    for (id, figure) in overall.weighted.iter().flat_map(Weighted::named) {
        sheet.row(&[&[Text(&format!("weighted.{id}"))][..], &of(figure)].concat())?;
    }
    Ok(())
}

/// Figures under other libraries' names; those of all rows first, which belong to no attribute.
fn libraries(report: &Report, sheet: &mut Sheet) -> Result<(), XlsxError> {
    sheet.head(["attribute", "privileged", "figure", "value", "n", "reason"], 1)?;
    values(sheet, [Blank, Blank], report.rows, &report.individual)?;
    for attribute in &report.attributes {
        let id = attribute.id();
        let of = [Text(&id), optional(attribute.privileged.as_ref())];
        values(sheet, of, attribute.known, &attribute.library)?;
    }
    Ok(())
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
fn cut_offs(report: &Report, sheet: &mut Sheet) -> Result<(), XlsxError> {
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
    Ok(())
}
