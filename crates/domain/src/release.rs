//! The request to run one version in one environment, and the rules by which it becomes an approval.
mod countersign;
mod dossier;
mod rebase;
mod request;
mod rules;
mod withdraw;

pub use countersign::{Decided, InManagersHands, ManagersDecision, countersigning_statement};
pub use dossier::{Dossier, EvaluationPart, EvidencePart, PolicyPart, short};
pub use rebase::Rebased;
pub use request::{Request, Requested};
pub use rules::{Rule, RuleState};
pub use withdraw::Withdrawn;

use crate::{
    actor::Discipline,
    environment::EnvironmentName,
    finding::Finding,
    id::{PersonId, ReleaseId},
    model::ModelName,
    policy::{Outcome, Rules},
    refusal::Refusal,
    review,
    signature::Standing,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

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

impl Release {
    /// "credit-risk 14 for production".
    pub fn what(&self) -> String {
        format!("{} {} for {}", self.model, self.number, self.environment)
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
}
