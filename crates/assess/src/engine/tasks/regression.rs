//! Predicted numbers: how far they lie from the true ones, overall and by group.

mod numbers;
mod weighted;
mod wire;

use super::cells::Cells;
use super::{Wanted, prediction};
use crate::engine::values::Values;
use crate::engine::{Limits, Rejected, Request, Watch};
use crate::regression::moments::Moments;
use crate::report::{Columns, Source};
use crate::tasks::Regression;
use crate::tasks::regression::{Detail, SCHEMA};
use numbers::Numbers;
use std::path::Path;
use weighted::Weighty;
pub(super) use wire::Wire;

/// Reads a file and works out its report.
pub(in crate::engine) fn assess(
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Regression, Rejected> {
    let (kept, source) = Kept::read(file, &request.columns, limits, progress)?;
    kept.report(source, request)
}

/// A row whose ranks are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    truth: f64,
    predicted: f64,
    /// 1 without weights.
    weight: f64,
    cell: u32,
}

/// What is kept of the rows: enough to report on them, alone or together with that of the rows that follow.
pub(in crate::engine) struct Kept {
    pub(super) cells: Cells,
    /// By cell.
    moments: Vec<Moments>,
    /// By cell, where rows have weights.
    weighted: Option<Vec<Weighty>>,
    errors: Values,
    /// Every row; none where there are too many.
    ranked: Option<Vec<Row>>,
    max_ranked: usize,
}

impl Kept {
    fn new(columns: &Columns, limits: &Limits) -> Result<Self, Rejected> {
        Ok(Self {
            cells: Cells::new(columns, limits)?,
            moments: Vec::new(),
            weighted: columns.weight.as_ref().map(|_| Vec::new()),
            errors: Values::new(limits.max_scores),
            ranked: Some(Vec::new()),
            max_ranked: limits.max_ranked(),
        })
    }

    pub fn read(
        file: &Path,
        columns: &Columns,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<(Self, Source), Rejected> {
        let wanted = Wanted::new(
            &[(&columns.label, "label"), (prediction(columns)?, "prediction")],
            columns,
        )?;
        let (truth, predicted) = (wanted.column(0), wanted.column(1));
        let mut kept = Self::new(columns, limits)?;
        let source = wanted.read(file, limits, progress, &mut |place, row| {
            let (truth, predicted) = (truth.number(row[0], place)?, predicted.number(row[1], place)?);
            let weight = wanted.weight(row, place)?;
            let cell = kept.cells.count(wanted.protected(row), 0, weight, place)?;
            kept.add(Row {
                truth,
                predicted,
                weight: weight.unwrap_or(1.0),
                cell,
            });
            Ok(())
        })?;
        Ok((kept, source))
    }

    fn add(&mut self, row: Row) {
        let Row {
            truth,
            predicted,
            weight,
            cell,
        } = row;
        let cells = self.cells.len();
        self.moments.resize(cells, Moments::default());
        self.moments[cell as usize].add(truth, predicted);
        if let Some(weighted) = &mut self.weighted {
            weighted.resize(cells, Weighty::default());
            weighted[cell as usize].add(truth, predicted, weight);
        }
        self.errors.push(predicted - truth + 0.0, cell, 0);
        match &mut self.ranked {
            Some(rows) if rows.len() < self.max_ranked => rows.push(row),
            held => *held = None,
        }
    }

    /// Adds the rows that follow.
    pub fn merge(&mut self, next: Self) -> Result<(), Rejected> {
        let of_cell = self.cells.absorb(&next.cells, [0, 1])?;
        let here = |cell: usize| of_cell.get(cell).map_or(0, |cell| *cell as usize);
        self.moments.resize(self.cells.len(), Moments::default());
        for (cell, moments) in next.moments.iter().enumerate() {
            self.moments[here(cell)].merge(moments);
        }
        if let Some((weighted, next)) = self.weighted.as_mut().zip(next.weighted) {
            weighted.resize(self.cells.len(), Weighty::default());
            for (cell, weighty) in next.iter().enumerate() {
                weighted[here(cell)].merge(weighty);
            }
        }
        self.errors.absorb(next.errors, &of_cell, [0, 1]);
        let rows = self.ranked.take().zip(next.ranked);
        self.ranked = rows.and_then(|(mut rows, next)| {
            rows.extend(next.into_iter().map(|mut row| {
                row.cell = of_cell.get(row.cell as usize).copied().unwrap_or_default();
                row
            }));
            (rows.len() <= self.max_ranked).then_some(rows)
        });
        Ok(())
    }

    pub fn report(self, source: Source, request: &Request) -> Result<Regression, Rejected> {
        let errors = self.errors.table()?;
        let numbers = Numbers::new(
            (self.moments, self.weighted),
            errors,
            self.ranked,
            &request.settings,
        );
        let overall = numbers.overall(&self.cells.all());
        Ok(super::report(
            source,
            &self.cells,
            request,
            &numbers,
            (SCHEMA, Detail {}, overall),
        ))
    }
}
