//! The documents of a bundle, and whether they are the ones that name each other.

use super::log::{Log, name};
use super::verifier::{At, Broken, Bundle, What, same};
use super::{LeftOut, path};
use crate::attestation::{self, text};
use crate::digest::Digest;
use crate::dsse::Envelope;
use crate::rotation::Keys;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Seek};

/// What a release stands on, [`path::dossier`]. Its file's digest is what people sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// The release's number.
    pub release: u64,
    /// The model's name.
    pub model: String,
    /// The version's number.
    pub version: u32,
    /// The digest of its manifest.
    pub version_digest: Digest,
    /// Where it is to run.
    pub environment: String,
    /// The policy in force.
    pub policy: PolicyPart,
    /// What was measured.
    pub evaluations: Vec<EvaluationPart>,
    /// What else was handed in.
    pub evidence: Vec<EvidencePart>,
}

/// A policy as a dossier names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPart {
    /// Its number in the portal.
    pub id: u64,
    /// The digest of its rules.
    pub digest: Digest,
}

/// An evaluation as a dossier names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationPart {
    /// Its number in the portal.
    pub id: u64,
    /// The digest of the file that was evaluated.
    pub file_digest: Digest,
    /// The digest of the report.
    pub report_digest: Digest,
}

/// A piece of evidence as a dossier names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidencePart {
    /// Its number in the portal.
    pub id: u64,
    /// The digest of what it says.
    pub digest: Digest,
}

/// One signature over a dossier, in [`path::signatures`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The name that the person had.
    pub person: String,
    /// In which capacity, as the log has it.
    pub chair: Value,
    /// What was decided.
    pub decision: String,
    /// What the signature means.
    pub meaning: String,
    /// What the person added.
    pub note: String,
    /// The dossier that was signed.
    pub dossier_digest: Digest,
    /// When, as the log has it.
    pub at: String,
    /// When it ceased to hold, if it did.
    pub voided_at: Option<String>,
    /// The place of the log's entry that records it, counted from 0. The entry is in the bundle.
    pub entry: u64,
}

/// A release whose documents have been verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// What it stands on.
    pub dossier: Dossier,
    /// Its digest.
    pub dossier_digest: Digest,
    /// The signatures over it, those that were voided too.
    pub signatures: Vec<Signature>,
    /// Whether the bundle holds the attestation of its approval.
    pub is_attested: bool,
}

/// Only what a piece of evidence says of its file.
#[derive(Deserialize)]
struct Said {
    file: Option<SaidFile>,
}

#[derive(Deserialize)]
struct SaidFile {
    digest: Digest,
}

impl Decided {
    /// Reads a release's documents, unchecked but for the digests by which they name each other.
    pub(super) fn read<R: Read + Seek>(
        bundle: &mut Bundle<R>,
        record: &str,
        left_out: &[LeftOut],
    ) -> Result<Self, Broken> {
        let dossier: Dossier = bundle.json(record)?;
        let release = dossier.release;
        same("release", record, &path::dossier(release)).at(record)?;
        bundle.is_digest_of(
            &path::version(&dossier.model, dossier.version),
            dossier.version_digest,
        )?;
        bundle.is_digest_of(&path::policy(dossier.policy.id), dossier.policy.digest)?;
        for evaluation in &dossier.evaluations {
            bundle.is_digest_of(&path::report(evaluation.id), evaluation.report_digest)?;
            has_file(bundle, evaluation.file_digest, left_out)?;
        }
        for evidence in &dossier.evidence {
            let record = path::evidence(evidence.id);
            bundle.is_digest_of(&record, evidence.digest)?;
            if let Some(file) = bundle.json::<Said>(&record)?.file {
                has_file(bundle, file.digest, left_out)?;
            }
        }
        Ok(Self {
            dossier_digest: bundle.digest(record)?,
            signatures: bundle.json(&path::signatures(release))?,
            is_attested: bundle.has(&path::attestation(release)),
            dossier,
        })
    }

    /// The places of the entries that record the signatures.
    pub(super) fn entries(&self) -> impl Iterator<Item = u64> {
        self.signatures.iter().map(|signature| signature.entry)
    }

    /// Checks that the log bears out every signature, and that those that hold are over this dossier.
    pub(super) fn verify<R: Read + Seek>(
        &self,
        bundle: &mut Bundle<R>,
        log: &Log,
        keys: &Keys,
    ) -> Result<(), Broken> {
        let release = self.dossier.release;
        let record = path::signatures(release);
        let mut entries = BTreeSet::new();
        for (number, signature) in (1..).zip(&self.signatures) {
            let record = format!("{record}, signature {number} (of {})", signature.person);
            signature.is_borne_out(release, log, &record)?;
            if !entries.insert(signature.entry) {
                let message = format!("log entry {} is another signature's", signature.entry);
                return Err(What::Contradiction(message).at(record));
            }
            if signature.voided_at.is_none() {
                same("dossier digest", &self.dossier_digest, &signature.dossier_digest).at(&record)?;
            }
        }
        if self.is_attested {
            self.verify_attestation(bundle, log, keys)?;
        }
        Ok(())
    }

    fn verify_attestation<R: Read + Seek>(
        &self,
        bundle: &mut Bundle<R>,
        log: &Log,
        keys: &Keys,
    ) -> Result<(), Broken> {
        let record = path::attestation(self.dossier.release);
        let envelope: Envelope = bundle.json(&record)?;
        let attested = attestation::verify(&envelope, keys).at(&record)?;
        // Its proof leads to a checkpoint of its own: that has to be of the same log, not of another history.
        let (index, size) = (attested.release.log.index, attested.checkpoint.size());
        let missing = |what: String| What::Missing.at(format!("{what} for {record}"));
        let entry = log
            .wanted
            .get(&index)
            .ok_or_else(|| missing(format!("log entry {index}")))?;
        let root = log
            .roots
            .get(&size)
            .ok_or_else(|| missing(format!("the checkpoint of size {size}")))?;
        let (dossier, stated) = (&self.dossier, &attested.release);
        same("log entry", entry, &stated.log.entry)
            .and_then(|()| same("root", root, &attested.checkpoint.root()))
            .and_then(|()| same("release", &dossier.release, &stated.release))
            .and_then(|()| {
                same(
                    "version digest",
                    &dossier.version_digest,
                    &attested.version_digest,
                )
            })
            .and_then(|()| same("environment", &dossier.environment, &stated.environment))
            .and_then(|()| same("policy digest", &dossier.policy.digest, &stated.policy_digest))
            .and_then(|()| same("dossier digest", &self.dossier_digest, &stated.dossier_digest))
            .at(&record)
    }
}

impl Signature {
    fn is_borne_out(&self, release: u64, log: &Log, record: &str) -> Result<(), Broken> {
        let entry = log.wanted.get(&self.entry);
        let entry =
            entry.ok_or_else(|| What::Missing.at(format!("log entry {} for {record}", self.entry)))?;
        let signed = &entry["after"]["signature"];
        let record = format!("{record}, against {}", name(self.entry, entry));
        for (field, logged, stated) in [
            ("outcome", &entry["outcome"], "done".to_owned()),
            ("release", &entry["release"], release.to_string()),
            ("person", &entry["actor"]["name"], self.person.clone()),
            ("time", &entry["at"], self.at.clone()),
            ("chair", &signed["chair"], text(&self.chair)),
            ("decision", &signed["decision"], self.decision.clone()),
            ("meaning", &signed["meaning"], self.meaning.clone()),
            ("note", &signed["note"], self.note.clone()),
            (
                "dossier digest",
                &signed["dossier_digest"],
                self.dossier_digest.to_string(),
            ),
        ] {
            same(field, &text(logged), &stated).at(&record)?;
        }
        Ok(())
    }
}

/// Whether a file that was handed in is there, or said to have been left out.
fn has_file<R: Read + Seek>(bundle: &Bundle<R>, digest: Digest, left_out: &[LeftOut]) -> Result<(), Broken> {
    let record = path::file(digest);
    if !bundle.has(&record) && left_out.iter().any(|file| file.digest == digest) {
        Ok(())
    } else {
        bundle.is_digest_of(&record, digest)
    }
}

/// The places of all entries that these releases and changes of key need.
pub(super) fn wanted(releases: &[Decided], handovers: &[super::Handover]) -> BTreeSet<u64> {
    let of_keys = handovers.iter().map(|handover| handover.entry);
    releases
        .iter()
        .flat_map(Decided::entries)
        .chain(of_keys)
        .collect()
}
