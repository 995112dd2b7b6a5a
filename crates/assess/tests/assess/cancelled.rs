//! Whoever watches the reading can break it off, at any time and whatever is read.

use crate::command::{order, written};
use crate::{columns, unguarded};
use arrow::array::RecordBatch;
use arrow::array::{ArrayRef, Float64Array, Int64Array, StringArray};
use assess::command::Output;
use assess::report::Task;
use assess::{Limits, Progress, Rejected, Request, assess_read};
use parquet::arrow::ArrowWriter;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use tempfile::NamedTempFile;

const ROWS: u32 = 160_000;

/// A row's label, prediction, score and group; the case is its number.
fn row(at: u32) -> (i64, i64, f64, &'static str) {
    let score = f64::from(at * 7919 % 1009) / 1009.0;
    (
        i64::from(at * 31 % 97 < 40),
        i64::from(score > 0.5),
        score,
        ["a", "b", "c"][at as usize % 3],
    )
}

fn as_csv() -> NamedTempFile {
    let mut text = String::from("id,y_true,y_pred,y_score,g\n");
    for at in 0..ROWS {
        let (label, predicted, score, group) = row(at);
        text.push_str(&format!("{at},{label},{predicted},{score},{group}\n"));
    }
    written(&text)
}

fn as_parquet() -> NamedTempFile {
    let rows: Vec<_> = (0..ROWS).map(row).collect();
    let ids = (0..ROWS).map(|at| at.to_string());
    let columns: [(&str, ArrayRef); 5] = [
        ("id", Arc::new(StringArray::from_iter_values(ids))),
        (
            "y_true",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0))),
        ),
        (
            "y_pred",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.1))),
        ),
        (
            "y_score",
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.2))),
        ),
        (
            "g",
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.3))),
        ),
    ];
    let table = RecordBatch::try_from_iter(columns).unwrap();
    let file = NamedTempFile::new().unwrap();
    let mut writer = ArrowWriter::try_new(file.reopen().unwrap(), table.schema(), None).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();
    file
}

/// Breaks off when told for the `last` time; answers with what came of it, and how often it was told.
fn broken_off(file: &Path, of: &Request, last: usize) -> (Result<u64, Rejected>, Vec<Progress>) {
    let mut told = Vec::new();
    let answer = assess::assess(file, of, &Limits::default(), &mut |progress| {
        told.push(progress);
        if told.len() == last {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    (answer.map(|assessment| assessment.rows()), told)
}

/// What is asked of the files: each task, and everything that reads another file or the same once more.
fn requests(baseline: &Path) -> Vec<Request> {
    let of = |task| order(task, &["g"], Output::Json).request;
    let mut binary = of(Task::Binary);
    binary.columns.favourable = "1".into();
    let beside = Request {
        slices: vec!["g".to_owned()],
        baseline: Some(baseline.to_owned()),
        id: Some("id".to_owned()),
        ..binary.clone()
    };
    let mut multiclass = of(Task::Multiclass);
    multiclass.columns.score = None;
    let mut regression = of(Task::Regression);
    regression.columns.score = None;
    let mut ranking = of(Task::Ranking);
    ranking.columns.prediction = None;
    vec![binary, beside, multiclass, regression, ranking]
}

#[test]
fn a_break_ends_the_reading_wherever_it_is() {
    for file in [as_csv(), as_parquet()] {
        for of in requests(file.path()) {
            let (whole, told) = broken_off(file.path(), &of, 0);
            assert_eq!(whole.unwrap(), u64::from(ROWS));
            let all = told.len();
            assert!(
                all > 1 && told[0].rows < u64::from(ROWS),
                "{:?}: {told:?}",
                of.task
            );
            for last in [1, all / 2, all - 1, all] {
                let (answer, told) = broken_off(file.path(), &of, last);
                assert!(
                    matches!(answer, Err(Rejected::Cancelled)),
                    "{:?} at {last}: {answer:?}",
                    of.task
                );
                assert_eq!(told.len(), last, "{:?}: it went on", of.task);
            }
        }
    }
}

/// Rows without an end, and how many bytes of them were taken.
struct Endless {
    taken: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(self.taken).unwrap();
        let text = |at: usize| {
            if at < HEAD.len() {
                HEAD[at]
            } else {
                LINE[(at - HEAD.len()) % LINE.len()]
            }
        };
        for (at, byte) in buffer.iter_mut().enumerate() {
            *byte = text(from + at);
        }
        self.taken += buffer.len() as u64;
        Ok(buffer.len())
    }
}

const HEAD: &[u8] = b"y_true,y_pred,y_score,g\n";
const LINE: &[u8] = b"1,1,0.75,a\n";

#[test]
fn little_is_read_beyond_a_break() {
    let limits = Limits {
        max_bytes: u64::MAX,
        threads: 2,
        ..Limits::default()
    };
    let mut endless = Endless { taken: 0 };
    let answer = assess_read(
        &mut endless,
        &columns(&["g"], "1"),
        &unguarded(0),
        &limits,
        &mut |progress| {
            if progress.rows < 500_000 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        },
    );
    assert!(matches!(answer, Err(Rejected::Cancelled)));
    // Told after every megabyte, and at most six blocks of half a megabyte are under way beside it.
    let most = 500_000 * LINE.len() as u64 + (5 << 20);
    assert!(endless.taken < most, "{} of {most}", endless.taken);
}
