//! Writes an archive from front to back, without going back and without holding a file in memory.

use super::{File, Limits, TooLarge, end_of_directory, is_name};
use crate::digest::{Digest, Hasher};
use flate2::{Compression, Crc, write::DeflateEncoder};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// An archive on its way, one file after the other.
#[derive(Debug)]
pub struct Writer<W> {
    out: Counted<W>,
    limits: Limits,
    files: Vec<File>,
    digests: BTreeMap<String, Digest>,
    /// Whether the last file was begun and not ended.
    is_broken: bool,
}

impl<W: Write> Writer<W> {
    /// Begins an archive.
    pub fn new(out: W, limits: Limits) -> Self {
        Self {
            out: Counted { out, written: 0 },
            limits,
            files: Vec::new(),
            digests: BTreeMap::new(),
            is_broken: false,
        }
    }

    /// Begins a file, to be written to and ended. Its name is lower-case ASCII, with slashes between directories.
    pub fn file(&mut self, name: &str) -> io::Result<FileWriter<'_, W>> {
        if !is_name(name) || self.digests.contains_key(name) {
            let message = format!("{name:?} can't be a file's name in an archive, or is one already");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let file = File {
            name: name.to_owned(),
            crc: 0,
            packed: 0,
            unpacked: 0,
            offset: small(self.out.written)?,
        };
        self.is_broken = true;
        self.out.write_all(&file.local())?;
        Ok(FileWriter {
            content: file.content(),
            file,
            crc: Crc::new(),
            unpacked: 0,
            hasher: Hasher::default(),
            deflate: DeflateEncoder::new(&mut self.out, Compression::default()),
            files: &mut self.files,
            digests: &mut self.digests,
            limits: self.limits,
            is_broken: &mut self.is_broken,
        })
    }

    /// Adds a whole file; answers with the digest of its content.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<Digest> {
        let mut file = self.file(name)?;
        file.write_all(content)?;
        file.end()
    }

    /// The digest of each file so far, by name.
    pub fn digests(&self) -> &BTreeMap<String, Digest> {
        &self.digests
    }

    /// Writes the directory, and gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        if self.is_broken {
            return Err(io::Error::other("a file of the archive was begun and not ended"));
        }
        let from = small(self.out.written)?;
        for file in &self.files {
            self.out.write_all(&file.central())?;
        }
        let length = small(self.out.written)? - from;
        let files =
            u16::try_from(self.files.len()).map_err(|_| too_large(TooLarge::Files(self.limits.files)))?;
        self.out.write_all(&end_of_directory(files, length, from))?;
        small(self.out.written)?;
        Ok(self.out.out)
    }
}

/// One file on its way.
#[derive(Debug)]
pub struct FileWriter<'w, W: Write> {
    deflate: DeflateEncoder<&'w mut Counted<W>>,
    file: File,
    /// Where its content begins in the archive.
    content: u64,
    crc: Crc,
    unpacked: u64,
    hasher: Hasher,
    files: &'w mut Vec<File>,
    digests: &'w mut BTreeMap<String, Digest>,
    limits: Limits,
    is_broken: &'w mut bool,
}

impl<W: Write> FileWriter<'_, W> {
    /// Ends the file; answers with the digest of its content.
    pub fn end(mut self) -> io::Result<Digest> {
        let out = self.deflate.finish()?;
        self.file.crc = self.crc.sum();
        self.file.packed = small(out.written - self.content)?;
        self.file.unpacked = small(self.unpacked)?;
        out.write_all(&self.file.descriptor())?;
        let digest = self.hasher.finish();
        self.digests.insert(self.file.name.clone(), digest);
        self.files.push(self.file);
        self.limits.check(self.files.iter()).map_err(too_large)?;
        *self.is_broken = false;
        Ok(digest)
    }
}

impl<W: Write> Write for FileWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.deflate.write(bytes)?;
        let (written, _) = bytes.split_at(taken);
        self.crc.update(written);
        self.hasher.update(written);
        self.unpacked += taken as u64;
        if self.unpacked > self.limits.bytes {
            return Err(too_large(TooLarge::Bytes(self.limits.bytes)));
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.deflate.flush()
    }
}

/// Knows how much was written, for nothing that is written to can be asked.
#[derive(Debug)]
struct Counted<W> {
    out: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        self.written += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn small(size: u64) -> io::Result<u32> {
    u32::try_from(size).map_err(|_| too_large(TooLarge::Small))
}

fn too_large(reason: TooLarge) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, reason)
}
