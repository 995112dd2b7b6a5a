//! A report for the tests: COMPAS as the policy for high risk sees it.

use crate::{Align, Column, Paper, Row, Signature, Table};

/// A digest in full.
pub const DIGEST: &str = "8d09428867797dca3d8e2035c3ba2c37a52a85e06cde18d670360d4d33d41efd";

/// The sample.
pub fn paper() -> Paper {
    serde_json::from_str(include_str!("../examples/compas.json")).unwrap()
}

/// A signature under the sample's digest.
pub fn signature(name: &str, meaning: &str, at: i64) -> Signature {
    Signature {
        name: name.into(),
        meaning: meaning.into(),
        at,
        digest: DIGEST.into(),
    }
}

/// A table of words in the first column and numbers in the rest.
pub fn table(labels: &[&str], rows: &[(&[&str], bool)], caption: &str) -> Table {
    let columns = labels.iter().enumerate().map(|(at, label)| Column {
        label: (*label).into(),
        align: if at == 0 { Align::Start } else { Align::End },
    });
    let rows = rows.iter().map(|(cells, muted)| Row {
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        muted: *muted,
    });
    Table {
        columns: columns.collect(),
        rows: rows.collect(),
        caption: caption.into(),
    }
}
