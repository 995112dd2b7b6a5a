//! Reads an archive, and nothing that another program could read differently.

use super::{
    CENTRAL_LENGTH, DESCRIPTOR_LENGTH, END_LENGTH, File, LONGEST_NAME, Limits, TooLarge, end_of_directory,
    is_name,
};
use flate2::{Crc, bufread::DeflateDecoder};
use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

/// Why an archive is not read.
#[derive(Debug, thiserror::Error)]
pub enum Invalid {
    /// What it is read from gave out.
    #[error("the archive can't be read: {0}")]
    Unreadable(#[from] io::Error),
    /// Not written here, or cut, or changed.
    #[error("this is not a whole archive as Countersign writes it: {0}. Give the file as it was exported")]
    Form(&'static str),
    /// The headers of a file are not those that belong to it.
    #[error("what the archive says of {0:?} has been changed, or there are bytes between its files")]
    Header(String),
    /// A name that leads elsewhere, or the same name twice.
    #[error("{0:?} can't be a file's name, or is there twice")]
    Name(String),
    /// More than we take.
    #[error("the archive is not unpacked: {0}")]
    TooLarge(#[from] TooLarge),
    /// No such file.
    #[error("{0} is not in the archive")]
    Missing(String),
    /// Content that isn't what the headers say.
    #[error("the content has been changed or cut")]
    Content,
}

/// An archive whose directory has been checked.
#[derive(Debug)]
pub struct Reader<R> {
    archive: R,
    files: BTreeMap<String, File>,
}

impl<R: Read + Seek> Reader<R> {
    /// Reads and checks the directory: what it says, that it leaves no gaps, and how much there would be to unpack.
    pub fn open(mut archive: R, limits: Limits) -> Result<Self, Invalid> {
        let (count, from, size) = directory_place(&mut archive)?;
        if count > limits.files {
            return Err(TooLarge::Files(limits.files).into());
        }
        if u64::from(size) > u64::from(count) * (CENTRAL_LENGTH + LONGEST_NAME) as u64 {
            return Err(Invalid::Form("its directory is too long"));
        }
        let directory = read_at(&mut archive, from.into(), size.into())?;
        let files = directory_of(&directory, count, from.into())?;
        limits.check(files.values())?;
        Ok(Self { archive, files })
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The content of a file, unpacked as it is read. Reading to the end fails if it isn't what was written.
    pub fn content(&mut self, name: &str) -> Result<Content<'_, R>, Invalid> {
        let file = self.files.get(name);
        let file = file.ok_or_else(|| Invalid::Missing(name.to_owned()))?;
        let (local, descriptor) = (file.local(), file.descriptor());
        let header = read_at(&mut self.archive, file.offset.into(), local.len() as u64)?;
        let after = file.content() + u64::from(file.packed);
        if header != local || read_at(&mut self.archive, after, DESCRIPTOR_LENGTH)? != descriptor {
            return Err(Invalid::Header(name.to_owned()));
        }
        self.archive.seek(SeekFrom::Start(file.content()))?;
        let packed = (&mut self.archive).take(file.packed.into());
        Ok(Content {
            file,
            crc: Crc::new(),
            inflate: DeflateDecoder::new(BufReader::new(packed)),
        })
    }

    /// The whole content of a file, if it is not longer than so many bytes.
    pub fn read(&mut self, name: &str, most: u32) -> Result<Vec<u8>, Invalid> {
        let mut content = self.content(name)?;
        if content.file.unpacked > most {
            return Err(TooLarge::Bytes(most.into()).into());
        }
        let mut bytes = Vec::new();
        match content.read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(reason) if reason.kind() == io::ErrorKind::InvalidData => Err(Invalid::Content),
            Err(reason) => Err(reason.into()),
        }
    }
}

fn read_at(archive: &mut (impl Read + Seek), from: u64, length: u64) -> Result<Vec<u8>, Invalid> {
    let mut bytes = Vec::new();
    archive.seek(SeekFrom::Start(from))?;
    archive.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(Invalid::Form("it has been cut"))
    }
}

/// How many files the directory is of, where it begins and how long it is: all that is behind it is its end.
fn directory_place(archive: &mut (impl Read + Seek)) -> Result<(u16, u32, u32), Invalid> {
    let length = archive.seek(SeekFrom::End(0))?;
    let end = length
        .checked_sub(END_LENGTH)
        .ok_or(Invalid::Form("it is too short"))?;
    let found = read_at(archive, end, END_LENGTH)?;
    let stated = || Some((u16_at(&found, 10)?, u32_at(&found, 16)?, u32_at(&found, 12)?));
    match stated() {
        Some((count, from, size))
            if found == end_of_directory(count, size, from) && u64::from(from) + u64::from(size) == end =>
        {
            Ok((count, from, size))
        }
        _ => Err(Invalid::Form("its end has been changed")),
    }
}

fn u16_at(bytes: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(place..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(place..)?.first_chunk()?))
}

/// The files of a directory, one after the other from the archive's first byte to the directory's.
fn directory_of(mut directory: &[u8], count: u16, end: u64) -> Result<BTreeMap<String, File>, Invalid> {
    let (mut files, mut offset) = (BTreeMap::new(), 0);
    for _ in 0..count {
        let file;
        (file, directory) = next(directory).ok_or(Invalid::Form("its directory has been changed"))?;
        if !is_name(&file.name) || files.contains_key(&file.name) {
            return Err(Invalid::Name(file.name));
        }
        if u64::from(file.offset) != offset {
            return Err(Invalid::Header(file.name));
        }
        offset = file.end();
        files.insert(file.name.clone(), file);
    }
    if directory.is_empty() && offset == end {
        Ok(files)
    } else {
        Err(Invalid::Form("there are bytes that belong to no file"))
    }
}

/// The next file of a directory, if every byte that is said of it is as the writer would have said it.
fn next(directory: &[u8]) -> Option<(File, &[u8])> {
    let length = usize::from(u16_at(directory, 28)?);
    let (entry, rest) = directory.split_at_checked(CENTRAL_LENGTH + length)?;
    let file = File {
        name: str::from_utf8(entry.get(CENTRAL_LENGTH..)?).ok()?.to_owned(),
        crc: u32_at(entry, 16)?,
        packed: u32_at(entry, 20)?,
        unpacked: u32_at(entry, 24)?,
        offset: u32_at(entry, 42)?,
    };
    (file.central() == entry).then_some((file, rest))
}

/// A file's content on its way out.
#[derive(Debug)]
pub struct Content<'a, R> {
    file: &'a File,
    crc: Crc,
    inflate: DeflateDecoder<BufReader<Take<&'a mut R>>>,
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inflate.read(buffer)?;
        if let Some(read) = buffer.get(..length) {
            self.crc.update(read);
        }
        let (unpacked, packed) = (self.inflate.total_out(), self.inflate.total_in());
        let is_whole = || {
            (unpacked, packed) == (self.file.unpacked.into(), self.file.packed.into())
                && self.crc.sum() == self.file.crc
        };
        // Never more than was promised, and at the end exactly that.
        let is_at_end = length == 0 && !buffer.is_empty();
        if unpacked > self.file.unpacked.into() || (is_at_end && !is_whole()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the content has been changed or cut",
            ));
        }
        Ok(length)
    }
}
