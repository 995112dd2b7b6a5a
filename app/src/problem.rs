//! The one error that crosses the wire: what happened, in words for the person who reads it.
use domain::{
    actor::Denied,
    refusal::{Invalid, Refusal},
};
use leptos::{prelude::*, server_fn::codec::JsonEncoding};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    #[error("please sign in")]
    SignedOut,
    #[error("there is no such record, or it is not yours to see")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{}", .0.iter().map(|wrong| wrong.message.as_str()).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<Invalid>),
    #[error("something broke on our side; nothing was changed. Try again, and quote {0} if it goes on")]
    Broken(String),
    #[error("the request can't be read, so nothing was done: {0}")]
    Unreadable(String),
    #[error("{0}")]
    Transport(String),
}

impl Problem {
    /// What is wrong with a field, if this is about it.
    pub fn of(&self, field: &str) -> Option<String> {
        let about = |wrong: &Invalid| (wrong.field == field).then(|| wrong.message.clone());
        match self {
            Self::Refused(Refusal::Invalid(wrong)) => about(wrong),
            Self::Invalid(wrong) => wrong.iter().find_map(about),
            _ => None,
        }
    }

    /// The fields that are wrong, for the summary above a form: field and message.
    pub fn fields(&self) -> Vec<(String, String)> {
        let pair = |wrong: &Invalid| (wrong.field.clone(), wrong.message.clone());
        match self {
            Self::Refused(Refusal::Invalid(wrong)) => vec![pair(wrong)],
            Self::Invalid(wrong) => wrong.iter().map(pair).collect(),
            _ => Vec::new(),
        }
    }

    /// The sentence, with a capital letter and a full stop.
    pub fn sentence(&self) -> String {
        sentence(&self.to_string())
    }
}

/// Gives words the form of a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let mut text: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

impl FromServerFnError for Problem {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreadable(error.to_string()),
            _ => Self::Transport(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_finds_its_field() {
        let problem = Problem::Refused(Invalid::new("name", "Too long.").into());
        assert_eq!(problem.of("name").as_deref(), Some("Too long."));
        assert_eq!(problem.of("other"), None);
        assert_eq!(Problem::SignedOut.sentence(), "Please sign in.");
    }
}
