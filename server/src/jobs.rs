//! What the portal does by itself, beside its requests.
mod anchors;
pub mod witnesses;

use crate::config::Config;
use anyhow::Result;
use backend::Portal;
use std::time::Duration;
use tokio::task::JoinSet;

/// Deployments carried out at a time: one that waits for its target keeps no other waiting.
const WORKERS: usize = 4;
/// How often everything that runs is asked how it is.
const LOOK: Duration = Duration::from_secs(30);
/// How often the whole log is recomputed.
const VERIFY: Duration = Duration::from_hours(1);
/// How often what has run out is removed.
const SWEEP: Duration = Duration::from_mins(10);

/// Starts the jobs. They end when the set is dropped.
pub fn start(portal: &Portal, config: &Config) -> Result<JoinSet<()>> {
    let mut jobs = JoinSet::new();
    jobs.spawn(backend::seal::run(portal.clone()));
    for witness in &config.witnesses {
        jobs.spawn(witnesses::Asking::new(portal, witness)?.run());
    }
    for anchor in &config.anchors {
        jobs.spawn(anchors::Anchoring::new(portal, config, anchor)?.run());
    }
    jobs.spawn(look_after(portal.clone()));
    for _ in 0..WORKERS {
        jobs.spawn(backend::deployment::work(portal.clone()));
    }
    for _ in 0..backend::evaluation::AT_ONCE {
        jobs.spawn(backend::evaluation::work(portal.clone()));
    }
    jobs.spawn(verify(portal.clone()));
    jobs.spawn(sweep(portal.clone()));
    jobs.spawn(count());
    Ok(jobs)
}

/// Beside serving, for each inference server takes seconds to start; then looks after all of them.
async fn look_after(portal: Portal) {
    if let Err(failure) = backend::deployment::resume(&portal).await {
        tracing::error!(?failure, "what should be running could not be taken up again");
    }
    loop {
        tokio::time::sleep(LOOK).await;
        if let Err(failure) = backend::deployment::look_after(&portal).await {
            tracing::warn!(?failure, "what runs could not be looked after");
        }
    }
}

async fn verify(portal: Portal) {
    // What has just happened gets its checkpoint first.
    tokio::time::sleep(Duration::from_secs(5)).await;
    loop {
        match backend::seal::verify(&portal).await {
            Ok(verified) => match verified.problem {
                None => tracing::info!(entries = verified.size, "the log is whole"),
                Some(problem) => tracing::error!(problem, "the log has been tampered with"),
            },
            Err(failure) => tracing::error!(?failure, "the log could not be verified"),
        }
        tokio::time::sleep(VERIFY).await;
    }
}

async fn sweep(portal: Portal) {
    loop {
        if let Err(failure) = backend::session::sweep(&portal).await {
            tracing::warn!(?failure, "what has run out could not be removed");
        }
        if let Err(error) = portal.files().sweep() {
            tracing::warn!(%error, "what was left half-received could not be removed");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

async fn count() {
    loop {
        tokio::time::sleep(crate::numbers::UPKEEP).await;
        crate::numbers::upkeep();
    }
}
