//! The wanted columns of a Parquet file.

use super::super::{Limits, Progress, Rejected, pages};
use super::{Table, held};
use crate::report::Source;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) fn read(
    file: &File,
    source: Source,
    wants: &dyn Fn(&str) -> bool,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Table, Rejected> {
    pages::frame(file, limits)?;
    // The embedded Arrow schema is advice from a stranger: types come from Parquet itself.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guarded(|| ArrowReaderMetadata::load(file, options.clone()))?;
    let fields = metadata.schema().fields();
    if fields.len() > limits.max_columns {
        return Err(Rejected::TooManyColumns {
            limit: limits.max_columns,
        });
    }
    let header: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    let held = held(&header, wants)?;
    let all = metadata.metadata().file_metadata().num_rows();
    if u64::try_from(all).map_or(true, |rows| rows > limits.max_rows) {
        return Err(Rejected::TooManyRows {
            limit: limits.max_rows,
        });
    }
    let positions: Vec<usize> = held.iter().map(|(at, _)| *at).collect();
    let kinds = positions.iter().filter_map(|at| fields.get(*at));
    let kinds: Vec<DataType> = kinds
        .map(|field| kind(field.name(), field.data_type()))
        .collect::<Result<_, _>>()?;
    pages::check(file, metadata.metadata(), &positions, limits)?;
    let mask = ProjectionMask::roots(metadata.parquet_schema(), positions);
    let mut batches = guarded(|| {
        ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone())
            .with_projection(mask.clone())
            .build()
    })?;
    let (mut columns, mut rows) = (vec![Vec::new(); held.len()], 0);
    while let Some(batch) = guarded(|| batches.next().transpose().map_err(ParquetError::from))? {
        for ((column, values), kind) in columns.iter_mut().zip(batch.columns()).zip(&kinds) {
            append(column, values, kind)?;
        }
        rows += batch.num_rows();
        progress(Progress {
            bytes: source.bytes,
            of: None,
            rows: rows as u64,
        });
    }
    let names = held.into_iter().map(|(_, name)| name);
    let columns: BTreeMap<_, _> = names.zip(columns).collect();
    Table::new(source, header, columns, rows)
}

/// Decoding a hostile file may fail in ways the decoder didn't foresee; that's the file's fault, not the process'.
fn guarded<T>(decode: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Rejected> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(corrupt(error.to_string())),
        Err(_) => Err(corrupt("it can't be decoded".to_owned())),
    }
}

fn corrupt(detail: String) -> Rejected {
    Rejected::Corrupt { detail }
}

/// The type in which a column is written out.
fn kind(column: &str, kind: &DataType) -> Result<DataType, Rejected> {
    match kind {
        DataType::Boolean => Ok(DataType::Boolean),
        kind if kind.is_integer() => Ok(DataType::Int64),
        kind if kind.is_floating() || kind.is_decimal() => Ok(DataType::Float64),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(DataType::Utf8),
        kind if kind.is_temporal() => Ok(DataType::Utf8),
        other => Err(Rejected::UnsupportedType {
            column: column.to_owned(),
            kind: other.to_string(),
            wanted: "text, a number, a date or a truth value",
        }),
    }
}

fn append(column: &mut Vec<Option<String>>, values: &ArrayRef, kind: &DataType) -> Result<(), Rejected> {
    // A cast that would lose a value is an error, never a silent null.
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    let values = cast_with_options(values, kind, &options).map_err(|error| corrupt(error.to_string()))?;
    let text = |row: usize| match kind {
        DataType::Boolean => values.as_boolean().value(row).to_string(),
        DataType::Int64 => values.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => (values.as_primitive::<Float64Type>().value(row) + 0.0).to_string(),
        _ => values.as_string::<i32>().value(row).to_owned(),
    };
    let cell = |row: usize| (!values.is_null(row)).then(|| text(row));
    column.extend((0..values.len()).map(cell));
    Ok(())
}
