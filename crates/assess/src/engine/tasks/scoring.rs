//! Who is scored above the median of all, by two columns: what Local Law 144 asks of tools that score people.

use super::Wanted;
use super::cells::Cells;
use crate::engine::values::Values;
use crate::engine::{Limits, Rejected, Watch};
use crate::report::{Columns, Source, group_name};
use std::path::Path;

/// People of a category, and those of them with a score strictly above the median.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Category {
    pub name: String,
    pub n: u64,
    pub above: u64,
}

/// What a column of scores comes to.
pub(crate) struct Scoring {
    pub source: Source,
    pub rows: u64,
    /// The middle of all scores, the mean of the two middle ones where their number is even.
    pub median: f64,
    /// Categories by the first column, by the second, by both; people of unknown category aren't in them.
    pub tables: [Vec<Category>; 3],
}

/// Reads a file by its column of scores, and counts by two columns.
pub(crate) fn scoring(
    file: &Path,
    score: &str,
    by: [&str; 2],
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Scoring, Rejected> {
    let columns = Columns {
        label: score.to_owned(),
        protected: by.map(str::to_owned).to_vec(),
        ..Columns::default()
    };
    let wanted = Wanted::new(&[(score, "score")], &columns)?;
    let (mut cells, mut values) = (Cells::new(&columns, limits)?, Values::new(limits.max_scores));
    let source = wanted.read(file, limits, progress, &mut |place, row| {
        let score = wanted.column(0).number(row[0], place)?;
        let cell = cells.count(&row[1..], 0, None, place)?;
        values.push(score, cell, 0);
        Ok(())
    })?;
    let table = values.table()?;
    if table.places.is_some() {
        return Err(Rejected::TooManyValues {
            limit: limits.max_scores,
        });
    }
    let rows = cells.rows();
    let mut upto = 0;
    let ranked: Vec<(u64, f64)> = table
        .entries
        .iter()
        .map(|entry| {
            upto += u64::from(entry.rows[0]);
            (upto, entry.score)
        })
        .collect();
    let at = |rank: u64| {
        let found = ranked.partition_point(|(upto, _)| *upto <= rank);
        ranked.get(found).map_or(f64::NAN, |(_, score)| *score)
    };
    let median = f64::midpoint(at(rows.saturating_sub(1) / 2), at(rows / 2));
    let mut above = vec![0; cells.len()];
    for entry in table.entries.iter().filter(|entry| entry.score > median) {
        above[entry.cell as usize] += u64::from(entry.rows[0]);
    }
    let tables = [&[0][..], &[1], &[0, 1]].map(|at| {
        let parts = cells.parts(at).into_iter();
        let known = parts.filter(|part| part.key.iter().all(Option::is_some));
        known
            .map(|part| Category {
                name: group_name(&part.key),
                n: part.n,
                above: part.cells.iter().map(|cell| above[*cell]).sum(),
            })
            .collect()
    });
    Ok(Scoring {
        source,
        rows,
        median,
        tables,
    })
}
