//! One discipline's answers, findings and decision on a release.
use crate::{
    actor::{Actor, Denied, Discipline, Role},
    audit::{Entry, Subject, SubjectKind, event},
    finding::{Observation, Raised},
    id::{FindingId, PersonId, ReviewId},
    model::ModelName,
    refusal::{Invalid, Refusal, needed_remark},
    release::{self, Release, short},
    signature::{Chair, Reauthenticated, Signed},
    template::{Answer, Template},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, str::FromStr};

pub type Answers = BTreeMap<String, Answer>;

/// Answers as a form holds them, written over the draft that it showed: the time at which that one was kept.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub answers: Answers,
    pub over: Option<DateTime<Utc>>,
}

impl From<Answers> for Draft {
    /// Answers to a review that nobody has drafted yet.
    fn from(answers: Answers) -> Self {
        Self { answers, over: None }
    }
}

/// Who kept the draft of a review, and when.
#[derive(Clone, Debug)]
pub struct Drafting {
    pub by: PersonId,
    pub name: String,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Approved,
    Conditional,
    Changes,
    Rejected,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Conditional => "conditional",
            Self::Changes => "changes",
            Self::Rejected => "rejected",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "approved" => Self::Approved,
            "conditional" => Self::Conditional,
            "changes" => Self::Changes,
            "rejected" => Self::Rejected,
            _ => Self::Open,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "Not decided yet",
            Self::Approved => "Approved",
            Self::Conditional => "Approved with conditions",
            Self::Changes => "Changes asked for",
            Self::Rejected => "Rejected",
        }
    }
}

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

/// A review as it is kept, with the release that it is of.
#[derive(Clone, Debug)]
pub struct Review {
    pub id: ReviewId,
    pub release: Release,
    pub discipline: Discipline,
    pub template: Template,
    pub state: State,
    pub answers: Answers,
    pub drafted: Option<Drafting>,
    pub decided_by: Option<String>,
    pub recused: Vec<PersonId>,
}

/// A review in the hands of someone who may answer and decide it.
#[derive(Debug)]
pub struct InReviewersHands<'a> {
    review: Review,
    actor: &'a Actor,
}

impl Review {
    /// Hands the review to someone who may decide it: of the discipline, without part in the work, in no other chair.
    pub fn as_reviewer(self, actor: &Actor) -> Result<InReviewersHands<'_>, Denied> {
        actor.holds(Role::Reviewer)?;
        if !actor.disciplines.contains(&self.discipline) {
            return Err(Denied::NotInDiscipline(self.discipline));
        }
        if self.release.authors.contains(&actor.id) {
            return Err(Denied::OwnWork);
        }
        if self.recused.contains(&actor.id) {
            return Err(Denied::Recused);
        }
        let own = Chair::of(&self.discipline);
        if self
            .release
            .signatures
            .iter()
            .any(|signature| signature.person == actor.id && signature.chair != own)
        {
            return Err(Denied::SecondChair);
        }
        Ok(InReviewersHands { review: self, actor })
    }
}

impl<'a> InReviewersHands<'a> {
    pub fn review(&self) -> &Review {
        &self.review
    }

    fn still_open(&self) -> Result<(), Refusal> {
        if self.review.release.state != release::State::Open {
            return Err(Refusal::Closed(self.review.release.state));
        }
        match &self.review.decided_by {
            Some(name) => Err(Refusal::AlreadyDecided(name.clone())),
            None => Ok(()),
        }
    }

    /// Nobody's draft is overwritten unseen.
    fn over_what_was_seen(&self, over: Option<DateTime<Utc>>) -> Result<(), Refusal> {
        match &self.review.drafted {
            Some(kept) if kept.by != self.actor.id && Some(kept.at) != over => {
                Err(Refusal::DraftedMeanwhile(kept.name.clone()))
            }
            _ => Ok(()),
        }
    }

    /// Keeps answers while the reviewer is still thinking. Answers to questions that aren't asked are dropped.
    pub fn draft(self, draft: Draft) -> Result<Drafted, Refusal> {
        self.still_open()?;
        self.over_what_was_seen(draft.over)?;
        let asked = |id: &String| {
            self.review
                .template
                .questions
                .iter()
                .any(|question| question.id == *id)
        };
        let answers = draft.answers.into_iter().filter(|(id, _)| asked(id)).collect();
        Ok(Drafted {
            review: self.review.id,
            by: self.actor.id,
            answers,
        })
    }

    /// Writes down something wrong.
    pub fn raise(self, id: FindingId, observation: Observation) -> Result<Raised, Refusal> {
        self.still_open()?;
        let release = &self.review.release;
        Ok(Raised {
            id,
            release: release.id,
            review: self.review.id,
            model: release.model.clone(),
            what: release.what(),
            by: self.actor.id,
            observation,
        })
    }

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

    /// Steps back: someone else of the discipline has to decide.
    pub fn recuse(self, reason: &str) -> Result<Recused, Refusal> {
        self.still_open()?;
        let reason = needed_remark("reason", reason, "Say why you step back, in a few words.")?;
        Ok(Recused {
            by: self.actor.id,
            reason,
            review: self.review,
        })
    }

    pub fn actor(&self) -> &'a Actor {
        self.actor
    }
}

/// Answers were kept. Not yet a decision, so not an entry in the log of its own.
#[derive(Debug)]
pub struct Drafted {
    review: ReviewId,
    by: PersonId,
    answers: Answers,
}

impl Drafted {
    pub fn review(&self) -> ReviewId {
        self.review
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
    pub fn answers(&self) -> &Answers {
        &self.answers
    }
}

event!(Drafted, |e| Entry::new(
    "review.drafted",
    Subject::new(SubjectKind::Review, e.review),
    format!("kept a draft of review {}, {} answers", e.review, e.answers.len()),
));

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

fn of(entry: Entry, model: &ModelName, release: &Release) -> Entry {
    entry.of_model(model).of_release(release.id)
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

#[derive(Debug)]
pub struct Recused {
    review: Review,
    by: PersonId,
    reason: String,
}

impl Recused {
    pub fn review(&self) -> ReviewId {
        self.review.id
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
}

event!(Recused, |e| of(
    Entry::new(
        "review.recused",
        Subject::new(SubjectKind::Review, e.review.id),
        format!(
            "stepped back from the {} review of {}",
            e.review.discipline,
            e.review.release.what()
        ),
    ),
    &e.review.release.model,
    &e.review.release,
)
.after(json!({ "reason": e.reason })));
