//! What an event must tell the audit log.
use crate::{
    id::{PersonId, ReleaseId},
    model::ModelName,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that was decided. Only the domain may say that something happened, so that only a decision can be committed.
pub trait Event: sealed::Sealed {
    fn entry(&self) -> Entry;
}

/// The part of an audit entry that the event knows; the sequence, the time and the actor are added when it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// A stable name in the past tense, such as `review.decided`.
    pub action: &'static str,
    pub subject: Subject,
    /// What follows the actor's name in a sentence: "approved credit-risk 14 for production as ethics reviewer".
    pub sentence: String,
    /// Where else the entry belongs: the history of a model and of a release.
    pub model: Option<ModelName>,
    pub release: Option<ReleaseId>,
    /// The fields that changed, as they were and as they are. Null where there is nothing to say.
    pub before: Value,
    pub after: Value,
}

impl Entry {
    pub fn new(action: &'static str, subject: Subject, sentence: impl Into<String>) -> Self {
        Self {
            action,
            subject,
            sentence: sentence.into(),
            model: None,
            release: None,
            before: Value::Null,
            after: Value::Null,
        }
    }

    #[must_use]
    pub fn of_model(self, model: &ModelName) -> Self {
        Self {
            model: Some(model.clone()),
            ..self
        }
    }

    #[must_use]
    pub fn of_release(self, release: ReleaseId) -> Self {
        Self {
            release: Some(release),
            ..self
        }
    }

    #[must_use]
    pub fn before(self, before: Value) -> Self {
        Self { before, ..self }
    }

    #[must_use]
    pub fn after(self, after: Value) -> Self {
        Self { after, ..self }
    }
}

/// The one thing that an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: String,
}

impl Subject {
    pub fn new(kind: SubjectKind, id: impl ToString) -> Self {
        Self {
            kind,
            id: id.to_string(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Person,
    Session,
    Token,
    Model,
    Version,
    Evaluation,
    Evidence,
    Environment,
    Policy,
    Template,
    Release,
    Review,
    Finding,
    Deployment,
    Portal,
}

impl SubjectKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Session => "session",
            Self::Token => "token",
            Self::Model => "model",
            Self::Version => "version",
            Self::Evaluation => "evaluation",
            Self::Evidence => "evidence",
            Self::Environment => "environment",
            Self::Policy => "policy",
            Self::Template => "template",
            Self::Release => "release",
            Self::Review => "review",
            Self::Finding => "finding",
            Self::Deployment => "deployment",
            Self::Portal => "portal",
        }
    }
}

/// The actor of an entry as they were then. The portal itself has no id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub id: Option<PersonId>,
    pub name: String,
}

/// A refused attempt is an entry too.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What was tried, as the door names it, such as `countersign_release`.
    pub attempt: String,
    pub reason: String,
    pub address: String,
}

impl sealed::Sealed for Refused {}
impl Event for Refused {
    fn entry(&self) -> Entry {
        Entry::new(
            "attempt.refused",
            Subject::new(SubjectKind::Portal, &self.attempt),
            format!("was refused {}: {}", self.attempt.replace('_', " "), self.reason),
        )
        .after(serde_json::json!({ "reason": self.reason, "address": self.address }))
    }
}

/// The portal did something by itself, such as loading the demonstration.
#[derive(Clone, Debug)]
pub struct Noted {
    pub action: &'static str,
    pub sentence: String,
    pub detail: Value,
}

impl sealed::Sealed for Noted {}
impl Event for Noted {
    fn entry(&self) -> Entry {
        Entry::new(
            self.action,
            Subject::new(SubjectKind::Portal, "portal"),
            self.sentence.clone(),
        )
        .after(self.detail.clone())
    }
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

macro_rules! event {
    ($name:ty, |$event:ident| $entry:expr) => {
        impl $crate::audit::sealed::Sealed for $name {}
        impl $crate::audit::Event for $name {
            fn entry(&self) -> $crate::audit::Entry {
                let $event = self;
                $entry
            }
        }
    };
}
pub(crate) use event;
