//! What is kept of predicted numbers, as JSON.

use super::weighted::Weighty;
use super::{Kept, Row};
use crate::engine::intake::is_weight;
use crate::engine::partial::kept::{self, ensure, wrong};
use crate::engine::tasks::cells::Cells;
use crate::engine::{Limits, Rejected};
use crate::regression::moments::Moments;
use crate::report::Columns;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::tasks) struct Wire {
    /// Of each cell.
    moments: Vec<Numbers>,
    /// Of each cell by weight and by its square, where a weight was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    weighted: Option<Vec<[Numbers; 2]>>,
    /// Errors by the cell's place in the list.
    errors: kept::Values,
    /// True and predicted number, weight (1 without weights) and cell of each row; null where there were too many.
    ranked: Option<Vec<(f64, f64, f64, u32)>>,
}

/// In the order of [`Moments::numbers`]; null where a sum isn't finite.
type Numbers = (u64, [Option<f64>; Moments::NUMBERS]);

fn numbers(moments: &Moments) -> Numbers {
    let numbers = moments.numbers();
    (
        moments.count,
        numbers.map(|number| Some(number).filter(|number| number.is_finite())),
    )
}

/// Moments of so many rows, each of weight 1 where none is given.
fn moments((count, numbers): Numbers, rows: u64, is_weighted: bool) -> Result<Moments, Rejected> {
    let moments = Moments::from_numbers(count, numbers.map(|number| number.unwrap_or(f64::NAN)));
    let weight = moments.weight;
    let weighs = if is_weighted {
        weight.is_nan() || weight >= 0.0
    } else {
        weight.total_cmp(&crate::stats::real(rows)).is_eq()
    };
    ensure(count == rows && weighs, "moments aren't those of the rows")?;
    Ok(moments)
}

impl Kept {
    pub(in crate::engine::tasks) fn wire(&mut self) -> Wire {
        let weighty = |weighty: &Weighty| [&weighty.by_weight, &weighty.by_square].map(numbers);
        let row = |row: &Row| (row.truth, row.predicted, row.weight, row.cell);
        Wire {
            moments: self.moments.iter().map(numbers).collect(),
            weighted: self
                .weighted
                .as_ref()
                .map(|cells| cells.iter().map(weighty).collect()),
            errors: kept::Values::of(&mut self.errors),
            ranked: self.ranked.as_ref().map(|rows| rows.iter().map(row).collect()),
        }
    }
}

impl Wire {
    pub fn kept(self, cells: Cells, columns: &Columns, limits: &Limits) -> Result<Kept, Rejected> {
        let mut kept = Kept::new(columns, limits)?;
        let rows = cells.rows_by_answer();
        let is_weighted = columns.weight.is_some();
        ensure(
            self.moments.len() == rows.len() && self.weighted.is_some() == is_weighted,
            "its moments aren't those of the cells",
        )?;
        let each = self.moments.into_iter().zip(&rows);
        kept.moments = each
            .map(|(numbers, [rows, _])| moments(numbers, *rows, false))
            .collect::<Result<_, _>>()?;
        if let Some(weighted) = self.weighted {
            ensure(
                weighted.len() == rows.len(),
                "its moments aren't those of the cells",
            )?;
            let weighty = |([by_weight, by_square], [rows, _]): ([Numbers; 2], &[u64; 2])| {
                Ok::<_, Rejected>(Weighty {
                    by_weight: moments(by_weight, *rows, true)?,
                    by_square: moments(by_square, *rows, true)?,
                })
            };
            let each = weighted.into_iter().zip(&rows).map(weighty);
            kept.weighted = Some(each.collect::<Result<_, _>>()?);
        }
        kept.ranked = self
            .ranked
            .map(|ranked| listed(ranked, rows.clone(), is_weighted, kept.max_ranked))
            .transpose()?;
        kept.errors = self.errors.values(rows, limits.max_scores)?;
        kept.cells = cells;
        Ok(kept)
    }
}

/// Every row of cells that have so many.
fn listed(
    rows: Vec<(f64, f64, f64, u32)>,
    mut left: Vec<[u64; 2]>,
    is_weighted: bool,
    limit: usize,
) -> Result<Vec<Row>, Rejected> {
    ensure(rows.len() <= limit, "it lists too many rows")?;
    let row = |(truth, predicted, weight, cell): (f64, f64, f64, u32)| {
        let weighs = if is_weighted {
            is_weight(weight)
        } else {
            weight.total_cmp(&1.0).is_eq()
        };
        ensure(
            truth.is_finite() && predicted.is_finite() && weighs,
            "a row has no numbers",
        )?;
        let left = usize::try_from(cell).ok().and_then(|cell| left.get_mut(cell));
        let [left, _] = left.ok_or_else(|| wrong("a row is of no cell"))?;
        *left = left
            .checked_sub(1)
            .ok_or_else(|| wrong("a cell has fewer rows than are listed"))?;
        Ok::<_, Rejected>(Row {
            truth,
            predicted,
            weight,
            cell,
        })
    };
    let rows = rows.into_iter().map(row).collect::<Result<_, _>>()?;
    ensure(
        left.iter().all(|left| *left == [0, 0]),
        "a cell has more rows than are listed",
    )?;
    Ok(rows)
}
