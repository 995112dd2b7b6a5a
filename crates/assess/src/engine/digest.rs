//! The digest of what was read.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read;

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

/// SHA-256 of everything a reader holds.
pub(super) fn of(mut reader: impl Read) -> std::io::Result<String> {
    let mut sha = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hex(sha)),
            Ok(n) => sha.update(&buffer[..n]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
