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
use axum_server::Handle;
use backend::Portal;
use std::{
    net::{SocketAddr, TcpListener},
    time::Duration,
};
use tokio::signal::unix::{SignalKind, signal};

/// How long a client may take to send a request's head: slower ones would hold their connections for nothing.
const HEADERS: Duration = Duration::from_secs(20);
/// How long requests may go on after the signal to stop.
const FINISH: Duration = Duration::from_secs(10);

pub async fn run(config: &Config) -> Result<Verdict> {
    let listener = listen(config)?;
    let database = Database::own(config).await?;
    let outcome = match super::portal(config, &database).await {
        Ok(portal) => serve(config, &portal, listener).await,
        Err(error) => Err(error),
    };
    database.close().await?;
    outcome.map(|()| Verdict::Good)
}

/// Takes the address first: if it is taken, nothing else was started for nothing.
pub(super) fn listen(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).with_context(|| format!("listening on {}", config.listen))
}

/// Serves a portal until the process is told to stop, then lets requests and deployments end.
pub(super) async fn serve(config: &Config, portal: &Portal, listener: TcpListener) -> Result<()> {
    backend::policy::install_built_in(portal).await?;
    backend::template::install_built_in(portal).await?;
    let jobs = jobs::start(portal, config)?;

    let served = Served::new(portal.clone(), Limits::from(config));
    let router = router(&served, &config::leptos()?);
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(
        "listening on http://{}, reached as {}",
        listener.local_addr()?,
        config.public_url()
    );
    let handle = Handle::new();
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle.clone())
        .first_request_timeout(HEADERS);
    server.http_builder().http1().header_read_timeout(HEADERS);
    let told = async {
        told_to_stop().await;
        served.stop();
        handle.graceful_shutdown(Some(FINISH));
        std::future::pending::<()>().await;
    };
    let outcome = tokio::select! {
        outcome = server.serve(router) => outcome.context("serving"),
        () = told => Ok(()),
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
