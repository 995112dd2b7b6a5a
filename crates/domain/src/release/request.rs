//! An engineer's request for a release.
use super::Dossier;
use crate::{
    actor::Engineer,
    audit::{Entry, Subject, SubjectKind, event},
    environment::EnvironmentName,
    id::{PersonId, ReleaseId, VersionId},
    model::{ModelName, Tier},
    policy::{Outcome, Rules},
    refusal::{Refusal, needed_remark},
};
use serde_json::json;

/// What an engineer asks for. The policy in force is frozen into it.
#[derive(Debug)]
pub struct Request {
    pub id: ReleaseId,
    pub version: VersionId,
    pub model: ModelName,
    pub number: i32,
    pub tier: Tier,
    pub environment: EnvironmentName,
    pub reason: String,
    pub dossier: Dossier,
    pub dossier_digest: String,
    pub gates: Vec<Outcome>,
    pub rules: Rules,
}

impl Engineer<'_> {
    pub fn request(&self, request: Request) -> Result<Requested, Refusal> {
        if request.tier == Tier::Prohibited {
            return Err(Refusal::Prohibited);
        }
        if request.dossier.evaluations.is_empty() {
            return Err(Refusal::NotEvaluated);
        }
        needed_remark(
            "reason",
            &request.reason,
            "Say what changed and why it should run there: it is the first thing reviewers read.",
        )?;
        Ok(Requested {
            request,
            by: self.id(),
        })
    }
}

/// A release was asked for.
#[derive(Debug)]
pub struct Requested {
    request: Request,
    by: PersonId,
}

impl Requested {
    pub fn request(&self) -> &Request {
        &self.request
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
}

event!(Requested, |e| {
    let r = &e.request;
    let unmet = r.gates.iter().filter(|gate| !gate.state.is_met()).count();
    Entry::new(
        "release.requested",
        Subject::new(SubjectKind::Release, r.id),
        match unmet {
            0 => format!("asked for {} {} in {}", r.model, r.number, r.environment),
            1 => format!("asked for {} {} in {}; one gate is not met", r.model, r.number, r.environment),
            n => format!("asked for {} {} in {}; {n} gates are not met", r.model, r.number, r.environment),
        },
    )
    .of_model(&r.model)
    .of_release(r.id)
    .after(json!({
        "reason": r.reason, "policy": r.dossier.policy, "dossier_digest": r.dossier_digest,
        "gates": r.gates.iter().map(|gate| json!({ "gate": gate.gate, "state": gate.state, "detail": gate.detail })).collect::<Vec<_>>(),
    }))
});
