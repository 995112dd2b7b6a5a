//! Takes the published checkpoint to a place elsewhere, on schedule: a folder, object storage, or whoever answers a POST.
use crate::config::Config;
use anyhow::{Context, Result};
use backend::{
    Portal,
    seal::anchors::{self, Shelf},
};
use reqwest::{Client, Url, header, redirect};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long after a failure it is tried again, unless the schedule comes first.
const AGAIN: Duration = Duration::from_mins(1);

/// One place, supplied for as long as the portal runs.
pub struct Anchoring {
    portal: Portal,
    address: Url,
    place: Place,
    every: Duration,
}

enum Place {
    Shelf(Shelf),
    Web(Client),
}

impl Anchoring {
    pub fn new(portal: &Portal, config: &Config, address: &Url) -> Result<Self> {
        let place = match address.scheme() {
            "file" => {
                let path = address
                    .to_file_path()
                    .ok()
                    .context("the anchor is no path of this machine")?;
                Place::Shelf(Shelf::folder(&path).with_context(|| format!("opening {}", path.display()))?)
            }
            "http" | "https" => Place::Web(
                Client::builder()
                    .redirect(redirect::Policy::none())
                    .timeout(PATIENCE)
                    .user_agent("countersign")
                    .build()?,
            ),
            _ => Place::Shelf(Shelf::bucket(&config.bucket_at(address.clone()))?),
        };
        Ok(Self {
            portal: portal.clone(),
            address: address.clone(),
            place,
            every: config.anchor_every(),
        })
    }

    pub async fn run(self) {
        loop {
            let pause = match self.anchor().await {
                Ok(()) => self.every,
                Err(error) => {
                    // Not the whole address: it may hold a secret.
                    let place = self.address.host_str().unwrap_or_else(|| self.address.path());
                    tracing::error!(
                        place,
                        error = format!("{error:#}"),
                        "a checkpoint could not be anchored"
                    );
                    self.every.min(AGAIN)
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn anchor(&self) -> Result<()> {
        let Some((size, note)) = anchors::due(&self.portal, self.address.as_str()).await? else {
            return Ok(());
        };
        match &self.place {
            Place::Shelf(shelf) => shelf.add(size, &note).await?,
            Place::Web(http) => post(http, &self.address, note).await?,
        }
        Ok(anchors::taken(&self.portal, self.address.as_str(), size).await?)
    }
}

/// The note is its own proof of where it comes from: it is signed.
async fn post(http: &Client, address: &Url, note: String) -> Result<()> {
    let request = http
        .post(address.clone())
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(note);
    // Not the address, which the error would repeat.
    let answer = request.send().await.map_err(reqwest::Error::without_url)?;
    let status = answer.status();
    anyhow::ensure!(status.is_success(), "the receiver answered {status}");
    Ok(())
}
