//! Bytes to rows, by the book: quotes, line breaks within them, and the line at which each row began.

use crate::engine::{Limits, Place, Rejected};
use csv_core::ReadRecordResult;

/// One row.
pub(super) struct Record<'a> {
    pub text: &'a str,
    ends: &'a [usize],
    pub place: Place,
}

impl<'a> Record<'a> {
    /// Where in `text` a value stands.
    pub fn span(&self, index: usize) -> (usize, usize) {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        (start, self.ends[index])
    }

    pub fn field(&self, index: usize) -> &'a str {
        let (start, end) = self.span(index);
        self.text.get(start..end).unwrap_or_default()
    }

    pub fn fields(&self) -> impl Iterator<Item = &'a str> {
        (0..self.ends.len()).map(|index| self.field(index))
    }

    /// Refuses a row that has another number of values than the header.
    pub fn check(&self, columns: usize) -> Result<(), Rejected> {
        if self.ends.len() == columns {
            return Ok(());
        }
        Err(Rejected::Ragged {
            place: self.place,
            expected: columns,
            found: self.ends.len(),
        })
    }
}

/// Splits bytes into rows; memory is bounded by the longest row allowed.
pub(super) struct Records {
    core: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How much of both the row under way takes.
    filled: (usize, usize),
    /// The next row's number; the header's is 0.
    pub row: u64,
    max_row_bytes: usize,
    max_columns: usize,
}

impl Records {
    /// Begins at a row.
    pub fn new(limits: &Limits, place: Place) -> Self {
        let mut core = csv_core::Reader::new();
        // At its very beginning the parser would skip a byte order mark; an empty row makes it begin.
        let _ = core.read_record(b"\n", &mut [0], &mut [0]);
        core.set_line(place.line.unwrap_or(1));
        Self {
            core,
            text: vec![0; limits.max_row_bytes.min(1 << 12)],
            ends: vec![0; limits.max_columns.min(64) + 1],
            filled: (0, 0),
            row: place.row,
            max_row_bytes: limits.max_row_bytes,
            max_columns: limits.max_columns,
        }
    }

    /// Where the parser stands: the row under way or the next one, and the line.
    pub fn place(&self) -> Place {
        Place {
            row: self.row,
            line: Some(self.core.line()),
        }
    }

    /// Whether a row is under way of which something has been kept.
    pub fn is_amid(&self) -> bool {
        self.filled != (0, 0)
    }

    /// The next row, and takes it off the input; none where the input ends before the row does.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Record<'_>>, Rejected> {
        while !input.is_empty() {
            let (text, ends) = self.filled;
            let (result, read, wrote, ended) =
                self.core
                    .read_record(input, &mut self.text[text..], &mut self.ends[ends..]);
            let broke = read > 0 && input[read - 1] == b'\n';
            *input = &input[read..];
            self.filled = (text + wrote, ends + ended);
            match result {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull if self.text.len() >= self.max_row_bytes => {
                    return Err(Rejected::RowTooLong {
                        place: self.began(false),
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
                ReadRecordResult::Record => return self.record(broke).map(Some),
            }
        }
        Ok(None)
    }

    /// Where the row under way began: where the parser stands, less the breaks within the row.
    fn began(&self, broke: bool) -> Place {
        let text = &self.text[..self.filled.0];
        let within = text.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        Place {
            row: self.row,
            line: Some(self.core.line().saturating_sub(within + u64::from(broke)).max(1)),
        }
    }

    fn record(&mut self, broke: bool) -> Result<Record<'_>, Rejected> {
        let place = self.began(broke);
        let (text, ends) = std::mem::take(&mut self.filled);
        self.row += 1;
        // Only text gets here, and it is divided only at ASCII.
        let text = std::str::from_utf8(&self.text[..text]).map_err(|error| Rejected::NotUtf8 {
            place: Some(place),
            byte: self.text.get(error.valid_up_to()).copied().unwrap_or_default(),
            offset: 0,
        })?;
        Ok(Record {
            text,
            ends: &self.ends[..ends],
            place,
        })
    }
}
