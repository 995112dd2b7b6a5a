//! Release attestations: the portal's signed word that a version was approved for an environment, with the log entry
//! that says so and its proof. Whoever has the portal's key can check one offline, years later.
//!
//! An attestation is an in-toto statement about the version (its manifest's digest, and any artefacts that the caller
//! adds), whose predicate is a [`Release`] of the type [`PREDICATE_TYPE`].

use crate::canonical;
use crate::checkpoint::{self, Checkpoint};
use crate::digest::Digest;
use crate::dsse::Envelope;
use crate::intoto::{self, Statement};
use crate::merkle::{self, leaf_hash, verify_inclusion};
use crate::rotation::Keys;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The predicate's type. The name is a name only: nothing is served there.
pub const PREDICATE_TYPE: &str = "https://countersign.example/attestation/release/v1";

/// What is said of the version: that this release of it was approved, on which grounds and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The release's number.
    pub release: u64,
    /// The model's name.
    pub model: String,
    /// The version's number.
    pub version: u32,
    /// Where it may run.
    pub environment: String,
    /// The digest of the policy that was in force for the release.
    pub policy_digest: Digest,
    /// The digest of the dossier that was signed.
    pub dossier_digest: Digest,
    /// Who signed, in order of time.
    pub signers: Vec<Signer>,
    /// Until when it may run (RFC 3339, UTC).
    pub approved_until: String,
    /// The portal.
    pub issuer: String,
    /// The entry of the approval.
    pub log: Logged,
}

/// One signature over the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signer {
    /// The name that the person had.
    pub name: String,
    /// In which capacity.
    pub chair: String,
    /// What the signature means.
    pub meaning: String,
    /// When (RFC 3339, UTC).
    pub signed_at: String,
}

/// An entry of the log with the proof that it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logged {
    /// Its place, counted from 0.
    pub index: u64,
    /// The entry.
    pub entry: Value,
    /// The inclusion proof, from the leaf up (RFC 9162 §2.1.3).
    pub proof: Vec<Digest>,
    /// The checkpoint that the proof leads to, as a signed note.
    pub checkpoint: String,
}

/// Why a logged entry is not to be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotLogged {
    /// The checkpoint doesn't hold.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Invalid),
    /// The entry can't be hashed.
    #[error(transparent)]
    Canonical(#[from] canonical::Error),
    /// The entry is not the one in the log.
    #[error("entry {index}, whose leaf hash is {leaf}, is not in the log at that place: {reason}")]
    Proof {
        /// Its place.
        index: u64,
        /// Its leaf hash as it is.
        leaf: Digest,
        /// What is wrong.
        reason: merkle::Invalid,
    },
}

impl Logged {
    /// Checks that the entry is in the log; answers with the checkpoint that says so.
    pub fn verify(&self, keys: &Keys) -> Result<Checkpoint, NotLogged> {
        let checkpoint = keys.verify(&self.checkpoint)?;
        let leaf = leaf_hash(&canonical::to_vec(&self.entry)?);
        let index = self.index;
        verify_inclusion(leaf, index, checkpoint.size(), &self.proof, checkpoint.root())
            .map_err(|reason| NotLogged::Proof { index, leaf, reason })?;
        Ok(checkpoint)
    }
}

/// Why an attestation attests nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not signed by the portal, or changed since, or no attestation.
    #[error(transparent)]
    Statement(#[from] intoto::Invalid),
    /// The log doesn't bear it out.
    #[error(transparent)]
    NotLogged(#[from] NotLogged),
    /// The entry in the log speaks of something else.
    #[error("the {field} is {stated:?} in the attestation, and {logged:?} in the log's entry {index}")]
    Differs {
        /// What differs.
        field: &'static str,
        /// As the attestation has it.
        stated: String,
        /// As the log has it.
        logged: String,
        /// The entry's place in the log.
        index: u64,
    },
    /// Nothing is attested.
    #[error("the attestation is about no version")]
    NoSubject,
}

/// Attests a release of the version with this manifest digest.
pub fn attest(
    version_digest: Digest,
    release: Release,
    key: &crate::SigningKey,
) -> Result<Envelope, canonical::Error> {
    let name = format!("{}/{}", release.model, release.version);
    let subject = vec![intoto::Subject::new(&name, version_digest)];
    Statement::new(subject, PREDICATE_TYPE, release).sign(key)
}

/// An attestation that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// The digest of the version's manifest.
    pub version_digest: Digest,
    /// What is said of the version.
    pub release: Release,
    /// The checkpoint of the log that bears it out.
    pub checkpoint: Checkpoint,
}

/// Checks that one of the log's keys has signed an attestation and that the log's entry bears it out. Whether it is of
/// the version and the environment that somebody means is theirs to compare.
pub fn verify(envelope: &Envelope, keys: &Keys) -> Result<Attested, Invalid> {
    let statement = keys.open(|key| Statement::<Release>::open(envelope, PREDICATE_TYPE, key))?;
    let (release, subject) = (statement.predicate, statement.subject.first());
    let version_digest = subject.ok_or(Invalid::NoSubject)?.digest.sha256;
    let checkpoint = release.log.verify(keys)?;
    let entry = &release.log.entry;
    let signed = &entry["after"]["signature"]["dossier_digest"];
    let last_signer = release.signers.last().map_or("", |signer| &signer.name);
    for (field, stated, logged) in [
        ("release", release.release.to_string(), text(&entry["release"])),
        ("model", release.model.clone(), text(&entry["model"])),
        ("state", "approved".to_owned(), text(&entry["after"]["state"])),
        ("dossier digest", release.dossier_digest.to_string(), text(signed)),
        (
            "last signer",
            last_signer.to_owned(),
            text(&entry["actor"]["name"]),
        ),
    ] {
        if stated != logged {
            let index = release.log.index;
            return Err(Invalid::Differs {
                field,
                stated,
                logged,
                index,
            });
        }
    }
    Ok(Attested {
        version_digest,
        release,
        checkpoint,
    })
}

/// A value as it is compared and shown: text as it is, everything else as JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Invalid, Logged, NotLogged, Release, Signer, attest, verify};
    use crate::checkpoint::Checkpoint;
    use crate::merkle::{inclusion_proof, leaf_hash, root};
    use crate::rotation::{Keys, rotate};
    use crate::{Digest, SigningKey, canonical, intoto, key};
    use serde_json::{Value, json};

    type Checked = Result<(), Box<dyn std::error::Error>>;

    const LOG: &str = "countersign.example/log";

    fn portal(seed: u8) -> Result<SigningKey, key::Invalid> {
        SigningKey::from_seed(LOG, &[seed; 32])
    }

    fn keys() -> Result<Keys, key::Invalid> {
        Ok(Keys::new(LOG, portal(1)?.verifying_key().clone()))
    }

    /// The entry of an approval, as the portal writes it.
    fn approval() -> Value {
        json!({
            "seq": 9, "at": "2026-11-30T14:00:00.000000Z", "action": "release.countersigned", "outcome": "done",
            "actor": { "id": null, "name": "Grace Hopper" }, "subject": { "kind": "release", "id": "7" },
            "sentence": "countersigned credit-risk 14 for production", "model": "credit-risk", "release": 7,
            "before": null,
            "after": { "state": "approved", "signature": { "dossier_digest": Digest::of(b"dossier") } },
        })
    }

    fn logged(entry: &Value) -> Result<Logged, Box<dyn std::error::Error>> {
        let mut leaves: Vec<_> = (0..20u8).map(|index| leaf_hash(&[index])).collect();
        leaves[11] = leaf_hash(&canonical::to_vec(entry)?);
        Ok(Logged {
            index: 11,
            entry: entry.clone(),
            proof: inclusion_proof(&leaves, 11)?,
            checkpoint: Checkpoint::new(LOG, 20, root(&leaves))?.sign(&portal(1)?),
        })
    }

    fn release(entry: &Value) -> Result<Release, Box<dyn std::error::Error>> {
        Ok(Release {
            release: 7,
            model: "credit-risk".into(),
            version: 14,
            environment: "production".into(),
            policy_digest: Digest::of(b"policy"),
            dossier_digest: Digest::of(b"dossier"),
            signers: vec![Signer {
                name: "Grace Hopper".into(),
                chair: "manager".into(),
                meaning: "I countersign the release.".into(),
                signed_at: "2026-11-30T14:00:00.000000Z".into(),
            }],
            approved_until: "2027-11-30T14:00:00Z".into(),
            issuer: "countersign.example".into(),
            log: logged(entry)?,
        })
    }

    #[test]
    fn an_approved_release_is_attested_with_its_proof() -> Checked {
        let (digest, release) = (Digest::of(b"version 14"), release(&approval())?);
        let envelope = attest(digest, release.clone(), &portal(1)?)?;
        let attested = verify(&envelope, &keys()?)?;
        assert_eq!((attested.version_digest, &attested.release), (digest, &release));
        assert_eq!(attested.checkpoint.size(), 20);

        // Signed before the key changed.
        let rotated = keys()?.rotated(&rotate(LOG, 21, &portal(1)?, &portal(2)?)?)?;
        assert_eq!(verify(&envelope, &rotated)?, attested);
        Ok(())
    }

    #[test]
    fn an_attestation_that_the_log_does_not_bear_out_is_refused_by_name() -> Checked {
        let differs = |change: fn(&mut Release)| {
            let mut changed = release(&approval())?;
            change(&mut changed);
            let verdict = verify(
                &attest(Digest::of(b"version 14"), changed, &portal(1)?)?,
                &keys()?,
            );
            match verdict {
                Err(Invalid::Differs { field, .. }) => Ok::<_, Box<dyn std::error::Error>>(field),
                other => Err(format!("{other:?}").into()),
            }
        };
        assert_eq!(differs(|release| release.release = 8)?, "release");
        assert_eq!(differs(|release| release.model = "churn".into())?, "model");
        assert_eq!(
            differs(|release| release.dossier_digest = Digest::of(b"other"))?,
            "dossier digest"
        );
        assert_eq!(differs(|release| release.signers.clear())?, "last signer");

        let mut refusal = approval();
        refusal["after"]["state"] = "refused".into();
        let attested = attest(Digest::of(b"version 14"), release(&refusal)?, &portal(1)?)?;
        let verdict = verify(&attested, &keys()?);
        assert!(
            matches!(verdict, Err(Invalid::Differs { field: "state", .. })),
            "{verdict:?}"
        );
        Ok(())
    }

    #[test]
    fn an_entry_that_is_not_in_the_log_is_refused() -> Checked {
        let mut changed = release(&approval())?;
        changed.log.entry["sentence"] = "something else".into();
        let verdict = verify(
            &attest(Digest::of(b"version 14"), changed, &portal(1)?)?,
            &keys()?,
        );
        let is_named = matches!(
            verdict,
            Err(Invalid::NotLogged(NotLogged::Proof { index: 11, .. }))
        );
        assert!(is_named, "{verdict:?}");

        let mut unsigned = release(&approval())?;
        unsigned.log.checkpoint = unsigned.log.checkpoint.replace("\n20\n", "\n21\n");
        let verdict = verify(
            &attest(Digest::of(b"version 14"), unsigned, &portal(1)?)?,
            &keys()?,
        );
        assert!(
            matches!(verdict, Err(Invalid::NotLogged(NotLogged::Checkpoint(_)))),
            "{verdict:?}"
        );

        let by_another = attest(Digest::of(b"version 14"), release(&approval())?, &portal(2)?)?;
        let verdict = verify(&by_another, &keys()?);
        assert!(
            matches!(verdict, Err(Invalid::Statement(intoto::Invalid::Envelope(_)))),
            "{verdict:?}"
        );
        Ok(())
    }
}
