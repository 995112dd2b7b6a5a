//! What the doors answer when something did not happen: problem details (RFC 9457), or a page for people.
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use backend::Failure;
use domain::{Refusal, refusal::Invalid};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use serde::Serialize;

/// The largest error that a server function writes, in bytes.
const LARGEST_ERROR: usize = 64 * 1024;

/// Why a request was not answered as asked.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// Names the kind of problem for programs.
    #[serde(rename = "type", serialize_with = "urn")]
    kind: &'static str,
    title: &'static str,
    #[serde(serialize_with = "number")]
    status: StatusCode,
    detail: Box<str>,
    /// Each field that can't be accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Invalid>,
    /// What to quote when asking for help; it stands in the log too.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<Box<str>>,
    /// For the log alone.
    #[serde(skip)]
    cause: Option<Box<str>>,
    /// Minutes to wait.
    #[serde(skip)]
    wait: Option<u32>,
}

fn urn<S: serde::Serializer>(kind: &str, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("urn:countersign:problem:{kind}"))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn number<S: serde::Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u16(status.as_u16())
}

impl Problem {
    /// `kind` is a stable word such as `not-found`; `title` is the same for all problems of the kind.
    pub fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let detail = sentence(&detail.into()).into();
        Self {
            kind,
            title,
            status,
            detail,
            errors: Vec::new(),
            request_id: None,
            cause: None,
            wait: None,
        }
    }

    /// Nobody has signed in, or the token is not good.
    pub fn stranger(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Not signed in", detail)
    }

    /// There is no such thing, or it is not the caller's to see: which of the two, is not said.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Not found",
            Failure::NotFound.to_string(),
        )
    }

    /// The request itself can't be read.
    pub fn unreadable(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, "unreadable", "The request can't be read", detail)
    }

    /// One field can't be accepted.
    pub fn field(invalid: Invalid) -> Self {
        Failure::from(invalid).into()
    }

    /// Something broke; the cause goes to the log.
    pub fn broken(cause: impl ToString) -> Self {
        let detail = "Something broke on our side. Nothing was changed; try again, and if it stays, quote the request id.";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self {
            cause: Some(cause.to_string().into()),
            ..Self::new(status, "broken", "Something broke", detail)
        }
    }

    /// The sentence for the reader.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The word that names the kind of problem.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The status that it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// For what the framework refused without a word.
    fn of_status(status: StatusCode) -> Self {
        let (kind, detail) = match status {
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => ("method", "This address doesn't take that method."),
            StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "The request is larger than this address takes."),
            StatusCode::REQUEST_TIMEOUT => (
                "too-slow",
                "The request took too long and was given up; nothing was changed.",
            ),
            status if status.is_server_error() => return Self::broken(status),
            _ => ("not-accepted", "The request was not accepted."),
        };
        Self::new(
            status,
            kind,
            status.canonical_reason().unwrap_or("Not accepted"),
            detail,
        )
    }

    fn page(&self) -> String {
        let request = self.request_id.as_deref().unwrap_or("unknown");
        let (title, detail) = (escaped(self.title), escaped(&self.detail));
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
             <title>{title} · Countersign</title></head><body><main><h1>{title}</h1><p>{detail}</p>\
             <p><a href=\"/\">Home</a></p><p><small>Request {}</small></p></main></body></html>",
            escaped(request)
        )
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::not_found(),
            Failure::Denied(denied) => Self::new(
                StatusCode::FORBIDDEN,
                "denied",
                "Not yours to do",
                denied.to_string(),
            ),
            Failure::Refused(refusal) => refusal.into(),
            Failure::Invalid(errors) => {
                let detail = format!("{} of the fields can't be accepted.", errors.len());
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self {
                    errors,
                    ..Self::new(status, "invalid", "Fields can't be accepted", detail)
                }
            }
            Failure::Database(sqlx::Error::PoolTimedOut) => {
                let detail = "The database is busy; try again in a moment.";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Self {
                    cause: Some("no connection was free".into()),
                    ..Self::new(status, "busy", "Busy", detail)
                }
            }
            // The cause of a cause: what the database said, not only that it failed.
            other => Self::broken(format!("{other}: {other:?}")),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Invalid(invalid) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self {
                    errors: vec![invalid],
                    ..Self::new(status, "invalid", "A field can't be accepted", detail)
                }
            }
            Refusal::Predictions(wrong) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Self {
                    errors: vec![wrong],
                    ..Self::new(status, "predictions", "The predictions can't be used", detail)
                }
            }
            Refusal::WrongCredentials => Self::stranger(&detail),
            Refusal::WrongPassword => {
                Self::new(StatusCode::FORBIDDEN, "wrong-password", "Wrong password", detail)
            }
            Refusal::TooManyAttempts(minutes) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self {
                    wait: u32::try_from(minutes).ok(),
                    ..Self::new(status, "too-many-attempts", "Too many attempts", detail)
                }
            }
            _ => Self::new(StatusCode::CONFLICT, "not-now", "Not in this state", detail),
        }
    }
}

/// As a page says it above a form, and beside the fields that it is about.
impl From<Problem> for app::Problem {
    fn from(problem: Problem) -> Self {
        if problem.errors.is_empty() {
            // The one kind that adds no words of its own.
            Self::Transport(problem.detail.into_string())
        } else {
            Self::Invalid(problem.errors)
        }
    }
}

impl From<domain::Denied> for Problem {
    fn from(denied: domain::Denied) -> Self {
        Failure::from(denied).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"countersign\""),
            );
        }
        if let Some(minutes) = self.wait {
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(minutes.max(1).saturating_mul(60)),
            );
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Finishes every problem on its way out: the request id goes in, the cause goes to the log, people get a page, and what
/// the framework refused by itself is put in the same form.
pub async fn finish(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let for_people = !api && accepts_html(request.headers());
    let request_id = crate::visit::request_id(request.extensions());
    let mut response = next.run(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_unexplained(&response) => Problem::of_status(response.status()),
        None => return response,
    };
    let problem = Problem {
        request_id: Some(request_id.into()),
        ..problem
    };
    if let Some(cause) = &problem.cause {
        tracing::error!(cause, "a request failed");
    }
    let mut answer = if for_people {
        (problem.status, Html(problem.page())).into_response()
    } else {
        problem.into_response()
    };
    // What other layers said, such as which methods there are; not what describes the old body.
    for name in [
        header::ALLOW,
        header::SET_COOKIE,
        header::WWW_AUTHENTICATE,
        header::RETRY_AFTER,
    ] {
        for value in response.headers().get_all(&name) {
            answer.headers_mut().append(&name, value.clone());
        }
    }
    if answer.headers().get_all(header::WWW_AUTHENTICATE).iter().count() > 1 {
        answer.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"countersign\""),
        );
    }
    answer
}

/// Arguments that a server function can't read are the caller's slip: Leptos answers them as if something had broken.
pub async fn blame_arguments(response: Response) -> Response {
    let broke = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    if !broke || !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_ERROR).await else {
        return Problem::broken("a server function's error could not be read back").into_response();
    };
    if let Ok(app::Problem::Unreadable(_)) = serde_json::from_slice(&body) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(body))
}

/// Whether a refusal came from the framework: an error with no body to read, or with bare text.
fn is_unexplained(response: &Response) -> bool {
    let status = response.status();
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    (status.is_client_error() || status.is_server_error())
        && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

/// Whether a browser asks for a page, rather than a program or a script for data.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Upper case at its start and a full stop at its end: reasons are written to follow other words as well.
fn sentence(reason: &str) -> String {
    let mut letters = reason.trim().chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let text: String = first.chain(letters).collect();
    if text.ends_with(['.', '!', '?', ':']) {
        text
    } else {
        text + "."
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_becomes_a_sentence_and_a_status() {
        let problem = Problem::from(Failure::from(Refusal::NotApproved));
        assert_eq!(problem.status(), StatusCode::CONFLICT);
        assert_eq!(
            problem.detail(),
            "This release isn't approved, so there is nothing to deploy and nothing to attest."
        );
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["status"], 409);
        assert_eq!(json["type"], "urn:countersign:problem:not-now");
    }

    #[test]
    fn causes_stay_on_our_side() {
        let problem = Problem::from(Failure::Stored("table people".into()));
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!serde_json::to_string(&problem).unwrap().contains("people"));
    }

    #[test]
    fn a_page_is_not_written_by_its_reader() {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "x", "X", "<script>alert(1)</script>");
        assert!(problem.page().contains("&lt;script&gt;"));
    }
}
