//! The bytes of a CSV file: counted, digested, and known to be UTF-8 text before they are parsed.

use crate::engine::{Place, Rejected};
use sha2::{Digest, Sha256};
use std::io::{ErrorKind, Read};

const BUFFER: usize = 1 << 18;

/// A reader's bytes, a buffer at a time.
pub(super) struct Source<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The part of the buffer that is checked and not yet consumed.
    ready: (usize, usize),
    /// Where the buffer's filled part ends; beyond `ready` it may hold the first bytes of a character.
    filled: usize,
    /// Bytes read.
    pub bytes: u64,
    pub sha: Sha256,
    limit: u64,
    ended: bool,
    /// What is wrong with the first byte after `ready`.
    flaw: Option<Flaw>,
}

#[derive(Clone, Copy)]
enum Flaw {
    NotUtf8 { byte: u8, offset: u64 },
    Zero,
}

impl<R: Read> Source<R> {
    /// Opens a reader: a byte order mark of UTF-8 is skipped, and what isn't text is named for what it is.
    pub fn new(reader: R, limit: u64) -> Result<Self, Rejected> {
        let mut source = Self {
            reader,
            buffer: vec![0; BUFFER],
            ready: (0, 0),
            filled: 0,
            bytes: 0,
            sha: Sha256::new(),
            limit,
            ended: false,
            flaw: None,
        };
        while source.filled < 4 && !source.ended {
            source.read()?;
        }
        let first = &source.buffer[..source.filled];
        match first {
            [] => return Err(Rejected::Empty),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(Rejected::Utf16),
            [b'P', b'A', b'R', b'1', ..] => return Err(Rejected::NotCsv("Parquet")),
            [b'P', b'K', 3, 4, ..] => {
                return Err(Rejected::NotCsv("a ZIP archive (an Excel workbook, perhaps)"));
            }
            [0x1f, 0x8b, ..] => return Err(Rejected::NotCsv("compressed by gzip")),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => return Err(Rejected::NotCsv("compressed by Zstandard")),
            [0xef, 0xbb, 0xbf, ..] => source.ready = (3, 3),
            _ => {}
        }
        source.check();
        Ok(source)
    }

    /// Bytes that are ready to be parsed; none at the end. `place` is the row they would go on with.
    pub fn fill(&mut self, place: Place) -> Result<&[u8], Rejected> {
        while self.ready.0 == self.ready.1 {
            let place = (place.row > 0).then_some(place);
            match self.flaw {
                Some(Flaw::NotUtf8 { byte, offset }) => {
                    return Err(Rejected::NotUtf8 { place, byte, offset });
                }
                Some(Flaw::Zero) => return Err(Rejected::Binary { place }),
                None if self.ended => return Ok(&[]),
                None => {}
            }
            self.buffer.copy_within(self.ready.1..self.filled, 0);
            self.filled -= self.ready.1;
            self.ready = (0, 0);
            self.read()?;
            self.check();
        }
        Ok(&self.buffer[self.ready.0..self.ready.1])
    }

    pub fn consume(&mut self, bytes: usize) {
        self.ready.0 += bytes;
    }

    fn read(&mut self) -> Result<(), Rejected> {
        let n = loop {
            match self.reader.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.ended = n == 0;
        self.bytes += n as u64;
        if self.bytes > self.limit {
            return Err(Rejected::TooBig { limit: self.limit });
        }
        self.sha.update(&self.buffer[self.filled..self.filled + n]);
        self.filled += n;
        Ok(())
    }

    /// Makes ready what is whole characters, and remembers the first flaw.
    fn check(&mut self) {
        let from = self.ready.1;
        let fresh = &self.buffer[from..self.filled];
        let mut good = fresh.len();
        if let Err(error) = std::str::from_utf8(fresh) {
            good = error.valid_up_to();
            // At the end of the buffer a character may go on in the next one; at the end of the file it can't.
            if error.error_len().is_some() || self.ended {
                let offset = self.bytes - (fresh.len() - good) as u64;
                self.flaw = Some(Flaw::NotUtf8 {
                    byte: fresh[good],
                    offset,
                });
            }
        }
        if let Some(zero) = fresh[..good].iter().position(|byte| *byte == 0) {
            good = zero;
            self.flaw = Some(Flaw::Zero);
        }
        self.ready.1 = from + good;
    }
}
