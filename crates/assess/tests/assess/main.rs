//! The engine held against what trusted libraries say, and against what files do to those who read them.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what fails to unwrap has failed the test"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "test tables are small"
)]
#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "plainer, and fast enough for test tables"
)]

mod assessment;
mod bounded;
mod cancelled;
mod command;
mod edge;
mod golden;
#[expect(dead_code, reason = "the program's main is for the command line")]
#[path = "../../examples/golden/main.rs"]
mod harness;
mod hostile;
mod metrics;
mod page;
mod paired;
mod parts;
mod properties;
mod reading;
mod report;
mod schema;
mod tasks;
mod threads;
mod weighted;
mod workbook;

use assess::report::Settings;
use assess::{Assessment, Columns, Format, Limits, Rejected, Report, Request};
use std::path::{Path, PathBuf};

/// A file of the test data.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn format(path: &Path) -> Format {
    if path.extension().is_some_and(|extension| extension == "parquet") {
        Format::Parquet
    } else {
        Format::Csv
    }
}

/// The columns that all test files share; which attributes and which outcome is favourable differs.
fn columns(protected: &[&str], favourable: &str) -> Columns {
    Columns {
        label: "y_true".to_owned(),
        prediction: Some("y_pred".to_owned()),
        score: Some("y_score".to_owned()),
        protected: protected.iter().map(|&name| name.to_owned()).collect(),
        favourable: favourable.to_owned(),
        ..Columns::default()
    }
}

/// The settings that show every figure, as the libraries do.
fn unguarded(min_percent: u64) -> Settings {
    Settings {
        min_shown: 0,
        min_judged: 1,
        min_outcomes: 0,
        min_percent,
        ..Settings::default()
    }
}

fn assess(path: &Path, columns: &Columns, settings: &Settings) -> Result<Report, Rejected> {
    assess::assess_with(
        path,
        format(path),
        columns,
        settings,
        &Limits::default(),
        &mut assess::unwatched,
    )
}

/// Does what is asked of a file.
fn asked(path: &Path, request: &Request) -> Result<Assessment, Rejected> {
    assess::assess(path, request, &Limits::default(), &mut assess::unwatched)
}

/// Assesses CSV text by the default settings.
fn assess_text(text: impl AsRef<[u8]>, columns: &Columns) -> Result<Report, Rejected> {
    assess::assess_read(
        text.as_ref(),
        columns,
        &Settings::default(),
        &Limits::default(),
        &mut assess::unwatched,
    )
}
