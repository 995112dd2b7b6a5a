//! An evaluation on its way: a file of predictions that waits, is being computed, or came to nothing.
use crate::{
    Refusal,
    actor::Engineer,
    audit::{Entry, Subject, SubjectKind, event},
    id::{JobId, PersonId, VersionId},
    model::ModelName,
    refusal::Invalid,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many files of one person may wait or be computed at a time.
pub const MOST_WAITING: i64 = 20;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Queued,
    Running,
    /// There is a report.
    Done,
    /// The file, or what was said of it, can't be used.
    Failed,
    Cancelled,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// What the database holds, which knows no other states; anything else counts as failed.
    pub fn from_stored(text: &str) -> Self {
        match text {
            "queued" => Self::Queued,
            "running" => Self::Running,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            _ => Self::Failed,
        }
    }

    /// Whether nothing more happens.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// What is to be computed, as the record names it.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub version: VersionId,
    pub model: ModelName,
    pub number: i32,
    pub file_name: String,
    /// SHA-256 of the file, as 64 hexadecimal digits.
    pub file_digest: String,
}

impl Engineer<'_> {
    /// Calls a job off, which any engineer may.
    pub fn cancel(&self, job: Job, state: State) -> Result<Cancelled, Refusal> {
        if state.is_over() {
            return Err(Refusal::JobOver(job.id));
        }
        Ok(Cancelled { job })
    }
}

impl Job {
    /// What came of a job whose file can't be used; `asked_by` sent it.
    pub fn failed(self, asked_by: PersonId, why: Invalid) -> Failed {
        Failed {
            job: self,
            asked_by,
            why,
        }
    }

    fn entry(&self, action: &'static str, sentence: String) -> Entry {
        let subject = Subject::new(SubjectKind::Version, format!("{}/{}", self.model, self.number));
        Entry::new(action, subject, sentence).of_model(&self.model)
    }
}

/// A job was called off before there was a report.
#[derive(Debug)]
pub struct Cancelled {
    job: Job,
}

impl Cancelled {
    pub fn job(&self) -> &Job {
        &self.job
    }
}

event!(Cancelled, |e| {
    let Job {
        model,
        number,
        file_name,
        ..
    } = &e.job;
    let sentence = format!("called off the evaluation of {model} {number} from {file_name}");
    e.job
        .entry("version.evaluation_cancelled", sentence)
        .after(json!({ "job": e.job.id, "file": file_name, "file_digest": e.job.file_digest }))
});

/// From a file nothing could be computed. It is recorded, for what was tried belongs to the story.
#[derive(Debug)]
pub struct Failed {
    job: Job,
    asked_by: PersonId,
    why: Invalid,
}

event!(Failed, |e| {
    let Job {
        model,
        number,
        file_name,
        ..
    } = &e.job;
    let sentence = format!("could not evaluate {model} {number} from {file_name}");
    e.job.entry("version.evaluation_failed", sentence).after(json!({
        "job": e.job.id, "file": file_name, "file_digest": e.job.file_digest, "sent_by": e.asked_by,
        "reason": e.why.message,
    }))
});
