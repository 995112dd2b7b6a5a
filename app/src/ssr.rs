//! The server's side of a server function, in the only module that the browser never sees.
pub use crate::kept::Kept;
use crate::{problem::Problem, shell::Theme};
use axum::http::{Method, StatusCode, header, request::Parts};
use backend::{Failure, Portal};
use domain::{Actor, Refusal, audit::Refused};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use tower_sessions::Session;

/// Who is at the door. The server provides it to every page and server function.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub actor: Option<Actor>,
    pub session: Session,
    pub address: String,
    pub user_agent: String,
    /// The stored name of the session; empty where there is none.
    pub session_hash: Vec<u8>,
    pub request_id: String,
}

/// The key under which a session holds the id of its person.
pub const PERSON: &str = "person";

/// The key under which a session holds a token just made, with its secret, until the page that tells it once.
pub const MADE: &str = "made";

/// How whoever asks wants pages to look. The server provides it with the visitor.
pub fn theme(parts: &Parts) -> Theme {
    let lines = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    Theme::from_cookies(&lines.collect::<Vec<_>>().join(";"))
}

/// Runs a use case for the signed-in actor, and answers for how it went.
pub async fn as_actor<T, F, Fut>(use_case: F) -> Result<T, Problem>
where
    F: FnOnce(Portal, Actor) -> Fut,
    Fut: Future<Output = Result<T, Failure>>,
{
    let portal = expect_context::<Portal>();
    let visitor = expect_context::<Visitor>();
    let outcome = match visitor.actor.clone() {
        Some(actor) => {
            let outcome = use_case(portal.clone(), actor.clone()).await;
            if let Err(failure) = &outcome {
                record(&portal, &actor, &visitor, failure).await;
            }
            outcome.map_err(|failure| problem(failure, &visitor))
        }
        None => Err(Problem::SignedOut),
    };
    answer(outcome)
}

/// Runs what needs nobody to be signed in: the door itself.
pub async fn as_visitor<T, F, Fut>(act: F) -> Result<T, Problem>
where
    F: FnOnce(Portal, Visitor) -> Fut,
    Fut: Future<Output = Result<T, Failure>>,
{
    let visitor = expect_context::<Visitor>();
    let outcome = act(expect_context::<Portal>(), visitor.clone()).await;
    answer(outcome.map_err(|failure| problem(failure, &visitor)))
}

/// Sets the status that goes with the problem; a page that needs somebody leads to the door.
fn answer<T>(outcome: Result<T, Problem>) -> Result<T, Problem> {
    if let (Err(problem), Some(response)) = (&outcome, use_context::<ResponseOptions>()) {
        response.set_status(status(problem));
        if *problem == Problem::SignedOut
            && let Some(parts) = use_context::<Parts>().filter(|parts| parts.method == Method::GET)
        {
            let page = parts.uri.path_and_query().map_or("/", |page| page.as_str());
            leptos_axum::redirect(&sign_in(page));
        }
    }
    outcome
}

/// Where to sign in, to come back to `page` afterwards.
fn sign_in(page: &str) -> String {
    let escaped: String = page
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    if page == "/" {
        "/sign-in".into()
    } else {
        format!("/sign-in?next={escaped}")
    }
}

/// A refused attempt belongs in the record; a slip of the pen doesn't.
async fn record(portal: &Portal, actor: &Actor, visitor: &Visitor, failure: &Failure) {
    let Some(reason) = failure.for_the_record() else {
        return;
    };
    let refused = Refused {
        attempt: attempt(),
        reason,
        address: visitor.address.clone(),
    };
    if let Err(failure) = backend::audit::refused(portal, actor, &refused).await {
        tracing::error!(?failure, "a refused attempt could not be recorded");
    }
}

/// The server function's name: the last part of its address, without the hash that Leptos puts behind it.
fn attempt() -> String {
    let path = use_context::<Parts>()
        .map(|parts| parts.uri.path().to_owned())
        .unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

fn problem(failure: Failure, visitor: &Visitor) -> Problem {
    match failure {
        Failure::NotFound => Problem::NotFound,
        Failure::Denied(denied) => Problem::Denied(denied),
        Failure::Refused(refusal) => Problem::Refused(refusal),
        Failure::Invalid(wrong) => Problem::Invalid(wrong),
        broken => {
            tracing::error!(failure = ?broken, request = visitor.request_id, "a request broke");
            Problem::Broken(visitor.request_id.clone())
        }
    }
}

fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::SignedOut => StatusCode::UNAUTHORIZED,
        Problem::Denied(_) | Problem::Refused(Refusal::WrongCredentials) => StatusCode::FORBIDDEN,
        Problem::NotFound => StatusCode::NOT_FOUND,
        Problem::Unreadable(_) => StatusCode::BAD_REQUEST,
        Problem::Refused(Refusal::Invalid(_)) | Problem::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Refused(Refusal::TooManyAttempts(_)) => StatusCode::TOO_MANY_REQUESTS,
        Problem::Refused(_) => StatusCode::CONFLICT,
        Problem::Broken(_) | Problem::Transport(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether an address is one of this portal's: browsers drop tabs and take back strokes for slashes, so nothing but a
/// plain path will do.
pub fn is_own(address: &str) -> bool {
    let plain = address
        .bytes()
        .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    plain && address.starts_with('/') && !address.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn signing_in_leads_nowhere_else() {
        for own in ["/", "/models?q=a%20b", "/releases/3#decision"] {
            assert!(is_own(own), "{own}");
        }
        for strange in [
            "",
            "//evil.example",
            "/\t/evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/é",
        ] {
            assert!(!is_own(strange), "{strange}");
        }
    }
}
