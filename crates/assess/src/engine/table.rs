//! The columns of a file held in memory, for tasks whose figures need all rows at once (medians, ranks, class scores).

mod csv;
mod parquet;

use super::rejected::nearest;
use super::{Format, Limits, Place, Progress, Rejected, digest};
use crate::report::Source;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Where a file's rows come from.
pub enum Input<'a> {
    /// CSV or Parquet, by its first bytes.
    Path(&'a Path),
    /// CSV from any reader.
    Csv(&'a mut dyn Read),
}

/// The columns asked for, as text; numbers of a Parquet file are written so that they read back exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub source: Source,
    /// Data rows.
    pub rows: usize,
    /// All columns of the file, whether held or not.
    pub header: Vec<String>,
    columns: BTreeMap<String, Vec<Option<String>>>,
}

impl Limits {
    /// These bounds for a file whose columns are held in memory: at most 2 million rows, 512 MiB (1 GiB decompressed).
    #[must_use]
    pub fn held(&self) -> Self {
        Self {
            max_bytes: self.max_bytes.min(512 << 20),
            max_rows: self.max_rows.min(2_000_000),
            max_decompressed_bytes: self.max_decompressed_bytes.min(1 << 30),
            ..self.clone()
        }
    }
}

impl Format {
    /// The format of an open file, which is left at its beginning.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn of_file(file: &mut File) -> std::io::Result<Self> {
        let mut first = Vec::new();
        file.by_ref().take(4).read_to_end(&mut first)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Self::of(&first))
    }
}

impl Table {
    /// Reads the columns whose names `wants` says yes to. Empty cells are none; rows are in the order of the file.
    ///
    /// # Errors
    /// [`Rejected`] names what is wrong with the file, and where.
    pub fn read(
        input: Input<'_>,
        wants: &dyn Fn(&str) -> bool,
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Rejected> {
        let path = match input {
            Input::Csv(reader) => return csv::read(reader, None, wants, limits, progress),
            Input::Path(path) => path,
        };
        let mut file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if bytes > limits.max_bytes {
            return Err(Rejected::TooBig {
                limit: limits.max_bytes,
            });
        }
        match Format::of_file(&mut file)? {
            Format::Csv => csv::read(&mut file, Some(bytes), wants, limits, progress),
            Format::Parquet => {
                let source = Source {
                    digest: digest::of(File::open(path)?)?,
                    bytes,
                    format: Format::Parquet.name().to_owned(),
                };
                parquet::read(&file, source, wants, limits, progress)
            }
        }
    }

    fn new(
        source: Source,
        header: Vec<String>,
        columns: BTreeMap<String, Vec<Option<String>>>,
        rows: usize,
    ) -> Result<Self, Rejected> {
        if rows == 0 {
            return Err(Rejected::NoRows);
        }
        Ok(Self {
            source,
            rows,
            header,
            columns,
        })
    }

    /// A column that must be there.
    ///
    /// # Errors
    /// [`Rejected::MissingColumn`] where the file has no such column.
    pub fn column(&self, name: &str) -> Result<&[Option<String>], Rejected> {
        let column = self.columns.get(name).map(Vec::as_slice);
        column.ok_or_else(|| Rejected::MissingColumn {
            name: name.to_owned(),
            nearest: nearest(name, &self.header),
            available: self.header.clone(),
        })
    }

    /// A column with a value in every row.
    ///
    /// # Errors
    /// [`Rejected::MissingValue`] names the first row without one.
    pub fn texts(&self, name: &str, role: &'static str) -> Result<Vec<&str>, Rejected> {
        let cells = self.column(name)?.iter().enumerate();
        cells
            .map(|(row, cell)| cell.as_deref().ok_or_else(|| missing(row, name, role)))
            .collect()
    }

    /// A column of finite numbers, one in every row.
    ///
    /// # Errors
    /// [`Rejected`] names the first row that has none.
    pub fn numbers(&self, name: &str, role: &'static str) -> Result<Vec<f64>, Rejected> {
        let cells = self.texts(name, role)?.into_iter().enumerate();
        cells.map(|(row, cell)| number(cell, row, name)).collect()
    }
}

fn place(row: usize) -> Place {
    Place {
        row: row as u64 + 1,
        line: None,
    }
}

fn missing(row: usize, column: &str, role: &'static str) -> Rejected {
    Rejected::MissingValue {
        place: place(row),
        column: column.to_owned(),
        role,
    }
}

fn number(cell: &str, row: usize, column: &str) -> Result<f64, Rejected> {
    let number: f64 = cell.trim_ascii().parse().map_err(|_| Rejected::NotANumber {
        place: place(row),
        column: column.to_owned(),
        value: cell.to_owned(),
    })?;
    if number.is_finite() {
        // Minus zero is zero: they must tie.
        return Ok(number + 0.0);
    }
    Err(Rejected::NotFinite {
        place: place(row),
        column: column.to_owned(),
        value: number.to_string(),
    })
}

/// Which columns of a header are held: their places and names.
fn held(header: &[String], wants: &dyn Fn(&str) -> bool) -> Result<Vec<(usize, String)>, Rejected> {
    let mut held: Vec<(usize, String)> = Vec::new();
    for (at, name) in header.iter().enumerate().filter(|(_, name)| wants(name)) {
        if let Some((first, _)) = held.iter().find(|(_, other)| other == name) {
            return Err(Rejected::DuplicateColumn {
                name: name.clone(),
                first: first + 1,
                second: at + 1,
            });
        }
        held.push((at, name.clone()));
    }
    Ok(held)
}
