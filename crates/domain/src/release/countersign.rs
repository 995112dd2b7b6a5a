//! A manager's decision: the countersignature or the refusal.
use super::{Release, State, short};
use crate::{
    actor::{Actor, Denied, Role},
    audit::{Entry, Subject, SubjectKind, event},
    environment::EnvironmentName,
    id::ReleaseId,
    model::ModelName,
    refusal::{Invalid, Refusal, remark},
    signature::{Chair, Reauthenticated, Signed},
};
use chrono::{DateTime, Days, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A release in the hands of a manager who may decide on it.
#[derive(Debug)]
pub struct InManagersHands<'a> {
    release: Release,
    actor: &'a Actor,
}

impl Release {
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
