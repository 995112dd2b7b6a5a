//! Checkpoints: the signed statement "the log had this many entries and this root" (C2SP tlog-checkpoint).

use crate::digest::Digest;
use crate::key::{SigningKey, VerifyingKey};
use crate::note;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

/// A log's state at one size. Its text is what is signed: origin, size, root, and any extension lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Digest,
    extensions: Vec<String>,
}

/// Why a text is not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Origin and extensions are lines of their own.
    #[error("the line {0:?} is empty or has a control character in it")]
    Line(String),
    /// Too short, or the last line isn't ended.
    #[error("a checkpoint is at least three lines, each ended by a newline")]
    Form,
    /// Not the one way of writing that number.
    #[error("the size {0:?} is not a decimal number without sign or leading zeros")]
    Size(String),
    /// Not the hash of a tree.
    #[error("the root {0:?} is not base64 of 32 bytes")]
    Root(String),
}

/// Why a signed checkpoint is not to be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The note around it doesn't hold; [`note::Invalid::BadSignature`] is the one for a changed text.
    #[error(transparent)]
    Note(#[from] note::Invalid),
    /// Signed, but not a checkpoint.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The key's, but about another log.
    #[error("the checkpoint is of the log {found:?}, not of {expected:?}")]
    WrongOrigin {
        /// The log that was asked about.
        expected: String,
        /// The log it speaks of.
        found: String,
    },
}

impl Checkpoint {
    /// States that the log called `origin` (for instance `example.com/countersign`) had this size and root.
    pub fn new(origin: &str, size: u64, root: Digest) -> Result<Self, Malformed> {
        Ok(Self {
            origin: line(origin)?,
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Adds a line that other readers pass over.
    pub fn with_extension(mut self, extension: &str) -> Result<Self, Malformed> {
        self.extensions.push(line(extension)?);
        Ok(self)
    }

    /// Reads the text of a checkpoint, unsigned.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut lines = text.strip_suffix('\n').ok_or(Malformed::Form)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(Malformed::Form);
        };
        let checkpoint = Self::new(origin, read_size(size)?, read_root(root)?)?;
        lines.try_fold(checkpoint, Self::with_extension)
    }

    /// The signed note to store and to publish.
    pub fn sign(&self, key: &SigningKey) -> String {
        note::signed(&self.to_string(), key)
    }

    /// Reads a signed checkpoint, if this key has signed it and it is about this log.
    pub fn verify(note: &str, key: &VerifyingKey, origin: &str) -> Result<Self, Invalid> {
        let checkpoint = Self::parse(note::open(note, key)?)?;
        if checkpoint.origin == origin {
            Ok(checkpoint)
        } else {
            Err(Invalid::WrongOrigin {
                expected: origin.to_owned(),
                found: checkpoint.origin,
            })
        }
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over these entries.
    pub fn root(&self) -> Digest {
        self.root
    }

    /// What else the log says.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}\n{}\n{}",
            self.origin,
            self.size,
            STANDARD.encode(self.root.as_bytes())
        )?;
        self.extensions
            .iter()
            .try_for_each(|extension| writeln!(f, "{extension}"))
    }
}

fn line(text: &str) -> Result<String, Malformed> {
    if text.is_empty() || text.contains(|character| character < ' ') {
        Err(Malformed::Line(text.to_owned()))
    } else {
        Ok(text.to_owned())
    }
}

pub(crate) fn read_size(text: &str) -> Result<u64, Malformed> {
    match text.parse::<u64>() {
        Ok(size) if size.to_string() == text => Ok(size),
        _ => Err(Malformed::Size(text.to_owned())),
    }
}

pub(crate) fn read_root(text: &str) -> Result<Digest, Malformed> {
    let bytes = STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes
        .map(Digest::from)
        .ok_or_else(|| Malformed::Root(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Checkpoint, Invalid, Malformed};
    use crate::{Digest, SigningKey, VerifyingKey, note};
    use proptest::prelude::*;

    type Checked = Result<(), Box<dyn std::error::Error>>;

    /// The example of the C2SP specification.
    const EXAMPLE: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    /// A checkpoint that Go's module checksum database has signed, and its key.
    const OF_GO: &str = "go.sum database tree\n65209736\n5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n\
        — sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n";
    const KEY_OF_GO: &str = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

    #[test]
    fn the_example_of_the_specification_reads_and_shows_the_same() -> Checked {
        let checkpoint = Checkpoint::parse(EXAMPLE)?;
        assert_eq!(
            (checkpoint.origin(), checkpoint.size()),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(checkpoint.to_string(), EXAMPLE);
        Ok(())
    }

    #[test]
    fn a_checkpoint_of_a_public_log_verifies() -> Checked {
        let key: VerifyingKey = KEY_OF_GO.parse()?;
        let checkpoint = Checkpoint::verify(OF_GO, &key, "go.sum database tree")?;
        assert_eq!(checkpoint.size(), 65_209_736);
        let grown = OF_GO.replace("65209736", "65209737");
        assert_eq!(
            Checkpoint::verify(&grown, &key, "go.sum database tree"),
            Err(Invalid::Note(note::Invalid::BadSignature(
                "sum.golang.org+033de0ae".to_owned()
            )))
        );
        assert!(matches!(
            Checkpoint::verify(OF_GO, &key, "example.com/log"),
            Err(Invalid::WrongOrigin { .. })
        ));
        Ok(())
    }

    #[test]
    fn what_is_not_a_checkpoint_is_told_what_is_wrong() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        let cases = [
            (String::new(), Malformed::Form),
            (format!("log\n1\n{root}"), Malformed::Form),
            ("log\n1\n".to_owned(), Malformed::Form),
            (format!("\n1\n{root}\n"), Malformed::Line(String::new())),
            (format!("log\n1\n{root}\n\n"), Malformed::Line(String::new())),
            (format!("log\n01\n{root}\n"), Malformed::Size("01".to_owned())),
            (format!("log\n+1\n{root}\n"), Malformed::Size("+1".to_owned())),
            (format!("log\n-1\n{root}\n"), Malformed::Size("-1".to_owned())),
            (
                format!("log\n18446744073709551616\n{root}\n"),
                Malformed::Size("18446744073709551616".to_owned()),
            ),
            ("log\n1\nCsUY\n".to_owned(), Malformed::Root("CsUY".to_owned())),
            (
                format!("log\n1\n{}\n", root.trim_end_matches('=')),
                Malformed::Root(root.trim_end_matches('=').to_owned()),
            ),
        ];
        for (text, reason) in cases {
            assert_eq!(Checkpoint::parse(&text), Err(reason), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_signed_checkpoint_reads_back(
            size: u64, root: [u8; 32], extensions in prop::collection::vec("\\PC{1,30}", 0..3),
        ) {
            let key = SigningKey::from_seed("example.com/log", &[9; 32])?;
            let empty = Checkpoint::new("example.com/log", size, Digest::from(root))?;
            let checkpoint = extensions.iter().try_fold(empty, |so_far, line| so_far.with_extension(line))?;
            let note = checkpoint.sign(&key);
            prop_assert_eq!(Checkpoint::verify(&note, key.verifying_key(), "example.com/log")?, checkpoint);
        }
    }
}
