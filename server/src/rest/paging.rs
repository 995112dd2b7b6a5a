//! Pages of a list: the next one is named by a `Link` header (RFC 8288), so that clients need not know how.
use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

#[derive(Serialize)]
struct List<T> {
    items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A page, and the address of the one after it: `path` with the query's pairs, of which `cursor` replaces its namesake.
pub fn page<T: Serialize>(
    items: Vec<T>,
    path: &str,
    query: &[(&str, &str)],
    cursor: Option<(&str, String)>,
) -> Response {
    let next = cursor.map(|(name, value)| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(
            query
                .iter()
                .filter(|(other, value)| *other != name && !value.is_empty()),
        );
        pairs.append_pair(name, &value);
        format!("{path}?{}", pairs.finish())
    });
    let link = next
        .as_ref()
        .and_then(|next| HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).ok());
    let mut response = Json(List { items, next }).into_response();
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_what_was_looked_for() {
        let response = page(
            vec![1],
            "/api/v1/models",
            &[("q", "a b"), ("tier", ""), ("after", "x")],
            Some(("after", "y".into())),
        );
        assert_eq!(
            response.headers()[header::LINK],
            "</api/v1/models?q=a+b&after=y>; rel=\"next\""
        );
        assert!(
            !page(vec![1], "/x", &[], None)
                .headers()
                .contains_key(header::LINK)
        );
    }
}
