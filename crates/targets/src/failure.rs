//! What can go wrong at a target, each as a sentence for the person who pressed the button.
use crate::Running;
use std::io;

#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The settings or the order can't be carried out by this kind of target.
    #[error("{0}")]
    Unsuitable(String),

    #[error(
        "The artifact's SHA-256 is {found}, but {expected} was registered: this isn't what was approved, so it wasn't started."
    )]
    WrongArtifact { expected: String, found: String },

    #[error("Another deployment of {model} to {environment} is under way; wait until it has ended.")]
    Busy { model: String, environment: String },

    #[error("{doing} failed: {cause}.")]
    Machine {
        doing: String,
        #[source]
        cause: io::Error,
    },

    /// The server of the new version ended or didn't get ready.
    #[error("{0}")]
    NotReady(String),

    /// The receiver of a webhook said no, or nothing.
    #[error("{0}")]
    Receiver(String),

    /// A failure that left the previous version in place.
    #[error("{cause} The previous version keeps serving at {endpoint}.")]
    Kept {
        #[source]
        cause: Box<TargetError>,
        endpoint: String,
    },
}

impl TargetError {
    /// Says that the previous version keeps serving.
    pub(crate) fn keeping(self, previous: &Running) -> Self {
        Self::Kept {
            cause: Box::new(self),
            endpoint: previous.endpoint.clone(),
        }
    }
}

/// Turns an I/O error into a sentence that says what was being done.
pub(crate) fn doing<T>(what: &str, result: io::Result<T>) -> Result<T, TargetError> {
    result.map_err(|cause| TargetError::Machine {
        doing: what.to_owned(),
        cause,
    })
}
