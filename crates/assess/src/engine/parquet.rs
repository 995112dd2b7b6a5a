//! Rows of a Parquet file, row group by row group, reading only the columns that are wanted.

use super::intake::{Cell, Intake, Wanted};
use super::{Limits, Place, Progress, Rejected, pages};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Rows decoded at a time.
const BATCH: usize = 8192;

/// Reads a whole file.
pub(super) fn read(
    file: &File,
    wanted: &Wanted,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Intake, Rejected> {
    pages::frame(file, limits)?;
    // The embedded Arrow schema is advice from a stranger: types come from Parquet itself.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guarded(|| ArrowReaderMetadata::load(file, options.clone()))?;
    let schema = metadata.schema();
    if schema.fields().len() > limits.max_columns {
        return Err(Rejected::TooManyColumns {
            limit: limits.max_columns,
        });
    }
    let names: Vec<_> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let positions = wanted.positions(&names)?;
    let kinds = kinds(wanted, schema, &positions)?;
    let rows = metadata.metadata().file_metadata().num_rows();
    if u64::try_from(rows).map_or(true, |rows| rows > limits.max_rows) {
        return Err(Rejected::TooManyRows {
            limit: limits.max_rows,
        });
    }
    pages::check(file, metadata.metadata(), &positions, limits)?;

    // Views share a page's dictionary, so a long value repeated a million times is held once.
    let viewed = Schema::new(schema.fields().iter().map(viewed).collect::<Vec<_>>());
    let options = options.with_schema(Arc::new(viewed));
    let metadata = guarded(|| ArrowReaderMetadata::try_new(metadata.metadata().clone(), options.clone()))?;
    let mask = ProjectionMask::roots(metadata.parquet_schema(), positions.iter().copied());
    let of: u64 = metadata
        .metadata()
        .row_groups()
        .iter()
        .map(|group| bytes(group.compressed_size()))
        .sum();
    let batches = guarded(|| {
        ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone())
            .with_projection(mask.clone())
            .with_batch_size(BATCH)
            .build()
    });
    let mut batches = batches?;
    // A projection keeps the order of the file.
    let order: Vec<usize> = positions
        .iter()
        .map(|at| positions.iter().filter(|other| *other < at).count())
        .collect();
    let total = u64::try_from(rows).unwrap_or_default().max(1);
    let mut intake = Intake::new(wanted, limits);
    while let Some(batch) = guarded(|| batches.next().transpose().map_err(ParquetError::from))? {
        take(&mut intake, &batch, &order, &kinds)?;
        let share = u128::from(of) * u128::from(intake.rows()) / u128::from(total);
        progress(Progress {
            bytes: u64::try_from(share).unwrap_or(of),
            of: Some(of),
            rows: intake.rows(),
        });
    }
    Ok(intake)
}

fn bytes(size: i64) -> u64 {
    u64::try_from(size).unwrap_or_default()
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

fn viewed(field: &Arc<Field>) -> Arc<Field> {
    match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => {
            Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View))
        }
        _ => field.clone(),
    }
}

/// The type in which a wanted column is handed on, whatever it is stored as.
fn kinds(wanted: &Wanted, schema: &Schema, positions: &[usize]) -> Result<Vec<DataType>, Rejected> {
    let kind = |(index, at): (usize, &usize)| {
        let field = schema.field(*at);
        let needed = if wanted.is_score(index) {
            "a number"
        } else if wanted.is_protected(index) {
            "text, a number, a date or a truth value"
        } else {
            "text, a number or a truth value"
        };
        match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(DataType::Utf8View),
            DataType::Boolean => Ok(DataType::Boolean),
            kind if kind.is_integer() => Ok(DataType::Int64),
            kind if kind.is_floating() || kind.is_decimal() => Ok(DataType::Float64),
            kind if kind.is_temporal() && wanted.is_protected(index) => Ok(DataType::Utf8View),
            DataType::Null if wanted.is_protected(index) => Ok(DataType::Utf8View),
            other => Err(Rejected::UnsupportedType {
                column: field.name().clone(),
                kind: named(other),
                wanted: needed,
            }),
        }
    };
    positions.iter().enumerate().map(kind).collect()
}

fn named(kind: &DataType) -> String {
    match kind {
        DataType::Struct(_) => "a nested record".to_owned(),
        DataType::Map(..) => "a nested map".to_owned(),
        kind if kind.is_nested() => "a nested list".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) => "raw bytes".to_owned(),
        other => other.to_string(),
    }
}

fn take(
    intake: &mut Intake,
    batch: &RecordBatch,
    order: &[usize],
    kinds: &[DataType],
) -> Result<(), Rejected> {
    // A cast that would lose a value is an error, never a silent null.
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    let columns: Vec<ArrayRef> = order
        .iter()
        .zip(kinds)
        .map(|(at, kind)| cast_with_options(batch.column(*at), kind, &options))
        .collect::<Result<_, _>>()
        .map_err(|error| Rejected::Corrupt {
            detail: error.to_string(),
        })?;
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
