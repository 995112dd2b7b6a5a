//! A file that the reader has chosen, read piece by piece: it may be larger than memory.
use js_sys::Uint8Array;
use std::io::{self, Read, Seek, SeekFrom};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync};

/// The page is told how far it is after so many bytes.
const STEP: u64 = 8 << 20;

pub struct Chosen {
    file: Blob,
    at: u64,
    /// Bytes read, and those that the page was told of.
    read: u64,
    told: u64,
}

impl Chosen {
    pub fn new(file: Blob) -> Self {
        Self {
            file,
            at: 0,
            read: 0,
            told: 0,
        }
    }

    /// The length in bytes; that of a file is a whole number far below 2^53.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number below 2^53"
    )]
    fn length(&self) -> u64 {
        self.file.size() as u64
    }

    fn tell(&mut self) {
        if self.read - self.told >= STEP {
            self.told = self.read;
            if let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
                let _ = worker.post_message(&place(self.read)); // only for the eye
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no file is near 2^53 bytes")]
fn place(at: u64) -> JsValue {
    JsValue::from_f64(at as f64)
}

#[expect(clippy::cast_precision_loss, reason = "no file is near 2^53 bytes")]
fn slice(file: &Blob, from: u64, to: u64) -> Result<Blob, JsValue> {
    file.slice_with_f64_and_f64(from as f64, to as f64)
}

impl Read for Chosen {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let to = self.length().min(self.at.saturating_add(into.len() as u64));
        if to <= self.at {
            return Ok(0);
        }
        let unreadable = |_| io::Error::other("the browser can't read the file any more; choose it again");
        let piece = slice(&self.file, self.at, to).map_err(unreadable)?;
        let reader = FileReaderSync::new().map_err(unreadable)?;
        let bytes = Uint8Array::new(&reader.read_as_array_buffer(&piece).map_err(unreadable)?.into());
        let count = bytes.length() as usize;
        let place = into
            .get_mut(..count)
            .ok_or_else(|| io::Error::other("more bytes than were asked for"))?;
        bytes.copy_to(place);
        self.at += count as u64;
        self.read += count as u64;
        self.tell();
        Ok(count)
    }
}

impl Seek for Chosen {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "before the beginning");
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(back) => self.length().checked_add_signed(back).ok_or_else(before)?,
            SeekFrom::Current(by) => self.at.checked_add_signed(by).ok_or_else(before)?,
        };
        Ok(self.at)
    }
}
