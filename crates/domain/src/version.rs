//! An immutable, numbered manifest of a model.
use crate::{
    actor::Engineer,
    audit::{Entry, Subject, SubjectKind, event},
    id::{ModelId, PersonId, VersionId},
    manifest::Manifest,
    model::ModelName,
};
use serde_json::json;

/// What the registration stands on: the model's next number, and the digest of the canonical manifest.
#[derive(Debug)]
pub struct Draft {
    pub id: VersionId,
    pub model: ModelId,
    pub name: ModelName,
    pub number: i32,
    pub manifest: Manifest,
    /// RFC 8785 text of the manifest.
    pub canonical: String,
    /// SHA-256 of `canonical`, as 64 hexadecimal digits.
    pub digest: String,
}

impl Engineer<'_> {
    /// Freezes a manifest as the next version.
    pub fn register(&self, draft: Draft) -> Registered {
        Registered { draft, by: self.id() }
    }
}

/// A version was registered.
#[derive(Debug)]
pub struct Registered {
    draft: Draft,
    by: PersonId,
}

impl Registered {
    pub fn draft(&self) -> &Draft {
        &self.draft
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
}

event!(Registered, |e| Entry::new(
    "version.registered",
    Subject::new(
        SubjectKind::Version,
        format!("{}/{}", e.draft.name, e.draft.number)
    ),
    format!("registered version {} of {}", e.draft.number, e.draft.name),
)
.of_model(&e.draft.name)
.after(
    json!({ "digest": e.draft.digest, "artifact": e.draft.manifest.artifact })
));
