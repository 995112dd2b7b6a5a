//! A request that is taken back.
use super::{Release, State};
use crate::{
    actor::{Actor, Denied},
    audit::{Entry, Subject, SubjectKind, event},
    id::{PersonId, ReleaseId},
    model::ModelName,
    refusal::remark,
};
use serde_json::json;

impl Release {
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
}

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
