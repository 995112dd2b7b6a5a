//! How fast a predictions file is read: wall time, rows a second and the most memory held.
//!
//!     cargo run -p assess --release --example tally -- FILE --protected race,sex [--score y_score] [--weight w]
//!         [--favourable 1] [--threads 2] [--partial] [--decode]
//!
//! `--partial` writes the partial result as well, `--decode` merely decodes the columns of a Parquet file.

use arrow::array::RecordBatchReader as _;
use assess::report::Settings;
use assess::{Columns, Format, Limits, assess_partial};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let path = Path::new(arguments.first().ok_or("which file?")?);
    let columns = Columns {
        label: option("--label").unwrap_or_else(|| "y_true".to_owned()),
        prediction: Some(option("--prediction").unwrap_or_else(|| "y_pred".to_owned())),
        score: option("--score"),
        weight: option("--weight"),
        protected: option("--protected")
            .map(|names| names.split(',').map(str::to_owned).collect())
            .unwrap_or_default(),
        favourable: option("--favourable").unwrap_or_else(|| "1".to_owned()),
        ..Columns::default()
    };
    let limits = Limits {
        max_bytes: u64::MAX,
        max_rows: u64::MAX,
        max_decompressed_bytes: u64::MAX,
        threads: option("--threads").map_or(Ok(0), |threads| threads.parse())?,
        ..Limits::default()
    };
    let start = Instant::now();
    let rows = if flag("--decode") {
        decode(path, &columns)?
    } else {
        assess(path, &columns, &limits, flag("--partial"))?
    };
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let speed = rows as f64 / seconds / 1e6;
    println!(
        "{rows} rows, {seconds:.3} s, {speed:.1} million rows/s, {} MB at most",
        most_memory().map_or("?".to_owned(), |megabytes| megabytes.to_string())
    );
    Ok(())
}

fn assess(path: &Path, columns: &Columns, limits: &Limits, write: bool) -> Result<u64, Box<dyn Error>> {
    let mut first = [0; 4];
    std::io::Read::read(&mut File::open(path)?, &mut first)?;
    let mut partial = assess_partial(path, Format::of(&first), columns, limits, &mut assess::unwatched)?;
    if write {
        println!("partial result: {} bytes", partial.to_json()?.len());
    }
    let report = partial.report(&Settings::default())?;
    println!("{}", report.verdict());
    Ok(report.rows)
}

/// Decodes the columns that would be read, on one thread, and does nothing with them.
fn decode(path: &Path, columns: &Columns) -> Result<u64, Box<dyn Error>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let wanted: Vec<&str> = [&columns.label]
        .into_iter()
        .chain(&columns.prediction)
        .chain(&columns.score)
        .chain(&columns.weight)
        .chain(&columns.protected)
        .map(String::as_str)
        .collect();
    let mask = ProjectionMask::columns(builder.parquet_schema(), wanted);
    let batches = builder.with_projection(mask).with_batch_size(8192).build()?;
    assert!(!batches.schema().fields().is_empty(), "no such columns");
    let mut rows = 0;
    for batch in batches {
        rows += batch?.num_rows() as u64;
    }
    Ok(rows)
}

/// The most memory that the process held, in megabytes; only Linux tells.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}
