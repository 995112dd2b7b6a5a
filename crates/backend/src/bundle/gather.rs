//! The documents of a bundle, byte for byte as they were digested.
use super::sql::{self, Evaluation, Evidence};
use crate::{Failure, Portal, attestation};
use domain::model::ModelName;
use ledger::{
    Digest,
    bundle::{self, Dossier, LeftOut, path},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Larger files are named by their digest and left out: whoever has one can compare.
const LARGEST_FILE: i64 = 1 << 30;

/// What is in a bundle beside the log and the cover.
#[derive(Default)]
pub struct Documents {
    /// By path.
    pub whole: BTreeMap<String, Vec<u8>>,
    /// Files that were handed in, with their sizes.
    pub files: BTreeMap<Digest, i64>,
    /// Releases with their signatures, each over the place of the entry that records it.
    pub releases: Vec<Released>,
}

/// A release in a bundle.
pub struct Released {
    pub id: i64,
    pub signatures: Vec<bundle::Signature>,
    /// The approval, if it stands.
    pub approval: Option<attestation::Approval>,
}

impl Documents {
    /// A release, what it stands on, and who decided what.
    pub async fn release(&mut self, portal: &Portal, id: i64) -> Result<(), Failure> {
        let pool = portal.pool();
        let number = id.unsigned_abs();
        let text = sql::dossier(pool, id).await?;
        let dossier: Dossier = serde_json::from_str(&text)?;
        self.whole.insert(path::dossier(number), text.into_bytes());
        let version = i32::try_from(dossier.version).unwrap_or(i32::MAX);
        let manifest = sql::manifest(pool, &dossier.model, version).await?;
        self.whole.insert(
            path::version(&dossier.model, dossier.version),
            manifest.into_bytes(),
        );
        let rules = sql::rules(pool, signed(dossier.policy.id)).await?;
        self.whole
            .insert(path::policy(dossier.policy.id), rules.into_bytes());
        let ids: Vec<_> = dossier.evaluations.iter().map(|part| signed(part.id)).collect();
        self.evaluations(sql::evaluations(pool, &ids).await?)?;
        let ids: Vec<_> = dossier.evidence.iter().map(|part| signed(part.id)).collect();
        self.evidence(sql::evidence(pool, &ids).await?)?;
        self.add(path::reviews(number), &sql::reviews(pool, id).await?)?;
        self.add(path::findings(number), &sql::findings(pool, id).await?)?;
        let signatures = sql::signatures(pool, id).await?;
        self.add(path::signatures(number), &signatures)?;
        let approval = attestation::sql::of_release(pool, id.into()).await?.pop();
        self.releases.push(Released {
            id,
            signatures,
            approval,
        });
        Ok(())
    }

    /// All versions of a model, with what was measured and handed in, released or not.
    pub async fn model(&mut self, portal: &Portal, name: &ModelName) -> Result<(), Failure> {
        let pool = portal.pool();
        for version in sql::versions(pool, name).await? {
            let number = version.number.unsigned_abs();
            self.whole.insert(
                path::version(name.as_str(), number),
                version.manifest.into_bytes(),
            );
        }
        self.evaluations(sql::evaluations_of_model(pool, name).await?)?;
        self.evidence(sql::evidence_of_model(pool, name).await?)
    }

    /// All signatures on its releases.
    pub fn signatures(&self) -> impl Iterator<Item = &bundle::Signature> {
        self.releases.iter().flat_map(|release| &release.signatures)
    }

    fn evaluations(&mut self, evaluations: Vec<Evaluation>) -> Result<(), Failure> {
        for Evaluation {
            id,
            report,
            file_digest,
            file_bytes,
        } in evaluations
        {
            self.files.insert(attestation::digest(&file_digest)?, file_bytes);
            self.whole
                .insert(path::report(id.unsigned_abs()), report.into_bytes());
        }
        Ok(())
    }

    fn evidence(&mut self, evidence: Vec<Evidence>) -> Result<(), Failure> {
        for Evidence { id, said, file } in evidence {
            if let Some((digest, bytes)) = file {
                self.files.insert(attestation::digest(&digest)?, bytes);
            }
            self.whole.insert(path::evidence(id.unsigned_abs()), said);
        }
        Ok(())
    }

    fn add(&mut self, path: String, document: &impl Serialize) -> Result<(), Failure> {
        self.whole.insert(path, ledger::canonical::to_vec(document)?);
        Ok(())
    }

    /// Takes out what is too large, and says so.
    pub fn leave_out(&mut self) -> Vec<LeftOut> {
        let large: BTreeSet<Digest> = self
            .files
            .iter()
            .filter(|(_, bytes)| **bytes > LARGEST_FILE)
            .map(|(digest, _)| *digest)
            .collect();
        self.files.retain(|digest, _| !large.contains(digest));
        let reason = format!("larger than {} MiB", LARGEST_FILE >> 20);
        large
            .into_iter()
            .map(|digest| LeftOut {
                digest,
                reason: reason.clone(),
            })
            .collect()
    }

    /// Each with its digest, for the cover.
    pub fn names(&self) -> Vec<(String, String)> {
        let whole = self
            .whole
            .iter()
            .map(|(path, bytes)| (path.clone(), Digest::of(bytes).to_string()));
        let files = self
            .files
            .keys()
            .map(|digest| (path::file(*digest), digest.to_string()));
        whole.chain(files).collect()
    }
}

/// Numbers are counted in `u64` by the bundle and kept as `bigint`.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
