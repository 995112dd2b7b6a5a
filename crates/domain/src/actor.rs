//! Who is asking, and what they may be.
//!
//! A role is proved once, by turning an [`Actor`] into the capability that has the verbs: [`Engineer`], [`Administrator`].
//! What depends on the record as well (a reviewer's or a manager's chair) is proved against that record.
use crate::id::PersonId;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Engineer,
    Reviewer,
    Manager,
    Auditor,
    Administrator,
}

impl Role {
    pub const ALL: [Self; 5] = [
        Self::Engineer,
        Self::Reviewer,
        Self::Manager,
        Self::Auditor,
        Self::Administrator,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Engineer => "engineer",
            Self::Reviewer => "reviewer",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no role “{0}”")]
pub struct UnknownRole(String);

/// A field of review, such as ethics or compliance. Data, not code: templates and policies name them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Discipline(String);

impl Discipline {
    /// A lower-case word of letters and hyphens, at most 40 characters.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.trim();
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 40
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        plain.then(|| Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For the start of a sentence or a heading.
    pub fn title(&self) -> String {
        let mut letters = self.0.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        })
    }
}

impl fmt::Display for Discipline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Discipline {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Self::new(&name).ok_or_else(|| format!("“{name}” is not the name of a discipline"))
    }
}

impl From<Discipline> for String {
    fn from(discipline: Discipline) -> Self {
        discipline.0
    }
}

/// A person at work, as they were when the request began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: PersonId,
    pub name: String,
    pub roles: Vec<Role>,
    pub disciplines: Vec<Discipline>,
}

/// The actor may not do this, whatever state the record is in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Denied {
    #[error("this takes the role {0}, which you don't hold; an administrator can give it to you")]
    NotA(Role),
    #[error("you don't review for {0}; an administrator sets who does")]
    NotInDiscipline(Discipline),
    #[error("you worked on this model version or asked for its release, so someone else has to decide")]
    OwnWork,
    #[error("you already fill another chair of this release; one person can't fill two")]
    SecondChair,
    #[error("only whoever raised a finding can say that it is put right")]
    NotTheRaiser,
    #[error("you ordered this rollback, so another manager has to look at it")]
    OwnRollback,
    #[error("only whoever made this version or asked for its release can take the request back")]
    NotAnAuthor,
    #[error("your duties changed just now; load the page again to see what is yours to do")]
    DutiesChanged,
    #[error("you recused yourself from this review")]
    Recused,
    #[error("you can't take the role administrator from yourself: someone else has to")]
    OwnAdministration,
}

/// Someone who registers versions, evaluates, asks for releases and deploys.
#[derive(Clone, Copy, Debug)]
pub struct Engineer<'a>(&'a Actor);

/// Someone who looks after people, environments, policies and templates.
#[derive(Clone, Copy, Debug)]
pub struct Administrator<'a>(&'a Actor);

/// Someone who may order a model back: an engineer, or a manager.
#[derive(Clone, Copy, Debug)]
pub struct Operator<'a>(&'a Actor);

impl Actor {
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub fn as_engineer(&self) -> Result<Engineer<'_>, Denied> {
        self.holds(Role::Engineer).map(Engineer)
    }

    pub fn as_administrator(&self) -> Result<Administrator<'_>, Denied> {
        self.holds(Role::Administrator).map(Administrator)
    }

    pub fn as_operator(&self) -> Result<Operator<'_>, Denied> {
        if self.is(Role::Manager) {
            Ok(Operator(self))
        } else {
            self.holds(Role::Engineer).map(Operator)
        }
    }

    /// Initials for a mark beside the name: "Ada Osei" gives "AO".
    pub fn initials(&self) -> String {
        initials(&self.name)
    }

    pub(crate) fn holds(&self, role: Role) -> Result<&Self, Denied> {
        if self.is(role) {
            Ok(self)
        } else {
            Err(Denied::NotA(role))
        }
    }
}

impl Engineer<'_> {
    pub fn id(&self) -> PersonId {
        self.0.id
    }
}

impl Administrator<'_> {
    pub fn id(&self) -> PersonId {
        self.0.id
    }
}

impl Operator<'_> {
    pub fn id(&self) -> PersonId {
        self.0.id
    }
}

/// The first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn actor(roles: &[Role]) -> Actor {
        Actor {
            id: Uuid::from_u128(1).into(),
            name: "Ada Osei".into(),
            roles: roles.to_vec(),
            disciplines: vec![],
        }
    }

    #[test]
    fn a_role_is_a_capability_that_only_its_holder_gets() {
        assert!(actor(&[Role::Engineer]).as_engineer().is_ok());
        assert_eq!(
            actor(&[Role::Auditor]).as_engineer().unwrap_err(),
            Denied::NotA(Role::Engineer)
        );
        assert!(actor(&[Role::Manager]).as_operator().is_ok());
        assert_eq!(
            actor(&[Role::Reviewer]).as_operator().unwrap_err(),
            Denied::NotA(Role::Engineer)
        );
    }

    #[test]
    fn disciplines_are_plain_words() {
        assert_eq!(Discipline::new(" ethics ").unwrap().title(), "Ethics");
        for bad in ["", "Ethics", "a b", "-x", "é"] {
            assert!(Discipline::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn initials_come_from_the_first_and_last_name() {
        assert_eq!(initials("Ada Mary Osei"), "AO");
        assert_eq!(initials("Plato"), "P");
        assert_eq!(initials(""), "");
    }
}
