//! Something wrong that a reviewer found, with who has to put it right by when.
use crate::{
    audit::{Entry, Subject, SubjectKind, event},
    id::{FindingId, PersonId, ReleaseId, ReviewId},
    model::ModelName,
    refusal::{Invalid, Refusal, needed_remark},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Minor,
    Major,
    Critical,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Minor, Self::Major, Self::Critical];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

impl FromStr for Severity {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|severity| severity.as_str() == text);
        known.ok_or_else(|| Invalid::new("severity", "Choose minor, major or critical."))
    }
}

/// What a reviewer writes down. A major or critical finding stops the countersignature until it is closed.
#[derive(Clone, Debug)]
pub struct Observation {
    pub severity: Severity,
    pub text: String,
    pub due_on: Option<NaiveDate>,
}

impl Observation {
    pub fn new(severity: &str, text: &str, due_on: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > 4_000 {
            return Err(Invalid::new(
                "text",
                "Say what is wrong and what would put it right, in at most 4 000 characters.",
            ));
        }
        let due_on = match due_on.trim() {
            "" => None,
            date => Some(
                date.parse()
                    .map_err(|_| Invalid::new("due_on", "Give the date as 2027-03-31, or leave it empty."))?,
            ),
        };
        Ok(Self {
            severity: severity.parse()?,
            text: text.to_owned(),
            due_on,
        })
    }
}

/// A finding as it is kept.
#[derive(Clone, Debug)]
pub struct Finding {
    pub id: FindingId,
    pub release: ReleaseId,
    pub review: ReviewId,
    pub model: ModelName,
    pub severity: Severity,
    pub text: String,
    pub raised_by: PersonId,
    pub closed: bool,
}

impl Finding {
    /// Whether the countersignature waits for it.
    pub fn blocks(&self) -> bool {
        !self.closed && self.severity > Severity::Minor
    }

    /// The one who raised it says that it is put right, and why.
    pub fn close(self, by: PersonId, closing: &str) -> Result<Closed, Refusal> {
        if self.closed {
            return Err(Refusal::FindingClosed);
        }
        let field = format!("closing[f{}]", self.id);
        let closing = needed_remark(&field, closing, "Say why the finding can be closed.")?;
        Ok(Closed {
            by,
            closing,
            finding: self,
        })
    }
}

/// A finding was raised. Made by [`crate::review::InReviewersHands::raise`] only.
#[derive(Debug)]
pub struct Raised {
    pub(crate) id: FindingId,
    pub(crate) release: ReleaseId,
    pub(crate) review: ReviewId,
    pub(crate) model: ModelName,
    pub(crate) what: String,
    pub(crate) by: PersonId,
    pub(crate) observation: Observation,
}

impl Raised {
    pub fn id(&self) -> FindingId {
        self.id
    }
    pub fn release(&self) -> ReleaseId {
        self.release
    }
    pub fn review(&self) -> ReviewId {
        self.review
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
    pub fn observation(&self) -> &Observation {
        &self.observation
    }
}

event!(Raised, |e| Entry::new(
    "finding.raised",
    Subject::new(SubjectKind::Finding, e.id),
    format!(
        "raised a {} finding on {}",
        e.observation.severity.as_str(),
        e.what
    ),
)
.of_model(&e.model)
.of_release(e.release)
.after(
    json!({ "severity": e.observation.severity, "text": e.observation.text, "due_on": e.observation.due_on })
));

#[derive(Debug)]
pub struct Closed {
    finding: Finding,
    by: PersonId,
    closing: String,
}

impl Closed {
    pub fn finding(&self) -> &Finding {
        &self.finding
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
    pub fn closing(&self) -> &str {
        &self.closing
    }
}

event!(Closed, |e| Entry::new(
    "finding.closed",
    Subject::new(SubjectKind::Finding, e.finding.id),
    format!("closed finding {} of release {}", e.finding.id, e.finding.release),
)
.of_model(&e.finding.model)
.of_release(e.finding.release)
.before(json!({ "state": "open", "text": e.finding.text }))
.after(json!({ "state": "closed", "closing": e.closing })));
