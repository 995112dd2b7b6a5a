//! Permits: the short-lived signed statement that lets one version digest into one environment.

use crate::canonical;
use crate::digest::Digest;
use crate::dsse;
pub use crate::dsse::Envelope;
use crate::key::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// The kind of content, signed with it.
pub const PAYLOAD_TYPE: &str = "application/vnd.countersign.permit+json";

/// What the portal lets happen. Times are whole seconds since 1970-01-01T00:00:00Z, so that a target needs no
/// calendar to judge them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    /// The permit's own name, by which a target tells a second use.
    pub id: String,
    /// The approved release it stands on.
    pub release: String,
    /// The model's name.
    pub model: String,
    /// The version's number.
    pub version: u32,
    /// The digest of the version's manifest: what may run.
    pub version_digest: Digest,
    /// Where it may run.
    pub environment: String,
    /// The digest of the dossier that was countersigned.
    pub dossier_digest: Digest,
    /// What may be done.
    pub kind: Kind,
    /// The first second at which it holds (Unix time).
    pub issued_at: i64,
    /// The first second at which it no longer holds (Unix time).
    pub expires_at: i64,
    /// The portal that issued it.
    pub issuer: String,
}

/// What a permit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Putting an approved version in place.
    Deploy,
    /// Going back to a version that was approved before.
    Rollback,
}

/// What a target is about to do, to be compared with what the permit allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectation<'a> {
    /// The digest of the version that is about to run.
    pub version_digest: Digest,
    /// The environment that the target belongs to.
    pub environment: &'a str,
}

/// Why a permit is not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unissuable {
    /// It would never hold.
    #[error("a permit has to expire after it is issued")]
    NoLifetime,
    /// It has no canonical form.
    #[error(transparent)]
    Canonical(#[from] canonical::Error),
}

/// Why a permit permits nothing here and now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not an envelope around a permit.
    #[error("this is not a permit: {0}")]
    Malformed(String),
    /// Not by this portal, or changed since.
    #[error("the permit is not signed by {0}, or has been changed since")]
    BadSignature(String),
    /// Too late. Times are Unix seconds.
    #[error("the permit expired at {expired_at} (Unix seconds), and it is {now}")]
    Expired {
        /// The first second at which it no longer held.
        expired_at: i64,
        /// The time of asking.
        now: i64,
    },
    /// Too early: one of two clocks is wrong. Times are Unix seconds.
    #[error("the permit holds from {valid_from} (Unix seconds), and it is {now}: compare the clocks")]
    NotYetValid {
        /// The first second at which it holds.
        valid_from: i64,
        /// The time of asking.
        now: i64,
    },
    /// For another version.
    #[error("the permit is for the version {permitted}, not for {asked}")]
    WrongDigest {
        /// The digest it names.
        permitted: Digest,
        /// The digest that was about to run.
        asked: Digest,
    },
    /// For another place.
    #[error("the permit is for the environment {permitted:?}, not for {asked:?}")]
    WrongEnvironment {
        /// The environment it names.
        permitted: String,
        /// The environment that was about to run it.
        asked: String,
    },
}

impl From<dsse::Invalid> for Invalid {
    fn from(reason: dsse::Invalid) -> Self {
        match reason {
            dsse::Invalid::BadSignature(key) => Self::BadSignature(key),
            other => Self::Malformed(other.to_string()),
        }
    }
}

/// Signs a permit, as canonical JSON in a DSSE envelope.
pub fn issue(key: &SigningKey, permit: &Permit) -> Result<Envelope, Unissuable> {
    if permit.expires_at <= permit.issued_at {
        return Err(Unissuable::NoLifetime);
    }
    Ok(Envelope::sign(PAYLOAD_TYPE, &canonical::to_vec(permit)?, key))
}

impl Envelope {
    /// The permit, if this portal has signed it and it allows at this time (Unix seconds) what is about to be done.
    ///
    /// Nothing of the content is looked at before the signature holds. Whether the permit was used before is for
    /// the caller to know, by its id.
    pub fn verify(
        &self,
        key: &VerifyingKey,
        now_unix: i64,
        expected: &Expectation<'_>,
    ) -> Result<Permit, Invalid> {
        let payload = self.open(PAYLOAD_TYPE, key)?;
        let permit: Permit =
            serde_json::from_slice(&payload).map_err(|reason| Invalid::Malformed(reason.to_string()))?;
        permit.allows(now_unix, expected)?;
        Ok(permit)
    }
}

impl Permit {
    fn allows(&self, now: i64, expected: &Expectation<'_>) -> Result<(), Invalid> {
        if now < self.issued_at {
            Err(Invalid::NotYetValid {
                valid_from: self.issued_at,
                now,
            })
        } else if now >= self.expires_at {
            Err(Invalid::Expired {
                expired_at: self.expires_at,
                now,
            })
        } else if self.version_digest != expected.version_digest {
            Err(Invalid::WrongDigest {
                permitted: self.version_digest,
                asked: expected.version_digest,
            })
        } else if self.environment != expected.environment {
            Err(Invalid::WrongEnvironment {
                permitted: self.environment.clone(),
                asked: expected.environment.to_owned(),
            })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Expectation, Invalid, Kind, PAYLOAD_TYPE, Permit, Unissuable, issue};
    use crate::{Digest, SigningKey, key};
    use proptest::prelude::*;

    type Checked = Result<(), Box<dyn std::error::Error>>;

    fn portal() -> Result<SigningKey, key::Invalid> {
        SigningKey::from_seed("countersign.example", &[5; 32])
    }

    fn permit() -> Permit {
        Permit {
            id: "p-1".into(),
            release: "r-7".into(),
            model: "credit-risk".into(),
            version: 14,
            version_digest: Digest::of(b"version 14"),
            environment: "production".into(),
            dossier_digest: Digest::of(b"dossier"),
            kind: Kind::Deploy,
            issued_at: 1_000,
            expires_at: 1_600,
            issuer: "countersign.example".into(),
        }
    }

    fn production() -> Expectation<'static> {
        Expectation {
            version_digest: Digest::of(b"version 14"),
            environment: "production",
        }
    }

    #[test]
    fn a_permit_lets_its_version_into_its_environment_while_it_holds() -> Checked {
        let envelope = issue(&portal()?, &permit())?;
        let received: Envelope = serde_json::from_str(&serde_json::to_string(&envelope)?)?;
        for now in [1_000, 1_599] {
            assert_eq!(
                received.verify(portal()?.verifying_key(), now, &production())?,
                permit()
            );
        }
        Ok(())
    }

    #[test]
    fn every_reason_against_a_permit_has_its_name() -> Checked {
        let (envelope, key) = (issue(&portal()?, &permit())?, portal()?);
        let verdict = |now, expected: &Expectation| envelope.verify(key.verifying_key(), now, expected).err();
        let asked = Digest::of(b"version 15");
        let permitted = Digest::of(b"version 14");
        assert_eq!(
            verdict(1_600, &production()),
            Some(Invalid::Expired {
                expired_at: 1_600,
                now: 1_600
            })
        );
        assert_eq!(
            verdict(999, &production()),
            Some(Invalid::NotYetValid {
                valid_from: 1_000,
                now: 999
            })
        );
        assert_eq!(
            verdict(
                1_000,
                &Expectation {
                    version_digest: asked,
                    ..production()
                }
            ),
            Some(Invalid::WrongDigest { permitted, asked })
        );
        assert_eq!(
            verdict(
                1_000,
                &Expectation {
                    environment: "staging",
                    ..production()
                }
            ),
            Some(Invalid::WrongEnvironment {
                permitted: "production".into(),
                asked: "staging".into()
            })
        );
        let stranger = SigningKey::from_seed("countersign.example", &[6; 32])?;
        assert!(matches!(
            envelope.verify(stranger.verifying_key(), 1_000, &production()),
            Err(Invalid::BadSignature(_))
        ));
        Ok(())
    }

    #[test]
    fn what_is_signed_but_no_permit_is_malformed() -> Checked {
        let key = portal()?;
        let mut unknown = serde_json::to_value(permit())?;
        unknown["extra"] = 1.into();
        let twice = br#"{"id":"a","id":"b"}"#.to_vec();
        for payload in [
            b"{}".to_vec(),
            b"\xff".to_vec(),
            serde_json::to_vec(&unknown)?,
            twice,
        ] {
            let verdict = Envelope::sign(PAYLOAD_TYPE, &payload, &key).verify(
                key.verifying_key(),
                1_000,
                &production(),
            );
            assert!(matches!(verdict, Err(Invalid::Malformed(_))), "{verdict:?}");
        }
        let relabelled = Envelope::sign("text/plain", &serde_json::to_vec(&permit())?, &key);
        let verdict = relabelled.verify(key.verifying_key(), 1_000, &production());
        assert!(matches!(verdict, Err(Invalid::Malformed(_))), "{verdict:?}");
        Ok(())
    }

    #[test]
    fn a_permit_that_would_never_hold_is_not_issued() -> Checked {
        let never = Permit {
            expires_at: 1_000,
            ..permit()
        };
        assert_eq!(issue(&portal()?, &never), Err(Unissuable::NoLifetime));
        let far = Permit {
            expires_at: i64::MAX,
            ..permit()
        };
        assert!(matches!(issue(&portal()?, &far), Err(Unissuable::Canonical(_))));
        Ok(())
    }

    proptest! {
        #[test]
        fn no_changed_byte_of_a_permit_is_accepted(place: prop::sample::Index, change in 1..=255u8) {
            let key = portal()?;
            let mut json = serde_json::to_vec(&issue(&key, &permit())?)?;
            let place = place.index(json.len());
            json[place] = json[place].wrapping_add(change);
            if let Ok(envelope) = serde_json::from_slice::<Envelope>(&json)
                && let Ok(read) = envelope.verify(key.verifying_key(), 1_000, &production())
            {
                prop_assert_eq!(read, permit()); // the hint of the key id is not signed
            }
        }
    }
}
