//! Answers that are files: their kind, the name they are saved under, and their digest.
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ledger::Digest;
use std::fmt::Write;

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Json,
    Csv,
    Xlsx,
    Pdf,
    Zip,
    /// Whatever someone uploaded: no browser shall look into it.
    Unknown,
}

impl Kind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
            Self::Zip => "application/zip",
            Self::Unknown => "application/octet-stream",
        }
    }
}

/// A whole file.
pub fn whole(kind: Kind, name: &str, bytes: impl Into<Bytes>) -> Response {
    let bytes = bytes.into();
    let digest = Digest::of(&bytes);
    let mut headers = headers(kind, name);
    let field = format!("sha-256=:{}:", STANDARD.encode(digest.as_bytes()));
    set(&mut headers, "repr-digest", &field); // RFC 9530
    set(&mut headers, "etag", &format!("\"{digest}\""));
    (headers, bytes).into_response()
}

/// A file that is read while it is sent.
pub fn stream(kind: Kind, name: &str, body: Body) -> Response {
    (headers(kind, name), body).into_response()
}

fn headers(kind: Kind, name: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    set(&mut headers, "content-disposition", &disposition(name));
    headers
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The name in letters that every client reads, and in full for those that can (RFC 6266, RFC 8187).
fn disposition(name: &str) -> String {
    let name = crate::upload::plain_name(name);
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
    let plain: String = name.chars().map(|c| if safe(c) { c } else { '_' }).collect();
    let mut full = String::new();
    for byte in name.bytes() {
        match byte {
            b'-' | b'_' | b'.' => full.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => full.push(char::from(byte)),
            // Writing to a text can't fail.
            _ => write!(full, "%{byte:02X}").unwrap_or_default(),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_no_header() {
        let said = disposition("sch\"ön\r\nX: 1.csv");
        assert_eq!(
            said,
            "attachment; filename=\"sch__nX_ 1.csv\"; filename*=UTF-8''sch%22%C3%B6nX%3A%201.csv"
        );
    }
}
