//! What a Parquet file will take once decompressed, found out before anything is: the sizes that its footer claims,
//! the sizes that its pages claim, and for gzip what really comes out.

use super::{Limits, Rejected};
use flate2::read::MultiGzDecoder;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// A page is decompressed as a whole; writers make them of a megabyte or so.
const MAX_PAGE: u64 = 256 << 20;
/// The footer is parsed as a whole, into some hundred times its size.
const MAX_FOOTER: u64 = 4 << 20;
/// Groups within groups: the decoder follows them one call deeper each.
const MAX_DEPTH: usize = 32;

fn corrupt(detail: &str) -> Rejected {
    Rejected::Corrupt {
        detail: detail.to_owned(),
    }
}

/// What reading past the end, or a malformed header, comes to.
fn broken(error: io::Error) -> Rejected {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => corrupt("a page ends before its time"),
        io::ErrorKind::InvalidData => corrupt("a page header makes no sense"),
        _ => Rejected::Unreadable(error),
    }
}

/// Checks the outermost frame, both marks and a footer that fits in the file, and the schema in the footer.
pub(super) fn frame(mut file: &File, limits: &Limits) -> Result<(), Rejected> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Err(Rejected::Empty);
    }
    let (mut head, mut tail) = ([0; 4], [0; 8]);
    if length < 12 {
        return Err(Rejected::NotParquet);
    }
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut head)?;
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, mark @ ..] = tail;
    if &head != b"PAR1" || &mark != b"PAR1" {
        return Err(Rejected::NotParquet);
    }
    let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    if footer > length - 12 {
        return Err(corrupt("its footer doesn't fit"));
    }
    if footer > MAX_FOOTER {
        return Err(Rejected::Bomb {
            size: footer,
            limit: MAX_FOOTER,
        });
    }
    file.seek(SeekFrom::End(-8 - i64::from(u32::from_le_bytes([a, b, c, d]))))?;
    let mut footer = BufReader::new(file).take(footer);
    match (Thrift { input: &mut footer }).schema() {
        // A list takes three nodes, a map four.
        Ok(nodes) if nodes <= 1 + 4 * limits.max_columns as u64 => Ok(()),
        Ok(_) => Err(Rejected::TooManyColumns {
            limit: limits.max_columns,
        }),
        Err(_) => Err(corrupt("its schema makes no sense")),
    }
}

/// What walking the pages of the wanted columns showed.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Root columns all of whose data pages, in all row groups, refer to a dictionary.
    pub dictionaries: BTreeSet<usize>,
    /// What the largest page unpacks to, in bytes.
    pub largest: u64,
}

/// Checks every page of the wanted columns.
pub(super) fn check(
    file: &File,
    metadata: &ParquetMetaData,
    wanted: &[usize],
    limits: &Limits,
) -> Result<Walked, Rejected> {
    let schema = metadata.file_metadata().schema_descr();
    let is_wanted = |leaf: &usize| wanted.contains(&schema.get_column_root_idx(*leaf));
    let leaves: Vec<usize> = (0..schema.num_columns()).filter(is_wanted).collect();
    let chunks = || {
        metadata
            .row_groups()
            .iter()
            .flat_map(|group| leaves.iter().map(|leaf| group.column(*leaf)))
    };
    let claimed = chunks().map(|chunk| u64::try_from(chunk.uncompressed_size()).unwrap_or(u64::MAX));
    let claimed = claimed.fold(0, u64::saturating_add);
    let limit = limits.max_decompressed_bytes;
    if claimed > limit {
        return Err(Rejected::Bomb { size: claimed, limit });
    }
    let mut left = limit;
    let mut walked = Walked {
        dictionaries: wanted.iter().copied().collect(),
        largest: 0,
    };
    let length = file.metadata()?.len();
    let roots = leaves
        .iter()
        .map(|leaf| schema.get_column_root_idx(*leaf))
        .cycle();
    for (chunk, root) in chunks().zip(roots) {
        let pages = walk(file, length, chunk, &mut left, limit)?;
        walked.largest = walked.largest.max(pages.largest);
        if !pages.are_coded {
            walked.dictionaries.remove(&root);
        }
    }
    Ok(walked)
}

/// The pages of one column chunk.
struct Pages {
    /// Whether every data page refers to the dictionary.
    are_coded: bool,
    largest: u64,
}

/// Walks the pages of one column chunk, taking what they unpack to off what is left.
fn walk(
    mut file: &File,
    length: u64,
    chunk: &ColumnChunkMetaData,
    left: &mut u64,
    limit: u64,
) -> Result<Pages, Rejected> {
    let gzip = match chunk.compression() {
        // These decoders write no more than the page claims; the one for gzip writes whatever comes.
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_) | Compression::LZ4_RAW => {
            false
        }
        Compression::GZIP(_) => true,
        other => return Err(Rejected::Compression(other.to_string())),
    };
    if chunk
        .data_page_offset()
        .min(chunk.dictionary_page_offset().unwrap_or(0))
        .min(chunk.compressed_size())
        < 0
    {
        return Err(corrupt("a column lies before the file"));
    }
    let (start, size) = chunk.byte_range();
    file.seek(SeekFrom::Start(start))?;
    let mut pages = BufReader::new(file).take(size);
    let mut found = Pages {
        are_coded: true,
        largest: 0,
    };
    while pages.limit() > 0 {
        let page = Header::read(&mut pages).map_err(broken)?;
        if page.unpacked > MAX_PAGE || page.packed > MAX_PAGE {
            return Err(Rejected::Bomb {
                size: page.unpacked.max(page.packed),
                limit: MAX_PAGE,
            });
        }
        *left = left.checked_sub(page.unpacked).ok_or(Rejected::Bomb {
            size: limit.saturating_add(page.unpacked),
            limit,
        })?;
        found.are_coded &= match page.kind {
            0 => CODED.contains(&page.encodings[0]),
            3 => CODED.contains(&page.encodings[1]),
            // A dictionary comes first, and once.
            2 => found.largest == 0,
            _ => false,
        };
        found.largest = found.largest.max(page.unpacked).max(page.packed).max(1);
        if !gzip {
            pass(&mut pages, page.packed, start.saturating_add(size).min(length))?;
            continue;
        }
        let mut body = (&mut pages).take(page.packed);
        if page.packed > 0 {
            // Levels before the data of a page (version 2) aren't compressed; the claim covers both.
            io::copy(&mut (&mut body).take(page.levels), &mut io::sink()).map_err(broken)?;
            let mut unpacked = MultiGzDecoder::new(&mut body).take(page.unpacked.saturating_add(1));
            let size = io::copy(&mut unpacked, &mut io::sink()).unwrap_or_default();
            if size > page.unpacked {
                return Err(corrupt("a page unpacks to more than it claims"));
            }
        }
        let rest = body.limit();
        if io::copy(&mut body, &mut io::sink()).map_err(broken)? < rest {
            return Err(broken(io::ErrorKind::UnexpectedEof.into()));
        }
    }
    Ok(found)
}

/// Passes over a page's body, which must end before `end`.
fn pass(pages: &mut io::Take<BufReader<&File>>, bytes: u64, end: u64) -> Result<(), Rejected> {
    let cut = || broken(io::ErrorKind::UnexpectedEof.into());
    let left = pages.limit().checked_sub(bytes).ok_or_else(cut)?;
    let from = pages.get_mut().stream_position().map_err(broken)?;
    if from.saturating_add(bytes) > end {
        return Err(cut());
    }
    let bytes = i64::try_from(bytes).map_err(|_| cut())?;
    pages.get_mut().seek_relative(bytes).map_err(broken)?;
    pages.set_limit(left);
    Ok(())
}

/// The encodings of data that refer to a dictionary.
const CODED: [u64; 2] = [2, 8];

/// A page header (Thrift, compact protocol), as far as it is of interest.
#[derive(Default)]
struct Header {
    kind: u64,
    /// Of the data, in a page of version 1 and of version 2.
    encodings: [u64; 2],
    unpacked: u64,
    packed: u64,
    /// Bytes of repetition and definition levels that stand uncompressed before the data.
    levels: u64,
}

impl Header {
    fn read(input: &mut impl Read) -> io::Result<Self> {
        let mut header = Self::default();
        let mut thrift = Thrift { input };
        thrift.fields(0, &mut |path, value| match path {
            [1] => header.kind = value,
            [5, 2] => header.encodings[0] = value,
            [8, 4] => header.encodings[1] = value,
            [2] => header.unpacked = value,
            [3] => header.packed = value,
            [8, 5 | 6] => header.levels = header.levels.saturating_add(value),
            _ => {}
        })?;
        Ok(header)
    }
}

struct Thrift<'a, R> {
    input: &'a mut R,
}

impl<R: Read> Thrift<'_, R> {
    /// Reads a footer as far as its schema, which lists a tree's nodes from the root downwards, each with the number of
    /// its children. Answers with how many nodes there are. What claims children that aren't there, or goes too deep,
    /// never gets to the decoder, which would believe it.
    fn schema(&mut self) -> io::Result<u64> {
        let senseless = || io::Error::from(io::ErrorKind::InvalidData);
        let mut id = 0;
        let kind = loop {
            let head = self.byte()?;
            id = match head >> 4 {
                0 => zigzag(self.varint()?)?,
                delta => id + u64::from(delta),
            };
            match (id, head & 0xf) {
                (_, 0) => return Err(senseless()),
                (2, kind) => break kind,
                (_, kind) => self.value(kind, 0, &mut |_, _| {})?,
            }
        };
        let head = self.byte()?;
        let nodes = match head >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        if (kind, head & 0xf) != (9, 12) {
            return Err(senseless());
        }
        // How many children each node on the way down still waits for.
        let mut open = vec![1_u64];
        for left in (0..nodes).rev() {
            let mut children = 0;
            self.fields(0, &mut |path, value| {
                if path == [5] {
                    children = value;
                }
            })?;
            *open.last_mut().ok_or_else(senseless)? -= 1;
            if children > left || open.len() > MAX_DEPTH {
                return Err(senseless());
            }
            open.push(children);
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        if open.is_empty() {
            Ok(nodes)
        } else {
            Err(senseless())
        }
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.input.by_ref().take(bytes), &mut io::sink())?;
        if skipped == bytes {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }

    /// Reads a struct and tells of every whole number in it, by the path of field numbers that leads there.
    fn fields(&mut self, depth: usize, tell: &mut dyn FnMut(&[u64], u64)) -> io::Result<()> {
        if depth > 4 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut id = 0_u64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            id = match head >> 4 {
                0 => zigzag(self.varint()?)?,
                delta => id + u64::from(delta),
            };
            self.value(head & 0xf, depth, &mut |path, value| {
                let path: Vec<u64> = std::iter::once(id).chain(path.iter().copied()).collect();
                tell(&path, value);
            })?;
        }
    }

    fn value(&mut self, kind: u8, depth: usize, tell: &mut dyn FnMut(&[u64], u64)) -> io::Result<()> {
        match kind {
            1 | 2 => {}
            3 => self.skip(1)?,
            // Sizes are never negative, and other numbers here are of no interest.
            4..=6 => {
                let raw = self.varint()?;
                tell(&[], zigzag(raw).unwrap_or(if depth == 0 { u64::MAX } else { 0 }));
            }
            7 => self.skip(8)?,
            8 => {
                let length = self.varint()?;
                self.skip(length)?;
            }
            12 => self.fields(depth + 1, tell)?,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        Ok(())
    }
}

/// A whole number from its zigzag form, if it isn't negative.
fn zigzag(raw: u64) -> io::Result<u64> {
    if raw & 1 == 0 {
        Ok(raw >> 1)
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}
