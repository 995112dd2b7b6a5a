//! What the doors share: the portal, its limits, and what takes turns.
use crate::config::Config;
use backend::Portal;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Papers set and workbooks written at once: each takes a core for a while, and can't be called off.
const PRESSES: usize = 1;
/// Live streams at once.
const STREAMS: usize = 512;

/// Shared by all requests; cloning it is cheap.
#[derive(Clone)]
pub struct Served(Arc<Inner>);

struct Inner {
    portal: Portal,
    limits: Limits,
    numbers: PrometheusHandle,
    press: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
}

/// What the configuration says to the doors.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The largest file taken, in bytes.
    pub upload: u64,
    pub trusted_proxy_hops: usize,
    pub secure_cookies: bool,
    /// How browsers reach the portal.
    pub public_url: String,
}

impl From<&Config> for Limits {
    fn from(config: &Config) -> Self {
        Self {
            upload: config.upload_limit(),
            trusted_proxy_hops: config.trusted_proxy_hops,
            secure_cookies: config.secure_cookies(),
            public_url: config.public_url(),
        }
    }
}

impl Served {
    pub fn new(portal: Portal, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            portal,
            limits,
            numbers: crate::numbers::handle(),
            press: Arc::new(Semaphore::new(PRESSES)),
            streams: Arc::new(Semaphore::new(STREAMS)),
            stopping: watch::Sender::new(false),
        }))
    }

    pub fn portal(&self) -> &Portal {
        &self.0.portal
    }

    /// The largest file taken, in bytes.
    pub fn upload_limit(&self) -> u64 {
        self.0.limits.upload
    }

    pub fn trusted_proxy_hops(&self) -> usize {
        self.0.limits.trusted_proxy_hops
    }

    pub fn is_secure(&self) -> bool {
        self.0.limits.secure_cookies
    }

    pub fn public_url(&self) -> &str {
        &self.0.limits.public_url
    }

    pub(crate) fn numbers(&self) -> &PrometheusHandle {
        &self.0.numbers
    }

    pub(crate) fn press(&self) -> Arc<Semaphore> {
        self.0.press.clone()
    }

    pub(crate) fn streams(&self) -> Arc<Semaphore> {
        self.0.streams.clone()
    }

    /// Ends what would hold up a stop: live streams.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }
}
