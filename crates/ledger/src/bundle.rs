//! Sealed bundles: a release, a model or a stretch of the log in one zip file that can be checked to the last byte by
//! somebody who has the portal's public key and nothing else.
//!
//! What is where is said by [`path`]. The bundle's own statement is [`path::MANIFEST`]: an in-toto statement that names
//! every other file by its SHA-256, signed by the log's key, with [`Contents`] as its predicate. The log's part is its
//! keys, its newest checkpoint with the cosignatures of witnesses, earlier checkpoints with the proofs that it
//! continues them, and the entries with the proofs that they are in it. The rest are documents under the digests by
//! which they name each other: a dossier names the manifest, the policy, the reports and the evidence; signatures name
//! the dossier; the log's entries bear out the signatures.

mod document;
mod log;
mod told;
mod verifier;

pub use document::{Decided, Dossier, EvaluationPart, EvidencePart, PolicyPart, Signature};
pub use log::{Earlier, Entry, Handover, LogKeys};
pub use told::Told;
pub use verifier::{Broken, Trust, Verified, What, stated_keys, verify};

use crate::archive;
use crate::canonical;
use crate::digest::Digest;
use crate::intoto::{Statement, Subject};
use crate::key::SigningKey;
use serde::{Deserialize, Serialize};
use std::io;

/// The type of the manifest's predicate. The name is a name only: nothing is served there.
pub const PREDICATE_TYPE: &str = "https://countersign.example/attestation/bundle/v1";

/// The names of a bundle's files.
pub mod path {
    use crate::digest::Digest;

    /// The signed list of all other files, and what the bundle is of. Written last.
    pub const MANIFEST: &str = "manifest.json";
    /// The log's name and keys: [`super::LogKeys`].
    pub const KEYS: &str = "log/keys.json";
    /// The newest checkpoint: a signed note, with cosignatures if there are any.
    pub const CHECKPOINT: &str = "log/checkpoint";
    /// Earlier checkpoints: an [`super::Earlier`] a line.
    pub const CHECKPOINTS: &str = "log/checkpoints.jsonl";
    /// The log's entries in order of their place: an [`super::Entry`] a line.
    pub const ENTRIES: &str = "log/entries.jsonl";
    /// The cover to read.
    pub const COVER: &str = "cover.html";
    /// The cover to print.
    pub const COVER_PDF: &str = "cover.pdf";

    /// What a release stands on: [`super::Dossier`], as it was signed.
    pub fn dossier(release: u64) -> String {
        format!("releases/{release}/dossier.json")
    }

    /// The signatures over it: a list of [`super::Signature`].
    pub fn signatures(release: u64) -> String {
        format!("releases/{release}/signatures.json")
    }

    /// The attestation of an approved release: an envelope of [`crate::attestation`]. Its entry and its checkpoint are
    /// among the bundle's too.
    pub fn attestation(release: u64) -> String {
        format!("releases/{release}/attestation.json")
    }

    /// The reviews of a release with their answers.
    pub fn reviews(release: u64) -> String {
        format!("releases/{release}/reviews.json")
    }

    /// The findings that were raised against it.
    pub fn findings(release: u64) -> String {
        format!("releases/{release}/findings.json")
    }

    /// A version's manifest, as it was frozen.
    pub fn version(model: &str, number: u32) -> String {
        format!("models/{model}/versions/{number}.json")
    }

    /// A policy's rules, as they were published.
    pub fn policy(id: u64) -> String {
        format!("policies/{id}.json")
    }

    /// The report of an evaluation, as it was frozen.
    pub fn report(evaluation: u64) -> String {
        format!("evaluations/{evaluation}.json")
    }

    /// What a piece of evidence says, as it was digested.
    pub fn evidence(id: u64) -> String {
        format!("evidence/{id}.json")
    }

    /// A file that was handed in, under its SHA-256.
    pub fn file(digest: Digest) -> String {
        format!("files/{digest}")
    }
}

/// What a bundle is of, as its manifest says. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// For people: "Release 7: credit-risk 14 for production".
    pub title: String,
    /// What has to be in it.
    pub scope: Scope,
    /// When it was put together.
    pub made_at: String,
    /// By whom it was asked for.
    pub made_for: String,
    /// The program that put it together, with its version.
    pub made_by: String,
    /// Files that documents name and that aren't in it.
    pub left_out: Vec<LeftOut>,
}

/// What a bundle is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Scope {
    /// One release. Which of the log's entries belong to it is the portal's word.
    Release {
        /// Its number.
        release: u64,
    },
    /// A model with its versions and releases. Which of the log's entries belong to it is the portal's word.
    Model {
        /// Its name.
        model: String,
    },
    /// All entries of a stretch of the log: that none is left out can be checked.
    Range {
        /// The place of the first, counted from 0.
        from: u64,
        /// The place behind the last.
        to: u64,
    },
}

/// A file that was handed in and is not in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// What it is: whoever has it can compare.
    pub digest: Digest,
    /// Why it isn't there: "larger than 100 MB".
    pub reason: String,
}

/// One line of a `.jsonl` file: canonical JSON and a newline.
pub fn line(value: &impl Serialize) -> Result<Vec<u8>, canonical::Error> {
    let mut line = canonical::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// Ends a bundle: signs the list of all files that were written, with the key that signs the log's checkpoints now.
pub fn seal<W: io::Write>(
    mut archive: archive::Writer<W>,
    contents: Contents,
    key: &SigningKey,
) -> io::Result<W> {
    let subjects = archive
        .digests()
        .iter()
        .map(|(name, digest)| Subject::new(name, *digest))
        .collect();
    let statement = Statement::new(subjects, PREDICATE_TYPE, contents);
    let manifest = statement.sign(key).map_err(io::Error::other)?;
    archive.add(path::MANIFEST, &serde_json::to_vec(&manifest)?)?;
    archive.finish()
}
