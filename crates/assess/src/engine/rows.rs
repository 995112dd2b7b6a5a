//! The wanted columns of a file, row by row in bounded memory, for whatever isn't the counting of two answers.

use super::intake::{Cell, is_weight};
use super::rejected::nearest;
use super::{Format, Limits, Place, Rejected, Watch, csv, parquet};
use crate::report::Source;
use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Which columns of a header are wanted, in the order in which rows hand in their cells.
pub(super) type Choose<'a> = &'a dyn Fn(&[String]) -> Result<Vec<usize>, Rejected>;

/// Takes in one row.
pub(super) type Take<'a> = &'a mut dyn FnMut(Place, &[Cell<'_>]) -> Result<(), Rejected>;

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

/// Reads a file, CSV or Parquet by its first bytes, handing over each row in order.
pub(super) fn read(
    path: &Path,
    choose: Choose<'_>,
    limits: &Limits,
    progress: &mut Watch<'_>,
    take: Take<'_>,
) -> Result<Source, Rejected> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > limits.max_bytes {
        return Err(Rejected::TooBig {
            limit: limits.max_bytes,
        });
    }
    let mut rows = 0_u64;
    let mut counted = |place: Place, cells: &[Cell<'_>]| {
        rows += 1;
        if rows > limits.max_rows {
            return Err(Rejected::TooManyRows {
                limit: limits.max_rows,
            });
        }
        take(place, cells)
    };
    let source = match Format::of_file(&mut file)? {
        Format::Csv => csv::each(&file, Some(bytes), choose, limits, progress, &mut counted)?,
        Format::Parquet => {
            let read = || parquet::each(&file, choose, limits, progress, &mut counted);
            parquet::digested(&file, read)?.1
        }
    };
    if rows == 0 {
        return Err(Rejected::NoRows);
    }
    Ok(source)
}

/// Where columns of these names stand in a header.
pub(super) fn positions(names: &[String], header: &[String]) -> Result<Vec<usize>, Rejected> {
    let position = |name: &String| {
        let mut found = header.iter().enumerate().filter(|(_, other)| *other == name);
        match (found.next(), found.next()) {
            (Some((at, _)), None) => Ok(at),
            (Some((first, _)), Some((second, _))) => Err(Rejected::DuplicateColumn {
                name: name.clone(),
                first: first + 1,
                second: second + 1,
            }),
            (None, _) => Err(Rejected::MissingColumn {
                name: name.clone(),
                nearest: nearest(name, header),
                available: header.to_vec(),
            }),
        }
    };
    names.iter().map(position).collect()
}

/// A column by name, for what is said of its cells.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub name: &'a str,
    pub role: &'static str,
}

impl Column<'_> {
    /// The cell as text, numbers written so that they read back exactly; refused where there is none.
    pub fn text(self, cell: Cell<'_>, place: Place) -> Result<Cow<'_, str>, Rejected> {
        text(cell).ok_or_else(|| self.missing(place))
    }

    /// The cell as a finite number; refused where it is none.
    pub fn number(self, cell: Cell<'_>, place: Place) -> Result<f64, Rejected> {
        let number = self.any_number(cell, place)?.ok_or_else(|| self.missing(place))?;
        if number.is_finite() {
            return Ok(number);
        }
        Err(Rejected::NotFinite {
            place,
            column: self.name.to_owned(),
            value: number.to_string(),
        })
    }

    /// The cell as a weight; refused where it can't be one.
    pub fn weight(self, cell: Cell<'_>, place: Place) -> Result<f64, Rejected> {
        let number = self.any_number(cell, place)?.ok_or_else(|| self.missing(place))?;
        if is_weight(number) {
            return Ok(number);
        }
        Err(Rejected::Weight {
            place,
            column: self.name.to_owned(),
            value: number.to_string(),
        })
    }

    /// The cell as a number, none where it is empty; refused where it is something else.
    pub fn any_number(self, cell: Cell<'_>, place: Place) -> Result<Option<f64>, Rejected> {
        if matches!(cell, Cell::Missing) {
            return Ok(None);
        }
        let number = number(cell).ok_or_else(|| Rejected::NotANumber {
            place,
            column: self.name.to_owned(),
            value: text(cell).unwrap_or_default().into_owned(),
        });
        number.map(Some)
    }

    fn missing(self, place: Place) -> Rejected {
        Rejected::MissingValue {
            place,
            column: self.name.to_owned(),
            role: self.role,
        }
    }
}

/// A cell as text; none where it is empty.
pub(super) fn text(cell: Cell<'_>) -> Option<Cow<'_, str>> {
    match cell {
        Cell::Missing => None,
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Integer(number) => Some(Cow::Owned(number.to_string())),
        Cell::Real(number) => Some(Cow::Owned((number + 0.0).to_string())),
        Cell::Truth(truth) => Some(Cow::Borrowed(if truth { "true" } else { "false" })),
    }
}

/// A cell as a number; none where it is empty or something else. Minus zero is zero: they must tie.
pub(super) fn number(cell: Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Missing => None,
        Cell::Text(text) => text.trim_ascii().parse().ok().map(|number: f64| number + 0.0),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a number beyond 2⁵³ ranks by its nearest double"
        )]
        Cell::Integer(number) => Some(number as f64),
        Cell::Real(number) => Some(number + 0.0),
        Cell::Truth(truth) => Some(f64::from(u8::from(truth))),
    }
}
