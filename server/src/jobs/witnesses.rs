//! Asks a witness to cosign the newest checkpoint (C2SP tlog-witness, `add-checkpoint`).
use crate::config::WitnessAt;
use anyhow::{Context, Result, bail};
use backend::{Portal, seal::witnesses};
use ledger::{cosignature::WitnessKey, witness::Request};
use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use std::time::Duration;

/// How long after an answer there may be something new to ask, and how long a witness that failed is left alone.
const SOON: Duration = Duration::from_secs(1);
const LATER: Duration = Duration::from_secs(15);
/// How long an answer may take, and how many bytes it may have: it is a line or two.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: usize = 16 * 1024;

/// One witness, asked for as long as the portal runs.
pub struct Asking {
    portal: Portal,
    key: WitnessKey,
    url: Url,
    http: Client,
}

impl Asking {
    pub fn new(portal: &Portal, witness: &WitnessAt) -> Result<Self> {
        let mut url = witness.url.clone();
        let path = format!("{}/add-checkpoint", url.path().trim_end_matches('/'));
        url.set_path(&path);
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent("countersign")
            .build()?;
        Ok(Self {
            portal: portal.clone(),
            key: witness.key.clone(),
            url,
            http,
        })
    }

    pub async fn run(self) {
        loop {
            let pause = match self.ask().await {
                Ok(()) => SOON,
                Err(error) => {
                    let witness = self.key.name();
                    tracing::warn!(witness, error = format!("{error:#}"), "no cosignature");
                    LATER
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn ask(&self) -> Result<()> {
        let Some(mut request) = witnesses::due(&self.portal, &self.key).await? else {
            return Ok(());
        };
        let mut answer = self.send(&request).await?;
        if let Answer::Seen(size) = answer {
            // It knows more of this log than the portal remembers of it.
            request = witnesses::continuing(&self.portal, size).await?;
            answer = self.send(&request).await?;
        }
        match answer {
            Answer::Cosigned(lines) => {
                Ok(witnesses::accept(&self.portal, &self.key, &request, &lines).await??)
            }
            Answer::Seen(size) => bail!("it saw size {size} last, and is asked elsewhere at the same time"),
        }
    }

    async fn send(&self, request: &Request) -> Result<Answer> {
        let response = self.http.post(self.url.clone()).body(request.to_string());
        let response = response.send().await.context("asking")?;
        let status = response.status();
        let is_size = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "text/x.tlog.size");
        let text = text(response).await?;
        match status {
            StatusCode::OK => Ok(Answer::Cosigned(text)),
            StatusCode::CONFLICT if is_size => Ok(Answer::Seen(text.trim().parse().context(text)?)),
            // Among these: the witness has seen another history of this log.
            status => bail!("it answered {status}: {}", text.trim()),
        }
    }
}

/// What a witness says.
enum Answer {
    /// Lines of a signed note.
    Cosigned(String),
    /// The size that it cosigned last, which the proof has to begin with.
    Seen(u64),
}

async fn text(mut response: Response) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.context("reading the answer")? {
        bytes.extend_from_slice(&chunk);
        anyhow::ensure!(bytes.len() <= LONGEST, "its answer is too long");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
