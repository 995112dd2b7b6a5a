//! The sheets of the other tasks' reports.

use super::gaps::{self, Gaps};
use super::sheet::Cell::{self, Blank, Count, Number, Text};
use super::{Book, FIGURE, Sheet, entries, figure_heads, figures, group, of};
use crate::tasks::ranking::Cut;
use crate::tasks::{Attribute, Entry, Group, Multiclass, Ranking, Report, Weighted};
use rust_xlsxwriter::XlsxError;

pub fn sheets<D>(report: &Report<D>, book: &mut Book) -> Result<(), XlsxError> {
    book.sheet("Performance", |sheet| {
        sheet.head(["figure"].into_iter().chain(FIGURE), 1)?;
        figures(entries(&report.overall), sheet)?;
        figures(entries(&by_weight(report.weighted.as_ref(), report.rows)), sheet)
    })?;
    by_group(&report.attributes, "", book)?;
    book.sheet("Gaps", |sheet| {
        gaps::filled(report.attributes.iter().map(of_attribute), sheet)
    })
}

pub fn multiclass(report: &Multiclass, book: &mut Book) -> Result<(), XlsxError> {
    sheets(report, book)?;
    book.sheet("Confusion", |sheet| {
        let classes = &report.detail.classes;
        let heads = ["label by prediction"].into_iter();
        sheet.head(heads.chain(classes.iter().map(String::as_str)), 1)?;
        for (label, row) in classes.iter().zip(&report.detail.confusion) {
            let counts = row.iter().map(|count| Count(*count));
            let cells: Vec<Cell> = std::iter::once(Text(label)).chain(counts).collect();
            sheet.row(&cells)?;
        }
        let weights = report.detail.weighted_confusion.iter().flatten();
        for (label, row) in classes.iter().zip(weights) {
            let label = format!("{label}, by weight");
            let weights = row.iter().map(|weight| Number(*weight));
            let cells: Vec<Cell> = std::iter::once(Text(&label)).chain(weights).collect();
            sheet.row(&cells)?;
        }
        Ok(())
    })
}

pub fn ranking(report: &Ranking, book: &mut Book) -> Result<(), XlsxError> {
    sheets(report, book)?;
    let cuts = &report.detail.cuts;
    book.sheet("Tops", |sheet| {
        let ids = cuts.first().map_or(&[][..], |cut| &cut.figures);
        let of_cut = |cut: &Cut| by_weight(cut.weighted.as_ref(), report.rows);
        let weighted = cuts.first().map(of_cut).unwrap_or_default();
        let heads = ["top", "taken", "score", "tied", "tied_taken"].map(str::to_owned);
        let heads: Vec<String> = heads
            .into_iter()
            .chain(ids.iter().flat_map(|entry| figure_heads(&entry.id)))
            .chain(weighted.iter().flat_map(|entry| figure_heads(&entry.id)))
            .collect();
        sheet.head(heads.iter().map(String::as_str), 1)?;
        for cut in cuts {
            let score = cut.score.map_or(Blank, Number);
            let mut cells = vec![
                Text(&cut.id),
                Count(cut.taken),
                score,
                Count(cut.tied),
                Count(cut.tied_taken),
            ];
            let weighted = of_cut(cut);
            let figures = cut.figures.iter().chain(&weighted);
            cells.extend(figures.flat_map(|entry| of(&entry.figure)));
            sheet.row(&cells)?;
        }
        Ok(())
    })?;
    for cut in cuts {
        by_group(&cut.attributes, &format!("{} ", cut.words()), book)?;
        let title = format!("{} gaps", cut.words());
        book.sheet_of(&title, |sheet| {
            gaps::filled(cut.attributes.iter().map(of_attribute), sheet)
        })?;
    }
    Ok(())
}

fn of_attribute(attribute: &Attribute) -> Gaps<'_> {
    Gaps {
        id: attribute.id(),
        known: attribute.known,
        each: &attribute.gaps,
        weighted: &attribute.weighted_gaps,
        dependence: attribute.dependence.as_ref(),
    }
}

fn by_group(attributes: &[Attribute], of: &str, book: &mut Book) -> Result<(), XlsxError> {
    for attribute in attributes {
        let title = format!("{of}{}", attribute.title());
        book.sheet_of(&title, |sheet| {
            groups(&attribute.columns, &attribute.groups, sheet)
        })?;
    }
    Ok(())
}

/// A row a group. Every group has the same figures.
pub fn groups(columns: &[String], groups: &[Group], sheet: &mut Sheet) -> Result<(), XlsxError> {
    let ids = groups.first().map_or(&[][..], |group| &group.figures);
    let heads = columns.iter().cloned();
    let heads = heads.chain(["n", "standing", "standing reason"].map(str::to_owned));
    let weighted = |group: &Group| by_weight(group.weighted.as_ref(), group.n);
    let more = groups.first().map(weighted).unwrap_or_default();
    let heads: Vec<String> = heads
        .chain(ids.iter().chain(&more).flat_map(|entry| figure_heads(&entry.id)))
        .collect();
    sheet.head(heads.iter().map(String::as_str), columns.len())?;
    for one in groups {
        let mut cells = group(&one.key, one.n, &one.standing);
        let more = weighted(one);
        let figures = one.figures.iter().chain(&more);
        cells.extend(figures.flat_map(|entry| of(&entry.figure)));
        sheet.row(&cells)?;
    }
    Ok(())
}

/// The figures by weight; none where rows have no weights.
fn by_weight(weighted: Option<&Weighted>, rows: u64) -> Vec<Entry> {
    weighted
        .iter()
        .flat_map(|weighted| weighted.named(rows))
        .collect()
}
