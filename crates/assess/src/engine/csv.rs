//! Rows of a CSV file, in one pass and a fixed buffer, digested on the way.

mod source;

use super::intake::{Cell, Intake, Wanted};
use super::{Format, Limits, Place, Progress, Rejected, digest};
use crate::report;
use csv_core::ReadRecordResult;
use source::Source;
use std::io::Read;

/// Reads a whole file.
pub(super) fn read(
    reader: impl Read,
    of: Option<u64>,
    wanted: &Wanted,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Intake, report::Source), Rejected> {
    let mut records = Records::new(reader, limits)?;
    let header = match records.next()? {
        None => return Err(Rejected::Empty),
        Some(record) => record.fields().map(str::to_owned).collect::<Vec<_>>(),
    };
    if header.len() > limits.max_columns {
        return Err(Rejected::TooManyColumns {
            limit: limits.max_columns,
        });
    }
    if let ([only], Some(separator)) = (
        header.as_slice(),
        header[0].chars().find(|c| [';', '\t', '|'].contains(c)),
    ) && !wanted.names.contains(only)
    {
        return Err(Rejected::Separator(separator));
    }
    let positions = wanted.positions(&header)?;
    let mut intake = Intake::new(wanted, limits);
    let mut told = 0;
    while let Some(record) = records.next()? {
        let place = record.place;
        if record.ends.len() != header.len() {
            return Err(Rejected::Ragged {
                place,
                expected: header.len(),
                found: record.ends.len(),
            });
        }
        intake.row(place, |index| match record.field(positions[index]) {
            "" => Cell::Missing,
            text => Cell::Text(text),
        })?;
        if records.source.bytes - told >= 1 << 20 {
            told = records.source.bytes;
            progress(Progress {
                bytes: told,
                of,
                rows: intake.rows(),
            });
        }
    }
    let Source { bytes, sha, .. } = records.source;
    progress(Progress {
        bytes,
        of,
        rows: intake.rows(),
    });
    let source = report::Source {
        digest: digest::hex(sha),
        bytes,
        format: Format::Csv.name().to_owned(),
    };
    Ok((intake, source))
}

/// One row.
struct Record<'a> {
    text: &'a str,
    ends: &'a [usize],
    place: Place,
}

impl<'a> Record<'a> {
    fn field(&self, index: usize) -> &'a str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text.get(start..self.ends[index]).unwrap_or_default()
    }

    fn fields(&self) -> impl Iterator<Item = &'a str> {
        (0..self.ends.len()).map(|index| self.field(index))
    }
}

/// Splits a source into rows; memory is bounded by the longest row allowed.
struct Records<R> {
    source: Source<R>,
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Rows given so far, the header included.
    given: u64,
    max_row_bytes: usize,
    max_columns: usize,
}

impl<R: Read> Records<R> {
    fn new(reader: R, limits: &Limits) -> Result<Self, Rejected> {
        Ok(Self {
            source: Source::new(reader, limits.max_bytes)?,
            core: csv_core::Reader::new(),
            text: vec![0; limits.max_row_bytes.min(1 << 12)],
            ends: vec![0; limits.max_columns.min(64) + 1],
            given: 0,
            max_row_bytes: limits.max_row_bytes,
            max_columns: limits.max_columns,
        })
    }

    fn next(&mut self) -> Result<Option<Record<'_>>, Rejected> {
        let (mut text, mut ends, mut closing) = (0, 0, false);
        loop {
            let place = Place {
                row: self.given,
                line: Some(self.core.line()),
            };
            let input = match self.source.fill(place)? {
                // A line break closes a last row that has none, and shows a quote that is still open.
                [] if !closing => {
                    closing = true;
                    b"\n".as_slice()
                }
                [] if text == 0 && ends == 0 => return Ok(None),
                [] => {
                    return Err(Rejected::OpenQuote {
                        place: Place {
                            row: self.given,
                            line: None,
                        },
                    });
                }
                input => input,
            };
            let (result, read, wrote, ended) =
                self.core
                    .read_record(input, &mut self.text[text..], &mut self.ends[ends..]);
            let broke = read > 0 && input[read - 1] == b'\n';
            (text, ends) = (text + wrote, ends + ended);
            if !closing {
                self.source.consume(read);
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() >= self.max_row_bytes => {
                    return Err(Rejected::RowTooLong {
                        place,
                        limit: self.max_row_bytes,
                    });
                }
                ReadRecordResult::OutputFull => {
                    self.text.resize((self.text.len() * 2).min(self.max_row_bytes), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() > self.max_columns => {
                    return Err(Rejected::TooManyColumns {
                        limit: self.max_columns,
                    });
                }
                ReadRecordResult::OutputEndsFull => {
                    self.ends
                        .resize((self.ends.len() * 2).min(self.max_columns + 1), 0);
                }
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => return self.record(text, ends, broke).map(Some),
            }
        }
    }

    fn record(&mut self, text: usize, ends: usize, broke: bool) -> Result<Record<'_>, Rejected> {
        let text = &self.text[..text];
        // The line at which the row began: where it ended, less the breaks within its quotes.
        let within = text.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        let line = self.core.line().saturating_sub(within + u64::from(broke)).max(1);
        let place = Place {
            row: self.given,
            line: Some(line),
        };
        self.given += 1;
        let text = std::str::from_utf8(text).map_err(|error| Rejected::NotUtf8 {
            place: Some(place),
            byte: text.get(error.valid_up_to()).copied().unwrap_or_default(),
            offset: self.source.bytes,
        })?;
        Ok(Record {
            text,
            ends: &self.ends[..ends],
            place,
        })
    }
}
