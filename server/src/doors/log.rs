//! The log under `/log/`, as C2SP tlog-tiles names its parts: anyone may see that it only grows, and whoever may read the
//! record may copy it whole.
use crate::{asked::Asker, asked::SignedIn, problem::Problem, rest::caller::Caller, served::Served};
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};

/// What a name stands for never changes.
const FOR_EVERYONE: &str = "public, max-age=31536000, immutable";
const FOR_THE_ASKER: &str = "private, max-age=31536000, immutable";
const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// The newest checkpoint that enough witnesses have cosigned. Never cached: the next one may be there a second later.
pub async fn checkpoint(State(served): State<Served>) -> Result<Response, Problem> {
    let note = backend::seal::published(served.portal()).await?;
    let note = note.ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, TEXT)], note).into_response())
}

/// A tile of hashes.
pub async fn tile(
    State(served): State<Served>,
    Path((level, rest)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let path = named(&format!("tile/{level}/{rest}"))?;
    let tile = backend::seal::tile(served.portal(), path).await?;
    let tile = tile.ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, BYTES),
        (header::CACHE_CONTROL, FOR_EVERYONE),
    ];
    Ok((headers, tile).into_response())
}

/// A bundle of entries.
pub async fn entries(
    State(served): State<Served>,
    Known(asker): Known,
    Path(rest): Path<String>,
) -> Result<Response, Problem> {
    let path = named(&format!("tile/entries/{rest}"))?;
    let bundle = backend::seal::entries(served.portal(), &asker.actor, path).await?;
    let bundle = bundle.ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, BYTES),
        (header::CACHE_CONTROL, FOR_THE_ASKER),
        (header::VARY, "authorization, cookie"),
    ];
    Ok((headers, bundle).into_response())
}

fn named(name: &str) -> Result<ledger::tile::Path, Problem> {
    name.parse().map_err(|_| Problem::not_found())
}

/// Someone known, whichever way they come: signed in to the pages, or with a token as programs are.
pub struct Known(Asker);

impl FromRequestParts<Served> for Known {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Response> {
        let is_program = parts.headers.contains_key(header::AUTHORIZATION)
            || !crate::problem::accepts_html(&parts.headers);
        match SignedIn::from_request_parts(parts, served).await {
            Ok(SignedIn(asker)) => Ok(Self(asker)),
            Err(_) if is_program => match Caller::from_request_parts(parts, served).await {
                Ok(Caller(asker)) => Ok(Self(asker)),
                Err(problem) => Err(problem.into_response()),
            },
            Err(led) => Err(led),
        }
    }
}
