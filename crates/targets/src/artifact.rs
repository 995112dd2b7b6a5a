//! Digests of artifacts, and copies that are checked while they are made.
use crate::{TargetError, failure::doing};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// SHA-256 in lower-case hex of a file, or of a folder: then of the lines that
/// `find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum` prints in it. Anything but files and
/// folders inside, such as a link, is refused.
pub fn digest(path: &Path) -> io::Result<String> {
    read(path, None)
}

/// Copies a file or folder to `destination` and compares what was copied with what was approved.
pub(crate) fn copy(source: &Path, sha256: &str, destination: &Path) -> Result<(), TargetError> {
    compare(
        sha256,
        doing("Copying the artifact", read(source, Some(destination)))?,
    )
}

/// Compares what lies there with what was approved.
pub(crate) fn check(path: &Path, sha256: &str) -> Result<(), TargetError> {
    compare(sha256, doing("Reading the artifact", digest(path))?)
}

fn compare(sha256: &str, found: String) -> Result<(), TargetError> {
    let expected = sha256
        .strip_prefix("sha256:")
        .unwrap_or(sha256)
        .to_ascii_lowercase();
    if expected == found {
        Ok(())
    } else {
        Err(TargetError::WrongArtifact { expected, found })
    }
}

/// Reads once: what is digested is what is copied.
fn read(path: &Path, copy: Option<&Path>) -> io::Result<String> {
    if !fs::symlink_metadata(path)?.is_dir() {
        return read_file(path, copy);
    }

    let mut files = Vec::new();
    list(path, "", &mut files)?;
    files.sort_by(|(one, _), (other, _)| one.as_bytes().cmp(other.as_bytes()));

    let mut listing = Sha256::new();
    for (name, file) in files {
        let copy = copy.map(|folder| folder.join(&name));
        listing.update(format!("{}  {name}\n", read_file(&file, copy.as_deref())?));
    }
    Ok(hex(listing))
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| odd(&format!("{} isn't UTF-8", name.display())))?;
        // sha256sum escapes such names, and a listing must not be able to say two things.
        if name.contains(['\n', '\r', '\\']) {
            return Err(odd(&format!(
                "the name {name:?} holds a line break or a backslash"
            )));
        }
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}

fn read_file(path: &Path, copy: Option<&Path>) -> io::Result<String> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(odd(&format!("{} is neither a file nor a folder", path.display())));
    }
    let mut copy = match copy {
        Some(copy) => {
            if let Some(parent) = copy.parent() {
                fs::create_dir_all(parent)?;
            }
            Some(File::create(copy)?)
        }
        None => None,
    };

    let (mut source, mut sha256, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex(sha256));
        }
        sha256.update(&buffer[..read]);
        if let Some(copy) = &mut copy {
            copy.write_all(&buffer[..read])?;
        }
    }
}

fn odd(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

fn hex(sha256: Sha256) -> String {
    let mut text = String::with_capacity(64);
    for byte in sha256.finalize() {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        for (name, content) in [
            ("model.bin", "weights"),
            ("b/c/x.txt", "x"),
            ("a b.txt", ""),
            ("b.txt", "b"),
        ] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    #[test]
    fn a_files_digest_is_what_sha256sum_says() {
        let folder = folder();
        let said = Command::new("sha256sum")
            .arg(folder.path().join("model.bin"))
            .output()
            .unwrap();
        assert_eq!(
            digest(&folder.path().join("model.bin")).unwrap().as_bytes(),
            &said.stdout[..64]
        );
    }

    #[test]
    fn a_folders_digest_can_be_recomputed_with_the_documented_command() {
        let folder = folder();
        let command = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
        let said = Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(digest(folder.path()).unwrap().as_bytes(), &said.stdout[..64]);
    }

    #[test]
    fn a_copy_has_the_digest_of_its_source_and_a_changed_one_is_refused() {
        let (folder, copies) = (folder(), tempfile::tempdir().unwrap());
        let copied = copies.path().join("copy");
        copy(folder.path(), &digest(folder.path()).unwrap(), &copied).unwrap();
        assert_eq!(digest(&copied).unwrap(), digest(folder.path()).unwrap());

        fs::write(copied.join("b/c/x.txt"), "y").unwrap();
        let refused = check(&copied, &digest(folder.path()).unwrap()).unwrap_err();
        assert!(matches!(refused, TargetError::WrongArtifact { .. }), "{refused}");
    }

    #[test]
    fn links_are_refused() {
        let folder = folder();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        assert!(
            digest(folder.path())
                .unwrap_err()
                .to_string()
                .contains("neither a file nor a folder")
        );
        assert!(digest(&folder.path().join("link")).is_err());
    }
}
