//! Rows that follow each other within a row group: as much as a thread takes in at a time.

use super::{Shared, guarded};
use crate::engine::Rejected;
use crate::engine::pages::Walked;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
    RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Rows decoded at a time.
const BATCH: usize = 8192;
/// Rows of a stretch. Each one passes over the pages before it anew, so they aren't made smaller without need; what is
/// kept of those that wait for one before them takes 24 bytes a row at most.
const ROWS: RangeInclusive<usize> = 1 << 16..=1 << 18;

/// Some of a row group's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    group: usize,
    skip: usize,
    rows: usize,
    /// Rows of the whole group.
    of: usize,
}

/// A file, and what is wanted of it.
pub(super) struct Reader {
    file: Shared,
    /// How the columns are read where every value is looked at: long values that repeat are held once.
    viewed: ArrowReaderMetadata,
    /// How they are read where they are counted: by the numbers of a dictionary, where there is one.
    coded: ArrowReaderMetadata,
    mask: ProjectionMask,
    /// Where each wanted column stands among those read, which keep the order of the file.
    pub order: Vec<usize>,
    /// The type in which each wanted column is handed on.
    pub kinds: Vec<DataType>,
}

impl Reader {
    pub fn new(
        file: Shared,
        metadata: &ArrowReaderMetadata,
        positions: Vec<usize>,
        kinds: Vec<DataType>,
        walked: &Walked,
    ) -> Result<Self, Rejected> {
        let fields = metadata.schema().fields();
        let with = |kind: &dyn Fn(usize, &Field) -> DataType| {
            let fields = fields.iter().enumerate();
            let fields = fields.map(|(at, field)| field.as_ref().clone().with_data_type(kind(at, field)));
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            let options = ArrowReaderOptions::new()
                .with_skip_arrow_metadata(true)
                .with_schema(schema);
            guarded(|| ArrowReaderMetadata::try_new(metadata.metadata().clone(), options.clone()))
        };
        let viewed = |field: &Field| match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            other => other.clone(),
        };
        let coded = |at: usize, field: &Field| match field.data_type() {
            DataType::Utf8 if walked.dictionaries.contains(&at) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            _ => viewed(field),
        };
        Ok(Self {
            file,
            viewed: with(&|_, field| viewed(field))?,
            coded: with(&coded)?,
            mask: ProjectionMask::roots(metadata.parquet_schema(), positions.iter().copied()),
            order: positions
                .iter()
                .map(|at| positions.iter().filter(|other| *other < at).count())
                .collect(),
            kinds,
        })
    }

    /// Compressed bytes of all row groups.
    pub fn bytes(&self) -> u64 {
        let groups = self.viewed.metadata().row_groups().iter();
        groups
            .map(|group| u64::try_from(group.compressed_size()).unwrap_or_default())
            .sum()
    }

    /// The file's rows in stretches, in order. They don't depend on the number of threads.
    pub fn stretches(&self) -> Result<Vec<Stretch>, Rejected> {
        let groups = self.viewed.metadata().row_groups();
        let rows: Vec<usize> = groups
            .iter()
            .map(|group| usize::try_from(group.num_rows()))
            .collect::<Result<_, _>>()
            .map_err(|_| Rejected::Corrupt {
                detail: "a row group has no number of rows".to_owned(),
            })?;
        let all = rows.iter().fold(0, |all: usize, rows| all.saturating_add(*rows));
        let most = (all / 16).clamp(*ROWS.start(), *ROWS.end());
        let mut stretches = Vec::new();
        for (group, of) in rows.into_iter().enumerate() {
            // Even ones: a group of a few rows more than fit isn't worth a second pass over its pages.
            let parts = ((of + most / 2) / most).clamp(1, 4096);
            let bounds = |part: usize| of / parts * part + (of % parts).min(part);
            stretches.extend((0..parts).map(|part| Stretch {
                group,
                skip: bounds(part),
                rows: bounds(part + 1) - bounds(part),
                of,
            }));
        }
        Ok(stretches)
    }

    /// Starts to decode a stretch.
    pub fn open(&self, stretch: Stretch, coded: bool) -> Result<ParquetRecordBatchReader, ParquetError> {
        let metadata = if coded { &self.coded } else { &self.viewed };
        let file = self.file.clone();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
            .with_projection(self.mask.clone())
            .with_row_groups(vec![stretch.group])
            .with_batch_size(BATCH);
        if stretch.rows == stretch.of {
            return builder.build();
        }
        let rest = stretch.of - stretch.skip - stretch.rows;
        let selection = [
            RowSelector::skip(stretch.skip),
            RowSelector::select(stretch.rows),
            RowSelector::skip(rest),
        ];
        builder
            .with_row_selection(RowSelection::from(selection.to_vec()))
            .build()
    }
}
