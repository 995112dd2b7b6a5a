//! A signature: name, time, meaning and the dossier's digest, made with fresh authentication (21 CFR 11.50, 11.70, 11.200).
use crate::{actor::Actor, id::PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Proof that the person gave their password again just now. It is not `Clone`: one proof signs once.
#[derive(Debug)]
pub struct Reauthenticated {
    person: PersonId,
    at: DateTime<Utc>,
}

impl Reauthenticated {
    /// To be called by the one use case that has compared the password.
    pub fn confirmed(person: PersonId, at: DateTime<Utc>) -> Self {
        Self { person, at }
    }

    /// The signature's four facts, together with what was signed.
    pub(crate) fn sign(
        self,
        actor: &Actor,
        chair: Chair,
        decision: &'static str,
        meaning: String,
        dossier: &str,
        note: &str,
    ) -> Signed {
        debug_assert_eq!(self.person, actor.id);
        Signed {
            person: self.person,
            name: actor.name.clone(),
            at: self.at,
            chair,
            decision,
            meaning,
            dossier: dossier.to_owned(),
            note: note.trim().to_owned(),
        }
    }

    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// The place someone fills in a release: a discipline's reviewer, or the manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chair(String);

impl Chair {
    pub fn manager() -> Self {
        Self("manager".into())
    }
    pub fn of(discipline: &crate::actor::Discipline) -> Self {
        Self(discipline.as_str().into())
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    pub fn is_manager(&self) -> bool {
        self.0 == "manager"
    }
    /// "ethics reviewer", "manager".
    pub fn words(&self) -> String {
        if self.is_manager() {
            self.0.clone()
        } else {
            format!("{} reviewer", self.0)
        }
    }
}

impl From<String> for Chair {
    fn from(raw: String) -> Self {
        Self(raw)
    }
}

/// A signature that was just made.
#[derive(Clone, Debug)]
pub struct Signed {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) chair: Chair,
    pub(crate) decision: &'static str,
    pub(crate) meaning: String,
    pub(crate) dossier: String,
    pub(crate) note: String,
}

impl Signed {
    pub fn person(&self) -> PersonId {
        self.person
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
    pub fn chair(&self) -> &Chair {
        &self.chair
    }
    pub fn decision(&self) -> &'static str {
        self.decision
    }
    pub fn meaning(&self) -> &str {
        &self.meaning
    }
    pub fn dossier(&self) -> &str {
        &self.dossier
    }
    pub fn note(&self) -> &str {
        &self.note
    }

    pub(crate) fn detail(&self) -> serde_json::Value {
        serde_json::json!({
            "decision": self.decision, "meaning": self.meaning, "note": self.note, "chair": self.chair,
            "dossier_digest": self.dossier, "signed_at": self.at,
        })
    }
}

/// A signature as it is kept; only those that were not voided count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub person: PersonId,
    pub chair: Chair,
}
