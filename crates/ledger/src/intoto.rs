//! Signed statements about things named by their digests, in the form that supply-chain tools read (in-toto
//! attestation framework: Statement v1 in a DSSE envelope).

use crate::canonical;
use crate::digest::Digest;
use crate::dsse::{self, Envelope};
use crate::key::{SigningKey, VerifyingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The kind of content, signed with it.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What makes a payload a statement of version 1.
const STATEMENT_V1: &str = "https://in-toto.io/Statement/v1";

/// That something (the predicate) is so of some things (the subjects). Members that we don't know are passed over, as
/// the framework asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement<P> {
    #[serde(rename = "_type")]
    version: String,
    /// What the statement is about.
    pub subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    /// What is said.
    pub predicate: P,
}

/// A thing with its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// What people call it. Told apart by this within one statement.
    pub name: String,
    /// What it is.
    pub digest: Digests,
}

/// The digests of a subject; others than SHA-256 are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// SHA-256.
    pub sha256: Digest,
}

impl Subject {
    /// A thing by its name and SHA-256.
    pub fn new(name: &str, digest: Digest) -> Self {
        Self {
            name: name.to_owned(),
            digest: Digests { sha256: digest },
        }
    }
}

/// Why an envelope holds no such statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not signed by this key, or changed since, or of another kind.
    #[error(transparent)]
    Envelope(#[from] dsse::Invalid),
    /// Signed, but no statement.
    #[error("this is not an in-toto statement: {0}")]
    Malformed(String),
    /// A statement of another kind or version.
    #[error("the statement is of the type {found:?}, not {expected:?}")]
    OtherType {
        /// The type asked for.
        expected: String,
        /// The type it has.
        found: String,
    },
}

impl<P> Statement<P> {
    /// States this predicate of these subjects.
    pub fn new(subject: Vec<Subject>, predicate_type: &str, predicate: P) -> Self {
        Self {
            version: STATEMENT_V1.to_owned(),
            subject,
            predicate_type: predicate_type.to_owned(),
            predicate,
        }
    }

    /// Signs the statement, as canonical JSON.
    pub fn sign(&self, key: &SigningKey) -> Result<Envelope, canonical::Error>
    where
        P: Serialize,
    {
        Ok(Envelope::sign(PAYLOAD_TYPE, &canonical::to_vec(self)?, key))
    }

    /// The statement in an envelope, if this key has signed it and its predicate is of this type.
    pub fn open(envelope: &Envelope, predicate_type: &str, key: &VerifyingKey) -> Result<Self, Invalid>
    where
        P: DeserializeOwned,
    {
        let payload = envelope.open(PAYLOAD_TYPE, key)?;
        // The type first: of another type, the predicate would read as nonsense.
        let stated: Statement<serde::de::IgnoredAny> = read(&payload)?;
        for (found, expected) in [
            (stated.version, STATEMENT_V1),
            (stated.predicate_type, predicate_type),
        ] {
            if found != expected {
                let expected = expected.to_owned();
                return Err(Invalid::OtherType { expected, found });
            }
        }
        read(&payload)
    }
}

fn read<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Invalid> {
    serde_json::from_slice(payload).map_err(|reason| Invalid::Malformed(reason.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{Invalid, PAYLOAD_TYPE, Statement, Subject};
    use crate::dsse::{self, Envelope};
    use crate::{Digest, SigningKey, key};
    use serde_json::{Value, json};

    type Checked = Result<(), Box<dyn std::error::Error>>;

    const TYPE: &str = "https://countersign.example/test/v1";

    fn portal(seed: u8) -> Result<SigningKey, key::Invalid> {
        SigningKey::from_seed("portal", &[seed; 32])
    }

    fn statement() -> Statement<Value> {
        Statement::new(
            vec![Subject::new("a file", Digest::of(b"abc"))],
            TYPE,
            json!({ "is": "good" }),
        )
    }

    #[test]
    fn a_statement_has_the_published_members() -> Checked {
        let published = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{
                "name": "a file",
                "digest": { "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
            }],
            "predicateType": TYPE,
            "predicate": { "is": "good" },
        });
        assert_eq!(serde_json::to_value(statement())?, published);
        let envelope = statement().sign(&portal(1)?)?;
        assert_eq!(
            serde_json::to_value(&envelope)?["payloadType"],
            "application/vnd.in-toto+json"
        );
        assert_eq!(
            Statement::open(&envelope, TYPE, portal(1)?.verifying_key())?,
            statement()
        );
        Ok(())
    }

    #[test]
    fn members_that_are_not_known_are_passed_over() -> Checked {
        let mut json = serde_json::to_value(statement())?;
        json["later"] = 1.into();
        json["subject"][0]["uri"] = "https://example.com".into();
        json["subject"][0]["digest"]["sha512"] = "00".into();
        let envelope = Envelope::sign(PAYLOAD_TYPE, &serde_json::to_vec(&json)?, &portal(1)?);
        assert_eq!(
            Statement::open(&envelope, TYPE, portal(1)?.verifying_key())?,
            statement()
        );
        Ok(())
    }

    #[test]
    fn every_reason_against_a_statement_has_its_name() -> Checked {
        let open = |payload: &Value, predicate_type: &str| {
            let envelope = Envelope::sign(PAYLOAD_TYPE, payload.to_string().as_bytes(), &portal(1)?);
            let opened = Statement::<Value>::open(&envelope, predicate_type, portal(1)?.verifying_key());
            Ok::<_, Box<dyn std::error::Error>>(opened.err())
        };
        let good = serde_json::to_value(statement())?;
        assert_eq!(open(&good, TYPE)?, None);
        let other = |expected: &str, found: &str| {
            let (expected, found) = (expected.to_owned(), found.to_owned());
            Some(Invalid::OtherType { expected, found })
        };
        assert_eq!(
            open(&good, "https://countersign.example/test/v2")?,
            other("https://countersign.example/test/v2", TYPE)
        );
        let mut old = good.clone();
        old["_type"] = "https://in-toto.io/Statement/v0.1".into();
        assert_eq!(
            open(&old, TYPE)?,
            other(
                "https://in-toto.io/Statement/v1",
                "https://in-toto.io/Statement/v0.1"
            )
        );
        let mut short = good;
        short["subject"][0]["digest"]["sha256"] = "abc".into();
        assert!(matches!(open(&short, TYPE)?, Some(Invalid::Malformed(_))));
        assert!(matches!(open(&json!({}), TYPE)?, Some(Invalid::Malformed(_))));

        let envelope = statement().sign(&portal(1)?)?;
        let stranger = Statement::<Value>::open(&envelope, TYPE, portal(2)?.verifying_key());
        assert!(matches!(
            stranger,
            Err(Invalid::Envelope(dsse::Invalid::BadSignature(_)))
        ));
        Ok(())
    }
}
