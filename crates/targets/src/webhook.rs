//! Somebody else's system as a target: asked by a signed webhook, watched at the address it answers with.
//!
//! The contract, whole: the portal POSTs `{"type":"deployment.requested","deployment","model","version",
//! "environment","kind","version_digest","artifact":{"uri","sha256"},"framework","permit"}`, signed by Standard
//! Webhooks; `webhook-id` is the same for every try. A 2xx means accepted; 5xx, silence and broken connections are
//! tried again with growing pauses; anything else is a final no. The answer may be
//! `{"state":"running"|"done"|"failed","status_url","endpoint","message"}`; with a `status_url` (same origin) the
//! portal GETs that, signed over an empty body, until it answers `done` or `failed` in the same form.
//! `{"type":"deployment.stop_requested","deployment","model","version","environment"}` asks to end it.
mod call;
mod guard;
mod message;

pub use message::Secret;

use crate::{Health, Order, Running, Steps, Target, TargetError};
use async_trait::async_trait;
use call::{Call, TIMEOUT, failed, id};
use guard::Guard;
use message::{Answer, Message, Progress, Subject};
use reqwest::{Client, Url, redirect};
use serde::{Deserialize, Serialize};

/// How an environment behind a webhook is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    pub url: String,
    /// Whether the receiver may be in the organisation's own network: loopback and private addresses, http, any port.
    #[serde(default)]
    pub allow_private: bool,
    /// Tries of one call, 1 to 10.
    #[serde(default = "attempts")]
    pub attempts: u32,
    /// The pause before the second try, in milliseconds; it doubles from try to try, up to a minute.
    #[serde(default = "pause_ms")]
    pub pause_ms: u64,
    /// How often to ask at the `status_url`, in milliseconds.
    #[serde(default = "poll_ms")]
    pub poll_ms: u64,
    /// How long a deployment may take, in seconds.
    #[serde(default = "patience")]
    pub patience: u64,
}

fn attempts() -> u32 {
    5
}
fn pause_ms() -> u64 {
    1_000
}
fn poll_ms() -> u64 {
    2_000
}
fn patience() -> u64 {
    1_800
}

pub(crate) struct Webhook {
    config: WebhookConfig,
    url: Url,
    guard: Guard,
    http: Client,
    signers: Vec<standardwebhooks::Webhook>,
}

/// What the portal stores of a deployment.
#[derive(Serialize, Deserialize)]
struct Handle {
    #[serde(flatten)]
    subject: Subject,
    status_url: Option<String>,
}

impl Webhook {
    pub(crate) fn new(config: &WebhookConfig, secrets: &[Secret]) -> Result<Self, TargetError> {
        let unsuitable = TargetError::Unsuitable;
        let guard = Guard {
            allow_private: config.allow_private,
        };
        let url = guard
            .check(&config.url)
            .map_err(|refused| unsuitable(refused.to_string()))?;
        if !(1..=10).contains(&config.attempts) {
            return Err(unsuitable(format!(
                "A call is tried 1 to 10 times, not {}.",
                config.attempts
            )));
        }
        if secrets.is_empty() {
            let why = "The receiver needs a secret to know the portal by; give this environment one.";
            return Err(unsuitable(why.to_owned()));
        }
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .dns_resolver(guard)
            .timeout(TIMEOUT)
            .user_agent("countersign")
            .build()
            .map_err(|error| unsuitable(format!("No HTTP client can be made: {error}.")))?;
        let signers = secrets.iter().map(Secret::signer).collect::<Result<_, _>>()?;
        Ok(Self {
            config: config.clone(),
            url,
            guard,
            http,
            signers,
        })
    }

    /// The status address, if it is the receiver's own.
    fn status_url(&self, answer: &Answer) -> Result<Option<Url>, TargetError> {
        let Some(status) = &answer.status_url else {
            return Ok(None);
        };
        let joined = self
            .url
            .join(status)
            .ok()
            .filter(|joined| joined.origin() == self.url.origin());
        match joined.map(|joined| self.guard.check(joined.as_str())) {
            Some(Ok(url)) => Ok(Some(url)),
            _ => Err(TargetError::Receiver(
                "The receiver accepted, but its status_url isn't an address of its own.".to_owned(),
            )),
        }
    }

    fn endpoint(&self, answers: [&Answer; 2]) -> String {
        let named = answers
            .into_iter()
            .find_map(|answer| Url::parse(answer.endpoint.as_deref()?).ok());
        named
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.as_str().len() <= 2_048)
            .map_or_else(|| self.url.to_string(), String::from)
    }
}

#[async_trait]
impl Target for Webhook {
    fn kind(&self) -> &'static str {
        "webhook"
    }

    async fn deploy(&self, order: &Order, steps: &dyn Steps) -> Result<Running, TargetError> {
        let subject = Subject::of(order);
        let message = Message::requested(order, &subject)?;
        let step = "Call the receiver";
        let call = async {
            let answer = self
                .send(&id(&subject, "requested"), &message, Some((steps, step)))
                .await?;
            let status = self.status_url(&answer)?;
            match (answer.state, &status) {
                (Some(Progress::Failed), _) => Err(failed(&answer)),
                (Some(Progress::Running), None) => Err(TargetError::Receiver(
                    "The receiver says that it is still at work, but not where to ask.".to_owned(),
                )),
                _ => Ok((answer, status)),
            }
        };
        let (accepted, status) = steps.during(step, call).await?;

        let finished = match &status {
            Some(url) if accepted.state != Some(Progress::Done) => {
                let step = "Wait for the receiver";
                steps.during(step, self.watch(&subject, url, steps, step)).await?
            }
            _ => Answer::default(),
        };
        let handle = Handle {
            subject,
            status_url: status.map(String::from),
        };
        Running::new(self.endpoint([&finished, &accepted]), &handle)
    }

    /// Nothing of it is on this machine.
    async fn resume(&self, running: &Running, _steps: &dyn Steps) -> Result<Running, TargetError> {
        Ok(running.clone())
    }

    async fn stop(&self, running: &Running) -> Result<(), TargetError> {
        let handle: Handle = running.read()?;
        let message = Message::StopRequested(&handle.subject);
        self.send(&id(&handle.subject, "stop"), &message, None)
            .await
            .map(|_| ())
    }

    async fn health(&self, running: &Running) -> Health {
        let handle: Handle = match running.read() {
            Ok(handle) => handle,
            Err(error) => return Health::Unknown(error.to_string()),
        };
        let status = handle.status_url.and_then(|url| self.guard.check(&url).ok());
        let Some(status) = status.filter(|url| url.origin() == self.url.origin()) else {
            return Health::Unknown("The receiver gave no address to ask at.".to_owned());
        };
        match self.ask(&handle.subject, &status).await {
            Ok(Call::Answered(answer)) => match answer.state {
                Some(Progress::Done) => Health::Healthy,
                Some(Progress::Failed) => Health::Failing(failed(&answer).to_string()),
                Some(Progress::Running) | None => {
                    Health::Unknown("The receiver is still at work.".to_owned())
                }
            },
            Ok(Call::Final(why) | Call::Again(why)) => {
                Health::Unknown(format!("The receiver can't say: {why}."))
            }
            Err(error) => Health::Unknown(error.to_string()),
        }
    }
}
