//! A score alone, with no prediction and no threshold: how well it ranks people, and whom the top of the ranking holds.

mod answers;
mod cut;
mod order;
mod ranked;
mod wire;

use super::cells::Cells;
use super::{Extent, Wanted};
use crate::engine::intake::Cell;
use crate::engine::values::Values;
use crate::engine::weighed::Weighed;
use crate::engine::{Limits, Place, Rejected, Request, Watch};
use crate::report::{Columns, Source};
use crate::tasks::Ranking;
use crate::tasks::ranking::{Detail, SCHEMA, Top};
use answers::Answers;
use cut::Cutting;
use order::Order;
use ranked::Ranked;
use std::path::Path;
pub(super) use wire::Wire;

/// Reads a file by its label (two answers) and score columns and works out its report.
pub(in crate::engine) fn assess(
    file: &Path,
    request: &Request,
    tops: &[Top],
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Ranking, Rejected> {
    let columns = &request.columns;
    let (kept, source) = Kept::read(file, columns, Extent::Whole, limits, progress)?;
    kept.report(source, request, tops, &mut |again| {
        let wanted = wanted(columns)?;
        wanted.read(file, limits, progress, &mut |place, row| {
            let row = read(&wanted, (again.answers, again.cells), row, columns, place)?;
            again.offer(row);
            Ok(())
        })?;
        Ok(())
    })
}

/// The columns of a ranking: label and score, then weight and protected attributes.
fn wanted(columns: &Columns) -> Result<Wanted, Rejected> {
    let score = columns
        .score
        .as_deref()
        .ok_or(Rejected::Unnamed("score column"))?;
    Wanted::new(&[(&columns.label, "label"), (score, "score")], columns)
}

/// A row, understood.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    answer: usize,
    score: f64,
    weight: Option<f64>,
    cell: u32,
}

/// What is kept of the rows: enough to report on them, alone or together with that of the rows that follow.
pub(in crate::engine) struct Kept {
    pub(super) cells: Cells,
    answers: Answers,
    values: Values,
    /// Where rows have weights.
    weighed: Option<Weighed>,
    /// Of a part: what a cut through it needs; none where there are too many rows that tie, and of several parts together.
    order: Option<Order>,
}

impl Kept {
    fn new(columns: &Columns, limits: &Limits) -> Result<Self, Rejected> {
        let weighed = || Weighed::new(limits.max_weighed());
        Ok(Self {
            cells: Cells::new(columns, limits)?,
            answers: Answers::default(),
            values: Values::new(limits.max_scores),
            weighed: columns.weight.as_ref().map(|_| weighed()),
            order: None,
        })
    }

    pub fn read(
        file: &Path,
        columns: &Columns,
        extent: Extent,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<(Self, Source), Rejected> {
        let (wanted, mut kept) = (wanted(columns)?, Self::new(columns, limits)?);
        let source = wanted.read(file, limits, progress, &mut |place, row| {
            let answer = kept
                .answers
                .number(&wanted.column(0).text(row[0], place)?, columns, place)?;
            let score = wanted.column(1).number(row[1], place)?;
            let weight = wanted.weight(row, place)?;
            let cell = kept.cells.count(wanted.protected(row), answer, weight, place)?;
            kept.values.push(score, cell, answer);
            if let Some((weighed, weight)) = kept.weighed.as_mut().zip(weight) {
                weighed.push(score, cell, answer, weight);
            }
            Ok(())
        })?;
        if extent == Extent::Part {
            kept.put_in_order(file, columns, limits, progress)?;
        }
        Ok((kept, source))
    }

    /// Adds the rows that follow.
    pub fn merge(&mut self, next: Self, columns: &Columns) -> Result<(), Rejected> {
        let of_answer = self.answers.absorb(&next.answers, columns)?;
        let of_cell = self.cells.absorb(&next.cells, of_answer)?;
        self.values.absorb(next.values, &of_cell, of_answer);
        if let Some((weighed, next)) = self.weighed.as_mut().zip(next.weighed) {
            weighed.absorb(next, &of_cell, of_answer);
        }
        self.order = None;
        Ok(())
    }

    /// The report; `again` is asked to offer every row once more, in the order of the file, where that decides who of those
    /// tied at a cut is taken.
    pub fn report(
        self,
        source: Source,
        request: &Request,
        tops: &[Top],
        again: &mut dyn FnMut(&mut Again<'_, '_>) -> Result<(), Rejected>,
    ) -> Result<Ranking, Rejected> {
        let Self {
            mut cells,
            mut answers,
            values,
            weighed,
            ..
        } = self;
        let columns = &request.columns;
        let positive = answers.positive(columns)?;
        let ranked = Ranked::new(positive, values, weighed, &request.settings)?;
        let cut = |top: &Top| Cutting::new(*top, &ranked, cells.len());
        let mut cuts: Vec<Cutting<'_>> = tops.iter().map(cut).collect();
        if cuts.iter().any(Cutting::is_open) {
            again(&mut Again {
                cells: &mut cells,
                answers: &mut answers,
                ranked: &ranked,
                cuts: &mut cuts,
            })?;
        }
        let cuts = cuts.iter().map(|cut| cut.report(&cells, columns));
        let detail = Detail {
            cuts: cuts.collect(),
            positive: answers.name(positive),
        };
        let overall = ranked.overall(&cells);
        Ok(super::report(
            source,
            &cells,
            request,
            &ranked,
            (SCHEMA, detail, overall),
        ))
    }
}

/// Rows that are offered to the cuts once more.
pub(in crate::engine) struct Again<'a, 's> {
    cells: &'a mut Cells,
    answers: &'a mut Answers,
    ranked: &'a Ranked<'s>,
    cuts: &'a mut [Cutting<'s>],
}

impl Again<'_, '_> {
    fn offer(&mut self, row: Row) {
        let score = self.ranked.rounded(row.score);
        for cut in self.cuts.iter_mut() {
            cut.offer(Row { score, ..row }, 1);
        }
    }
}

/// Reads a row that was counted before.
fn read(
    wanted: &Wanted,
    (answers, cells): (&mut Answers, &mut Cells),
    row: &[Cell<'_>],
    columns: &Columns,
    place: Place,
) -> Result<Row, Rejected> {
    let label = wanted.column(0).text(row[0], place)?;
    Ok(Row {
        answer: answers.number(&label, columns, place)?,
        score: wanted.column(1).number(row[1], place)?,
        weight: wanted.weight(row, place)?,
        cell: cells.find(wanted.protected(row), place)?,
    })
}
