//! Why a use case did not happen.
use domain::{Denied, Refusal, refusal::Invalid};
use sqlx::error::DatabaseError;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("there is no such record, or it is not yours to see")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Several fields at once, such as those of a manifest.
    #[error("{}", .0.iter().map(|wrong| wrong.message.as_str()).collect::<Vec<_>>().join(" "))]
    Invalid(Vec<Invalid>),
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    #[error("the file store failed")]
    Files(#[from] std::io::Error),
    /// The log has changed its key, and this portal was not told.
    #[error("the log is signed with {0} now; start this portal anew with that key")]
    Superseded(String),
    #[error("what is stored can't be read back: {0}")]
    Stored(String),
}

/// What Postgres says of two transactions that waited for each other, and gave up one of them.
const AT_ONCE: [&str; 2] = ["40P01", "40001"];
/// What Postgres says of a text with a NUL in it, plain or inside JSON: the one character that it can't keep.
const NUL_IN_TEXT: [&str; 2] = ["22021", "22P05"];

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(DatabaseError::code);
        if code.as_deref().is_some_and(|code| NUL_IN_TEXT.contains(&code)) {
            let message = "A text holds a character that can't be kept (NUL); take it out and send it again.";
            return Invalid::new("", message).into();
        }
        if code.as_deref().is_some_and(|code| AT_ONCE.contains(&code)) {
            return Refusal::AtOnce.into();
        }
        Self::Database(error)
    }
}

impl Failure {
    /// The reason, if this is a refused attempt that belongs in the record: slips of the pen don't, nor what broke.
    pub fn for_the_record(&self) -> Option<String> {
        match self {
            Self::Denied(denied) => Some(denied.to_string()),
            Self::Refused(Refusal::Invalid(_) | Refusal::Predictions(_)) => None,
            Self::Refused(refusal) => Some(refusal.to_string()),
            _ => None,
        }
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Refused(invalid.into())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Stored(error.to_string())
    }
}

impl From<ledger::canonical::Error> for Failure {
    fn from(error: ledger::canonical::Error) -> Self {
        Self::Stored(error.to_string())
    }
}

/// Turns the breach of a named constraint into the reason that a person can act on.
pub(crate) trait OnConstraint<T> {
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Failure>;
}

impl<T> OnConstraint<T> for sqlx::Result<T> {
    fn on_constraint(self, name: &str, refusal: impl FnOnce() -> Refusal) -> Result<T, Failure> {
        self.map_err(
            |error| match error.as_database_error().and_then(|cause| cause.constraint()) {
                Some(breached) if breached == name => refusal().into(),
                _ => error.into(),
            },
        )
    }
}
