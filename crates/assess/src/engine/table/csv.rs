//! The wanted columns of CSV text.

use super::super::{Format, Limits, Progress, Rejected, digest};
use super::{Table, held, place};
use crate::report::Source;
use csv_core::{ReadRecordResult, Reader};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;

pub(super) fn read(
    reader: &mut dyn Read,
    of: Option<u64>,
    wants: &dyn Fn(&str) -> bool,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<Table, Rejected> {
    let mut bytes = Vec::new();
    reader.take(limits.max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limits.max_bytes {
        return Err(Rejected::TooBig {
            limit: limits.max_bytes,
        });
    }
    let source = Source {
        digest: digest::hex(Sha256::new_with_prefix(&bytes)),
        bytes: bytes.len() as u64,
        format: Format::Csv.name().to_owned(),
    };
    let mut records = Records::new(text(&bytes)?, limits);
    let header: Vec<String> = match records.next()? {
        None => return Err(Rejected::Empty),
        Some(record) => record.into_iter().map(str::to_owned).collect(),
    };
    let held = held(&header, wants)?;
    let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); held.len()];
    let mut rows = 0;
    while let Some(record) = records.next()? {
        if record.len() != header.len() {
            return Err(Rejected::Ragged {
                place: place(rows),
                expected: header.len(),
                found: record.len(),
            });
        }
        for (column, (at, name)) in columns.iter_mut().zip(&held) {
            let cell = record.get(*at).copied().unwrap_or_default();
            if cell.len() > limits.max_field_bytes {
                return Err(Rejected::FieldTooLong {
                    place: place(rows),
                    column: name.clone(),
                    limit: limits.max_field_bytes,
                });
            }
            column.push((!cell.is_empty()).then(|| cell.to_owned()));
        }
        rows += 1;
        if rows as u64 > limits.max_rows {
            return Err(Rejected::TooManyRows {
                limit: limits.max_rows,
            });
        }
        if rows % 65_536 == 0 {
            progress(Progress {
                bytes: records.read as u64,
                of,
                rows: rows as u64,
            });
        }
    }
    let names = held.into_iter().map(|(_, name)| name);
    let columns: BTreeMap<_, _> = names.zip(columns).collect();
    Table::new(source, header, columns, rows)
}

/// The bytes as text, or what they are instead.
fn text(bytes: &[u8]) -> Result<&str, Rejected> {
    match bytes {
        [] => return Err(Rejected::Empty),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(Rejected::Utf16),
        [b'P', b'A', b'R', b'1', ..] => return Err(Rejected::NotCsv("Parquet")),
        [b'P', b'K', 3, 4, ..] => {
            return Err(Rejected::NotCsv("a ZIP archive (an Excel workbook, perhaps)"));
        }
        [0x1f, 0x8b, ..] => return Err(Rejected::NotCsv("compressed by gzip")),
        _ => {}
    }
    if bytes.contains(&0) {
        return Err(Rejected::Binary { place: None });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Rejected::NotUtf8 {
        place: None,
        byte: bytes.get(error.valid_up_to()).copied().unwrap_or_default(),
        offset: error.valid_up_to() as u64,
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Splits text into rows.
struct Records<'a> {
    rest: &'a [u8],
    core: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Bytes read.
    read: usize,
    /// Rows given, the header included.
    given: usize,
    max_row_bytes: usize,
    max_columns: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            rest: text.as_bytes(),
            core: Reader::new(),
            text: vec![0; 4096],
            ends: vec![0; 65],
            read: 0,
            given: 0,
            max_row_bytes: limits.max_row_bytes,
            max_columns: limits.max_columns,
        }
    }

    fn next(&mut self) -> Result<Option<Vec<&str>>, Rejected> {
        let (mut text, mut ends, mut closing) = (0, 0, false);
        loop {
            // A line break closes a last row that has none, and shows a quote that is still open.
            let input = match self.rest {
                [] if closing && text == 0 && ends == 0 => return Ok(None),
                [] if closing => {
                    return Err(Rejected::OpenQuote {
                        place: place(self.given.saturating_sub(1)),
                    });
                }
                [] => {
                    closing = true;
                    b"\n".as_slice()
                }
                rest => rest,
            };
            let (Some(room), Some(marks)) = (self.text.get_mut(text..), self.ends.get_mut(ends..)) else {
                return Ok(None);
            };
            let (result, read, wrote, ended) = self.core.read_record(input, room, marks);
            (text, ends) = (text + wrote, ends + ended);
            self.rest = self.rest.get(read..).unwrap_or_default();
            self.read += read;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() >= self.max_row_bytes => {
                    return Err(Rejected::RowTooLong {
                        place: place(self.given.saturating_sub(1)),
                        limit: self.max_row_bytes,
                    });
                }
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() > self.max_columns => {
                    return Err(Rejected::TooManyColumns {
                        limit: self.max_columns,
                    });
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => {
                    self.given += 1;
                    return Ok(Some(self.fields(ends)));
                }
            }
        }
    }

    fn fields(&self, ends: usize) -> Vec<&str> {
        let ends = self.ends.iter().take(ends);
        let starts = std::iter::once(&0).chain(self.ends.iter());
        // Fields are cut at commas and quotes, never within a character.
        let field = |(start, end): (&usize, &usize)| self.text.get(*start..*end);
        starts
            .zip(ends)
            .map(|ends| std::str::from_utf8(field(ends).unwrap_or_default()).unwrap_or_default())
            .collect()
    }
}
