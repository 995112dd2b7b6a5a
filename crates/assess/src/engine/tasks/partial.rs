//! What is kept of some rows for another task than two answers, to be put together with that of other rows.

use super::cells::{Cells, wire};
use super::{Extent, multiclass, ranking, regression};
use crate::assessment::Assessment;
use crate::engine::partial::{kept, of_sources};
use crate::engine::{Limits, Rejected, Request, Watch};
use crate::report::{Columns, Settings, Source, Task};
use crate::tasks::ranking::{TOPS, Top};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The name and version of the format.
pub(in crate::engine) const SCHEMA: &str = "countersign.partial-of-task/1";

/// All that is kept of the rows of one file, or of several that make up one table.
pub(in crate::engine) struct Partial {
    columns: Columns,
    /// Of a ranking.
    tops: Vec<Top>,
    pub sources: Vec<Source>,
    kept: Kept,
}

enum Kept {
    Multiclass(multiclass::Kept),
    Regression(regression::Kept),
    Ranking(Box<ranking::Kept>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    /// Always [`SCHEMA`].
    schema: String,
    /// What was read, as named.
    columns: Columns,
    /// Of a ranking, what is looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tops: Vec<Top>,
    /// The files, in order.
    sources: Vec<Source>,
    cells: wire::Wire,
    of: Of,
}

/// What only the task has.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    Multiclass(multiclass::Wire),
    Regression(regression::Wire),
    Ranking(ranking::Wire),
}

impl Partial {
    /// Reads a file by a request, of which only the task, the columns and the tops are asked.
    pub fn read(
        file: &Path,
        request: &Request,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<Self, Rejected> {
        let columns = &request.columns;
        let (kept, source) = match request.task {
            Task::Regression => {
                let (kept, source) = regression::Kept::read(file, columns, limits, progress)?;
                (Kept::Regression(kept), source)
            }
            Task::Ranking => {
                let (kept, source) = ranking::Kept::read(file, columns, Extent::Part, limits, progress)?;
                (Kept::Ranking(Box::new(kept)), source)
            }
            Task::Multiclass | Task::Binary => {
                let (kept, source) = multiclass::Kept::read(file, columns, Extent::Part, limits, progress)?;
                (Kept::Multiclass(kept), source)
            }
        };
        Ok(Self {
            columns: columns.clone(),
            tops: request.tops.clone(),
            sources: vec![source],
            kept,
        })
    }

    pub fn as_json(&mut self) -> Result<Vec<u8>, serde_json::Error> {
        let of = match &mut self.kept {
            Kept::Multiclass(kept) => Of::Multiclass(kept.wire()),
            Kept::Regression(kept) => Of::Regression(kept.wire()),
            Kept::Ranking(kept) => Of::Ranking(kept.wire()),
        };
        serde_json::to_vec(&Wire {
            schema: SCHEMA.to_owned(),
            columns: self.columns.clone(),
            tops: self.tops.clone(),
            sources: self.sources.clone(),
            cells: self.cells().wire(),
            of,
        })
    }

    /// From JSON of which no more is known than its schema.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, Rejected> {
        let wire: Wire = serde_json::from_slice(json).map_err(|error| kept::wrong(error.to_string()))?;
        kept::sources(&wire.sources)?;
        kept::ensure(wire.tops.iter().all(|top| top.is_sound()), "a top can't be one")?;
        let (cells, columns) = (wire.cells, wire.columns);
        let all = || cells.cells(&columns, 1, limits);
        let kept = match wire.of {
            Of::Multiclass(of) => Kept::Multiclass(of.kept(all()?, &columns, limits)?),
            Of::Regression(of) => Kept::Regression(of.kept(all()?, &columns, limits)?),
            Of::Ranking(of) => Kept::Ranking(Box::new(of.kept(&cells, &columns, limits)?)),
        };
        Ok(Self {
            tops: wire.tops,
            sources: wire.sources,
            columns,
            kept,
        })
    }

    fn cells(&self) -> &Cells {
        match &self.kept {
            Kept::Multiclass(kept) => &kept.cells,
            Kept::Regression(kept) => &kept.cells,
            Kept::Ranking(kept) => &kept.cells,
        }
    }

    pub fn rows(&self) -> u64 {
        self.cells().rows()
    }

    /// Adds the rows that follow.
    pub fn merge(mut self, next: Self) -> Result<Self, Rejected> {
        if self.columns != next.columns {
            return Err(Rejected::Unlike("columns"));
        }
        if self.tops != next.tops {
            return Err(Rejected::Unlike("tops"));
        }
        match (&mut self.kept, next.kept) {
            (Kept::Multiclass(kept), Kept::Multiclass(next)) => kept.merge(next, &self.columns)?,
            (Kept::Regression(kept), Kept::Regression(next)) => kept.merge(next)?,
            (Kept::Ranking(kept), Kept::Ranking(next)) => kept.merge(*next, &self.columns)?,
            _ => return Err(Rejected::Unlike("tasks")),
        }
        self.sources.extend(next.sources);
        Ok(self)
    }

    /// The report on all rows. Where a cut of a ranking falls among rows that tie, `again` are the parts once more, in their
    /// order.
    pub fn report(
        self,
        settings: &Settings,
        again: &mut dyn Iterator<Item = Result<Self, Rejected>>,
    ) -> Result<Assessment, Rejected> {
        let source = of_sources(&self.sources);
        let request = |task| Request {
            settings: settings.clone(),
            ..Request::new(task, self.columns.clone())
        };
        Ok(match self.kept {
            Kept::Multiclass(kept) => kept.report(source, &request(Task::Multiclass))?.into(),
            Kept::Regression(kept) => kept.report(source, &request(Task::Regression))?.into(),
            Kept::Ranking(kept) => {
                let tops = if self.tops.is_empty() {
                    &TOPS
                } else {
                    self.tops.as_slice()
                };
                let columns = &self.columns;
                let mut offered = |cuts: &mut ranking::Again<'_, '_>| {
                    for part in &mut *again {
                        match &mut part?.kept {
                            Kept::Ranking(part) => part.offer(cuts, columns)?,
                            _ => return Err(Rejected::Unlike("tasks")),
                        }
                    }
                    Ok(())
                };
                kept.report(source, &request(Task::Ranking), tops, &mut offered)?
                    .into()
            }
        })
    }
}
