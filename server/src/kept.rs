//! Nothing typed is lost: what a form held is kept when it is refused, or when the session ended under it.
use crate::{
    problem::{self, Problem},
    served::Served,
    upload,
    visit::Visit,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Extensions, HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::id::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tower_sessions::{Session, session::Error};

/// The largest form, in bytes.
const LARGEST: usize = 1024 * 1024;
/// The longest e-mail address there is, in bytes (RFC 5321, 4.5.3.1).
const LONGEST_EMAIL: usize = 254;
const KEY: &str = "kept";
/// Pages that something is kept for at once: signing in again must not push out what was typed before.
const PAGES: usize = 4;
const SIGN_IN: &str = "/sign-in";

/// The fields of a form by name.
pub type Fields = HashMap<String, Vec<String>>;

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Who typed it; nobody where nobody had to be signed in.
    person: Option<PersonId>,
    /// The page that the form stands on.
    path: String,
    fields: Fields,
    /// Why it was refused, where its address can't say.
    problem: Option<app::Problem>,
}

/// Keeps the fields of a form for the next look at its page. Never what is secret.
pub async fn keep(
    session: &Session,
    person: Option<PersonId>,
    path: &str,
    mut fields: Fields,
    problem: Option<app::Problem>,
) -> Result<(), Error> {
    fields.retain(|name, _| !is_secret(name));
    let mut kept = all_but(session, path).await?;
    kept.truncate(PAGES - 1);
    kept.insert(
        0,
        Kept {
            person,
            path: path.to_owned(),
            fields,
            problem,
        },
    );
    session.insert(KEY, kept).await
}

/// Ends the keeping for a page.
pub async fn forget(session: &Session, path: &str) -> Result<(), Error> {
    let before: Vec<Kept> = session.get(KEY).await?.unwrap_or_default();
    if before.iter().any(|kept| kept.path == path) {
        session.insert(KEY, all_but(session, path).await?).await?;
    }
    Ok(())
}

async fn all_but(session: &Session, path: &str) -> Result<Vec<Kept>, Error> {
    let mut kept: Vec<Kept> = session.get(KEY).await?.unwrap_or_default();
    kept.retain(|kept| kept.path != path);
    Ok(kept)
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["password", "secret", "token"]
        .iter()
        .any(|word| name.contains(word))
}

/// Watches forms come and go around the pages and the server functions.
pub async fn layer(session: Session, mut request: Request, next: Next) -> Response {
    if request.method() == Method::POST && is_form(request.headers()) {
        return send(session, request, next).await;
    }
    if request.method() == Method::GET
        && let Err(error) = fill_in(&session, &mut request).await
    {
        return Problem::broken(error).into_response();
    }
    next.run(request).await
}

/// Hands the page what was kept for it. A page that shows an error can be loaded again without losing it.
async fn fill_in(session: &Session, request: &mut Request) -> Result<(), Error> {
    let kept: Vec<Kept> = session.get(KEY).await?.unwrap_or_default();
    let reader = visit(request.extensions())
        .and_then(|visit| visit.actor.as_ref())
        .map(|actor| actor.id);
    // Whoever signs in next at the same browser may be somebody else.
    let theirs = |kept: &Kept| kept.person.is_none() || kept.person == reader;
    let path = request.uri().path();
    let Some(kept) = kept.into_iter().find(|kept| kept.path == path && theirs(kept)) else {
        return Ok(());
    };
    let is_refused = is_about_an_error(request.uri().query().unwrap_or_default());
    if !is_refused {
        forget(session, &kept.path).await?;
    }
    request.extensions_mut().insert(app::ssr::Kept {
        fields: kept.fields,
        problem: kept.problem.filter(|_| is_refused),
    });
    Ok(())
}

async fn send(session: Session, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let page = page(&parts.headers);
    let for_people = problem::accepts_html(&parts.headers);
    let sender =
        visit(&parts.extensions).and_then(|visit| visit.actor.as_ref().map(|actor| actor.id).or(visit.was));
    let Ok(body) = to_bytes(body, LARGEST).await else {
        let detail = "The form is larger than 1 MiB, or its sending broke off; nothing was done.";
        return Problem::unreadable(StatusCode::PAYLOAD_TOO_LARGE, detail).into_response();
    };
    let sent = body.clone();
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let Some(page) = page else { return response };
    let outcome = outcome(&response, page.path());
    let mut typed = fields(&sent);
    if sender.is_none() {
        // Strangers leave no more than the address they tried to come in with.
        typed.retain(|name, values| {
            name == "email" && values.iter().all(|value| value.len() <= LONGEST_EMAIL)
        });
    }
    let noted = match outcome {
        Outcome::Done => forget(&session, page.path()).await,
        // Someone who has signed out, or was, leaves nothing behind.
        Outcome::SignedOut if sender.is_none() => Ok(()),
        Outcome::Refused | Outcome::SignedOut => keep(&session, sender, page.path(), typed, None).await,
    };
    if let Err(error) = noted {
        return Problem::broken(error).into_response();
    }
    match outcome {
        Outcome::SignedOut if for_people => Redirect::to(&sign_in(&page.to_string())).into_response(),
        Outcome::Refused if for_people => back(response),
        _ => response,
    }
}

/// A form with a file whose sender's session ran out under it is not taken: what was typed is kept, and signing in leads
/// back to it. The file has to be chosen again.
pub async fn late(State(served): State<Served>, session: Session, request: Request, next: Next) -> Response {
    let was = visit(request.extensions()).and_then(|visit| visit.was);
    let page = page(request.headers()).filter(|_| problem::accepts_html(request.headers()));
    let (Some(person), Some(page)) = (was, page) else {
        return next.run(request).await;
    };
    let typed = upload::typed(&served, request).await;
    match keep(&session, Some(person), page.path(), typed, None).await {
        Ok(()) => Redirect::to(&sign_in(&page.to_string())).into_response(),
        Err(error) => Problem::broken(error).into_response(),
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Done,
    Refused,
    SignedOut,
}

fn outcome(response: &Response, page: &str) -> Outcome {
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|place| place.to_str().ok());
    let query = location
        .and_then(|place| place.split_once('?'))
        .map_or("", |(_, query)| query);
    match response.status() {
        StatusCode::UNAUTHORIZED if page != SIGN_IN => Outcome::SignedOut,
        _ if is_about_an_error(query) => Outcome::Refused,
        status if status.is_client_error() || status.is_server_error() => Outcome::Refused,
        _ => Outcome::Done,
    }
}

/// Leptos leads a plain form back by `Location`, but a status that the server function has set (422, 409) would keep
/// browsers from following it.
fn back(mut response: Response) -> Response {
    if response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::SEE_OTHER;
    }
    response
}

/// Where to sign in, to come back to `page` afterwards.
pub fn sign_in(page: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("{SIGN_IN}?next={next}")
}

fn visit(extensions: &Extensions) -> Option<&Visit> {
    extensions.get()
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

fn is_about_an_error(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "__err" || name == "problem")
}

fn fields(body: &Bytes) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in form_urlencoded::parse(body) {
        fields
            .entry(name.into_owned())
            .or_default()
            .push(value.into_owned());
    }
    fields
}

/// The page that a form was sent from, without what an earlier error added to its address.
pub fn page(headers: &HeaderMap) -> Option<Uri> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    let pairs = form_urlencoded::parse(referer.query().unwrap_or_default().as_bytes());
    query.extend_pairs(pairs.filter(|(name, _)| !["__path", "__err", "problem"].contains(&&**name)));
    let query = query.finish();
    let path = referer.path();
    if query.is_empty() {
        path.parse().ok()
    } else {
        format!("{path}?{query}").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_page_is_remembered_without_its_old_error() {
        let mut headers = HeaderMap::new();
        let referer = "http://127.0.0.1:3000/reviews/3?tab=a%20b&__path=%2Fapi%2Fx&__err=abc";
        headers.insert(header::REFERER, HeaderValue::from_static(referer));
        let page = page(&headers).unwrap();
        assert_eq!(page.to_string(), "/reviews/3?tab=a+b");
        assert_eq!(
            sign_in(&page.to_string()),
            "/sign-in?next=%2Freviews%2F3%3Ftab%3Da%2Bb"
        );
    }

    #[test]
    fn secrets_are_not_kept() {
        for name in ["password", "new_password", "webhook_secret", "Token"] {
            assert!(is_secret(name), "{name}");
        }
        assert!(!is_secret("rationale"));
    }

    #[test]
    fn fields_may_come_more_than_once() {
        let fields = fields(&Bytes::from_static(
            b"role=manager&role=auditor&name=Ada+O%27Hara",
        ));
        assert_eq!(fields["role"], ["manager", "auditor"]);
        assert_eq!(fields["name"], ["Ada O'Hara"]);
    }
}
