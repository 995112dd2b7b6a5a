//! A reviewer's decision, signed.
use super::{Answers, InReviewersHands, Review, State, of};
use crate::{
    actor::Discipline,
    audit::{Entry, Subject, SubjectKind, event},
    refusal::{Invalid, Refusal, needed_remark},
    release::{self, short},
    signature::{Chair, Reauthenticated, Signed},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Approve,
    ApproveWithConditions,
    RequestChanges,
    Reject,
}

impl Decision {
    pub const ALL: [Self; 4] = [
        Self::Approve,
        Self::ApproveWithConditions,
        Self::RequestChanges,
        Self::Reject,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::ApproveWithConditions => "approve_with_conditions",
            Self::RequestChanges => "request_changes",
            Self::Reject => "reject",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Approve => "Approve",
            Self::ApproveWithConditions => "Approve with conditions",
            Self::RequestChanges => "Ask for changes",
            Self::Reject => "Reject",
        }
    }

    pub fn state(self) -> State {
        match self {
            Self::Approve => State::Approved,
            Self::ApproveWithConditions => State::Conditional,
            Self::RequestChanges => State::Changes,
            Self::Reject => State::Rejected,
        }
    }

    fn past(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::ApproveWithConditions => "approved with conditions",
            Self::RequestChanges => "asked for changes to",
            Self::Reject => "rejected",
        }
    }

    fn meaning(self, what: &str, discipline: &Discipline) -> String {
        match self {
            Self::Approve => format!("I have reviewed {what} for {discipline} and approve it."),
            Self::ApproveWithConditions => format!(
                "I have reviewed {what} for {discipline} and approve it under the conditions I wrote."
            ),
            Self::RequestChanges => format!(
                "I have reviewed {what} for {discipline} and ask for changes before it can be approved."
            ),
            Self::Reject => format!("I have reviewed {what} for {discipline} and reject it."),
        }
    }
}

impl FromStr for Decision {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|decision| decision.as_str() == text)
            .ok_or_else(|| Invalid::new("decision", "Choose a decision."))
    }
}

impl InReviewersHands<'_> {
    /// Decides and signs. `shown` is the dossier digest that the reviewer had before them.
    pub fn decide(
        self,
        decision: Decision,
        rationale: &str,
        answers: Answers,
        shown: &str,
        proof: Reauthenticated,
    ) -> Result<Decided, Refusal> {
        self.still_open()?;
        let Self { review, actor } = self;
        let release = &review.release;
        if shown != release.dossier_digest {
            return Err(Refusal::DossierChanged {
                shown: short(shown),
                current: short(&release.dossier_digest),
            });
        }
        let why = "Say why, in a sentence or two: a decision without a reason can't be relied on.";
        let rationale = needed_remark("rationale", rationale, why)?;
        let open = review
            .template
            .questions
            .iter()
            .filter(|question| !answers.contains_key(&question.id))
            .count();
        if open > 0 && matches!(decision, Decision::Approve | Decision::ApproveWithConditions) {
            return Err(Refusal::Unanswered(open));
        }
        let meaning = decision.meaning(&release.what(), &review.discipline);
        let chair = Chair::of(&review.discipline);
        let signed = proof.sign(
            actor,
            chair,
            decision.as_str(),
            meaning,
            &release.dossier_digest,
            &rationale,
        );
        Ok(Decided {
            review,
            decision,
            answers,
            signed,
        })
    }
}

/// A review was decided and signed.
#[derive(Debug)]
pub struct Decided {
    review: Review,
    decision: Decision,
    answers: Answers,
    signed: Signed,
}

impl Decided {
    pub fn review(&self) -> &Review {
        &self.review
    }
    pub fn decision(&self) -> Decision {
        self.decision
    }
    pub fn answers(&self) -> &Answers {
        &self.answers
    }
    pub fn signed(&self) -> &Signed {
        &self.signed
    }
    /// A rejection closes the release; everything else leaves it open.
    pub fn release_state(&self) -> release::State {
        if self.decision == Decision::Reject {
            release::State::Refused
        } else {
            release::State::Open
        }
    }
}

event!(Decided, |e| {
    of(
    Entry::new(
        "review.decided",
        Subject::new(SubjectKind::Review, e.review.id),
        format!("{} {} as {} reviewer", e.decision.past(), e.review.release.what(), e.review.discipline),
    ),
    &e.review.release.model,
    &e.review.release,
)
.before(json!({ "state": e.review.state }))
.after(json!({
    "state": e.decision.state(), "release": e.release_state(), "signature": e.signed.detail(), "answers": e.answers,
}))
});
