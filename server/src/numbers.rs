//! `/metrics`: how many requests, and how long they took, by route.
use crate::{problem::Problem, rest::caller, served::Served, visit};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::{
    net::SocketAddr,
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Upper ends of the histogram's buckets, in seconds.
const BUCKETS: [f64; 18] = [
    0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0,
    5.0, 30.0,
];
const DURATION: &str = "http_request_duration_seconds";

/// The recorder of this process; there is one, however many routers are made.
pub fn handle() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let make = || {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets_for_metric(Matcher::Full(DURATION.into()), &BUCKETS);
        let recorder = builder.unwrap_or_default().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("numbers are recorded by someone else");
        }
        metrics::describe_counter!("http_requests_total", "Requests answered.");
        metrics::describe_histogram!(
            DURATION,
            metrics::Unit::Seconds,
            "Time from a request to the head of its answer."
        );
        handle
    };
    HANDLE.get_or_init(make).clone()
}

/// Drops what histograms no longer need; to be called once in a while.
pub fn upkeep() {
    handle().run_upkeep();
}

/// How often [`upkeep`] is due.
pub const UPKEEP: Duration = Duration::from_secs(5);

/// Counts each request under its route, never under its address, which anyone can make up.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = request.method().to_string();
    let from = Instant::now();
    let response = next.run(request).await;
    let labels = [
        ("method", method),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!(DURATION, &labels[..2]).record(from.elapsed());
    response
}

/// For whoever stands on the same machine, or shows a token: the routes people use are nobody else's business
/// (ASVS 5.0, 13.4.5).
pub async fn show(
    State(served): State<Served>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let near =
        peer.is_some_and(|ip| ip.to_canonical().is_loopback()) && !headers.contains_key("x-forwarded-for");
    if !near {
        let address = request
            .extensions()
            .get::<visit::Address>()
            .cloned()
            .unwrap_or_default();
        caller::Caller::of(&served, &headers, address.0).await?;
    }
    Ok((
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        served.numbers().render(),
    )
        .into_response())
}
