//! How long reading takes: CSV and Parquet, by counts alone, with scores and with weights, and merging parts.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails to unwrap has failed")]

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use assess::{Columns, Format, Limits, Partial, assess_partial};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use parquet::arrow::ArrowWriter;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

const ROWS: u32 = 300_000;
const RACES: [&str; 4] = ["African-American", "Asian", "Caucasian", "Hispanic"];
const SEXES: [&str; 2] = ["Female", "Male"];

/// A row's label, prediction, score, race and sex, without a pattern that a processor would learn.
fn row(at: u32) -> (i64, i64, f64, &'static str, &'static str) {
    let mixed = at
        .wrapping_mul(0x9e37_79b9)
        .rotate_left(13)
        .wrapping_mul(0x85eb_ca6b);
    let score = f64::from(mixed >> 8 & 0xfff) / 4096.0;
    let of = |bits: u32, n: usize| (mixed >> bits) as usize % n;
    let label = i64::from(mixed >> 3 & 1);
    (
        label,
        i64::from(score >= 0.5),
        score,
        RACES[of(20, 4)],
        SEXES[of(28, 2)],
    )
}

fn csv(path: &Path) {
    let mut text = String::from("y_true,y_pred,y_score,race,sex\n");
    for (label, predicted, score, race, sex) in (0..ROWS).map(row) {
        writeln!(text, "{label},{predicted},{score:.4},{race},{sex}").unwrap();
    }
    std::fs::write(path, text).unwrap();
}

fn parquet(path: &Path) {
    let rows: Vec<_> = (0..ROWS).map(row).collect();
    let batch = RecordBatch::try_from_iter([
        (
            "y_true",
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0))) as ArrayRef,
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
            "race",
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.3))),
        ),
        (
            "sex",
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.4))),
        ),
    ]);
    let batch = batch.unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn columns(score: bool, weight: bool) -> Columns {
    Columns {
        label: "y_true".to_owned(),
        prediction: Some("y_pred".to_owned()),
        score: score.then(|| "y_score".to_owned()),
        weight: weight.then(|| "y_score".to_owned()),
        protected: vec!["race".to_owned(), "sex".to_owned()],
        favourable: "1".to_owned(),
        ..Columns::default()
    }
}

fn read(path: &Path, format: Format, columns: &Columns) -> Partial {
    assess_partial(path, format, columns, &Limits::default(), &mut assess::unwatched).unwrap()
}

fn reading(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let (csv_path, parquet_path) = (
        directory.path().join("rows.csv"),
        directory.path().join("rows.parquet"),
    );
    csv(&csv_path);
    parquet(&parquet_path);
    let mut group = criterion.benchmark_group("read");
    group
        .throughput(Throughput::Elements(u64::from(ROWS)))
        .sample_size(20);
    for (format, path) in [(Format::Csv, &csv_path), (Format::Parquet, &parquet_path)] {
        for (name, columns) in [
            ("counts", columns(false, false)),
            ("scores", columns(true, false)),
            ("weights", columns(false, true)),
        ] {
            group.bench_function(format!("{}/{name}", format.name()), |bencher| {
                bencher.iter(|| black_box(read(path, format, &columns).rows()));
            });
        }
    }
    group.finish();
    criterion.bench_function("merge/16 parts with scores", |bencher| {
        let part = || read(&parquet_path, Format::Parquet, &columns(true, false));
        bencher.iter_batched(
            || [(); 16].map(|()| part()),
            |parts| {
                parts
                    .into_iter()
                    .reduce(|whole, part| whole.merge(part).unwrap())
                    .map(|whole| whole.rows())
            },
            criterion::BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, reading);
criterion_main!(benches);
