//! A log's keys over time: which one signed for which sizes, and the statement by which one hands over to the next.
//!
//! A rotation is signed by both keys, so that neither can be slipped in: the old one says who comes after it, the new
//! one that it is there. The log records it as an entry of its own while the old key still signs. Whoever trusts any
//! one of the keys can therefore check all of them. What a stolen old key could still do, sign other trees of sizes
//! before the rotation, shows in the consistency proof to any later checkpoint.

use crate::canonical;
use crate::checkpoint::{self, Checkpoint};
use crate::dsse::{self, Envelope};
use crate::key::{SigningKey, VerifyingKey};
use crate::note::Note;
use serde::{Deserialize, Serialize};

/// The kind of content, signed with it.
pub const PAYLOAD_TYPE: &str = "application/vnd.countersign.key-rotation+json";

/// The statement that a log changes its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// The log's origin, as its checkpoints state it.
    pub log: String,
    /// The key so far.
    pub old: VerifyingKey,
    /// The key from then on.
    pub new: VerifyingKey,
    /// The first size whose checkpoint the new key signs. The entry that records the rotation comes before it.
    pub size: u64,
}

/// Why a rotation is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not signed by one of the two, or changed since.
    #[error("the key rotation does not hold: {0}")]
    Envelope(#[from] dsse::Invalid),
    /// Signed, but no rotation.
    #[error("this is not a key rotation: {0}")]
    Malformed(String),
    /// About another log.
    #[error("the key rotation is of the log {found:?}, not of {expected:?}")]
    WrongLog {
        /// The log that was asked about.
        expected: String,
        /// The log it speaks of.
        found: String,
    },
    /// It doesn't begin with the key that is in use, or leads back to one that was.
    #[error("the log's key is {current}, and the rotation leads from {old} to {new}")]
    WrongKeys {
        /// The key in use, as text.
        current: String,
        /// The key that hands over.
        old: String,
        /// The key that takes over.
        new: String,
    },
    /// The way of the rotations doesn't touch it.
    #[error("{0} is none of the log's keys")]
    Stranger(String),
    /// Not after the one before it.
    #[error("the key rotation at size {size} doesn't come after the one at size {after}")]
    OutOfOrder {
        /// The size it states.
        size: u64,
        /// The size of the one before.
        after: u64,
    },
}

/// States and signs that the log called `origin` changes from one key to the other at this size.
pub fn rotate(
    origin: &str,
    size: u64,
    old: &SigningKey,
    new: &SigningKey,
) -> Result<Envelope, canonical::Error> {
    let rotation = Rotation {
        log: origin.to_owned(),
        old: old.verifying_key().clone(),
        new: new.verifying_key().clone(),
        size,
    };
    let payload = canonical::to_vec(&rotation)?;
    Ok(Envelope::sign_by(PAYLOAD_TYPE, &payload, &[old, new]))
}

fn read(payload: &[u8]) -> Result<Rotation, Invalid> {
    serde_json::from_slice(payload).map_err(|reason| Invalid::Malformed(reason.to_string()))
}

/// The keys of one log, each for the sizes that it signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    origin: String,
    first: VerifyingKey,
    rotations: Vec<Rotation>,
}

impl Keys {
    /// A log that has had one key only.
    pub fn new(origin: &str, first: VerifyingKey) -> Self {
        Self {
            origin: origin.to_owned(),
            first,
            rotations: Vec::new(),
        }
    }

    /// The keys of a log that was rotated so, for somebody who trusts one of them.
    pub fn through(origin: &str, rotations: &[Envelope], trusted: &VerifyingKey) -> Result<Self, Invalid> {
        // The first is believed only because the way that begins with it comes to the trusted one.
        let first = match rotations.first() {
            Some(rotation) => read(&rotation.unverified()?)?.old,
            None => trusted.clone(),
        };
        let keys = rotations
            .iter()
            .try_fold(Self::new(origin, first), Self::rotated)?;
        if keys.contains(trusted) {
            Ok(keys)
        } else {
            Err(Invalid::Stranger(trusted.to_string()))
        }
    }

    /// The same log after this rotation.
    pub fn rotated(mut self, envelope: &Envelope) -> Result<Self, Invalid> {
        let rotation = read(&envelope.open(PAYLOAD_TYPE, self.current())?)?;
        envelope.open(PAYLOAD_TYPE, &rotation.new)?;
        let after = self.rotations.last().map_or(0, |last| last.size);
        let (size, current) = (rotation.size, self.current());
        if rotation.log != self.origin {
            Err(Invalid::WrongLog {
                expected: self.origin,
                found: rotation.log,
            })
        } else if rotation.old != *current || self.contains(&rotation.new) {
            Err(Invalid::WrongKeys {
                current: current.to_string(),
                old: rotation.old.to_string(),
                new: rotation.new.to_string(),
            })
        } else if size <= after {
            Err(Invalid::OutOfOrder { size, after })
        } else {
            self.rotations.push(rotation);
            Ok(self)
        }
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The key that signs the checkpoint of this size.
    pub fn at(&self, size: u64) -> &VerifyingKey {
        let rotation = self.rotations.iter().rfind(|rotation| rotation.size <= size);
        rotation.map_or(&self.first, |rotation| &rotation.new)
    }

    /// The key that signs now.
    pub fn current(&self) -> &VerifyingKey {
        self.rotations
            .last()
            .map_or(&self.first, |rotation| &rotation.new)
    }

    /// Whether this key is or was the log's.
    pub fn contains(&self, key: &VerifyingKey) -> bool {
        self.first == *key || self.rotations.iter().any(|rotation| rotation.new == *key)
    }

    /// The rotations so far, the earliest first.
    pub fn rotations(&self) -> &[Rotation] {
        &self.rotations
    }

    /// What one of the keys opens: the current one is tried first, and its reason given if none does.
    pub(crate) fn open<T, E>(&self, open: impl Fn(&VerifyingKey) -> Result<T, E>) -> Result<T, E> {
        let mut earlier = self.rotations.iter().rev().map(|rotation| &rotation.old);
        open(self.current()).or_else(|reason| earlier.find_map(|key| open(key).ok()).ok_or(reason))
    }

    /// Reads a signed checkpoint, if the key of its size has signed it and it is about this log.
    pub fn verify(&self, note: &str) -> Result<Checkpoint, checkpoint::Invalid> {
        // The size is believed only so far as to choose the key that has to have signed it.
        let stated = Checkpoint::parse(Note::read(note)?.text)?;
        Checkpoint::verify(note, self.at(stated.size()), &self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::{Invalid, Keys, PAYLOAD_TYPE, Rotation, rotate};
    use crate::checkpoint::{self, Checkpoint};
    use crate::dsse::{self, Envelope};
    use crate::{Digest, SigningKey, canonical, key, note};

    type Checked = Result<(), Box<dyn std::error::Error>>;

    const LOG: &str = "countersign.example/log";

    fn key(seed: u8) -> Result<SigningKey, key::Invalid> {
        SigningKey::from_seed(LOG, &[seed; 32])
    }

    fn keys() -> Result<Keys, key::Invalid> {
        Ok(Keys::new(LOG, key(1)?.verifying_key().clone()))
    }

    #[test]
    fn each_size_has_the_key_that_was_valid_for_it() -> Checked {
        let keys = keys()?
            .rotated(&rotate(LOG, 10, &key(1)?, &key(2)?)?)?
            .rotated(&rotate(LOG, 25, &key(2)?, &key(3)?)?)?;
        for (size, seed) in [(0, 1), (9, 1), (10, 2), (24, 2), (25, 3), (u64::MAX, 3)] {
            assert_eq!(keys.at(size), key(seed)?.verifying_key(), "size {size}");
        }
        assert_eq!(keys.current(), key(3)?.verifying_key());
        assert!(keys.contains(key(1)?.verifying_key()) && !keys.contains(key(4)?.verifying_key()));
        Ok(())
    }

    #[test]
    fn a_checkpoint_is_checked_with_the_key_of_its_size() -> Checked {
        let keys = keys()?.rotated(&rotate(LOG, 10, &key(1)?, &key(2)?)?)?;
        for (size, seed, is_good) in [(9, 1, true), (10, 2, true), (10, 1, false), (9, 2, false)] {
            let note = Checkpoint::new(LOG, size, Digest::of(b""))?.sign(&key(seed)?);
            let verdict = keys.verify(&note);
            assert_eq!(verdict.is_ok(), is_good, "size {size} by key {seed}");
            let is_named = matches!(
                verdict,
                Err(checkpoint::Invalid::Note(note::Invalid::NotSignedBy(_)))
            );
            assert!(is_good || is_named);
        }
        let elsewhere = Checkpoint::new("elsewhere.example", 9, Digest::of(b""))?.sign(&key(1)?);
        assert!(matches!(
            keys.verify(&elsewhere),
            Err(checkpoint::Invalid::WrongOrigin { .. })
        ));
        Ok(())
    }

    #[test]
    fn whoever_trusts_one_of_the_keys_finds_the_others() -> Checked {
        let rotations = [
            rotate(LOG, 10, &key(1)?, &key(2)?)?,
            rotate(LOG, 25, &key(2)?, &key(3)?)?,
        ];
        for seed in [1, 2, 3] {
            let keys = Keys::through(LOG, &rotations, key(seed)?.verifying_key())?;
            assert_eq!(
                (keys.at(9), keys.current()),
                (key(1)?.verifying_key(), key(3)?.verifying_key())
            );
        }
        let stranger = Keys::through(LOG, &rotations, key(4)?.verifying_key());
        assert!(matches!(stranger, Err(Invalid::Stranger(_))));
        let [_, later] = rotations;
        let gap = Keys::through(
            LOG,
            &[rotate(LOG, 10, &key(1)?, &key(4)?)?, later],
            key(3)?.verifying_key(),
        );
        assert!(matches!(gap, Err(Invalid::Envelope(_))));
        let alone = Keys::through(LOG, &[], key(1)?.verifying_key())?;
        assert_eq!(alone, keys()?);
        Ok(())
    }

    #[test]
    fn a_rotation_needs_both_keys() -> Checked {
        let rotation = Rotation {
            log: LOG.to_owned(),
            old: key(1)?.verifying_key().clone(),
            new: key(2)?.verifying_key().clone(),
            size: 10,
        };
        let payload = canonical::to_vec(&rotation)?;
        for signers in [
            vec![key(1)?],
            vec![key(2)?],
            vec![key(1)?, key(3)?],
            vec![key(2)?, key(3)?],
            vec![],
        ] {
            let signers: Vec<_> = signers.iter().collect();
            let envelope = Envelope::sign_by(PAYLOAD_TYPE, &payload, &signers);
            let verdict = keys()?.rotated(&envelope);
            assert!(
                matches!(verdict, Err(Invalid::Envelope(dsse::Invalid::BadSignature(_)))),
                "{verdict:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn every_reason_against_a_rotation_has_its_name() -> Checked {
        let verdict = |origin: &str, size, old: u8, new: u8| {
            let rotated = keys()?.rotated(&rotate(LOG, 10, &key(1)?, &key(2)?)?)?;
            let signed = rotate(origin, size, &key(old)?, &key(new)?)?;
            Ok::<_, Box<dyn std::error::Error>>(rotated.rotated(&signed))
        };
        assert!(verdict(LOG, 11, 2, 3)?.is_ok());
        assert!(matches!(
            verdict("elsewhere.example", 11, 2, 3)?,
            Err(Invalid::WrongLog { .. })
        ));
        assert!(matches!(verdict(LOG, 11, 2, 2)?, Err(Invalid::WrongKeys { .. })));
        assert!(matches!(verdict(LOG, 11, 2, 1)?, Err(Invalid::WrongKeys { .. })));
        assert_eq!(
            verdict(LOG, 10, 2, 3)?,
            Err(Invalid::OutOfOrder { size: 10, after: 10 })
        );
        assert!(matches!(verdict(LOG, 11, 1, 3)?, Err(Invalid::Envelope(_))));
        let none = Envelope::sign(PAYLOAD_TYPE, b"{}", &key(1)?);
        assert!(matches!(keys()?.rotated(&none), Err(Invalid::Malformed(_))));
        assert!(matches!(
            keys()?.rotated(&rotate(LOG, 0, &key(1)?, &key(2)?)?),
            Err(Invalid::OutOfOrder { .. })
        ));
        Ok(())
    }
}
