//! One execution on a target, under a permit.
use crate::{
    actor::{Engineer, Operator},
    audit::{Entry, Subject, SubjectKind, event},
    environment::EnvironmentName,
    id::{DeploymentId, PersonId, ReleaseId},
    refusal::{Refusal, needed_remark},
    release::{Release, State as ReleaseState},
    written::day,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How long a permit holds: long enough to start, too short to keep.
pub const PERMIT_LIFETIME: TimeDelta = TimeDelta::minutes(15);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Deploy,
    Rollback,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Rollback => "rollback",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        if text == "rollback" {
            Self::Rollback
        } else {
            Self::Deploy
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Queued,
    Running,
    Live,
    Failed,
    Replaced,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Live => "live",
            Self::Failed => "failed",
            Self::Replaced => "replaced",
        }
    }

    pub fn from_stored(text: &str) -> Self {
        match text {
            "running" => Self::Running,
            "live" => Self::Live,
            "failed" => Self::Failed,
            "replaced" => Self::Replaced,
            _ => Self::Queued,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Queued => "Waiting to start",
            Self::Running => "At work",
            Self::Live => "Live",
            Self::Failed => "Failed",
            Self::Replaced => "Replaced",
        }
    }

    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// What runs at the place now, and whether something is at work there.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub at_work: bool,
    pub live: Option<Live>,
}

/// The version that runs at a place.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    pub number: i32,
    /// Whether it answered when it was last asked. What doesn't may be put in place again.
    pub answers: bool,
}

impl Place {
    fn is_free_for(&self, release: &Release) -> Result<(), Refusal> {
        if self.at_work {
            return Err(Refusal::DeploymentAtWork(release.environment.to_string()));
        }
        match self.live {
            Some(live) if live.answers && live.number == release.number => {
                Err(Refusal::RunsAlready(live.number))
            }
            _ => Ok(()),
        }
    }
}

fn may_run(release: &Release, now: DateTime<Utc>) -> Result<(), Refusal> {
    match (release.state, release.approved_until) {
        (ReleaseState::Approved, Some(until)) if until > now => Ok(()),
        (ReleaseState::Approved, Some(until)) => Err(Refusal::ApprovalLapsed(day(until.date_naive()))),
        _ => Err(Refusal::NotApproved),
    }
}

impl Engineer<'_> {
    /// Orders an approved release into its environment.
    pub fn deploy(
        &self,
        id: DeploymentId,
        release: Release,
        place: &Place,
        now: DateTime<Utc>,
    ) -> Result<Ordered, Refusal> {
        may_run(&release, now)?;
        if let Some(title) = release.expired_evidence(now.date_naive()) {
            return Err(Refusal::EvidenceExpired(title.to_owned()));
        }
        place.is_free_for(&release)?;
        Ok(Ordered {
            id,
            kind: Kind::Deploy,
            reason: String::new(),
            by: self.id(),
            permit_until: now + PERMIT_LIFETIME,
            release,
        })
    }
}

impl Operator<'_> {
    /// Orders the previous approved version back: no new review, a full record, and someone looks at it later.
    pub fn roll_back(
        &self,
        asked: Rollback<'_>,
        previous: Option<Release>,
        place: &Place,
        now: DateTime<Utc>,
    ) -> Result<Ordered, Refusal> {
        let environment = || asked.environment.to_string();
        let release = previous.ok_or_else(|| Refusal::NothingToRollBackTo(environment()))?;
        if release.number != asked.to {
            return Err(Refusal::WayBackChanged(environment()));
        }
        let why = "Say what went wrong: whoever looks at it later needs to know.";
        let reason = needed_remark("reason", asked.reason, why)?;
        may_run(&release, now)?;
        place.is_free_for(&release)?;
        Ok(Ordered {
            id: asked.id,
            kind: Kind::Rollback,
            reason,
            by: self.id(),
            permit_until: now + PERMIT_LIFETIME,
            release,
        })
    }
}

/// What someone who rolls back asks for: the version that the page named, and why.
#[derive(Clone, Copy, Debug)]
pub struct Rollback<'a> {
    pub id: DeploymentId,
    pub environment: &'a EnvironmentName,
    pub to: i32,
    pub reason: &'a str,
}

/// A deployment was ordered. The permit is made from it, and from nothing else.
#[derive(Debug)]
pub struct Ordered {
    id: DeploymentId,
    kind: Kind,
    release: Release,
    reason: String,
    by: PersonId,
    permit_until: DateTime<Utc>,
}

impl Ordered {
    pub fn id(&self) -> DeploymentId {
        self.id
    }
    pub fn kind(&self) -> Kind {
        self.kind
    }
    pub fn release(&self) -> &Release {
        &self.release
    }
    pub fn reason(&self) -> &str {
        &self.reason
    }
    pub fn by(&self) -> PersonId {
        self.by
    }
    pub fn permit_until(&self) -> DateTime<Utc> {
        self.permit_until
    }
}

event!(Ordered, |e| Entry::new(
    if e.kind == Kind::Rollback {
        "deployment.rollback_ordered"
    } else {
        "deployment.ordered"
    },
    Subject::new(SubjectKind::Deployment, e.id),
    match e.kind {
        Kind::Deploy => format!(
            "deployed {}, under permit until {}",
            e.release.what(),
            e.permit_until.format("%H:%M UTC")
        ),
        Kind::Rollback => format!(
            "rolled {} back to {} {}",
            e.release.environment, e.release.model, e.release.number
        ),
    },
)
.of_model(&e.release.model)
.of_release(e.release.id)
.after(json!({
    "version_digest": e.release.dossier.version_digest, "dossier_digest": e.release.dossier_digest,
    "permit_until": e.permit_until, "reason": e.reason,
})));

/// What came of a deployment, told by the worker that carried it out.
#[derive(Debug)]
pub struct Finished {
    pub id: DeploymentId,
    pub release: ReleaseId,
    pub model: crate::model::ModelName,
    /// "credit-risk 14 for production".
    pub what: String,
    pub outcome: Result<String, String>,
}

event!(Finished, |e| {
    let (action, sentence, state) = match &e.outcome {
        Ok(endpoint) => (
            "deployment.live",
            format!("saw {} answer at {endpoint}", e.what),
            State::Live,
        ),
        Err(why) => (
            "deployment.failed",
            format!("could not deploy {}: {why}", e.what),
            State::Failed,
        ),
    };
    Entry::new(action, Subject::new(SubjectKind::Deployment, e.id), sentence)
        .of_model(&e.model)
        .of_release(e.release)
        .after(json!({ "state": state }))
});

/// A manager looked at a rollback after the fact.
#[derive(Debug)]
pub struct RollbackSeen {
    pub id: DeploymentId,
    pub release: ReleaseId,
    pub model: crate::model::ModelName,
    pub what: String,
}

event!(RollbackSeen, |e| Entry::new(
    "deployment.rollback_seen",
    Subject::new(SubjectKind::Deployment, e.id),
    format!("looked at the rollback to {}", e.what),
)
.of_model(&e.model)
.of_release(e.release));
