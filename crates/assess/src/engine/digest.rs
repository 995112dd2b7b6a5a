//! The digest of what was read.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{Error, ErrorKind, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// Blocks that may wait to be digested.
const WAITING: usize = 4;

/// Lower-case hexadecimal of a finished SHA-256.
pub(super) fn hex(sha: Sha256) -> String {
    sha.finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// SHA-256 of everything a reader holds; an error once it is stopped.
pub(super) fn of(mut reader: impl Read, stopped: &AtomicBool) -> Result<String> {
    let mut sha = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    while !stopped.load(Ordering::Relaxed) {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hex(sha)),
            Ok(n) => sha.update(&buffer[..n]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::other("nobody waits for the digest any more"))
}

/// The digest of several files that are read as one table: SHA-256 of their digests in hexadecimal, in order, each
/// followed by a line break. One file's is its own.
pub(super) fn of_parts(digests: &[&str]) -> String {
    if let [only] = digests {
        return (*only).to_owned();
    }
    let mut sha = Sha256::new();
    for digest in digests {
        sha.update(digest.as_bytes());
        sha.update(b"\n");
    }
    hex(sha)
}

/// A thread of its own that digests blocks in the order in which they are given.
pub(super) struct Digester<'scope> {
    blocks: SyncSender<Arc<Vec<u8>>>,
    thread: ScopedJoinHandle<'scope, Sha256>,
}

impl<'scope> Digester<'scope> {
    pub fn start(scope: &'scope Scope<'scope, '_>) -> Result<Self> {
        let (blocks, waiting) = sync_channel::<Arc<Vec<u8>>>(WAITING);
        let thread = Builder::new().spawn_scoped(scope, move || {
            let mut sha = Sha256::new();
            for block in waiting {
                sha.update(block.as_slice());
            }
            sha
        })?;
        Ok(Self { blocks, thread })
    }

    pub fn add(&self, block: Arc<Vec<u8>>) {
        // The thread ends only after this end of the channel is dropped.
        let _ = self.blocks.send(block);
    }

    /// The digest of all blocks.
    pub fn finish(self) -> String {
        drop(self.blocks);
        // Digesting doesn't panic; if it did, no digest would be given for the file's.
        self.thread.join().map(hex).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use std::io::repeat;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn what_is_stopped_is_not_read_to_its_end() {
        assert!(of(repeat(0), &AtomicBool::new(true)).is_err());
    }
}
