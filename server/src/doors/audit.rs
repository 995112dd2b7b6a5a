//! The audit log as files, with the filters of its page.
use crate::{
    asked::SignedIn,
    download::{self, Kind},
    problem::Problem,
    rest::extract::Query,
    served::Served,
};
use axum::{extract::State, response::Response};
use domain::view::audit::{Entry, Filter};
use serde_json::Value;

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

/// A row an entry, oldest first.
pub async fn csv(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let entries = backend::audit::export(served.portal(), &asker.actor, &filter).await?;
    let table = table(&entries).map_err(Problem::broken)?;
    Ok(download::whole(Kind::Csv, "audit.csv", table))
}

/// A list of entries, oldest first.
pub async fn json(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let entries = backend::audit::export(served.portal(), &asker.actor, &filter).await?;
    let list = serde_json::to_vec_pretty(&entries).map_err(Problem::broken)?;
    Ok(download::whole(Kind::Json, "audit.json", list))
}

fn table(entries: &[Entry]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for entry in entries {
        table.write_record(row(entry))?;
    }
    table
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
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
        let text = String::from_utf8(table(&[entry]).unwrap()).unwrap();
        let row = text.lines().nth(1).unwrap();
        assert_eq!(
            row,
            ",7,1970-01-01T00:00:00+00:00,\"'=HYPERLINK(\"\"http://x\"\")\",model.created,done,\"created a, b\",model,'@a,,3,,\
             \"{\"\"tier\"\":\"\"high\"\"}\",00"
        );
    }
}
