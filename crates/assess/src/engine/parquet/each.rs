//! Rows of a Parquet file one after the other.

use super::{cast, cell, guarded};
use crate::engine::intake::Cell;
use crate::engine::rows::{Choose, Take};
use crate::engine::{Limits, Place, Progress, Rejected, Watch, pages};
use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use std::collections::BTreeSet;
use std::fs::File;

/// Reads all rows, handing over the cells that are chosen by the header.
pub(in crate::engine) fn each(
    file: &File,
    choose: Choose<'_>,
    limits: &Limits,
    progress: &mut Watch<'_>,
    take: Take<'_>,
) -> Result<(), Rejected> {
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
    let names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    let positions = choose(&names)?;
    let kinds = positions.iter().filter_map(|at| fields.get(*at));
    let kinds: Vec<DataType> = kinds
        .map(|field| kind(field.name(), field.data_type()))
        .collect::<Result<_, _>>()?;
    let all = metadata.metadata().file_metadata().num_rows();
    let all = u64::try_from(all)
        .ok()
        .filter(|rows| *rows <= limits.max_rows)
        .ok_or(Rejected::TooManyRows {
            limit: limits.max_rows,
        })?;
    pages::check(file, metadata.metadata(), &positions, limits)?;
    // What is read keeps the order of the file, each column once.
    let distinct: BTreeSet<usize> = positions.iter().copied().collect();
    let order: Vec<usize> = positions.iter().map(|at| distinct.range(..at).count()).collect();
    let mask = ProjectionMask::roots(metadata.parquet_schema(), positions.iter().copied());
    let mut batches = guarded(|| {
        ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone())
            .with_projection(mask.clone())
            .build()
    })?;
    let bytes = file.metadata()?.len();
    let mut place = Place { row: 0, line: None };
    while let Some(batch) = guarded(|| batches.next().transpose().map_err(ParquetError::from))? {
        let columns = order.iter().zip(&kinds);
        let columns: Vec<ArrayRef> = columns
            .map(|(at, kind)| cast(batch.column(*at), kind))
            .collect::<Result<_, _>>()?;
        for row in 0..batch.num_rows() {
            place.row += 1;
            let cells: Vec<Cell<'_>> = columns.iter().map(|column| cell(column, row)).collect();
            take(place, &cells)?;
        }
        let share = u128::from(bytes) * u128::from(place.row) / u128::from(all.max(1));
        let come = Progress {
            bytes: u64::try_from(share).unwrap_or(bytes),
            of: Some(bytes),
            rows: place.row,
        };
        come.told(progress)?;
    }
    Ok(())
}

/// The type in which a column is handed on.
fn kind(column: &str, kind: &DataType) -> Result<DataType, Rejected> {
    match kind {
        DataType::Boolean => Ok(DataType::Boolean),
        kind if kind.is_integer() => Ok(DataType::Int64),
        kind if kind.is_floating() || kind.is_decimal() => Ok(DataType::Float64),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(DataType::Utf8View),
        kind if kind.is_temporal() => Ok(DataType::Utf8View),
        other => Err(Rejected::UnsupportedType {
            column: column.to_owned(),
            kind: other.to_string(),
            wanted: "text, a number, a date or a truth value",
        }),
    }
}
