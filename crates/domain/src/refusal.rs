//! Reasons why something that was asked for did not happen, each a sentence for the person who asked.
use serde::{Deserialize, Serialize};

/// A field that can't be accepted as it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Invalid {
    /// The field's name, or its path in a manifest such as `datasets[0].digest`.
    pub field: String,
    pub message: String,
}

impl Invalid {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// The longest remark, in characters.
const LONGEST_REMARK: usize = 4_000;

/// What somebody says of what they do, for the record: trimmed, and no longer than 4 000 characters.
pub fn remark(field: impl Into<String>, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.chars().count() > LONGEST_REMARK {
        return Err(Invalid::new(
            field,
            "Keep it below 4 000 characters; more belongs in evidence.",
        ));
    }
    Ok(text.to_owned())
}

/// As [`remark`], where saying nothing is not enough; `why` asks for it.
pub fn needed_remark(field: &str, text: &str, why: &str) -> Result<String, Invalid> {
    match remark(field, text)? {
        empty if empty.is_empty() => Err(Invalid::new(field, why)),
        text => Ok(text),
    }
}

/// The record is not in a state that allows this, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refusal {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("the name “{0}” is taken; choose another")]
    NameTaken(String),
    #[error("this exact manifest is already registered, as version {0}; nothing was added")]
    AlreadyRegistered(i32),
    #[error("someone registered a version at the same moment; nothing was added, so send it again")]
    RacedRegistration,
    #[error("the e-mail address {0} already belongs to someone")]
    EmailTaken(String),
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    #[error("the password is wrong; nothing was signed, and what you wrote is kept")]
    WrongPassword,
    #[error("too many wrong passwords; try again in {0} minutes")]
    TooManyAttempts(i64),
    #[error("a prohibited model can't be released; change its tier only if the assessment behind it changed")]
    Prohibited,
    #[error("this version has no evaluation yet; evaluate it first, so that there is something to judge")]
    NotEvaluated,
    #[error("this version is already under request for {0}, as release {1}")]
    AlreadyRequested(String, crate::id::ReleaseId),
    #[error("this version is approved for {0} already, by release {1}; deploy that one")]
    AlreadyApproved(String, crate::id::ReleaseId),
    #[error("this release is {} already, so nothing more can be decided on it", .0.as_str())]
    Closed(crate::release::State),
    #[error(
        "the dossier changed while you were reading: you were shown {shown}, it is now {current}. Nothing was signed; look at what changed, then decide"
    )]
    DossierChanged { shown: String, current: String },
    #[error("this review was decided already, by {0}")]
    AlreadyDecided(String),
    #[error(
        "{0} kept other answers to this review meanwhile; nothing of yours was kept or signed, and it is still in the form. Where theirs differ, they stand beside yours: keep or sign again to put yours in their place"
    )]
    DraftedMeanwhile(String),
    #[error("answer every question first; {0} are still open")]
    Unanswered(usize),
    #[error("not every rule is met: {0}")]
    RulesUnmet(String),
    #[error("this release isn't approved, so there is nothing to deploy and nothing to attest")]
    NotApproved,
    #[error("the log's witnesses have not seen this yet; try again in a moment")]
    NotWitnessed,
    #[error("the approval lapsed on {0}; ask for a new release")]
    ApprovalLapsed(String),
    #[error("another deployment of this model is at work in {0}; wait until it has finished")]
    DeploymentAtWork(String),
    #[error("version {0} is what runs there already")]
    RunsAlready(i32),
    #[error("there is no earlier approved version to go back to in {0}")]
    NothingToRollBackTo(String),
    #[error(
        "what runs in {0} changed while you were reading, and the way back with it; nothing was rolled back. Load the page again and look where it leads now"
    )]
    WayBackChanged(String),
    #[error("this finding is closed already")]
    FindingClosed,
    #[error("this token was revoked already")]
    TokenRevoked,
    #[error("someone else changed the same at the same moment; nothing was changed, so try again")]
    AtOnce,
    #[error("{0} has looked at this rollback already")]
    SeenAlready(String),
    #[error("this rollback has not come about, so there is nothing to look at")]
    NothingToSee,
    #[error("the evidence that this approval stands on has run out: {0}")]
    EvidenceExpired(String),
    #[error("the predictions file can't be used: {0}")]
    Predictions(Invalid),
    #[error(
        "{0} of your files wait to be evaluated or are being; nothing was added, so send this one when some are done"
    )]
    TooManyWaiting(i64),
    #[error("evaluation job {0} is over already, so there is nothing to call off")]
    JobOver(crate::id::JobId),
}
