//! Adapters: one file for each kind of place a model is deployed to, behind one trait.
//!
//! Every HTTP client here uses rustls with the process's provider: `main` (and each test) installs ring's first.
mod artifact;
mod failure;
mod local;
mod order;
mod steps;
mod webhook;

pub use artifact::digest;
pub use failure::TargetError;
pub use local::{Fronts, LocalConfig};
pub use order::{Artifact, Health, Kind, Order, Running};
pub use steps::{State, Step, Steps};
pub use webhook::{Secret, WebhookConfig};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A place that models are deployed to. It acts and reports; who may deploy what was decided before it is asked.
#[async_trait]
pub trait Target: Send + Sync {
    /// The word for this kind of target in configuration, events and pages.
    fn kind(&self) -> &'static str;

    /// Puts the ordered version in the place of the previous one, which keeps serving until the new one is healthy,
    /// and for good if anything fails before.
    async fn deploy(&self, order: &Order, steps: &dyn Steps) -> Result<Running, TargetError>;

    /// Takes up again what an earlier process of the portal deployed. The answer replaces the `Running` that was
    /// stored, for what had died was started afresh.
    async fn resume(&self, running: &Running, steps: &dyn Steps) -> Result<Running, TargetError>;

    /// Ends what runs. Stopping what has already stopped is no error.
    async fn stop(&self, running: &Running) -> Result<(), TargetError>;

    /// Looks how it is now.
    async fn health(&self, running: &Running) -> Health;
}

/// How an environment's target is set up: stored with the environment, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TargetConfig {
    Local(LocalConfig),
    Webhook(WebhookConfig),
}

/// What the portal's own machine lends to targets. One for the whole process: the fronts in it hold the addresses
/// that callers know. No environment's settings can name a program to run, so no administrator's page can.
#[derive(Clone)]
pub struct Host {
    /// The `mlserver` program, inside its virtual environment.
    pub mlserver: PathBuf,
    /// Where deployments are laid out; only the portal writes there.
    pub work_dir: PathBuf,
    pub fronts: Fronts,
}

/// The target that an environment's settings describe. `secrets` sign webhooks; give the old one too while it is
/// being rotated. Fails with a sentence for whoever filled in the settings.
pub fn connect(
    config: &TargetConfig,
    secrets: &[Secret],
    host: &Host,
) -> Result<Box<dyn Target>, TargetError> {
    Ok(match config {
        TargetConfig::Local(config) => Box::new(local::Local::new(config, host)?),
        TargetConfig::Webhook(config) => Box::new(webhook::Webhook::new(config, secrets)?),
    })
}
