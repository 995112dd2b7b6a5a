//! How much one paper may hold: typesetting cannot be cancelled, so what goes in is bounded.

use crate::{Error, Paper, Section, words};

/// The most rows of all tables together.
pub const ROWS: usize = 10_000;
/// The most columns of a table that A4 upright can show.
pub const COLUMNS: usize = 12;
/// The most sections.
pub const SECTIONS: usize = 200;
/// The most headline figures.
pub const FIGURES: usize = 24;
/// The most signatures, given and awaited.
pub const SIGNATURES: usize = 200;
/// The most facts, the digests at the end included.
pub const FACTS: usize = 1_000;
/// The most bytes of a title or heading, which stays in one piece.
pub const HEADING: usize = 500;
/// The most bytes of any other text; PDF/A holds no string above 32 767.
pub const TEXT: usize = 8_000;
/// The most bytes of all texts together.
pub const TEXTS: usize = 4_000_000;
/// The most bytes of one chart.
pub const CHART: usize = 1_000_000;

/// Refuses a paper that holds too much, has no title, or has rows that do not fit their columns.
pub fn hold(paper: &Paper) -> Result<(), Error> {
    if words::is_blank(&paper.title) {
        return Err(Error::Untitled);
    }
    at_most(paper.sections.len(), SECTIONS, "sections")?;
    at_most(paper.figures.len(), FIGURES, "headline figures")?;
    at_most(
        paper.signatures.len() + paper.awaited.len(),
        SIGNATURES,
        "signatures",
    )?;
    let tables = || paper.sections.iter().filter_map(|section| section.table.as_ref());
    at_most(tables().map(|table| table.rows.len()).sum(), ROWS, "table rows")?;
    at_most(
        tables().map(|table| table.columns.len()).max().unwrap_or(0),
        COLUMNS,
        "columns to a table",
    )?;
    let facts: usize = paper.sections.iter().map(|section| section.facts.len()).sum();
    at_most(facts + paper.footer.len(), FACTS, "facts")?;
    for section in &paper.sections {
        at_most(
            section.chart.as_ref().map_or(0, String::len),
            CHART,
            "bytes to a chart",
        )?;
        rectangular(section)?;
    }
    let headings = paper.sections.iter().map(|section| section.heading.len());
    at_most(
        headings
            .chain([paper.title.len(), paper.kicker.len()])
            .max()
            .unwrap_or(0),
        HEADING,
        "bytes to a heading",
    )?;
    let (longest, all) = texts(paper).fold((0, 0), |(longest, all), text| {
        (text.len().max(longest), all + text.len())
    });
    at_most(longest, TEXT, "bytes to a text")?;
    at_most(all, TEXTS, "bytes of text")
}

fn at_most(found: usize, limit: usize, what: &'static str) -> Result<(), Error> {
    if found > limit {
        Err(Error::TooMuch { what, limit })
    } else {
        Ok(())
    }
}

fn rectangular(section: &Section) -> Result<(), Error> {
    let Some(table) = &section.table else {
        return Ok(());
    };
    let expected = table.columns.len();
    match table.rows.iter().position(|row| row.cells.len() != expected) {
        None => Ok(()),
        Some(at) => Err(Error::Ragged {
            heading: section.heading.clone(),
            row: at + 1,
            found: table.rows[at].cells.len(),
            expected,
        }),
    }
}

fn texts(paper: &Paper) -> impl Iterator<Item = &String> {
    let head = [&paper.title, &paper.subtitle, &paper.kicker, &paper.verdict];
    let figures = paper
        .figures
        .iter()
        .flat_map(|figure| [&figure.label, &figure.value, &figure.detail]);
    let sections = paper.sections.iter().flat_map(section_texts);
    let signatures = paper
        .signatures
        .iter()
        .flat_map(|given| [&given.name, &given.meaning, &given.digest]);
    let awaited = paper
        .awaited
        .iter()
        .flat_map(|missing| [&missing.chair, &missing.waits]);
    head.into_iter()
        .chain(figures)
        .chain(sections)
        .chain(signatures)
        .chain(awaited)
        .chain(facts(&paper.footer))
}

fn section_texts(section: &Section) -> impl Iterator<Item = &String> {
    let table = section.table.iter().flat_map(|table| {
        let labels = table.columns.iter().map(|column| &column.label);
        labels
            .chain(table.rows.iter().flat_map(|row| &row.cells))
            .chain([&table.caption])
    });
    [&section.heading, &section.reading]
        .into_iter()
        .chain(table)
        .chain(facts(&section.facts))
}

fn facts(facts: &[(String, String)]) -> impl Iterator<Item = &String> {
    facts.iter().flat_map(|(name, value)| [name, value])
}
