//! Who is asking: the request's number, where it comes from, and the person behind its session.
use crate::{
    problem::Problem,
    served::Served,
    session_store::{self, ADDRESS, PERSON, USER_AGENT},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::session_rows;
use domain::{Actor, id::PersonId};
use std::net::{IpAddr, SocketAddr};
use tower_sessions::Session;

/// Where a request comes from, as far as we can trust it. Empty where nobody knows.
#[derive(Clone, Debug, Default)]
pub struct Address(pub String);

/// A visitor of the pages.
#[derive(Clone, Debug)]
pub struct Visit {
    pub actor: Option<Actor>,
    /// Who sends a form with a session that ran out under it.
    pub was: Option<PersonId>,
    pub session: Session,
    pub address: String,
    pub user_agent: String,
    /// The stored name of the session; empty where there is none.
    pub session_hash: Vec<u8>,
    pub request_id: String,
}

/// The number of a request.
#[derive(Clone, Debug)]
struct RequestId(HeaderValue);

/// The number of this request, as it stands in the log and in the answer's header.
pub fn request_id(extensions: &Extensions) -> String {
    let id = extensions.get::<RequestId>().and_then(|id| id.0.to_str().ok());
    id.unwrap_or_default().to_owned()
}

/// Numbers each request. What a client calls it is its own affair: ours can't be chosen, so that it can be searched for.
pub async fn number(mut request: Request, next: Next) -> Response {
    let number: u128 = rand::random();
    let Ok(id) = HeaderValue::from_str(&format!("{number:032x}")) else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-request-id"), id);
    response
}

/// Notes where each request comes from.
pub async fn locate(State(served): State<Served>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| peer.ip());
    let address = address(request.headers(), peer, served.trusted_proxy_hops());
    request.extensions_mut().insert(Address(address));
    next.run(request).await
}

/// The address that the outermost trusted proxy saw; without trusted proxies, that of the connection. Each proxy adds
/// the address it saw at the end, so what stands before those is anyone's claim.
fn address(headers: &HeaderMap, peer: Option<IpAddr>, hops: usize) -> String {
    let claimed = hops.checked_sub(1).and_then(|skipped| {
        let lines = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|line| line.to_str().ok());
        let seen: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        seen.into_iter().rev().nth(skipped)?.parse::<IpAddr>().ok()
    });
    claimed
        .or(peer)
        .map(|ip| ip.to_canonical().to_string())
        .unwrap_or_default()
}

/// Finds the person behind the session, anew for each request: who was shut out is out at once.
pub async fn recognise(
    State(served): State<Served>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let presented = session.id();
    let actor = match actor(&served, &session).await {
        Ok(actor) => actor,
        Err(problem) => return problem.into_response(),
    };
    let was = match presented.filter(|_| actor.is_none() && request.method() == Method::POST) {
        Some(id) => match session_rows::whose(served.portal(), &session_store::hash(&id)).await {
            Ok(was) => was,
            Err(failure) => return Problem::from(failure).into_response(),
        },
        None => None,
    };
    let extensions = request.extensions();
    let visit = Visit {
        address: extensions
            .get::<Address>()
            .map(|address| address.0.clone())
            .unwrap_or_default(),
        user_agent: user_agent(request.headers()),
        session_hash: session.id().as_ref().map(session_store::hash).unwrap_or_default(),
        request_id: request_id(extensions),
        session: session.clone(),
        actor: actor.clone(),
        was,
    };
    let (address, user_agent) = (visit.address.clone(), visit.user_agent.clone());
    request.extensions_mut().insert(actor);
    request.extensions_mut().insert(visit);
    let response = next.run(request).await;
    match sign_for(&session, &address, &user_agent).await {
        Ok(()) => response,
        Err(error) => Problem::broken(error).into_response(),
    }
}

async fn actor(served: &Served, session: &Session) -> Result<Option<Actor>, Problem> {
    let Some(person) = session.get::<PersonId>(PERSON).await.map_err(Problem::broken)? else {
        return Ok(None);
    };
    let actor = backend::session::actor(served.portal(), person).await?;
    if actor.is_none() {
        session.flush().await.map_err(Problem::broken)?;
    }
    Ok(actor)
}

/// A session that will be kept says where it was begun.
async fn sign_for(
    session: &Session,
    address: &str,
    user_agent: &str,
) -> Result<(), tower_sessions::session::Error> {
    if session.is_modified() && !session.is_empty().await {
        session.insert(ADDRESS, address).await?;
        session.insert(USER_AGENT, user_agent).await?;
    }
    Ok(())
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| {
                (
                    "x-forwarded-for".parse().unwrap(),
                    axum::http::HeaderValue::from_static(line),
                )
            })
            .collect()
    }

    #[test]
    fn only_what_trusted_proxies_added_is_believed() {
        let peer = Some("10.0.0.1".parse().unwrap());
        let headers = said(&["6.6.6.6, 203.0.113.9", "10.0.0.7"]);
        assert_eq!(address(&headers, peer, 0), "10.0.0.1");
        assert_eq!(address(&headers, peer, 1), "10.0.0.7");
        assert_eq!(address(&headers, peer, 2), "203.0.113.9");
        assert_eq!(address(&headers, peer, 9), "10.0.0.1");
        assert_eq!(address(&said(&["nonsense"]), peer, 1), "10.0.0.1");
    }
}
