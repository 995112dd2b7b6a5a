//! Where a model runs.
use crate::{
    actor::Administrator,
    audit::{Entry, Subject, SubjectKind, event},
    id::EnvironmentId,
    refusal::Invalid,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{fmt, str::FromStr};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnvironmentName(String);

impl EnvironmentName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvironmentName {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        if crate::model::is_plain_name(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "name",
                "Use lower-case letters, digits and hyphens, such as production.",
            ))
        }
    }
}

impl TryFrom<String> for EnvironmentName {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<EnvironmentName> for String {
    fn from(name: EnvironmentName) -> Self {
        name.0
    }
}

impl fmt::Display for EnvironmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place, and how it is reached. The secret is written, never read back.
#[derive(Debug, Clone)]
pub struct Place {
    pub name: EnvironmentName,
    /// Order of promotion: development 1, staging 2, production 3.
    pub rank: i32,
    /// The target's own configuration, tagged by `kind`; its adapter has checked it.
    pub target: Value,
}

impl Administrator<'_> {
    pub fn add_environment(&self, id: EnvironmentId, place: Place) -> Added {
        Added { id, place }
    }
}

#[derive(Debug)]
pub struct Added {
    id: EnvironmentId,
    place: Place,
}

impl Added {
    pub fn id(&self) -> EnvironmentId {
        self.id
    }
    pub fn place(&self) -> &Place {
        &self.place
    }
}

event!(Added, |e| Entry::new(
    "environment.added",
    Subject::new(SubjectKind::Environment, &e.place.name),
    format!("added the environment {}", e.place.name),
)
.after(json!({ "rank": e.place.rank, "target": e.place.target })));
