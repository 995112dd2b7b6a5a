//! The 32 secret bytes of a key, as they are kept: in base64, readable by this user only.
use super::Wrong;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// The seed in a file, which is made if it is not there.
pub fn kept_or_made(file: &Path) -> Result<[u8; 32], Wrong> {
    match kept(file) {
        Err(Wrong::File(file, error)) if error.kind() == io::ErrorKind::NotFound => {
            make(&file).map_err(|error| Wrong::File(file, error))
        }
        kept => kept,
    }
}

/// The seed in a file that has to be there.
pub fn kept(file: &Path) -> Result<[u8; 32], Wrong> {
    let text = fs::read_to_string(file).map_err(|error| Wrong::File(file.to_owned(), error))?;
    read(&text).map_err(|what| {
        let what = format!("{} does not hold a key: {what}", file.display());
        Wrong::Value("signing_key_file", what)
    })
}

pub fn read(text: &str) -> Result<[u8; 32], &'static str> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| "it is not base64")?;
    bytes.try_into().map_err(|_| "it is not 32 bytes")
}

/// Makes a seed in a new file. Of two portals starting at once, one makes it and the other reads it.
fn make(file: &Path) -> io::Result<[u8; 32]> {
    use io::Write;
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let seed: [u8; 32] = rand::random();
    let mut kept = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    writeln!(kept, "{}", STANDARD.encode(seed))?;
    kept.sync_all()?;
    Ok(seed)
}
