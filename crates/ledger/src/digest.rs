//! Names content by its SHA-256 (FIPS 180-4), so that a page, a permit and an auditor mean the same bytes.

use crate::canonical;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io;
use std::str::FromStr;

/// A SHA-256 digest; shown, parsed and serialised as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The digest of a value's canonical JSON (RFC 8785), which `sha256sum` of the same JSON confirms.
    pub fn of_canonical(value: &(impl Serialize + ?Sized)) -> Result<Self, canonical::Error> {
        canonical::to_vec(value).map(|bytes| Self::of(&bytes))
    }

    /// The first and last eight digits, for a page that has no room; never compare these.
    pub fn short(&self) -> String {
        format!("{}…{}", hex(&self.0[..4]), hex(&self.0[28..]))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotADigest {
    /// Too few or too many digits.
    #[error("a SHA-256 digest has 64 hexadecimal digits, this has {found}")]
    Length {
        /// How many characters there were, without the prefix.
        found: usize,
    },
    /// Something that is not a hexadecimal digit.
    #[error("{found:?} at position {position} is not a hexadecimal digit")]
    NotHex {
        /// The first wrong character.
        found: char,
        /// Its place, counted from 1, without the prefix.
        position: usize,
    },
}

impl FromStr for Digest {
    type Err = NotADigest;

    /// Takes 64 hexadecimal digits of either case, with or without `sha256:` before them.
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let mut bytes = [0; 32];
        let mut length = 0;
        for character in digits.chars() {
            let value = character
                .to_digit(16)
                .and_then(|value| u8::try_from(value).ok())
                .ok_or(NotADigest::NotHex {
                    found: character,
                    position: length + 1,
                })?;
            if let Some(byte) = bytes.get_mut(length / 2) {
                *byte = *byte << 4 | value;
            }
            length += 1;
        }
        if length == 64 {
            Ok(Self(bytes))
        } else {
            Err(NotADigest::Length { found: length })
        }
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// A digest in the making, for content that arrives piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, Hasher, NotADigest};
    use proptest::prelude::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digests_are_those_of_fips_180() {
        assert_eq!(Digest::of(b"").to_string(), EMPTY);
        assert_eq!(Digest::of(b"abc").to_string(), ABC);
        assert_eq!(Digest::of(b"abc").short(), "ba7816bf…f20015ad");
    }

    #[test]
    fn a_canonical_digest_ignores_the_order_of_members() {
        let one = Digest::of_canonical(&serde_json::json!({"b": 1, "a": 1.0}));
        assert_eq!(one, Ok(Digest::of(br#"{"a":1,"b":1}"#)));
    }

    #[test]
    fn a_digest_is_read_with_or_without_its_prefix_and_in_either_case() {
        let abc = Ok(Digest::of(b"abc"));
        assert_eq!(ABC.parse(), abc);
        assert_eq!(format!("sha256:{ABC}").parse(), abc);
        assert_eq!(ABC.to_uppercase().parse(), abc);
        assert_eq!(serde_json::from_value(ABC.into()).ok(), abc.ok());
    }

    #[test]
    fn what_is_not_a_digest_is_told_what_is_wrong() {
        assert_eq!("abc".parse::<Digest>(), Err(NotADigest::Length { found: 3 }));
        assert_eq!(
            format!("{ABC}0").parse::<Digest>(),
            Err(NotADigest::Length { found: 65 })
        );
        assert_eq!(
            ABC.replacen('a', "+", 1).parse::<Digest>(),
            Err(NotADigest::NotHex {
                found: '+',
                position: 2
            })
        );
        assert_eq!(
            format!("md5:{ABC}").parse::<Digest>(),
            Err(NotADigest::NotHex {
                found: 'm',
                position: 1
            })
        );
        assert!(serde_json::from_str::<Digest>("7").is_err());
    }

    proptest! {
        #[test]
        fn pieces_give_the_digest_of_the_whole(bytes: Vec<u8>, cut: prop::sample::Index) {
            let (head, tail) = bytes.split_at(cut.index(bytes.len() + 1));
            let mut hasher = Hasher::default();
            hasher.update(head);
            hasher.update(tail);
            prop_assert_eq!(hasher.finish(), Digest::of(&bytes));
        }

        #[test]
        fn what_is_shown_reads_back(bytes: [u8; 32]) {
            let digest = Digest::from(bytes);
            prop_assert_eq!(digest.to_string().parse::<Digest>()?, digest);
            let json = serde_json::to_string(&digest)?;
            prop_assert_eq!(serde_json::from_str::<Digest>(&json)?, digest);
        }
    }
}
