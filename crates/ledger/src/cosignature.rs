//! Cosignatures: the word of witnesses that a checkpoint continues what they saw before, so that a log can't show
//! different histories to different people (C2SP tlog-cosignature, `cosignature/v1`).

mod quorum;

pub use quorum::{Impossible, Quorum, Unwitnessed};

use crate::checkpoint::Checkpoint;
use crate::key::{self, BadSignature, COSIGNATURE, KeyId, SigningKey, VerifyingKey};
use crate::note;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// A time beyond this is no time (tlog-cosignature).
const LAST_TIME: u64 = i64::MAX.unsigned_abs();

/// The public key of a witness, shown and parsed as a verifier key of type 0x04. It checks cosignatures and nothing
/// else, as a log's key doesn't check them.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey(VerifyingKey);

impl WitnessKey {
    /// A key from the witness's name and its 32 public bytes.
    pub fn new(name: &str, public: &[u8; 32]) -> Result<Self, key::Invalid> {
        VerifyingKey::new(name, public).map(Self)
    }

    /// The name that signature lines carry.
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The 32 public bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    fn id(&self) -> KeyId {
        KeyId::new(COSIGNATURE, self.name(), self.as_bytes())
    }

    /// Name and id, for a message.
    fn signer(&self) -> String {
        format!("{}+{}", self.name(), self.id())
    }

    /// The time of a cosignature over this text, in Unix seconds.
    fn verify(&self, text: &str, signature: &[u8]) -> Result<u64, BadSignature> {
        let (time, signature) = signature.split_first_chunk().ok_or(BadSignature)?;
        let time = u64::from_be_bytes(*time);
        if time > LAST_TIME {
            return Err(BadSignature);
        }
        self.0.verify(message(text, time).as_bytes(), signature)?;
        Ok(time)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(COSIGNATURE, f)
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({self})")
    }
}

impl FromStr for WitnessKey {
    type Err = key::Invalid;

    fn from_str(text: &str) -> Result<Self, key::Invalid> {
        VerifyingKey::read(COSIGNATURE, text).map(Self)
    }
}

/// A witness's secret key. It must be used for nothing else: the signed text doesn't name the witness.
#[derive(Debug)]
pub struct CosigningKey {
    secret: SigningKey,
    public: WitnessKey,
}

impl CosigningKey {
    /// The key that these 32 secret bytes give, under the name of the witness.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, key::Invalid> {
        let secret = SigningKey::from_seed(name, seed)?;
        let public = WitnessKey(secret.verifying_key().clone());
        Ok(Self { secret, public })
    }

    /// The half to hand out.
    pub fn witness_key(&self) -> &WitnessKey {
        &self.public
    }

    /// The signature line for a checkpoint: it states that at this time (Unix seconds) this was the largest tree of the
    /// log that the witness had seen, and that it continued all before. [`crate::witness::answer`] sees to that.
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> String {
        let signature = self
            .secret
            .sign(message(&checkpoint.to_string(), time).as_bytes());
        let signature = [time.to_be_bytes().as_slice(), &signature].concat();
        note::signature_line(self.public.name(), self.public.id(), &signature)
    }
}

/// The text that is signed: the whole checkpoint behind two lines that say what the signature is for and when.
fn message(checkpoint: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{checkpoint}")
}

/// A cosignature that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cosignature {
    /// The witness's name.
    pub witness: String,
    /// When it signed, in Unix seconds by its own clock.
    pub time: u64,
}

#[cfg(test)]
mod tests {
    use super::WitnessKey;
    use crate::{VerifyingKey, key};

    /// A witness and a log of the public witness network.
    const REMORA: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    const ARCHE: &str =
        "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";

    #[test]
    fn witness_keys_read_and_show_the_same_and_are_no_log_keys() -> Result<(), key::Invalid> {
        assert_eq!(REMORA.parse::<WitnessKey>()?.to_string(), REMORA);
        let refused = REMORA.parse::<VerifyingKey>().err();
        assert_eq!(
            refused,
            Some(key::Invalid::OtherType {
                expected: 0x01,
                found: 0x04
            })
        );
        let refused = ARCHE.parse::<WitnessKey>().err();
        assert_eq!(
            refused,
            Some(key::Invalid::OtherType {
                expected: 0x04,
                found: 0x01
            })
        );
        let wrong_id = REMORA.replace("da77ade7", "da77ade8");
        assert!(matches!(
            wrong_id.parse::<WitnessKey>(),
            Err(key::Invalid::WrongId { .. })
        ));
        Ok(())
    }
}
