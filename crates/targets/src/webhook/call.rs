//! Calls to a receiver: tried again until there is an answer, and watched until it is done.
use super::{
    Webhook,
    guard::Refused,
    message::{self, Answer, Message, Progress, Subject},
};
use crate::{Steps, TargetError};
use reqwest::{Method, StatusCode, Url};
use std::{error::Error, time::Duration};
use tokio::time::{Instant, sleep};

/// How long a receiver may take to answer, and how much of its answer is read and shown.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
const BODY: usize = 64 * 1024;
const EXCERPT: usize = 300;
/// The longest pause between two tries.
const PAUSE: Duration = Duration::from_mins(1);

/// How a single call ended.
pub(super) enum Call {
    Answered(Answer),
    /// No, and why.
    Final(String),
    /// Nothing yet, and why.
    Again(String),
}

impl Webhook {
    /// Calls until there is an answer or a final no.
    pub(super) async fn send(
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
    pub(super) async fn watch(
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

    pub(super) async fn ask(&self, subject: &Subject, status: &Url) -> Result<Call, TargetError> {
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
}

/// The same for every try, so that a receiver acts once.
pub(super) fn id(subject: &Subject, what: &str) -> String {
    format!("deployment_{}_{what}", subject.deployment)
}

pub(super) fn failed(answer: &Answer) -> TargetError {
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
