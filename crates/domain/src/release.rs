//! The request to run one version in one environment, and the rules by which it becomes an approval.
mod rules;

pub use rules::{Rule, RuleState};

use crate::{
    actor::{Actor, Denied, Discipline, Engineer, Role},
    audit::{Entry, Subject, SubjectKind, event},
    environment::EnvironmentName,
    finding::Finding,
    id::{EvaluationId, EvidenceId, PersonId, PolicyId, ReleaseId, VersionId},
    model::{ModelName, Tier},
    policy::{Outcome, Rules},
    refusal::{Invalid, Refusal, needed_remark, remark},
    review,
    signature::{Chair, Reauthenticated, Signed, Standing},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The exact set of digests that a release stands on. Its own digest is what people sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    pub release: ReleaseId,
    pub model: ModelName,
    pub version: i32,
    pub version_digest: String,
    pub environment: EnvironmentName,
    pub policy: PolicyPart,
    pub evaluations: Vec<EvaluationPart>,
    pub evidence: Vec<EvidencePart>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPart {
    pub id: PolicyId,
    pub tier: Tier,
    pub number: i32,
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationPart {
    pub id: EvaluationId,
    pub file_digest: String,
    pub report_digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidencePart {
    pub id: EvidenceId,
    pub kind: String,
    pub title: String,
    pub digest: String,
    pub expires_on: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Approved,
    Refused,
    Withdrawn,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "approved" => Self::Approved,
            "refused" => Self::Refused,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Open,
        }
    }
}

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

/// A release as it stands, locked while something is decided on it.
#[derive(Clone, Debug)]
pub struct Release {
    pub id: ReleaseId,
    pub model: ModelName,
    pub number: i32,
    pub environment: EnvironmentName,
    pub state: State,
    pub rules: Rules,
    pub dossier: Dossier,
    pub dossier_digest: String,
    pub gates: Vec<Outcome>,
    /// Who made, measured or asked for it: none of them decides on it.
    pub authors: Vec<PersonId>,
    /// Signatures that were not voided.
    pub signatures: Vec<Standing>,
    /// How each required review stands.
    pub reviews: Vec<(Discipline, review::State)>,
    pub findings: Vec<Finding>,
    pub approved_until: Option<DateTime<Utc>>,
    /// Once deployed, the dossier no longer changes.
    pub deployed: bool,
}

/// A release in the hands of a manager who may decide on it.
#[derive(Debug)]
pub struct InManagersHands<'a> {
    release: Release,
    actor: &'a Actor,
}

impl Release {
    /// "credit-risk 14 for production".
    pub fn what(&self) -> String {
        format!("{} {} for {}", self.model, self.number, self.environment)
    }

    /// Hands the release to someone who may countersign it: a manager who has no other part in it.
    pub fn as_manager(self, actor: &Actor) -> Result<InManagersHands<'_>, Denied> {
        actor.holds(Role::Manager)?;
        if self.authors.contains(&actor.id) {
            return Err(Denied::OwnWork);
        }
        if self
            .signatures
            .iter()
            .any(|signature| signature.person == actor.id)
        {
            return Err(Denied::SecondChair);
        }
        Ok(InManagersHands { release: self, actor })
    }

    /// Someone who made it, or asked for it, takes it back.
    pub fn withdraw(self, actor: &Actor, note: &str) -> Result<Withdrawn, crate::Refusal> {
        self.still_open()?;
        Ok(Withdrawn {
            release: self.id,
            what: self.what(),
            model: self.model,
            by: actor.id,
            note: remark("why", note)?,
        })
    }

    pub fn may_withdraw(&self, actor: &Actor) -> Result<(), Denied> {
        if self.authors.contains(&actor.id) {
            Ok(())
        } else {
            Err(Denied::NotAnAuthor)
        }
    }

    /// The title of evidence that the policy asks for and that has run out.
    pub fn expired_evidence(&self, today: NaiveDate) -> Option<&str> {
        let newest = |kind: &String| self.dossier.evidence.iter().rev().find(|part| part.kind == *kind);
        let expired = |part: &&EvidencePart| part.expires_on.is_some_and(|last| last < today);
        self.rules
            .evidence
            .iter()
            .filter_map(newest)
            .find(expired)
            .map(|part| part.title.as_str())
    }

    fn still_open(&self) -> Result<(), Refusal> {
        if self.state == State::Open {
            Ok(())
        } else {
            Err(Refusal::Closed(self.state))
        }
    }

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

/// What the manager decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManagersDecision {
    Countersign,
    Refuse,
}

impl ManagersDecision {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Countersign => "countersign",
            Self::Refuse => "refuse",
        }
    }
}

impl InManagersHands<'_> {
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// Countersigns or refuses. `shown` is the dossier digest that the manager had before them.
    pub fn decide(
        self,
        decision: ManagersDecision,
        shown: &str,
        note: &str,
        proof: Reauthenticated,
        now: DateTime<Utc>,
    ) -> Result<Decided, Refusal> {
        let Self { release, actor } = self;
        release.still_open()?;
        if shown != release.dossier_digest {
            return Err(Refusal::DossierChanged {
                shown: short(shown),
                current: short(&release.dossier_digest),
            });
        }
        let note = remark("note", note)?;
        let meaning = match decision {
            ManagersDecision::Refuse if note.is_empty() => {
                return Err(Invalid::new(
                    "note",
                    "Say why: the engineer reads it, and it stays in the record.",
                )
                .into());
            }
            ManagersDecision::Refuse => format!(
                "I refuse {} {} for {}.",
                release.model, release.number, release.environment
            ),
            ManagersDecision::Countersign => {
                let unmet: Vec<_> = release
                    .rules_before_countersignature(now.date_naive())
                    .into_iter()
                    .filter(|rule| !rule.state.is_met())
                    .map(|rule| rule.title)
                    .collect();
                if !unmet.is_empty() {
                    return Err(Refusal::RulesUnmet(unmet.join("; ")));
                }
                countersigning_statement(&release.model, release.number, &release.environment)
            }
        };
        let managers = 1 + release
            .signatures
            .iter()
            .filter(|signature| signature.chair.is_manager())
            .count();
        let approved_until = (decision == ManagersDecision::Countersign
            && managers >= usize::from(release.rules.quorum))
        .then(|| now.checked_add_days(Days::new(u64::from(release.rules.validity_days))))
        .flatten();
        let signed = proof.sign(
            actor,
            Chair::manager(),
            decision.as_str(),
            meaning,
            &release.dossier_digest,
            &note,
        );
        Ok(Decided {
            what: release.what(),
            release: release.id,
            model: release.model,
            decision,
            signed,
            approved_until,
        })
    }
}

/// The sentence that a countersigning manager signs.
pub fn countersigning_statement(model: &ModelName, number: i32, environment: &EnvironmentName) -> String {
    format!("I have read the evidence and accept the remaining risk of {model} {number} in {environment}.")
}

/// First and last eight digits.
pub fn short(digest: &str) -> String {
    match (digest.get(..8), digest.get(digest.len().saturating_sub(8)..)) {
        (Some(head), Some(tail)) if digest.len() > 16 => format!("{head}…{tail}"),
        _ => digest.to_owned(),
    }
}

/// A manager decided.
#[derive(Debug)]
pub struct Decided {
    release: ReleaseId,
    model: ModelName,
    what: String,
    decision: ManagersDecision,
    signed: Signed,
    approved_until: Option<DateTime<Utc>>,
}

impl Decided {
    pub fn release(&self) -> ReleaseId {
        self.release
    }
    pub fn signed(&self) -> &Signed {
        &self.signed
    }
    /// Until when it may run, if this signature completed the quorum.
    pub fn approved_until(&self) -> Option<DateTime<Utc>> {
        self.approved_until
    }
    /// The state the release is in now.
    pub fn state(&self) -> State {
        match (self.decision, self.approved_until) {
            (ManagersDecision::Refuse, _) => State::Refused,
            (ManagersDecision::Countersign, Some(_)) => State::Approved,
            (ManagersDecision::Countersign, None) => State::Open,
        }
    }
}

event!(Decided, |e| {
    let verb = match e.decision {
        ManagersDecision::Countersign => "countersigned",
        ManagersDecision::Refuse => "refused",
    };
    Entry::new(
        if e.decision == ManagersDecision::Countersign {
            "release.countersigned"
        } else {
            "release.refused"
        },
        Subject::new(SubjectKind::Release, e.release),
        format!("{verb} {} as manager", e.what),
    )
    .of_model(&e.model)
    .of_release(e.release)
    .before(json!({ "state": State::Open }))
    .after(json!({ "state": e.state(), "signature": e.signed.detail(), "approved_until": e.approved_until }))
});

#[derive(Debug)]
pub struct Withdrawn {
    release: ReleaseId,
    model: ModelName,
    what: String,
    by: PersonId,
    note: String,
}

impl Withdrawn {
    pub fn release(&self) -> ReleaseId {
        self.release
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
    pub fn note(&self) -> &str {
        &self.note
    }
}

event!(Withdrawn, |e| Entry::new(
    "release.withdrawn",
    Subject::new(SubjectKind::Release, e.release),
    format!("took back the request for {}", e.what),
)
.of_model(&e.model)
.of_release(e.release)
.before(json!({ "state": State::Open }))
.after(json!({ "state": State::Withdrawn, "note": e.note })));

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
