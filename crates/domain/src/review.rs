//! One discipline's answers, findings and decision on a release.
mod decide;
mod draft;
mod recuse;

pub use decide::{Decided, Decision};
pub use draft::{Draft, Drafted, Drafting};
pub use recuse::Recused;

use crate::{
    actor::{Actor, Denied, Discipline, Role},
    audit::Entry,
    finding::{Observation, Raised},
    id::{FindingId, PersonId, ReviewId},
    model::ModelName,
    refusal::Refusal,
    release::{self, Release},
    signature::Chair,
    template::{Answer, Template},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub type Answers = BTreeMap<String, Answer>;

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

    pub fn actor(&self) -> &'a Actor {
        self.actor
    }
}

fn of(entry: Entry, model: &ModelName, release: &Release) -> Entry {
    entry.of_model(model).of_release(release.id)
}
