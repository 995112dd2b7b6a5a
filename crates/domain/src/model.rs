//! A named line of versions, with an owner, a purpose and a risk tier.
use crate::{
    actor::Engineer,
    audit::{Entry, Subject, SubjectKind, event},
    id::{ModelId, PersonId},
    refusal::{Invalid, Refusal},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How much harm a model can do; decides which policy is in force (EU AI Act, arts. 5, 6 and 50).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Minimal,
    Limited,
    High,
    Prohibited,
}

impl Tier {
    pub const ALL: [Self; 4] = [Self::Minimal, Self::Limited, Self::High, Self::Prohibited];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Limited => "limited",
            Self::High => "high",
            Self::Prohibited => "prohibited",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tier {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|tier| tier.as_str() == text)
            .ok_or_else(|| {
                Invalid::new(
                    "tier",
                    "Choose one of the risk tiers: minimal, limited, high or prohibited.",
                )
            })
    }
}

/// The name that a model is known by everywhere, also in addresses: lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelName(String);

impl ModelName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ModelName {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        if is_plain_name(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new(
                "name",
                "Use 1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit, such as credit-risk.",
            ))
        }
    }
}

/// The shape of names that appear in addresses.
pub(crate) fn is_plain_name(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl TryFrom<String> for ModelName {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<ModelName> for String {
    fn from(name: ModelName) -> Self {
        name.0
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What someone says of a model when they create it. Parsed once, valid from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub name: ModelName,
    pub purpose: String,
    pub tier: Tier,
}

impl Description {
    pub fn new(name: &str, purpose: &str, tier: &str) -> Result<Self, Invalid> {
        let name = name.trim().parse()?;
        let purpose = purpose.trim();
        if purpose.is_empty() {
            return Err(Invalid::new(
                "purpose",
                "Say what the model is for, in a sentence a reviewer can judge.",
            ));
        }
        if purpose.chars().count() > 2_000 {
            return Err(Invalid::new(
                "purpose",
                "Keep the purpose below 2 000 characters; the model card has room for more.",
            ));
        }
        Ok(Self {
            name,
            purpose: purpose.to_owned(),
            tier: tier.parse()?,
        })
    }
}

impl Engineer<'_> {
    /// Opens a new line of versions, owned by the engineer.
    pub fn create_model(&self, id: ModelId, description: Description) -> Created {
        Created {
            id,
            owner: self.id(),
            description,
        }
    }
}

/// A model was created.
#[derive(Debug)]
pub struct Created {
    id: ModelId,
    owner: PersonId,
    description: Description,
}

impl Created {
    pub fn id(&self) -> ModelId {
        self.id
    }
    pub fn owner(&self) -> PersonId {
        self.owner
    }
    pub fn description(&self) -> &Description {
        &self.description
    }
}

event!(Created, |e| Entry::new(
    "model.created",
    Subject::new(SubjectKind::Model, &e.description.name),
    format!(
        "created the {}-risk model {}",
        e.description.tier, e.description.name
    ),
)
.of_model(&e.description.name)
.after(serde_json::json!({
    "purpose": e.description.purpose, "tier": e.description.tier, "owner": e.owner,
})));

/// The database's word that the name is taken.
pub fn name_taken(name: &ModelName) -> Refusal {
    Refusal::NameTaken(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["a", "credit-risk", "x2", "0"] {
            assert!(good.parse::<ModelName>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "A", "a b", "a/b", "é", &"x".repeat(64)] {
            assert!(bad.parse::<ModelName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_description_names_the_field_that_is_wrong() {
        assert_eq!(Description::new("a b", "p", "high").unwrap_err().field, "name");
        assert_eq!(Description::new("a", " ", "high").unwrap_err().field, "purpose");
        assert_eq!(Description::new("a", "p", "huge").unwrap_err().field, "tier");
    }
}
