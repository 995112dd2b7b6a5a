//! The audit log as files, with the filters of its page.
use crate::{
    asked::SignedIn,
    download::{self, Kind},
    problem::Problem,
    rest::extract::{Path, Query},
    served::Served,
};
use axum::{
    body::{Body, Bytes},
    extract::State,
    response::Response,
};
use domain::view::audit::{Entry, Filter};
use futures::{StreamExt, stream};
use serde_json::Value;
use std::io;

const COLUMNS: [&str; 14] = [
    "index",
    "seq",
    "at",
    "actor",
    "action",
    "outcome",
    "sentence",
    "subject_kind",
    "subject_id",
    "model",
    "release",
    "before",
    "after",
    "leaf_hash",
];

/// A row an entry, newest first.
pub async fn csv(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let pages = backend::audit::export(served.portal().clone(), &asker.actor, &filter)?;
    let head = stream::iter([lines([COLUMNS.map(str::to_owned)])]);
    let rows = pages.map(|page| lines(page.map_err(io::Error::other)?.iter().map(row)));
    let body = Body::from_stream(head.chain(rows));
    Ok(download::stream(Kind::Csv, "audit.csv", body))
}

/// A list of entries, newest first.
pub async fn json(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let pages = backend::audit::export(served.portal().clone(), &asker.actor, &filter)?;
    let mut first = true;
    let items = pages.map(move |page| {
        let mut text = Vec::new();
        for entry in page.map_err(io::Error::other)? {
            text.extend_from_slice(if std::mem::take(&mut first) { b"\n" } else { b",\n" });
            serde_json::to_writer(&mut text, &entry)?;
        }
        Ok::<_, io::Error>(Bytes::from(text))
    });
    let end = |text: &'static [u8]| stream::iter([Ok(Bytes::from_static(text))]);
    let body = Body::from_stream(end(b"[").chain(items).chain(end(b"\n]\n")));
    Ok(download::stream(Kind::Json, "audit.json", body))
}

/// An entry with the proof that it is in the log, for whoever wants to check it themselves.
pub async fn proof(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(seq): Path<i64>,
) -> Result<Response, Problem> {
    let logged = backend::seal::logged(served.portal(), &asker.actor, seq).await?;
    let text = serde_json::to_vec(&logged).map_err(Problem::broken)?;
    Ok(download::whole(
        Kind::Json,
        &format!("entry-{seq}-proof.json"),
        text,
    ))
}

fn lines(rows: impl IntoIterator<Item = [String; 14]>) -> io::Result<Bytes> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        table.write_record(row)?;
    }
    table
        .into_inner()
        .map(Bytes::from)
        .map_err(csv::IntoInnerError::into_error)
}

fn row(entry: &Entry) -> [String; 14] {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let json = |value: &Value| {
        if value.is_null() {
            String::new()
        } else {
            value.to_string()
        }
    };
    [
        number(entry.index),
        entry.seq.to_string(),
        entry.at.to_rfc3339(),
        entry.actor_name.clone(),
        entry.action.clone(),
        if entry.refused { "refused" } else { "done" }.into(),
        entry.sentence.clone(),
        entry.subject_kind.clone(),
        entry.subject_id.clone(),
        entry.model.clone().unwrap_or_default(),
        number(entry.release),
        json(&entry.before),
        json(&entry.after),
        entry.leaf_hash.clone(),
    ]
    .map(disarmed)
}

/// Text that a spreadsheet would run as a formula is led by an apostrophe (OWASP: CSV injection).
fn disarmed(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_formula_runs_nowhere() {
        let entry = Entry {
            seq: 7,
            at: chrono::DateTime::UNIX_EPOCH,
            actor_name: "=HYPERLINK(\"http://x\")".into(),
            action: "model.created".into(),
            refused: false,
            sentence: "created a, b".into(),
            subject_kind: "model".into(),
            subject_id: "@a".into(),
            model: None,
            release: Some(3),
            before: Value::Null,
            after: serde_json::json!({ "tier": "high" }),
            leaf_hash: "00".into(),
            index: None,
        };
        let text = String::from_utf8(lines([row(&entry)]).unwrap().to_vec()).unwrap();
        assert_eq!(
            text.trim_end(),
            ",7,1970-01-01T00:00:00+00:00,\"'=HYPERLINK(\"\"http://x\"\")\",model.created,done,\"created a, b\",model,'@a,,3,,\
             \"{\"\"tier\"\":\"\"high\"\"}\",00"
        );
    }
}
