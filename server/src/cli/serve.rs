//! `countersign serve`: runs the portal until it is told to stop.
use super::Verdict;
use crate::{
    config::{self, Config},
    database::Database,
    jobs,
    router::router,
    served::{Limits, Served},
};
use anyhow::{Context, Result};
use backend::Portal;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// How long requests may go on after the signal to stop.
const FINISH: Duration = Duration::from_secs(10);

pub async fn run(config: &Config) -> Result<Verdict> {
    let listener = listen(config).await?;
    let database = Database::own(config).await?;
    let outcome = match super::portal(config, &database).await {
        Ok(portal) => serve(config, &portal, listener).await,
        Err(error) => Err(error),
    };
    database.close().await?;
    outcome.map(|()| Verdict::Good)
}

/// Takes the address first: if it is taken, nothing else was started for nothing.
pub(super) async fn listen(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("listening on {}", config.listen))
}

/// Serves a portal until the process is told to stop, then lets requests and deployments end.
pub(super) async fn serve(config: &Config, portal: &Portal, listener: TcpListener) -> Result<()> {
    backend::policy::install_built_in(portal).await?;
    backend::template::install_built_in(portal).await?;
    backend::deployment::resume(portal).await?;
    let jobs = jobs::start(portal);

    let served = Served::new(portal.clone(), Limits::from(config));
    let router = router(&served, &config::leptos()?);
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopping = served.clone();
    let told = async move {
        told_to_stop().await;
        stopping.stop();
    };
    tracing::info!(
        "listening on http://{}, reached as {}",
        listener.local_addr()?,
        config.public_url()
    );
    let serving = axum::serve(listener, router).with_graceful_shutdown(told);
    let mut gone = served.stopping();
    let overdue = async {
        // The sender lives in `served`, so this ends with the signal only.
        let _ = gone.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(FINISH).await;
    };
    let outcome = tokio::select! {
        outcome = async { serving.await } => outcome.context("serving"),
        () = overdue => {
            tracing::warn!("some requests did not end within {} seconds and were cut off", FINISH.as_secs());
            Ok(())
        }
    };
    drop(jobs);
    if let Err(failure) = backend::deployment::stop_all(portal).await {
        tracing::warn!(?failure, "what the portal serves could not be stopped");
    }
    tracing::info!("stopped");
    outcome
}

/// Ctrl-C, or what a service manager sends.
async fn told_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM can't be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! { _ = tokio::signal::ctrl_c() => {}, () = terminated => {} }
    tracing::info!("stopping");
}
