//! A paper made ready for the template: texts settable, times in words, columns measured.

use crate::words::{Line, Lines, Words, is_blank, span};
use crate::{Align, Awaited, Error, Headline, Paper, Row, Section, Signature, Table, Tone};
use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Serialize;

/// About how many average characters fit across a place, at the size of its text in the template.
mod fit {
    pub const TABLE: usize = 112;
    pub const RUNNING: usize = 92;
    pub const TITLE: usize = 40;
    pub const HEADING: usize = 60;
    pub const FOOT: usize = 95;
    /// A third of the page: headline figures and signatures stand three across.
    pub const THIRD: usize = 30;
    pub const VALUE: usize = 12;
    pub const NAME: usize = 18;
    /// A fact stands beside its name.
    pub const FACT_NAME: usize = 18;
    pub const FACT: usize = 74;
}

/// The most lines a row may take, and the most rows a table may have, to be kept on one page.
const KEPT: usize = 12;

/// What the template reads, as JSON.
#[derive(Debug, Serialize)]
pub struct Sheet {
    about: About,
    title: Line,
    subtitle: Lines,
    kicker: Line,
    foot: Line,
    date: String,
    verdict: Lines,
    figures: Vec<Figure>,
    sections: Vec<Part>,
    signatures: Vec<Given>,
    awaited: Vec<Missing>,
    footer: Vec<Fact>,
    spelled: bool,
}

/// The document's metadata; here any character may stand, for nothing is set.
#[derive(Debug, Serialize)]
struct About {
    title: String,
    description: String,
    /// Year, month, day, hour, minute, second.
    date: [i64; 6],
}

#[derive(Debug, Serialize)]
struct Figure {
    label: Lines,
    value: Lines,
    detail: Lines,
    tone: Tone,
    breaks: bool,
}

#[derive(Debug, Serialize)]
struct Part {
    /// None for a blank heading: an outline may not have one.
    heading: Option<Line>,
    reading: Lines,
    chart: Option<Chart>,
    table: Option<Grid>,
    facts: Vec<Fact>,
}

#[derive(Debug, Serialize)]
struct Chart {
    svg: String,
    alt: String,
}

#[derive(Debug, Serialize)]
struct Grid {
    columns: Vec<Rule>,
    rows: Vec<Shown>,
    caption: Lines,
    /// Whether it is small enough to be kept on one page.
    whole: bool,
}

#[derive(Debug, Serialize)]
struct Rule {
    label: Lines,
    align: Align,
    /// The share of the width.
    width: usize,
}

#[derive(Debug, Serialize)]
struct Shown {
    cells: Vec<Lines>,
    muted: bool,
    /// Whether the row may be broken between pages: only when it might not fit one.
    breaks: bool,
    /// About how many lines it takes.
    #[serde(skip)]
    lines: usize,
}

#[derive(Debug, Serialize)]
struct Fact {
    name: Lines,
    value: Lines,
}

#[derive(Debug, Serialize)]
struct Given {
    name: Lines,
    meaning: Lines,
    at: String,
    digest: Line,
    breaks: bool,
}

#[derive(Debug, Serialize)]
struct Missing {
    chair: Lines,
    waits: Lines,
    breaks: bool,
}

impl Sheet {
    /// The sheet of a paper; fails when a time is not one.
    pub fn of(paper: &Paper) -> Result<Self, Error> {
        let mut words = Words::default();
        let made = time(paper.date)?;
        Ok(Self {
            about: About {
                title: visible(&paper.title),
                description: visible(&paper.verdict),
                date: [
                    i64::from(made.year()),
                    i64::from(made.month()),
                    i64::from(made.day()),
                    i64::from(made.hour()),
                    i64::from(made.minute()),
                    i64::from(made.second()),
                ],
            },
            title: words.one_line(&paper.title, fit::TITLE),
            subtitle: words.lines(&paper.subtitle, fit::RUNNING),
            kicker: words.one_line(&paper.kicker, fit::RUNNING),
            foot: foot(&mut words, paper),
            date: made.format("%-d %B %Y, %H:%M UTC").to_string(),
            verdict: words.lines(&paper.verdict, fit::HEADING),
            figures: paper
                .figures
                .iter()
                .map(|headline| figure(&mut words, headline))
                .collect(),
            sections: paper
                .sections
                .iter()
                .map(|section| part(&mut words, section))
                .collect(),
            signatures: paper
                .signatures
                .iter()
                .map(|signature| given(&mut words, signature))
                .collect::<Result<_, _>>()?,
            awaited: paper
                .awaited
                .iter()
                .map(|awaited| missing(&mut words, awaited))
                .collect(),
            footer: facts(&mut words, &paper.footer),
            spelled: words.spelled,
        })
    }
}

fn time(seconds: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp(seconds, 0)
        .filter(|time| (0..=9999).contains(&time.year()))
        .ok_or(Error::Undated(seconds))
}

/// A text without what metadata must not hold.
fn visible(text: &str) -> String {
    let evened: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    evened.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands at the foot of each page, short enough for one line.
fn foot(words: &mut Words, paper: &Paper) -> Line {
    let whole = [&paper.kicker, &paper.title]
        .map(|text| visible(text))
        .into_iter()
        .filter(|text| !text.is_empty());
    let whole = whole.collect::<Vec<_>>().join(", ");
    let settable = words.settable(&whole);
    let end = settable
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| span(&settable[..*at]) > fit::FOOT);
    Line::Plain(match end {
        Some(end) => format!("{}\u{2026}", settable[..end].trim_end()),
        None => settable,
    })
}

fn figure(words: &mut Words, headline: &Headline) -> Figure {
    Figure {
        label: words.lines(&headline.label, fit::THIRD),
        value: words.lines(&headline.value, fit::VALUE),
        detail: words.lines(&headline.detail, fit::THIRD),
        tone: headline.tone,
        breaks: breaks(&[
            (&headline.label, fit::THIRD),
            (&headline.value, fit::VALUE / 3),
            (&headline.detail, fit::THIRD),
        ]),
    }
}

fn part(words: &mut Words, section: &Section) -> Part {
    Part {
        heading: (!is_blank(&section.heading)).then(|| words.one_line(&section.heading, fit::HEADING)),
        reading: words.lines(&section.reading, fit::RUNNING),
        chart: section.chart.as_ref().map(|svg| Chart {
            svg: words.settable(svg),
            alt: visible(&format!("{}. {}", section.heading, section.reading)),
        }),
        table: section
            .table
            .as_ref()
            .filter(|table| !table.columns.is_empty())
            .map(|table| grid(words, table)),
        facts: facts(words, &section.facts),
    }
}

fn grid(words: &mut Words, table: &Table) -> Grid {
    let widths: Vec<usize> = (0..table.columns.len()).map(|at| width(table, at)).collect();
    let all: usize = widths.iter().sum();
    let fits: Vec<usize> = widths
        .iter()
        .map(|width| (fit::TABLE * width / all).saturating_sub(4).max(2))
        .collect();
    let columns = table.columns.iter().zip(widths).zip(&fits);
    let columns = columns.map(|((column, width), fit)| Rule {
        label: words.lines(&column.label, *fit),
        align: column.align,
        width,
    });
    let columns = columns.collect();
    let rows: Vec<Shown> = table.rows.iter().map(|row| cells(words, row, &fits)).collect();
    let whole =
        rows.len() <= KEPT && rows.iter().all(|row| row.lines <= 3) && table.caption.len() < fit::RUNNING * 3;
    Grid {
        columns,
        rows,
        caption: words.lines(&table.caption, fit::RUNNING),
        whole,
    }
}

/// The share of the width a column asks for: its longest line, within reason.
fn width(table: &Table, at: usize) -> usize {
    let label = &table.columns[at].label;
    let cells = table.rows.iter().flat_map(|row| row.cells[at].lines());
    let longest = cells
        .chain(label.lines())
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    longest.clamp(6, 44) + 2
}

fn cells(words: &mut Words, row: &Row, fits: &[usize]) -> Shown {
    let lines = row
        .cells
        .iter()
        .zip(fits)
        .map(|(cell, fit)| lines(cell, *fit))
        .max()
        .unwrap_or(0);
    Shown {
        cells: row
            .cells
            .iter()
            .zip(fits)
            .map(|(cell, fit)| words.lines(cell, *fit))
            .collect(),
        muted: row.muted,
        breaks: lines > KEPT,
        lines,
    }
}

/// About how many lines a text takes in its place.
fn lines(text: &str, fit: usize) -> usize {
    text.lines().map(|line| 1 + span(line) / fit).sum()
}

/// Whether a block of these texts may be broken between pages: only when it might not fit one.
fn breaks(texts: &[(&str, usize)]) -> bool {
    texts.iter().map(|(text, fit)| lines(text, *fit)).sum::<usize>() > 2 * KEPT
}

fn facts(words: &mut Words, facts: &[(String, String)]) -> Vec<Fact> {
    facts
        .iter()
        .map(|(name, value)| Fact {
            name: words.lines(name, fit::FACT_NAME),
            value: words.lines(value, fit::FACT),
        })
        .collect()
}

fn given(words: &mut Words, signature: &Signature) -> Result<Given, Error> {
    Ok(Given {
        name: words.lines(&signature.name, fit::NAME),
        meaning: words.lines(&signature.meaning, fit::THIRD),
        at: time(signature.at)?.format("%-d %B %Y, %H:%M:%S UTC").to_string(),
        digest: words.one_line(&signature.digest, fit::THIRD),
        breaks: breaks(&[
            (&signature.name, fit::NAME / 2),
            (&signature.meaning, fit::THIRD),
            (&signature.digest, fit::THIRD),
        ]),
    })
}

fn missing(words: &mut Words, awaited: &Awaited) -> Missing {
    Missing {
        chair: words.lines(&awaited.chair, fit::THIRD),
        waits: words.lines(&awaited.waits, fit::THIRD),
        breaks: breaks(&[(&awaited.chair, fit::THIRD), (&awaited.waits, fit::THIRD)]),
    }
}
