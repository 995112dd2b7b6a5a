//! A signed envelope around any content, in which the kind of content is signed too (DSSE 1.0, secure-systems-lab).

use crate::key::{SigningKey, VerifyingKey};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use serde::{Deserialize, Serialize};

/// Reads base64 with or without padding, as the protocol asks of those who verify.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Content, what kind it is, and who signed it; JSON in the form the DSSE specification gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signature>,
}

/// One signature over type and content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Signature {
    /// `name+id` of the key: a hint for people, never relied on.
    #[serde(default)]
    keyid: String,
    sig: String,
}

impl Signature {
    fn new(signed: &[u8], key: &SigningKey) -> Self {
        let public = key.verifying_key();
        Self {
            keyid: format!("{}+{}", public.name(), public.id()),
            sig: STANDARD.encode(key.sign(signed)),
        }
    }
}

/// Why an envelope does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Another kind of content.
    #[error("the envelope contains {found:?}, not {expected:?}")]
    WrongType {
        /// The payload type asked for.
        expected: String,
        /// The payload type it has.
        found: String,
    },
    /// The content can't be read.
    #[error("the envelope's payload is not base64")]
    Payload,
    /// None of the signatures is one by this key over this type and content.
    #[error("the envelope is not signed by {0}, or has been changed since")]
    BadSignature(String),
}

/// The bytes that are signed: type and content with their lengths in bytes ("PAE", DSSE protocol §Signature definition).
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// Signs content of this kind.
    pub fn sign(payload_type: &str, payload: &[u8], key: &SigningKey) -> Self {
        Self::sign_by(payload_type, payload, &[key])
    }

    /// Signs content of this kind with each of several keys.
    pub fn sign_by(payload_type: &str, payload: &[u8], keys: &[&SigningKey]) -> Self {
        let signed = pae(payload_type, payload);
        Self {
            payload_type: payload_type.to_owned(),
            payload: STANDARD.encode(payload),
            signatures: keys.iter().map(|key| Signature::new(&signed, key)).collect(),
        }
    }

    /// What kind of content it says to hold; signed with it.
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The content, if it is of this kind and the key has signed it.
    pub fn open(&self, payload_type: &str, key: &VerifyingKey) -> Result<Vec<u8>, Invalid> {
        if self.payload_type != payload_type {
            return Err(Invalid::WrongType {
                expected: payload_type.to_owned(),
                found: self.payload_type.clone(),
            });
        }
        let payload = decode(&self.payload).ok_or(Invalid::Payload)?;
        let signed = pae(&self.payload_type, &payload);
        let is_by_key = |signature: &Signature| {
            decode(&signature.sig).is_some_and(|signature| key.verify(&signed, &signature).is_ok())
        };
        if self.signatures.iter().any(is_by_key) {
            Ok(payload)
        } else {
            Err(Invalid::BadSignature(format!("{}+{}", key.name(), key.id())))
        }
    }

    /// The content, whoever signed it: not to be relied on.
    pub(crate) fn unverified(&self) -> Result<Vec<u8>, Invalid> {
        decode(&self.payload).ok_or(Invalid::Payload)
    }
}

/// Base64 of either alphabet; the protocol lets the signer choose.
fn decode(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text.replace('-', "+").replace('_', "/")).ok()
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Invalid, pae};
    use crate::SigningKey;
    use proptest::prelude::*;

    type Checked = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn what_is_signed_is_what_the_specification_says() {
        assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(
            pae("http://example.com/HelloWorld", "ಠ".as_bytes()),
            "DSSEv1 29 http://example.com/HelloWorld 3 ಠ".as_bytes()
        );
    }

    #[test]
    fn an_envelope_has_the_published_members() -> Checked {
        let key = SigningKey::from_seed("portal", &[3; 32])?;
        let json = serde_json::to_value(Envelope::sign("text/plain", b"hello world", &key))?;
        assert_eq!(json["payloadType"], "text/plain");
        assert_eq!(json["payload"], "aGVsbG8gd29ybGQ=");
        assert_eq!(
            json["signatures"][0]["keyid"],
            format!("portal+{}", key.verifying_key().id())
        );
        Ok(())
    }

    #[test]
    fn an_envelope_opens_with_the_key_of_any_of_its_signers() -> Checked {
        let [one, other] = [
            SigningKey::from_seed("portal", &[3; 32])?,
            SigningKey::from_seed("portal", &[4; 32])?,
        ];
        let stranger = SigningKey::from_seed("portal", &[5; 32])?;
        let envelope = Envelope::sign_by("text/plain", b"hello world", &[&one, &other]);
        for key in [&one, &other] {
            assert_eq!(envelope.open("text/plain", key.verifying_key())?, b"hello world");
        }
        assert!(envelope.open("text/plain", stranger.verifying_key()).is_err());
        Ok(())
    }

    #[test]
    fn either_base64_and_a_missing_key_id_are_read() -> Checked {
        let key = SigningKey::from_seed("portal", &[3; 32])?;
        let mut json = serde_json::to_value(Envelope::sign("text/plain", &[0xfb, 0xff, 0xfe, 0xfa], &key))?;
        let url_safe = |text: &str| {
            text.replace('+', "-")
                .replace('/', "_")
                .trim_end_matches('=')
                .to_owned()
        };
        json["payload"] = url_safe(json["payload"].as_str().unwrap_or_default()).into();
        let sig = url_safe(json["signatures"][0]["sig"].as_str().unwrap_or_default());
        json["signatures"] = serde_json::json!([{ "sig": "AAAA" }, { "sig": sig }]);
        json["unknown"] = true.into();
        let envelope: Envelope = serde_json::from_value(json)?;
        assert_eq!(
            envelope.open("text/plain", key.verifying_key())?,
            [0xfb, 0xff, 0xfe, 0xfa]
        );
        Ok(())
    }

    proptest! {
        #[test]
        fn an_envelope_opens_as_what_it_was_signed_as_only(
            payload: Vec<u8>, kind: String, other: String, seed: [u8; 32], stranger: [u8; 32],
        ) {
            let key = SigningKey::from_seed("portal", &seed)?;
            let envelope = Envelope::sign(&kind, &payload, &key);
            let (open, public) = (envelope.open(&kind, key.verifying_key()), key.verifying_key());
            prop_assert_eq!(open.as_deref(), Ok(payload.as_slice()));
            if other != kind {
                let relabelled = Envelope { payload_type: other.clone(), ..envelope.clone() };
                let is_wrong_type = matches!(envelope.open(&other, public), Err(Invalid::WrongType { .. }));
                prop_assert!(is_wrong_type);
                prop_assert!(matches!(relabelled.open(&other, public), Err(Invalid::BadSignature(_))));
            }
            let stranger = SigningKey::from_seed("portal", &stranger)?;
            prop_assert!(envelope.open(&kind, stranger.verifying_key()).is_err());
            let unsigned = Envelope { signatures: Vec::new(), ..envelope };
            prop_assert!(matches!(unsigned.open(&kind, public), Err(Invalid::BadSignature(_))));
        }
    }
}
