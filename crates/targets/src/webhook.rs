//! Somebody else's system as a target: asked by a signed webhook, watched at the address it answers with.
//!
//! The contract, whole: the portal POSTs `{"type":"deployment.requested","deployment","model","version",
//! "environment","kind","version_digest","artifact":{"uri","sha256"},"framework","permit"}`, signed by Standard
//! Webhooks; `webhook-id` is the same for every try. A 2xx means accepted; 5xx, silence and broken connections are
//! tried again with growing pauses; anything else is a final no. The answer may be
//! `{"state":"running"|"done"|"failed","status_url","endpoint","message"}`; with a `status_url` (same origin) the
//! portal GETs that, signed over an empty body, until it answers `done` or `failed` in the same form.
//! `{"type":"deployment.stop_requested","deployment","model","version","environment"}` asks to end it.
mod guard;
mod message;

pub use message::Secret;

use crate::{Health, Order, Running, Steps, Target, TargetError};
use async_trait::async_trait;
use guard::{Guard, Refused};
use message::{Answer, Message, Progress, Subject};
use reqwest::{Client, Method, StatusCode, Url, redirect};
use serde::{Deserialize, Serialize};
use std::{error::Error, time::Duration};
use tokio::time::{Instant, sleep};

/// How long a receiver may take to answer, and how much of its answer is read and shown.
const TIMEOUT: Duration = Duration::from_secs(10);
const BODY: usize = 64 * 1024;
const EXCERPT: usize = 300;
/// The longest pause between two tries.
const PAUSE: Duration = Duration::from_mins(1);

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

/// How a single call ended.
enum Call {
    Answered(Answer),
    /// No, and why.
    Final(String),
    /// Nothing yet, and why.
    Again(String),
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

    /// Calls until there is an answer or a final no.
    async fn send(
        &self,
        id: &str,
        message: &Message<'_>,
        steps: Option<(&dyn Steps, &str)>,
    ) -> Result<Answer, TargetError> {
        let body = serde_json::to_vec(message)
            .map_err(|error| TargetError::Unsuitable(format!("The call can't be written down: {error}.")))?;
        let mut pause = Duration::from_millis(self.config.pause_ms);
        let mut attempt = 1;
        loop {
            let call = self
                .call(Method::POST, self.url.clone(), id, body.clone())
                .await?;
            let said = match &call {
                Call::Answered(answer) => answer.message.as_deref().unwrap_or("accepted"),
                Call::Final(why) | Call::Again(why) => why,
            };
            if let Some((steps, step)) = steps {
                steps.log(
                    step,
                    &format!("Attempt {attempt} of {}: {said}", self.config.attempts),
                );
            }
            match call {
                Call::Answered(answer) => return Ok(answer),
                Call::Final(why) => {
                    return Err(TargetError::Receiver(format!("The receiver refused: {why}.")));
                }
                Call::Again(why) if attempt >= self.config.attempts => {
                    return Err(TargetError::Receiver(format!(
                        "The receiver didn't accept in {attempt} attempts: {why}."
                    )));
                }
                Call::Again(_) => {}
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
            attempt += 1;
        }
    }

    /// Asks at the status address until it is done.
    async fn watch(
        &self,
        subject: &Subject,
        status: &Url,
        steps: &dyn Steps,
        step: &str,
    ) -> Result<Answer, TargetError> {
        let until = Instant::now() + Duration::from_secs(self.config.patience);
        let mut before = None;
        loop {
            let call = self.ask(subject, status).await?;
            let said = match &call {
                Call::Answered(answer) => answer.message.clone(),
                Call::Final(why) | Call::Again(why) => Some(why.clone()),
            };
            if said != before {
                steps.log(step, said.as_deref().unwrap_or_default());
                before = said;
            }
            match call {
                Call::Answered(answer) => match answer.state {
                    Some(Progress::Done) => return Ok(answer),
                    Some(Progress::Failed) => return Err(failed(&answer)),
                    Some(Progress::Running) | None => {}
                },
                Call::Final(why) => {
                    return Err(TargetError::Receiver(format!(
                        "The receiver lost the deployment: {why}."
                    )));
                }
                Call::Again(_) => {}
            }
            if Instant::now() > until {
                return Err(TargetError::Receiver(format!(
                    "The receiver hadn't finished after {} s; what it does from here on is not known.",
                    self.config.patience,
                )));
            }
            sleep(Duration::from_millis(self.config.poll_ms)).await;
        }
    }

    async fn ask(&self, subject: &Subject, status: &Url) -> Result<Call, TargetError> {
        self.call(Method::GET, status.clone(), &id(subject, "status"), Vec::new())
            .await
    }

    async fn call(&self, method: Method, url: Url, id: &str, body: Vec<u8>) -> Result<Call, TargetError> {
        let mut request = self.http.request(method, url);
        for (name, value) in message::headers(&self.signers, id, &body)? {
            request = request.header(name, value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body);
        }
        let mut answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Ok(unanswered(&error)),
        };

        let (status, mut body) = (answer.status(), Vec::new());
        while body.len() < BODY {
            match answer.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(BODY - body.len())]),
                Ok(None) => break,
                Err(error) => return Ok(unanswered(&error)),
            }
        }

        if status.is_success() {
            return Ok(match Answer::read(&body) {
                Ok(answer) => Call::Answered(answer),
                Err(error) => Call::Final(format!("it answered {status} with what can't be read: {error}")),
            });
        }
        let excerpt: String = String::from_utf8_lossy(&body)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let excerpt: String = excerpt.chars().take(EXCERPT).collect();
        let said = if excerpt.is_empty() {
            format!("it answered {status}")
        } else {
            format!("it answered {status}: {excerpt}")
        };
        let busy = matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        );
        Ok(if status.is_server_error() || busy {
            Call::Again(said)
        } else {
            Call::Final(said)
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

/// The same for every try, so that a receiver acts once.
fn id(subject: &Subject, what: &str) -> String {
    format!("deployment_{}_{what}", subject.deployment)
}

fn failed(answer: &Answer) -> TargetError {
    let why: String = answer
        .message
        .as_deref()
        .unwrap_or("it gave no reason")
        .chars()
        .take(EXCERPT)
        .collect();
    TargetError::Receiver(format!(
        "The receiver reports that the deployment failed: {}.",
        why.trim_end_matches('.')
    ))
}

/// A refusal of the guard will be one next time too; everything else may pass.
fn unanswered(error: &reqwest::Error) -> Call {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut deepest = String::new();
    while let Some(this) = cause {
        if let Some(refused) = this.downcast_ref::<Refused>() {
            return Call::Final(refused.to_string().trim_end_matches('.').to_owned());
        }
        deepest = this.to_string();
        cause = this.source();
    }
    if error.is_timeout() {
        return Call::Again(format!("it didn't answer within {} s", TIMEOUT.as_secs()));
    }
    Call::Again(format!("the connection failed ({deepest})"))
}
