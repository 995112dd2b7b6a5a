//! Stepping back from a review.
use super::{InReviewersHands, Review, of};
use crate::{
    audit::{Entry, Subject, SubjectKind, event},
    id::{PersonId, ReviewId},
    refusal::{Refusal, needed_remark},
};
use serde_json::json;

impl InReviewersHands<'_> {
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
}

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
