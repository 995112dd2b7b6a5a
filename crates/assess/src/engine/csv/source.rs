//! The bytes of a CSV file, in blocks that end where a row ends wherever that can be told by counting quotes. Whether
//! it was told right shows when the block is parsed.

use crate::engine::{Place, Rejected};
use std::io::Read;
use std::sync::Arc;

/// Bytes of a block; more only where no row ends.
const BLOCK: usize = 1 << 19;

/// Some of the file's bytes.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub bytes: Arc<Vec<u8>>,
    /// Where what is to be parsed begins: behind a mark, or a header.
    pub start: usize,
    /// Where in the file the block begins.
    pub offset: u64,
    /// Whether the file ends with it.
    pub last: bool,
}

impl Block {
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// The bytes that are text, and what is wrong with the next one.
    pub fn text(&self) -> (&[u8], Option<Flaw>) {
        let bytes = self.rest();
        let (good, byte) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), None),
            Err(error) => (error.valid_up_to(), bytes.get(error.valid_up_to()).copied()),
        };
        if let Some(zero) = bytes[..good].iter().position(|byte| *byte == 0) {
            return (&bytes[..zero], Some(Flaw::Zero));
        }
        let offset = self.offset + (self.start + good) as u64;
        (&bytes[..good], byte.map(|byte| Flaw::NotUtf8 { byte, offset }))
    }
}

/// A byte that isn't text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flaw {
    NotUtf8 { byte: u8, offset: u64 },
    Zero,
}

impl Flaw {
    /// The refusal, given the row that would go on here; row 0 is the header.
    pub fn refused(self, place: Place) -> Rejected {
        let place = (place.row > 0).then_some(place);
        match self {
            Self::NotUtf8 { byte, offset } => Rejected::NotUtf8 { place, byte, offset },
            Self::Zero => Rejected::Binary { place },
        }
    }
}

/// A reader's bytes, a block at a time.
pub(super) struct Blocks<R> {
    reader: R,
    /// What was read behind the end of the last block.
    left: Vec<u8>,
    /// Bytes read.
    pub bytes: u64,
    limit: u64,
    /// Beyond it a block is cut wherever it may be.
    longest: usize,
    ended: bool,
    /// Vectors to use again.
    spare: Vec<Vec<u8>>,
}

impl<R: Read> Blocks<R> {
    pub fn new(reader: R, limit: u64, max_row_bytes: usize) -> Self {
        Self {
            reader,
            left: Vec::new(),
            bytes: 0,
            limit,
            longest: max_row_bytes.saturating_mul(2).max(BLOCK),
            ended: false,
            spare: Vec::new(),
        }
    }

    /// The first block, behind a byte order mark of UTF-8; what isn't text is named for what it is.
    pub fn first(&mut self) -> Result<Block, Rejected> {
        let mut block = self.next()?.ok_or(Rejected::Empty)?;
        match block.bytes.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(Rejected::Utf16),
            [b'P', b'A', b'R', b'1', ..] => return Err(Rejected::NotCsv("Parquet")),
            [b'P', b'K', 3, 4, ..] => {
                return Err(Rejected::NotCsv("a ZIP archive (an Excel workbook, perhaps)"));
            }
            [0x1f, 0x8b, ..] => return Err(Rejected::NotCsv("compressed by gzip")),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => return Err(Rejected::NotCsv("compressed by Zstandard")),
            [0xef, 0xbb, 0xbf, ..] => block.start = 3,
            _ => {}
        }
        Ok(block)
    }

    /// The next block, none at the end.
    pub fn next(&mut self) -> Result<Option<Block>, Rejected> {
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.append(&mut self.left);
        let offset = self.bytes - bytes.len() as u64;
        loop {
            let before = bytes.len();
            // What is left of the block before is mostly a part of a row; more is read even if it is a block's worth.
            let wanted = BLOCK.saturating_sub(before).max(BLOCK / 2);
            if !self.ended {
                bytes.reserve(wanted);
                let read = self.reader.by_ref().take(wanted as u64).read_to_end(&mut bytes)?;
                self.ended = read < wanted;
                self.bytes += read as u64;
                if self.bytes > self.limit {
                    return Err(Rejected::TooBig { limit: self.limit });
                }
            }
            if self.ended {
                break;
            }
            let forced = bytes.len() >= self.longest;
            if let Some(end) = cut(&bytes, forced) {
                self.left.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                break;
            }
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        Ok(Some(Block {
            bytes: Arc::new(bytes),
            start: 0,
            offset,
            last: self.ended,
        }))
    }

    /// Takes back a block that is done with, for its memory.
    pub fn recycle(&mut self, block: Block) {
        if let Some(bytes) = Arc::into_inner(block.bytes) {
            self.spare.push(bytes);
        }
    }
}

/// Where the last row in a block ends that has no quote open; `forced`, any row end or character will do.
fn cut(bytes: &[u8], forced: bool) -> Option<usize> {
    let mut open = ends_quoted(bytes);
    for (at, byte) in bytes.iter().enumerate().rev() {
        match byte {
            b'"' => open = !open,
            b'\n' if !open => return Some(at + 1),
            _ => {}
        }
    }
    if !forced {
        return None;
    }
    let row = bytes.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
    // A byte that isn't a continuation begins a character; in text there is one among any four.
    row.or_else(|| bytes.iter().rposition(|byte| byte & 0xc0 != 0x80))
        .filter(|end| *end > 0)
        .or(Some(bytes.len()))
}

/// Whether the number of quotes is odd.
fn ends_quoted(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<64>();
    let mut lanes = [false; 64];
    for word in words {
        for (lane, byte) in lanes.iter_mut().zip(word) {
            *lane ^= *byte == b'"';
        }
    }
    let rest = rest.iter().map(|byte| *byte == b'"');
    lanes.into_iter().chain(rest).fold(false, |odd, lane| odd ^ lane)
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_block_ends_where_a_row_does() {
        assert_eq!(cut(b"a,b\nc", false), Some(4));
        assert_eq!(cut(b"a,\"b\nc\"\nd", false), Some(8));
        assert_eq!(cut(b"a,\"b\nc", false), None);
        assert_eq!(cut(b"a\nb,\"b\nc", false), Some(2));
        assert_eq!(cut(b"a,\"b\nc", true), Some(5));
        assert_eq!(cut("aé".as_bytes(), true), Some(1));
    }
}
