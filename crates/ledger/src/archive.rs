//! Zip files of which every byte is determined by the names and contents in them: any program unpacks them, and a
//! changed header shows as surely as changed content.
//!
//! A zip says most things twice, and programs differ in which they believe. The reader here takes only what the writer
//! here makes: each file deflated, one after the other without gaps, with its sizes behind it (so that it can be
//! written as it comes), the same again in the directory, no comments, no extra fields, one fixed date. Names are
//! lower-case ASCII, so that they mean the same on every file system.

mod reader;
mod writer;

pub use reader::{Content, Invalid, Reader};
pub use writer::Writer;

/// What an archive may hold at most, read or written. Zip itself ends at 4 GiB for what it calls small archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files.
    pub files: u16,
    /// Bytes of all files together, unpacked.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 20_000,
            bytes: 16 << 30,
        }
    }
}

/// Unpacked bytes for each packed one, over the whole archive. Deflate could reach 1032; tables and JSON reach 30.
const MOST_EXPANSION: u64 = 200;

/// Below this, expansion does no harm.
const HARMLESS: u64 = 16 << 20;

const LONGEST_NAME: usize = 255;

/// An archive would be larger than a reader takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// Too many of them.
    #[error("it would hold more than {0} files")]
    Files(u16),
    /// Too much of it.
    #[error("it would unpack to more than {0} bytes")]
    Bytes(u64),
    /// A file or the archive passes what zip can say in 32 bits.
    #[error("a file, or the whole, would be larger than 4 GiB")]
    Small,
    /// Suspiciously much of it.
    #[error("it would unpack to more than {MOST_EXPANSION} times its size")]
    Expansion,
}

impl Limits {
    fn check<'f>(&self, files: impl ExactSizeIterator<Item = &'f File>) -> Result<(), TooLarge> {
        let count = files.len();
        let (packed, unpacked) = files.fold((0, 0), |(packed, unpacked), file| {
            (
                packed + u64::from(file.packed),
                unpacked + u64::from(file.unpacked),
            )
        });
        if count > usize::from(self.files) {
            Err(TooLarge::Files(self.files))
        } else if unpacked > self.bytes {
            Err(TooLarge::Bytes(self.bytes))
        } else if unpacked > HARMLESS && unpacked > packed.saturating_mul(MOST_EXPANSION) {
            Err(TooLarge::Expansion)
        } else {
            Ok(())
        }
    }
}

/// What the directory says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    name: String,
    crc: u32,
    packed: u32,
    unpacked: u32,
    /// Where it begins in the archive.
    offset: u32,
}

/// Signature, version needed (2.0: deflate), flags (UTF-8 names, sizes behind the content), method (deflate), and
/// 1980-01-01 00:00, the first moment that zip knows.
const LOCAL: [u8; 14] = [b'P', b'K', 3, 4, 20, 0, 8, 8, 8, 0, 0, 0, 0x21, 0];
const LOCAL_LENGTH: u64 = 30;
const DESCRIPTOR: [u8; 4] = [b'P', b'K', 7, 8];
const DESCRIPTOR_LENGTH: u64 = 16;
/// The same again behind who made it: version 2.0, on Unix.
const CENTRAL: [u8; 16] = [b'P', b'K', 1, 2, 20, 3, 20, 0, 8, 8, 8, 0, 0, 0, 0x21, 0];
const CENTRAL_LENGTH: usize = 46;
const END: [u8; 8] = [b'P', b'K', 5, 6, 0, 0, 0, 0];
const END_LENGTH: u64 = 22;
/// An ordinary file that everybody may read.
const MODE: u32 = 0o100_644 << 16;

impl File {
    fn local(&self) -> Vec<u8> {
        let length = self.name_length().to_le_bytes();
        [&LOCAL, [0; 12].as_slice(), &length, &[0, 0], self.name.as_bytes()].concat()
    }

    fn descriptor(&self) -> Vec<u8> {
        [DESCRIPTOR.as_slice(), &self.sums()].concat()
    }

    fn central(&self) -> Vec<u8> {
        let (length, mode) = (self.name_length().to_le_bytes(), MODE.to_le_bytes());
        let rest = [
            [0; 8].as_slice(),
            &mode,
            &self.offset.to_le_bytes(),
            self.name.as_bytes(),
        ]
        .concat();
        [&CENTRAL, self.sums().as_slice(), &length, &rest].concat()
    }

    fn sums(&self) -> [u8; 12] {
        let mut sums = [0; 12];
        for (part, sum) in sums
            .chunks_exact_mut(4)
            .zip([self.crc, self.packed, self.unpacked])
        {
            part.copy_from_slice(&sum.to_le_bytes());
        }
        sums
    }

    fn name_length(&self) -> u16 {
        u16::try_from(self.name.len()).unwrap_or(u16::MAX)
    }

    /// Where the next one begins, or the directory.
    fn end(&self) -> u64 {
        self.content() + u64::from(self.packed) + DESCRIPTOR_LENGTH
    }

    fn content(&self) -> u64 {
        u64::from(self.offset) + LOCAL_LENGTH + self.name.len() as u64
    }
}

fn end_of_directory(files: u16, length: u32, offset: u32) -> Vec<u8> {
    let (files, length, offset) = (files.to_le_bytes(), length.to_le_bytes(), offset.to_le_bytes());
    [&END, files.as_slice(), &files, &length, &offset, &[0, 0]].concat()
}

/// Whether a name leads nowhere but into the directory that the archive is unpacked in.
fn is_name(name: &str) -> bool {
    let is_plain = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '.' | '_' | '-');
    let is_part = |part: &str| !part.is_empty() && part != "." && part != ".." && part.chars().all(is_plain);
    name.len() <= LONGEST_NAME && name.split('/').all(is_part)
}
