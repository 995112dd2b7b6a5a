//! Bearer tokens: how programs act as a person.
use crate::{
    audit::{Entry, Subject, SubjectKind, event},
    id::{PersonId, TokenId},
    refusal::Invalid,
};
use chrono::{DateTime, Utc};
use serde_json::json;

/// The name a person gives a token, so that they know later what uses it.
pub fn check_name(name: &str) -> Result<String, Invalid> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Invalid::new(
            "name",
            "Say what the token is for, in at most 80 characters.",
        ));
    }
    Ok(name.to_owned())
}

#[derive(Debug)]
pub struct Made {
    pub id: TokenId,
    pub person: PersonId,
    pub name: String,
    pub expires_at: DateTime<Utc>,
}
event!(Made, |e| Entry::new(
    "token.made",
    Subject::new(SubjectKind::Token, e.id),
    format!("made the API token “{}”", e.name)
)
.after(json!({ "expires_at": e.expires_at })));

#[derive(Debug)]
pub struct Revoked {
    pub id: TokenId,
    pub person: PersonId,
    pub name: String,
}
event!(Revoked, |e| Entry::new(
    "token.revoked",
    Subject::new(SubjectKind::Token, e.id),
    format!("revoked the API token “{}”", e.name),
));
