//! Any other file or statement that a decision stands on.
use crate::{
    actor::Engineer,
    audit::{Entry, Subject, SubjectKind, event},
    id::{EvidenceId, PersonId, VersionId},
    model::ModelName,
    refusal::Invalid,
};
use chrono::NaiveDate;
use serde_json::json;

/// What someone says, with a file or without. `kind` is a plain word that policies can ask for, such as `impact-assessment`.
#[derive(Clone, Debug)]
pub struct Statement {
    pub kind: String,
    pub title: String,
    pub text: String,
    pub expires_on: Option<NaiveDate>,
}

impl Statement {
    pub fn new(kind: &str, title: &str, text: &str, expires_on: &str) -> std::result::Result<Self, Invalid> {
        let (kind, title, text) = (kind.trim(), title.trim(), text.trim());
        if !crate::model::is_plain_name(kind) {
            return Err(Invalid::new(
                "kind",
                "Use lower-case letters, digits and hyphens, such as impact-assessment.",
            ));
        }
        if title.is_empty() || title.chars().count() > 200 {
            return Err(Invalid::new("title", "Give a title of at most 200 characters."));
        }
        if text.chars().count() > 20_000 {
            return Err(Invalid::new(
                "text",
                "Keep the statement below 20 000 characters, or attach it as a file.",
            ));
        }
        let expires_on = match expires_on.trim() {
            "" => None,
            date => Some(date.parse().map_err(|_| {
                Invalid::new("expires_on", "Give the date as 2027-03-31, or leave it empty.")
            })?),
        };
        Ok(Self {
            kind: kind.into(),
            title: title.into(),
            text: text.into(),
            expires_on,
        })
    }
}

/// A file kept with the statement.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub name: String,
    pub digest: String,
    pub bytes: i64,
}

#[derive(Debug)]
pub struct Submission {
    pub id: EvidenceId,
    pub version: VersionId,
    pub model: ModelName,
    pub number: i32,
    pub statement: Statement,
    pub attachment: Option<Attachment>,
    /// SHA-256 over the canonical JSON of statement and attachment, as 64 hexadecimal digits.
    pub digest: String,
}

impl Engineer<'_> {
    pub fn add_evidence(&self, submission: Submission) -> Added {
        Added {
            submission,
            by: self.id(),
        }
    }
}

/// Evidence was added to a version.
#[derive(Debug)]
pub struct Added {
    submission: Submission,
    by: PersonId,
}

impl Added {
    pub fn submission(&self) -> &Submission {
        &self.submission
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
}

event!(Added, |e| Entry::new(
    "evidence.added",
    Subject::new(SubjectKind::Evidence, e.submission.id),
    format!(
        "added “{}” to {} {}",
        e.submission.statement.title, e.submission.model, e.submission.number
    ),
)
.of_model(&e.submission.model)
.after(json!({
    "kind": e.submission.statement.kind, "digest": e.submission.digest,
    "expires_on": e.submission.statement.expires_on,
})));
