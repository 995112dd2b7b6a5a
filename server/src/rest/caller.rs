//! Who calls: the person that the bearer token speaks for.
use crate::{asked::Asker, problem::Problem, served::Served, visit::Address};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

/// The owner of the token that came with the request.
#[derive(Clone, Debug)]
pub struct Caller(pub Asker);

impl Caller {
    /// The caller behind these headers, who stands at `address`.
    pub async fn of(served: &Served, headers: &HeaderMap, address: String) -> Result<Self, Problem> {
        let token = bearer(headers).ok_or_else(|| {
            Problem::stranger(
                "send a token in the header Authorization: Bearer …; make one on your account page",
            )
        })?;
        let actor = backend::token::actor_of(served.portal(), token).await?;
        let actor = actor.ok_or_else(|| {
            Problem::stranger("this token isn't good: it was revoked, has run out, or its owner was shut out")
        })?;
        Ok(Self(Asker { actor, address }))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller
where
    Served: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let address = parts.extensions.get::<Address>().cloned().unwrap_or_default();
        Self::of(&Served::from_ref(state), &parts.headers, address.0).await
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_bearer_token_counts() {
        let said = |text| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(text));
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(said("Bearer csgn_1").as_deref(), Some("csgn_1"));
        assert_eq!(said("bearer csgn_1").as_deref(), Some("csgn_1"));
        assert_eq!(said("Basic csgn_1"), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
