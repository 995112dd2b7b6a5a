//! The Ed25519 keys that checkpoints and permits are signed with, named as signed notes name them (C2SP signed-note).

use crate::digest::{Digest, hex};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::Signer;
use hkdf::Hkdf;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::Sha256;
use std::fmt;
use std::str::FromStr;

/// The signature type byte of Ed25519 in a key and in its id.
const ED25519: u8 = 0x01;

/// That of timestamped Ed25519 cosignatures, whose keys are read and shown in the same form.
pub(crate) const COSIGNATURE: u8 = 0x04;

/// Why a name or a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A key's name stands in lines and before a plus sign, so it can contain neither spaces nor one.
    #[error("the key name {0:?} is empty, or has a space, a control character or a plus sign in it")]
    Name(String),
    /// Not three parts.
    #[error("a verifier key has the form name+id+base64")]
    Form,
    /// The last part is not base64 of a type byte and key bytes.
    #[error("the last part of the verifier key is not padded standard base64 of a key")]
    Encoding,
    /// A key of another kind.
    #[error("the verifier key is of the signature type {found:#04x}, where {expected:#04x} is due")]
    OtherType {
        /// The type asked for: 0x01 is a log's or portal's Ed25519, 0x04 a witness's.
        expected: u8,
        /// The type it has.
        found: u8,
    },
    /// Wrong number of bytes, no point on the curve, or one of the few that sign anything.
    #[error("these are not the 32 bytes of a sound Ed25519 public key")]
    Point,
    /// The stated key id belongs to another name or key.
    #[error("the key id {stated} doesn't belong to this name and key, which have {computed}")]
    WrongId {
        /// As the text has it.
        stated: String,
        /// As it should be.
        computed: KeyId,
    },
}

/// The signature doesn't belong to this message and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature doesn't belong to this text and key")]
pub struct BadSignature;

/// The first four bytes of the SHA-256 over name, newline, type and key: a hint as to which key signed, no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) [u8; 4]);

impl KeyId {
    pub(crate) fn new(kind: u8, name: &str, public: &[u8]) -> Self {
        let [a, b, c, d, ..] = *Digest::of(&[name.as_bytes(), b"\n", &[kind], public].concat()).as_bytes();
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The secret half: signs. Cleared from memory when dropped, never shown.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key that these 32 secret bytes give (RFC 8032), under the name of the log or portal that signs with it.
    ///
    /// The bytes have to come from a cryptographic source of randomness; whoever has them can sign.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, Invalid> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifyingKey::new(name, secret.verifying_key().as_bytes())?;
        Ok(Self { secret, public })
    }

    /// The half to hand out.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// A key for another purpose, such as encryption, from the same secret (HKDF with SHA-256, RFC 5869). It tells
    /// nothing of the signing key, nor of the keys of other purposes.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        let expanded = Hkdf::<Sha256>::new(None, self.secret.as_bytes()).expand(purpose.as_bytes(), &mut key);
        debug_assert!(expanded.is_ok(), "32 bytes are far below HKDF's limit of 8160");
        key
    }

    /// The signature over these bytes; the same every time (RFC 8032 §5.1.6).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public)
    }
}

/// The public half: checks signatures. Shown and parsed as the verifier key text `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: KeyId,
    point: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// A key from its name and its 32 public bytes.
    pub fn new(name: &str, public: &[u8; 32]) -> Result<Self, Invalid> {
        if !is_name(name) {
            return Err(Invalid::Name(name.to_owned()));
        }
        let point = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| Invalid::Point)?;
        if point.is_weak() {
            return Err(Invalid::Point);
        }
        Ok(Self {
            name: name.to_owned(),
            id: KeyId::new(ED25519, name, public),
            point,
        })
    }

    /// The name that signature lines carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four bytes that signature lines carry.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The 32 public bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.point.as_bytes()
    }

    /// Checks a signature, refusing also those that hold for more than one key or message (RFC 8032 §8.4).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| BadSignature)?;
        self.point
            .verify_strict(message, &signature)
            .map_err(|_| BadSignature)
    }

    /// Writes the key as one of this signature type.
    pub(crate) fn show(&self, kind: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = KeyId::new(kind, &self.name, self.as_bytes());
        let key = STANDARD.encode([&[kind], self.as_bytes().as_slice()].concat());
        write!(f, "{}+{id}+{key}", self.name)
    }

    /// Reads a key that has to be of this signature type.
    pub(crate) fn read(kind: u8, text: &str) -> Result<Self, Invalid> {
        // Base64 may contain a plus too, so only the first two divide.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(stated), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Invalid::Form);
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| Invalid::Encoding)?;
        let (found, public) = bytes.split_first().ok_or(Invalid::Encoding)?;
        if *found != kind {
            return Err(Invalid::OtherType {
                expected: kind,
                found: *found,
            });
        }
        let key = Self::new(name, public.try_into().map_err(|_| Invalid::Point)?)?;
        let computed = KeyId::new(kind, name, key.as_bytes());
        if stated == computed.to_string() {
            Ok(key)
        } else {
            let stated = stated.to_owned();
            Err(Invalid::WrongId { stated, computed })
        }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(ED25519, f)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl FromStr for VerifyingKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::read(ED25519, text)
    }
}

impl Serialize for VerifyingKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VerifyingKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Invalid, SigningKey, VerifyingKey};
    use proptest::prelude::*;

    /// The key of the tests of Go's `sumdb/note`.
    const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn a_known_verifier_key_reads_and_shows_the_same() -> Result<(), Invalid> {
        let key: VerifyingKey = PETER.parse()?;
        assert_eq!(
            (key.name(), key.id().to_string().as_str()),
            ("PeterNeumann", "c74f20a3")
        );
        assert_eq!(key.to_string(), PETER);
        Ok(())
    }

    #[test]
    fn no_part_and_no_neighbour_of_a_verifier_key_is_one() {
        for start in 0..=PETER.len() {
            for end in start..=PETER.len() {
                let part = &PETER[start..end];
                assert!(part == PETER || part.parse::<VerifyingKey>().is_err(), "{part}");
            }
        }
        for place in 0..PETER.len() {
            let mut bytes = PETER.as_bytes().to_vec();
            bytes[place] += 1;
            let text = String::from_utf8_lossy(&bytes);
            assert!(text.parse::<VerifyingKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn wrong_verifier_keys_are_told_what_is_wrong() {
        let refusal = |text: &str| text.parse::<VerifyingKey>().err();
        assert_eq!(refusal("PeterNeumann"), Some(Invalid::Form));
        assert_eq!(refusal("PeterNeumann+c74f20a3+?"), Some(Invalid::Encoding));
        assert_eq!(
            refusal("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
            Some(Invalid::OtherType {
                expected: 0x01,
                found: 0x65
            })
        );
        assert_eq!(
            refusal("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="),
            Some(Invalid::Encoding)
        );
        assert_eq!(
            refusal("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADK"),
            Some(Invalid::Point)
        );
        assert!(matches!(
            refusal(&PETER.replace("c74f", "C74F")),
            Some(Invalid::WrongId { .. })
        ));
        assert!(matches!(
            refusal(&PETER.replace("Peter", "Paul")),
            Some(Invalid::WrongId { .. })
        ));
        for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
            let refused = SigningKey::from_seed(name, &[1; 32]).err();
            assert_eq!(refused, Some(Invalid::Name(name.to_owned())));
        }
    }

    #[test]
    fn a_key_that_signs_anything_is_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(VerifyingKey::new("log", &identity), Err(Invalid::Point));
    }

    /// RFC 8032 §7.1, test 1.
    #[test]
    fn signatures_are_those_of_rfc_8032() -> Result<(), Box<dyn std::error::Error>> {
        let seed: crate::Digest =
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".parse()?;
        let key = SigningKey::from_seed("test", seed.as_bytes())?;
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(super::hex(key.verifying_key().as_bytes()), public);
        assert_eq!(
            super::hex(&key.sign(b"")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd2\
            5bf5f0595bbe24655141438e7a100b"
        );
        Ok(())
    }

    #[test]
    fn keys_of_other_purposes_have_nothing_in_common() -> Result<(), Invalid> {
        let key = SigningKey::from_seed("log", &[7; 32])?;
        assert_eq!(key.derive("a"), key.derive("a"));
        assert_ne!(key.derive("a"), key.derive("b"));
        assert_ne!(
            key.derive("a"),
            SigningKey::from_seed("log", &[8; 32])?.derive("a")
        );
        assert_ne!(key.derive(""), [7; 32]);
        Ok(())
    }

    #[test]
    fn the_secret_is_never_shown() -> Result<(), Invalid> {
        let key = SigningKey::from_seed("log", &[0xab; 32])?;
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("SigningKey({})", key.verifying_key()));
        assert!(!shown.contains("abab") && !shown.contains("171"), "{shown}");
        Ok(())
    }

    proptest! {
        #[test]
        fn a_signature_holds_for_its_message_and_key_only(
            seed: [u8; 32], other: [u8; 32], message: Vec<u8>, bit in 0..512usize,
        ) {
            let key = SigningKey::from_seed("log", &seed)?;
            let mut signature = key.sign(&message);
            let longer = [message.as_slice(), b"!"].concat();
            prop_assert_eq!(key.verifying_key().verify(&message, &signature), Ok(()));
            prop_assert!(key.verifying_key().verify(&longer, &signature).is_err());
            let stranger = SigningKey::from_seed("log", &other)?;
            prop_assert!(seed == other || stranger.verifying_key().verify(&message, &signature).is_err());
            signature[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(key.verifying_key().verify(&message, &signature).is_err());
            prop_assert_eq!(&key.verifying_key().to_string().parse::<VerifyingKey>()?, key.verifying_key());
        }
    }
}
