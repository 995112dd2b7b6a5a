//! Cells as JSON.

use super::Cells;
use crate::engine::exact::Exact;
use crate::engine::groups::MISSING;
use crate::engine::partial::kept::{ensure, groups, key, wrong};
use crate::engine::tally::Sums;
use crate::engine::weighed::sum::Squared;
use crate::engine::{Limits, Place, Rejected};
use crate::report::Columns;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::tasks) struct Wire {
    /// For each protected attribute its groups, in the order in which they first occurred.
    groups: Vec<Vec<String>>,
    /// Each combination of groups that occurred.
    cells: Vec<Cell>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    /// The group's place in each attribute's list; null where it isn't known.
    groups: Vec<Option<u32>>,
    /// Rows by answer; without answers, all are of the first.
    rows: [u64; 2],
    /// Where a weight was named: likewise the sum of weights and of their squares, in the digits of a number to the base
    /// 2³² in units of 2⁻¹⁰⁷⁴: pairs of a digit's place and the digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    sums: Option<[Squared; 2]>,
}

impl Cells {
    pub(in crate::engine::tasks) fn wire(&self) -> Wire {
        let cells = self.tally.cells.iter().enumerate();
        let cells = cells.map(|(at, (key, rows))| Cell {
            groups: key.iter().map(|id| (*id != MISSING).then_some(*id)).collect(),
            rows: rows.map(|[rows, _]| rows),
            sums: self.tally.sums.as_ref().map(|sums| {
                let [weights, squares] = &sums[at];
                [0, 1].map(|answer: usize| [weights[answer][0].settled(), squares[answer][0].settled()])
            }),
        });
        Wire {
            groups: self.groups.iter().map(|groups| groups.names.clone()).collect(),
            cells: cells.collect(),
        }
    }

    /// Rows of each cell by answer.
    pub fn rows_by_answer(&self) -> Vec<[u64; 2]> {
        let cells = self.tally.cells.iter();
        cells.map(|(_, rows)| rows.map(|[rows, _]| rows)).collect()
    }
}

impl Wire {
    /// The cells, by so many answers.
    pub fn cells(&self, columns: &Columns, answers: usize, limits: &Limits) -> Result<Cells, Rejected> {
        let mut cells = Cells::new(columns, limits)?;
        groups(&mut cells.groups, &self.groups, limits)?;
        let rows = self.cells.iter().flat_map(|cell| cell.rows);
        let rows = rows.into_iter().try_fold(0_u64, u64::checked_add);
        let rows = rows.ok_or_else(|| wrong("it has more rows than can be counted"))?;
        ensure(rows > 0, "it has no rows")?;
        if rows > cells.max_rows {
            return Err(Rejected::TooManyRows {
                limit: cells.max_rows,
            });
        }
        ensure(self.cells.len() <= limits.max_cells, "it has too many cells")?;
        let place = Place { row: 1, line: None };
        for (at, cell) in self.cells.iter().enumerate() {
            let key = key(&cell.groups, &self.groups)?;
            let id = cells.tally.cell(&key, place)?;
            ensure(id as usize == at, "a cell is listed twice")?;
            ensure(
                cell.rows.iter().skip(answers).all(|rows| *rows == 0),
                "rows have an answer that isn't listed",
            )?;
            ensure(
                cell.sums.is_some() == columns.weight.is_some(),
                "sums of weights and the column of weights don't match",
            )?;
            let all = cell.sums.iter().flatten().flatten();
            ensure(
                all.into_iter().all(Exact::is_sound),
                "a sum of weights can't be one",
            )?;
            let sums = cell.sums.as_ref().map(sums);
            cells
                .tally
                .restore(at, cell.rows.map(|rows| [rows, 0]), sums.as_ref());
        }
        Ok(cells)
    }
}

fn sums(by_answer: &[Squared; 2]) -> Sums {
    [0, 1].map(|of: usize| [0, 1].map(|answer: usize| [by_answer[answer][of].clone(), Exact::default()]))
}
