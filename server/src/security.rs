//! What every answer tells the browser to refuse, and which requests are refused for where they come from.
use crate::{problem::Problem, served::Served};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::nonce::Nonce;
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Headers that are the same for every answer.
const ALWAYS: [(HeaderName, &str); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Forms are led back to their page by the Referer, which stays within the portal.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("x-permitted-cross-domain-policies"),
        "none",
    ),
    (HeaderName::from_static("origin-agent-cluster"), "?1"),
];

/// Mints the nonce of this answer, which the pages' scripts carry too, and adds what browsers must know.
pub async fn guard(State(served): State<Served>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if served.is_secure() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
        harden_cookies(headers);
    }
    // What is not said to be cacheable is someone's own.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn content_policy(nonce: &Nonce) -> String {
    format!(
        "default-src 'none'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    )
}

/// A browser takes nothing with the name `__Host-…` that is not marked `Secure`, so the cookie that ends a session has
/// to be marked too.
fn harden_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let text = cookie.to_str().unwrap_or_default();
        let marked = text
            .split(';')
            .any(|part| part.trim().eq_ignore_ascii_case("secure"));
        let hardened = if marked {
            Ok(cookie.clone())
        } else {
            HeaderValue::from_str(&format!("{text}; Secure; HttpOnly; SameSite=Lax"))
        };
        headers.append(header::SET_COOKIE, hardened.unwrap_or(cookie));
    }
}

/// Refuses writes that another site's page makes a browser send. Programs send neither `Origin` nor `Sec-Fetch-Site`
/// and show a token, which no browser adds by itself.
pub fn same_site(served: &Served) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    let trusted = layer.clone().add_trusted_origin(served.public_url());
    trusted
        .unwrap_or(layer)
        .with_rejection_response(refuse as fn(ProtectionError) -> Response)
}

fn refuse(error: ProtectionError) -> Response {
    tracing::warn!(%error, "a cross-site write was refused");
    let detail = "This was sent from another site, so nothing was done. Open the portal itself and send it from there.";
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross-site",
        "Sent from another site",
        detail,
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_that_ends_a_session_is_secure_too() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_static("__Host-countersign=; Path=/; Max-Age=0"),
        );
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_static("__Host-countersign=x; HttpOnly; Secure; Path=/"),
        );
        harden_cookies(&mut headers);
        let cookies: Vec<_> = headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|c| c.to_str().unwrap())
            .collect();
        assert_eq!(
            cookies[0],
            "__Host-countersign=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(cookies[1], "__Host-countersign=x; HttpOnly; Secure; Path=/");
    }
}
