//! Answers that are kept while the reviewer is still thinking.
use super::{Answers, InReviewersHands};
use crate::{
    audit::{Entry, Subject, SubjectKind, event},
    id::{PersonId, ReviewId},
    refusal::Refusal,
};
use chrono::{DateTime, Utc};

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

impl InReviewersHands<'_> {
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
