//! Rows of a Parquet file, reading only the columns that are wanted: in stretches of rows that threads take in, put
//! together in order.
//!
//! A stretch in which anything is odd is read again row by row, with everything known that came before it. So what is
//! reported, and which error, doesn't depend on the number of threads.

mod columns;
mod each;
mod quick;
mod shared;
mod stretch;

use super::intake::{Cell, Intake, Shift};
use super::pool::{self, Pool};
use super::scores::{Due, Merged, Scores};
use super::wanted::Wanted;
use super::{Format, Limits, Place, Progress, Rejected, Watch, digest, pages};
use crate::report::Source;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::ParquetError;
use std::collections::VecDeque;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use stretch::{Reader, Stretch};

pub(super) use each::each;
use shared::Shared;

/// Memory that the pages of all threads may take together, beyond those of one.
const PAGES: u64 = 128 << 20;

/// Reads a file while another thread digests it, which stops where the reading ends early.
pub(super) fn digested<T>(
    file: &File,
    read: impl FnOnce() -> Result<T, Rejected>,
) -> Result<(T, Source), Rejected> {
    let (whole, stopped) = (Shared::new(file)?.from(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let digest = thread::Builder::new().spawn_scoped(scope, || digest::of(whole, &stopped))?;
        let read = read().inspect_err(|_| stopped.store(true, Ordering::Relaxed))?;
        let digest = digest.join().map_err(|_| Rejected::Corrupt {
            detail: "it can't be digested".to_owned(),
        })??;
        let source = Source {
            digest,
            bytes: file.metadata()?.len(),
            format: Format::Parquet.name().to_owned(),
        };
        Ok((read, source))
    })
}

/// Reads a whole file.
pub(super) fn read(
    file: &File,
    wanted: &Wanted,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Intake, Rejected> {
    pages::frame(file, limits)?;
    let shared = Shared::new(file)?;
    // The embedded Arrow schema is advice from a stranger: types come from Parquet itself.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guarded(|| ArrowReaderMetadata::load(&shared, options.clone()))?;
    let schema = metadata.schema();
    if schema.fields().len() > limits.max_columns {
        return Err(Rejected::TooManyColumns {
            limit: limits.max_columns,
        });
    }
    let names: Vec<_> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let positions = wanted.positions(&names)?;
    let kinds = columns::kinds(wanted, schema, &positions)?;
    let rows = metadata.metadata().file_metadata().num_rows();
    if u64::try_from(rows).map_or(true, |rows| rows > limits.max_rows) {
        return Err(Rejected::TooManyRows {
            limit: limits.max_rows,
        });
    }
    let walked = pages::check(file, metadata.metadata(), &positions, limits)?;
    let page = walked.largest.saturating_mul(positions.len() as u64).max(1);
    let threads = pool::threads(limits.threads).min(1 + usize::try_from(PAGES / page).unwrap_or(0));
    let reader = Reader::new(shared, &metadata, positions, kinds, &walked)?;
    let stretches = reader.stretches()?;
    let work = |job| match job {
        Job::Take(stretch) => Answer::Taken(quick::stretch(&reader, stretch, wanted, limits).map(Box::new)),
        Job::Merge(due) => Answer::Merged(due.merged()),
    };
    let of = reader.bytes();
    let total = u64::try_from(rows).unwrap_or_default().max(1);
    pool::with(threads, work, |pool| {
        let mut reading = Reading {
            reader: &reader,
            pool,
            intake: Intake::new(wanted, limits),
            pending: VecDeque::new(),
        };
        let mut tell = |rows: u64| {
            let share = u128::from(of) * u128::from(rows) / u128::from(total);
            let come = Progress {
                bytes: u64::try_from(share).unwrap_or(of),
                of: Some(of),
                rows,
            };
            come.told(progress)
        };
        for stretch in stretches {
            reading.pending.push_back(Some(stretch));
            reading.pool.give(Job::Take(stretch));
            while reading.pending.len() >= 2 * threads + 2 {
                reading.one(&mut tell)?;
            }
        }
        while !reading.pending.is_empty() {
            reading.one(&mut tell)?;
        }
        Ok(reading.intake)
    })?
}

enum Job {
    Take(Stretch),
    Merge(Due),
}

enum Answer {
    Taken(Option<Box<Intake>>),
    Merged(Merged),
}

/// Tells how many rows are read.
type Tell<'a> = dyn FnMut(u64) -> Result<(), Rejected> + 'a;

/// The work under way and what has come of it.
struct Reading<'a> {
    reader: &'a Reader,
    pool: &'a mut Pool<Job, Answer>,
    intake: Intake,
    /// For each piece of work under way, the stretch; none for a merge of scores.
    pending: VecDeque<Option<Stretch>>,
}

impl Reading<'_> {
    /// Puts the answer to the oldest piece of work where it belongs.
    fn one(&mut self, tell: &mut Tell<'_>) -> Result<(), Rejected> {
        match (self.pool.take(), self.pending.pop_front().flatten()) {
            (Some(Answer::Merged(merged)), _) => {
                if let Some(scores) = &mut self.intake.scores {
                    scores.put(merged);
                }
            }
            (Some(Answer::Taken(Some(taken))), Some(stretch)) => self.put(Some(taken), stretch, tell)?,
            (_, Some(stretch)) => self.put(None, stretch, tell)?,
            // A merge that came to nothing, which it has no way to: better no figures than wrong ones.
            (_, None) => {
                if let Some(scores) = &mut self.intake.scores {
                    scores.give_up();
                }
            }
        }
        while let Some(due) = self.intake.scores.as_mut().and_then(Scores::due) {
            self.pending.push_back(None);
            self.pool.give(Job::Merge(due));
        }
        Ok(())
    }

    fn put(
        &mut self,
        taken: Option<Box<Intake>>,
        stretch: Stretch,
        tell: &mut Tell<'_>,
    ) -> Result<(), Rejected> {
        let shift = Shift {
            rows: self.intake.rows(),
            lines: None,
        };
        let absorbed = taken.is_some_and(|taken| self.intake.absorb(*taken, shift).is_ok());
        if !absorbed {
            self.carefully(stretch)?;
        }
        tell(self.intake.rows())
    }

    /// Reads a stretch row by row, and names what is wrong.
    fn carefully(&mut self, stretch: Stretch) -> Result<(), Rejected> {
        let mut batches = guarded(|| self.reader.open(stretch, false))?;
        while let Some(batch) = guarded(|| batches.next().transpose().map_err(ParquetError::from))? {
            take(&mut self.intake, &batch, &self.reader.order, &self.reader.kinds)?;
        }
        Ok(())
    }
}

/// Decoding a hostile file may fail in ways the decoder didn't foresee; that's the file's fault, not the process'.
fn guarded<T>(decode: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Rejected> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Rejected::Corrupt {
            detail: error.to_string(),
        }),
        Err(_) => Err(Rejected::Corrupt {
            detail: "it can't be decoded".to_owned(),
        }),
    }
}

/// A column in the type in which it is handed on. A cast that would lose a value is an error, never a silent null.
fn cast(column: &ArrayRef, kind: &DataType) -> Result<ArrayRef, Rejected> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(column, kind, &options).map_err(|error| Rejected::Corrupt {
        detail: error.to_string(),
    })
}

fn take(
    intake: &mut Intake,
    batch: &RecordBatch,
    order: &[usize],
    kinds: &[DataType],
) -> Result<(), Rejected> {
    let columns = order
        .iter()
        .zip(kinds)
        .map(|(at, kind)| cast(batch.column(*at), kind));
    let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
    for row in 0..batch.num_rows() {
        let place = Place {
            row: intake.rows() + 1,
            line: None,
        };
        intake.row(place, |index| cell(&columns[index], row))?;
    }
    Ok(())
}

fn cell(column: &ArrayRef, row: usize) -> Cell<'_> {
    if column.is_null(row) {
        return Cell::Missing;
    }
    match column.data_type() {
        DataType::Utf8View => Cell::Text(column.as_string_view().value(row)),
        DataType::Boolean => Cell::Truth(column.as_boolean().value(row)),
        DataType::Int64 => Cell::Integer(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Cell::Real(column.as_primitive::<Float64Type>().value(row)),
        _ => Cell::Missing,
    }
}
