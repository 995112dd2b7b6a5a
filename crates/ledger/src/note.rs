//! Signed notes: text that people can read, with signatures that machines can check (C2SP signed-note).

use crate::key::{KeyId, SigningKey, VerifyingKey, is_name};
use base64::{Engine, engine::general_purpose::STANDARD};

/// A note with more signatures than this is refused unread, as Go's `sumdb/note` does.
const MOST_SIGNATURES: usize = 100;

/// Why a text is not a signed note, or not one by this key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Control characters, but for newlines, could hide something from the reader.
    #[error("a note has no control characters")]
    ControlCharacter,
    /// Text and signatures don't divide.
    #[error("a note is lines of text, an empty line, and lines of signatures, each ended by a newline")]
    Form,
    /// A line below the empty one that isn't a signature.
    #[error("line {0} of the signatures is not of the form \"— name base64\"")]
    SignatureLine(usize),
    /// Too many of them.
    #[error("a note has at most {MOST_SIGNATURES} signatures")]
    TooManySignatures,
    /// Signed by others, perhaps.
    #[error("the note is not signed by {0}")]
    NotSignedBy(String),
    /// A signature in the key's name that isn't.
    #[error("the signature in the name of {0} is wrong: the text or the signature has been changed")]
    BadSignature(String),
}

/// Signs a text: lines, each ended by a newline, without control characters.
pub fn sign(text: &str, key: &SigningKey) -> Result<String, Invalid> {
    if has_control_characters(text) {
        Err(Invalid::ControlCharacter)
    } else if text.ends_with('\n') {
        Ok(signed(text, key))
    } else {
        Err(Invalid::Form)
    }
}

/// The note of a text that is known to be fit for one.
pub(crate) fn signed(text: &str, key: &SigningKey) -> String {
    let public = key.verifying_key();
    let line = signature_line(public.name(), public.id(), &key.sign(text.as_bytes()));
    format!("{text}\n{line}")
}

pub(crate) fn signature_line(name: &str, id: KeyId, signature: &[u8]) -> String {
    let signature = [id.0.as_slice(), signature].concat();
    format!("— {name} {}\n", STANDARD.encode(signature))
}

/// The text of a note, if this key has signed it. Signatures by other keys may be there and are not looked at.
pub fn open<'n>(note: &'n str, key: &VerifyingKey) -> Result<&'n str, Invalid> {
    let note = Note::read(note)?;
    let signer = || format!("{}+{}", key.name(), key.id());
    let signature = note
        .signature_by(key.name(), key.id())
        .ok_or_else(|| Invalid::NotSignedBy(signer()))?;
    key.verify(note.text.as_bytes(), signature)
        .map_err(|_| Invalid::BadSignature(signer()))?;
    Ok(note.text)
}

/// A note taken apart, with none of its signatures checked: not to be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note<'n> {
    pub(crate) text: &'n str,
    signatures: Vec<(&'n str, KeyId, Vec<u8>)>,
}

impl<'n> Note<'n> {
    pub(crate) fn read(note: &'n str) -> Result<Self, Invalid> {
        if has_control_characters(note) {
            return Err(Invalid::ControlCharacter);
        }
        let (text, lines) = divide(note).ok_or(Invalid::Form)?;
        let mut signatures = Vec::new();
        for (number, line) in lines.split_terminator('\n').enumerate() {
            if number == MOST_SIGNATURES {
                return Err(Invalid::TooManySignatures);
            }
            signatures.push(read(line).ok_or(Invalid::SignatureLine(number + 1))?);
        }
        Ok(Self { text, signatures })
    }

    /// The first signature in the name of this key.
    pub(crate) fn signature_by(&self, name: &str, id: KeyId) -> Option<&[u8]> {
        let mut signatures = self.signatures.iter();
        let (_, _, signature) = signatures.find(|(signer, key, _)| *signer == name && *key == id)?;
        Some(signature)
    }
}

fn has_control_characters(text: &str) -> bool {
    text.chars().any(|character| character < ' ' && character != '\n')
}

/// Cuts at the last empty line; the text keeps its last newline, which is signed too.
fn divide(note: &str) -> Option<(&str, &str)> {
    let end = note.rfind("\n\n")? + 1;
    let (text, signatures) = (&note[..end], &note[end + 1..]);
    signatures.ends_with('\n').then_some((text, signatures))
}

/// Name, key id and signature from a line.
fn read(line: &str) -> Option<(&str, KeyId, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk()?;
    (is_name(name) && !signature.is_empty()).then(|| (name, KeyId(*id), signature.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::{Invalid, open, sign};
    use crate::key::{SigningKey, VerifyingKey};
    use base64::{Engine, engine::general_purpose::STANDARD};
    use proptest::prelude::*;

    type Checked = Result<(), Box<dyn std::error::Error>>;

    // The keys and notes of the tests of Go's `sumdb/note`.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const PETERS_SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const BY_PETER: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const BY_ENOCH: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    fn key(text: &str) -> Result<VerifyingKey, crate::key::Invalid> {
        text.parse()
    }

    #[test]
    fn signing_gives_the_note_that_go_gives() -> Checked {
        let seed = STANDARD.decode(PETERS_SEED)?;
        let seed: [u8; 32] = seed[1..].try_into()?;
        let peter = SigningKey::from_seed("PeterNeumann", &seed)?;
        assert_eq!(peter.verifying_key(), &key(PETER)?);
        assert_eq!(sign(TEXT, &peter)?, format!("{TEXT}\n{BY_PETER}"));
        Ok(())
    }

    #[test]
    fn a_note_opens_with_the_key_of_any_of_its_signers() -> Checked {
        let note = format!("{TEXT}\n{BY_PETER}{BY_ENOCH}");
        assert_eq!(open(&note, &key(PETER)?), Ok(TEXT));
        assert_eq!(open(&note, &key(ENOCH)?), Ok(TEXT));
        assert_eq!(
            open(&format!("{TEXT}\n{BY_PETER}"), &key(ENOCH)?),
            Err(Invalid::NotSignedBy("EnochRoot+af0cfe78".to_owned()))
        );
        Ok(())
    }

    #[test]
    fn what_is_not_a_note_is_told_what_is_wrong() -> Checked {
        let peter = key(PETER)?;
        let changed = BY_PETER.replace("x08go/ZJ", "x08go/ZK");
        let named = BY_PETER.replace("PeterNeumann", "Peter Neumann");
        let cases = [
            (TEXT.to_owned(), Invalid::Form),
            (format!("{TEXT}\n"), Invalid::Form),
            (format!("{TEXT}\n{}", BY_PETER.trim_end()), Invalid::Form),
            (format!("\u{1}{TEXT}\n{BY_PETER}"), Invalid::ControlCharacter),
            (
                format!("{TEXT}\n{BY_PETER}").replace('\n', "\r\n"),
                Invalid::ControlCharacter,
            ),
            (
                format!("{TEXT}\n{BY_PETER}Unexpected line.\n"),
                Invalid::SignatureLine(2),
            ),
            (format!("{TEXT}\n{named}"), Invalid::SignatureLine(1)),
            (
                format!("{TEXT}\n{}", BY_PETER.repeat(101)),
                Invalid::TooManySignatures,
            ),
            (
                format!("{TEXT}\n{changed}"),
                Invalid::BadSignature("PeterNeumann+c74f20a3".to_owned()),
            ),
        ];
        for (note, reason) in cases {
            assert_eq!(open(&note, &peter), Err(reason), "{note}");
        }
        Ok(())
    }

    #[test]
    fn what_could_not_be_opened_is_not_signed() -> Checked {
        let signer = SigningKey::from_seed("log", &[7; 32])?;
        assert_eq!(sign("no newline", &signer), Err(Invalid::Form));
        assert_eq!(sign("tab\there\n", &signer), Err(Invalid::ControlCharacter));
        Ok(())
    }

    proptest! {
        #[test]
        fn a_signed_text_opens_and_a_changed_one_does_not(
            lines in prop::collection::vec("[^\u{0}-\u{1f}]{0,40}", 1..5), place: prop::sample::Index,
        ) {
            let text = lines.join("\n") + "\n";
            let signer = SigningKey::from_seed("log", &[7; 32])?;
            let note = sign(&text, &signer)?;
            prop_assert_eq!(open(&note, signer.verifying_key()), Ok(text.as_str()));

            let mut bytes = note.into_bytes();
            let place = place.index(bytes.len());
            bytes[place] = bytes[place].wrapping_add(1);
            if let Ok(changed) = String::from_utf8(bytes) {
                prop_assert!(open(&changed, signer.verifying_key()).is_err(), "{}", changed);
            }
        }

        #[test]
        fn nothing_makes_the_reader_panic(text: String) {
            let signer = SigningKey::from_seed("log", &[7; 32])?;
            prop_assert!(open(&text, signer.verifying_key()).is_err());
        }
    }
}
