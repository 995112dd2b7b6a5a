//! Someone who asks something of a door: they are known, and what they are denied is written down.
use crate::{kept, problem::Problem, served::Served, visit::Visit};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use backend::Failure;
use domain::{Actor, audit::Refused, model::ModelName};

/// A known person, and where they ask from.
#[derive(Clone, Debug)]
pub struct Asker {
    pub actor: Actor,
    pub address: String,
}

impl Asker {
    /// Turns what came of an attempt into an answer. A refusal becomes an entry of the audit log, for it is something
    /// that happened; a slip of the pen doesn't.
    pub async fn answer<T>(
        &self,
        served: &Served,
        attempt: &str,
        outcome: Result<T, Failure>,
    ) -> Result<T, Problem> {
        if let Some(reason) = outcome.as_ref().err().and_then(Failure::for_the_record) {
            let refused = Refused {
                attempt: attempt.into(),
                reason,
                address: self.address.clone(),
            };
            if let Err(failure) = backend::audit::refused(served.portal(), &self.actor, &refused).await {
                tracing::error!(?failure, "a refused attempt could not be written down");
            }
        }
        outcome.map_err(Problem::from)
    }
}

impl Asker {
    /// Whether they may add something to a version, before the file is taken in.
    pub async fn may_add(
        &self,
        served: &Served,
        attempt: &str,
        model: &ModelName,
        number: i32,
    ) -> Result<(), Problem> {
        let outcome = backend::version::may_add(served.portal(), &self.actor, model, number).await;
        self.answer(served, attempt, outcome).await
    }
}

/// Someone who has signed in to the pages. Anyone else is led to the sign-in page, or told so if they are a program.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Asker);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let visit = parts.extensions.get::<Visit>();
        match visit.and_then(|visit| Some((visit.actor.clone()?, visit.address.clone()))) {
            Some((actor, address)) => Ok(Self(Asker { actor, address })),
            None => Err(stranger(&parts.method, &parts.headers, &parts.uri)),
        }
    }
}

fn stranger(method: &Method, headers: &HeaderMap, uri: &Uri) -> Response {
    if crate::problem::accepts_html(headers) {
        // What was sent can't be asked for again by its address: the page that it was sent from can.
        let page = kept::page(headers)
            .filter(|_| *method == Method::POST)
            .unwrap_or_else(|| uri.clone());
        let page = page.path_and_query().map_or("/", |page| page.as_str());
        return Redirect::to(&kept::sign_in(page)).into_response();
    }
    Problem::stranger("sign in first; programs use the interface under /api/v1 with a token").into_response()
}
