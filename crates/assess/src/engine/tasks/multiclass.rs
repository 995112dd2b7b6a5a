//! Three classes or more (two as well): how often each is told from the others, overall and by group.

mod areas;
mod classes;
mod counts;
mod weighted;
mod wire;

use super::cells::Cells;
use super::{Extent, Wanted, prediction};
use crate::engine::rows::{self, positions};
use crate::engine::{Limits, Rejected, Request, Watch};
use crate::report::{Columns, Source};
use crate::tasks::Multiclass;
use crate::tasks::multiclass::{Detail, SCHEMA};
use areas::Shares;
use classes::Classes;
use counts::Counts;
use std::cell::RefCell;
use std::path::Path;
pub(super) use wire::Wire;

/// Classes that a file may have.
const MAX_CLASSES: usize = 100;

/// Reads a file by its label and prediction columns and works out its report. `columns.score` is what the names of the
/// score columns begin with: `y_score` stands for `y_score_none`, `y_score_violent` and so on, one for each class among the
/// labels, for which the file is read once more.
pub(in crate::engine) fn assess(
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Multiclass, Rejected> {
    let (kept, source) = Kept::read(file, &request.columns, Extent::Whole, limits, progress)?;
    kept.report(source, request)
}

/// What is kept of the rows: enough to report on them, alone or together with that of the rows that follow.
pub(in crate::engine) struct Kept {
    pub(super) cells: Cells,
    counts: Counts,
    /// Where a score is named.
    shares: Option<Shares>,
}

impl Kept {
    pub fn read(
        file: &Path,
        columns: &Columns,
        extent: Extent,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<(Self, Source), Rejected> {
        let wanted = Wanted::new(
            &[(&columns.label, "label"), (prediction(columns)?, "prediction")],
            columns,
        )?;
        let (label, predicted) = (wanted.column(0), wanted.column(1));
        let (mut cells, mut counts) = (Cells::new(columns, limits)?, Counts::default());
        let header = RefCell::new(Vec::new());
        let choose = |names: &[String]| {
            header.replace(names.to_vec());
            positions(&wanted.names, names)
        };
        let source = rows::read(file, &choose, limits, progress, &mut |place, row| {
            let pair = (label.text(row[0], place)?, predicted.text(row[1], place)?);
            let weight = wanted.weight(row, place)?;
            let cell = cells.count(wanted.protected(row), 0, weight, place)?;
            counts.add(cell, &pair.0, &pair.1, weight);
            few(&counts, columns)
        })?;
        let shares = match &columns.score {
            None => None,
            Some(prefix) => {
                let mut classes = counts.labels();
                if extent == Extent::Part {
                    classes.extend(areas::classes(&header.borrow(), prefix, &wanted.names));
                    classes.sort_unstable();
                    classes.dedup();
                }
                Some(Shares::read(file, columns, prefix, classes, limits, progress)?)
            }
        };
        let kept = Self {
            cells,
            counts,
            shares,
        };
        Ok((kept, source))
    }

    /// Adds the rows that follow.
    pub fn merge(&mut self, next: Self, columns: &Columns) -> Result<(), Rejected> {
        let of_cell = self.cells.absorb(&next.cells, [0, 1])?;
        self.counts.absorb(next.counts, &of_cell);
        few(&self.counts, columns)?;
        match (&mut self.shares, next.shares) {
            (Some(shares), Some(next)) => shares.merge(next),
            _ => Ok(()),
        }
    }

    pub fn report(self, source: Source, request: &Request) -> Result<Multiclass, Rejected> {
        let (names, labelled, counts) = self.counts.sorted();
        let scored = match self.shares {
            None => Err("no score columns were named"),
            // The scores of a row were brought to a sum of 1 over these.
            Some(shares) if shares.classes != names[..labelled] => {
                Err("a score column is of a class that no row has")
            }
            Some(shares) => Ok(shares.finished()?),
        };
        let classes = Classes {
            names,
            counts,
            scored,
            settings: &request.settings,
        };
        let mut overall = classes.of_group(&classes.all());
        overall.extend(classes.score_figures(self.cells.rows()));
        let detail = Detail {
            confusion: classes.matrix(&classes.all()),
            weighted_confusion: request.columns.weight.as_ref().map(|_| classes.weights()),
            scores: classes.score_columns(),
            classes: classes.names.clone(),
        };
        let mut report = super::report(source, &self.cells, request, &classes, (SCHEMA, detail, overall));
        if let Some(weighted) = &mut report.weighted {
            weighted
                .figures
                .extend(classes.weighted_score_figures(report.rows));
        }
        Ok(report)
    }
}

/// Refuses too many classes.
fn few(counts: &Counts, columns: &Columns) -> Result<(), Rejected> {
    if counts.classes() > MAX_CLASSES {
        return Err(Rejected::TooManyClasses {
            column: columns.label.clone(),
            limit: MAX_CLASSES,
        });
    }
    Ok(())
}
