//! Taking parts of the record along: open to everyone who may read it, and written down each time.
use crate::{
    actor::Actor,
    audit::{Entry, Subject, SubjectKind, event},
    id::{PersonId, ReleaseId},
    model::ModelName,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What is taken along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Taken {
    /// A release with all that it stands on.
    Release(ReleaseId, ModelName),
    /// A model with its versions and releases.
    Model(ModelName),
    /// The entries of the log from one place to before another.
    Entries { from: u64, to: u64 },
}

impl Actor {
    /// Takes a sealed bundle along.
    pub fn take_bundle(&self, taken: Taken) -> BundleTaken {
        BundleTaken { taken, by: self.id }
    }
}

/// A sealed bundle was taken along.
#[derive(Debug)]
pub struct BundleTaken {
    taken: Taken,
    by: PersonId,
}

impl BundleTaken {
    pub fn by(&self) -> PersonId {
        self.by
    }

    fn entry(&self) -> Entry {
        let of = |kind, id: String, words: String| {
            Entry::new(
                "bundle.taken",
                Subject::new(kind, id),
                format!("took a sealed bundle of {words}"),
            )
        };
        match &self.taken {
            Taken::Release(id, model) => of(SubjectKind::Release, id.to_string(), format!("release {id}"))
                .of_release(*id)
                .of_model(model),
            Taken::Model(model) => {
                of(SubjectKind::Model, model.to_string(), model.to_string()).of_model(model)
            }
            Taken::Entries { from, to } => {
                let words = format!("the log's entries {from} to {}", to.saturating_sub(1));
                of(SubjectKind::Portal, "log".into(), words).after(json!({ "from": from, "to": to }))
            }
        }
    }
}

event!(BundleTaken, |e| e.entry());
