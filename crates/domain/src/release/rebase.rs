//! What a change of the dossier does to a release.
use super::{Dossier, Release, State};
use crate::{
    audit::{Entry, Subject, SubjectKind, event},
    id::ReleaseId,
    policy::Outcome,
};
use serde_json::json;

impl Release {
    /// What a new evaluation or evidence does to a release that has not been deployed: a new dossier, and the signatures
    /// that covered the old one no longer hold. `None` where nothing changed, or where the release is closed.
    pub fn rebase(
        self,
        dossier: Dossier,
        dossier_digest: String,
        gates: Vec<Outcome>,
        why: &str,
    ) -> Option<Rebased> {
        let alive = matches!(self.state, State::Open | State::Approved) && !self.deployed;
        (alive && dossier_digest != self.dossier_digest).then(|| Rebased {
            voided: self.signatures.len(),
            release: self,
            dossier,
            dossier_digest,
            gates,
            why: why.to_owned(),
        })
    }
}

/// The dossier changed, and with it the ground that signatures stood on.
#[derive(Debug)]
pub struct Rebased {
    release: Release,
    dossier: Dossier,
    dossier_digest: String,
    gates: Vec<Outcome>,
    voided: usize,
    why: String,
}

impl Rebased {
    pub fn release(&self) -> ReleaseId {
        self.release.id
    }
    pub fn dossier(&self) -> &Dossier {
        &self.dossier
    }
    pub fn dossier_digest(&self) -> &str {
        &self.dossier_digest
    }
    pub fn gates(&self) -> &[Outcome] {
        &self.gates
    }
    pub fn why(&self) -> &str {
        &self.why
    }
}

event!(Rebased, |e| Entry::new(
    "release.dossier_changed",
    Subject::new(SubjectKind::Release, e.release.id),
    match e.voided {
        0 => format!("changed the dossier of {}: {}", e.release.what(), e.why),
        1 => format!(
            "changed the dossier of {}: {}; one signature no longer holds",
            e.release.what(),
            e.why
        ),
        n => format!(
            "changed the dossier of {}: {}; {n} signatures no longer hold",
            e.release.what(),
            e.why
        ),
    },
)
.of_model(&e.release.model)
.of_release(e.release.id)
.before(json!({ "dossier_digest": e.release.dossier_digest, "state": e.release.state }))
.after(
    json!({ "dossier_digest": e.dossier_digest, "state": State::Open, "signatures_voided": e.voided })
));
