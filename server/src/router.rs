//! Every door of the portal, and what stands before all of them.
use crate::{
    doors, health, kept, numbers,
    problem::{self, Problem},
    rest, security,
    served::Served,
    session_store,
    visit::{self, Visit},
};
use app::{App, shell, ssr};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::{
    config::LeptosOptions,
    nonce::Nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{ErrorHandler, LeptosRoutes, generate_route_list, site_pkg_dir_service};
use std::{any::Any, time::Duration};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    limit::RequestBodyLimitLayer,
    timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer, TimeoutLayer},
    trace::TraceLayer,
};

/// The largest body that is no upload, in bytes.
const LARGEST_BODY: usize = 2 * 1024 * 1024;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long an upload may stand still, and how long it may take in all.
const STILL: Duration = Duration::from_mins(1);
const UPLOAD: Duration = Duration::from_hours(1);

/// The whole portal as one service.
pub fn router(served: &Served, options: &LeptosOptions) -> Router {
    let modest = ServiceBuilder::new()
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            PATIENCE,
        ))
        .layer(RequestBodyTimeoutLayer::new(PATIENCE))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY));
    let patient = ServiceBuilder::new()
        .layer(RequestBodyDeadlineLayer::new(UPLOAD))
        .layer(RequestBodyTimeoutLayer::new(STILL))
        .layer(DefaultBodyLimit::disable());

    let with_session = Router::new()
        .merge(
            pages(served, options)
                .layer(map_response(problem::blame_arguments))
                .layer(from_fn(kept::layer))
                .layer(modest.clone()),
        )
        .merge(doors::downloads().with_state(served.clone()))
        .merge(doors::log().with_state(served.clone()).layer(modest.clone()))
        .merge(doors::streams().with_state(served.clone()))
        .merge(
            doors::uploads()
                .with_state(served.clone())
                .layer(from_fn_with_state(served.clone(), kept::late))
                .layer(patient.clone()),
        )
        .layer(from_fn_with_state(served.clone(), visit::recognise))
        .layer(session_store::layer(served.portal(), served.is_secure()));
    let programs = Router::new()
        .merge(rest::routes().layer(modest))
        .merge(rest::uploads().layer(patient))
        .with_state(served.clone());
    let process = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(numbers::show))
        .with_state(served.clone());

    let whole = with_session
        .nest("/api/v1", programs)
        .merge(process)
        .fallback_service(files(served, options))
        .method_not_allowed_fallback(async || {
            Problem::unreadable(
                StatusCode::METHOD_NOT_ALLOWED,
                "this address doesn't take that method",
            )
        });
    around(whole, served)
}

/// Pages and server functions.
fn pages(served: &Served, options: &LeptosOptions) -> Router {
    let routes = generate_route_list(App);
    let shell_options = options.clone();
    Router::new()
        .leptos_routes_with_context(options, routes, contexts(served), move || {
            shell(shell_options.clone())
        })
        .with_state(options.clone())
}

/// What the pages find in their context.
fn contexts(served: &Served) -> impl Fn() + Clone + Send + Sync + 'static {
    let portal = served.portal().clone();
    move || {
        provide_context(portal.clone());
        let Some(parts) = use_context::<axum::http::request::Parts>() else {
            return;
        };
        provide_context(ssr::theme(&parts));
        if let Some(nonce) = parts.extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        if let Some(kept) = parts.extensions.get::<ssr::Kept>() {
            provide_context(kept.clone());
        }
        if let Some(visit) = parts.extensions.get::<Visit>().cloned() {
            let Visit {
                actor,
                was: _,
                session,
                address,
                user_agent,
                session_hash,
                request_id,
            } = visit;
            provide_context(ssr::Visitor {
                actor,
                session,
                address,
                user_agent,
                session_hash,
                request_id,
            });
        }
    }
}

/// The browser part and other files, else the page that says that there is nothing.
fn files(served: &Served, options: &LeptosOptions) -> Router {
    let nothing = ErrorHandler::new_with_context(contexts(served), shell, options.clone());
    let hashed = options.hash_files;
    Router::new()
        .fallback_service(site_pkg_dir_service(options).fallback(nothing))
        .layer(from_fn(move |request, next| cache(hashed, request, next)))
        .layer(from_fn_with_state(served.clone(), visit::recognise))
        .layer(session_store::layer(served.portal(), served.is_secure()))
}

/// A file whose name changes with its content never has to be asked for again.
async fn cache(hashed: bool, request: Request, next: Next) -> Response {
    let is_verifier = request.uri().path().starts_with("/verifier/");
    let is_named_by_content = hashed && request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page && matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED) {
        let rule = if is_verifier {
            "no-cache" // its files have to be of one build
        } else if is_named_by_content {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=3600"
        };
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    }
    response
}

/// What stands before everything: the first line here is what a request meets first.
fn around(whole: Router, served: &Served) -> Router {
    let layers = ServiceBuilder::new()
        .layer(from_fn(visit::number))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(note),
        )
        .layer(from_fn(numbers::count))
        .layer(from_fn_with_state(served.clone(), security::guard))
        .layer(compression())
        .layer(from_fn(problem::finish))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(security::same_site(served))
        .layer(from_fn_with_state(served.clone(), visit::locate));
    whole.layer(layers)
}

/// Not for streams of events, which have to arrive at once, and not for what is compressed already.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth = DefaultPredicate::new()
        .and(NotForContentType::new("application/pdf"))
        .and(NotForContentType::new("application/zip"))
        .and(NotForContentType::new("application/octet-stream"))
        .and(NotForContentType::new("application/wasm"));
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(worth)
}

/// Method, path and number: no query, no header, no body, for those may hold what is secret.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let id = visit::request_id(request.extensions());
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

fn note<B>(response: &axum::http::Response<B>, took: Duration, _: &tracing::Span) {
    let milliseconds = took.as_secs_f64() * 1000.0;
    tracing::debug!(status = response.status().as_u16(), milliseconds, "answered");
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let said = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    Problem::broken(format!("panicked: {}", said.unwrap_or("without words"))).into_response()
}
