//! The parts of a table give every figure of the whole, to the last digit, and partial results travel.

mod tasks;

use crate::{columns, data, format};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use assess::report::{Settings, Source};
use assess::{Columns, Format, Limits, Partial, Rejected, assess_partial};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Every file of the test data, with columns that it has.
pub fn files() -> Vec<(PathBuf, Columns)> {
    let mut files = Vec::new();
    let attributes: [(&str, &[&str], &str); 3] = [
        ("compas", &["race", "sex", "age_cat"], "0"),
        (
            "german_lr",
            &["sex", "age_band", "foreign_worker", "purpose"],
            "1",
        ),
        ("german_gb", &["sex", "age_band"], "1"),
    ];
    for (name, protected, favourable) in attributes {
        let both = columns(protected, favourable);
        let by_threshold = Columns {
            prediction: None,
            ..both.clone()
        };
        for extension in ["csv", "parquet"] {
            for columns in [&both, &by_threshold] {
                let path = data(&format!("predictions/{name}.{extension}"));
                files.push((path, columns.clone()));
            }
        }
    }
    for entry in std::fs::read_dir(data("edge")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let mut columns = columns(&["group"], "1");
            let header = std::fs::read_to_string(&path).unwrap();
            columns.weight = header
                .lines()
                .next()
                .unwrap()
                .contains("weight")
                .then(|| "weight".to_owned());
            files.push((path, columns));
        }
    }
    files
}

pub fn partial(path: &Path, format: Format, columns: &Columns, threads: usize) -> Result<Partial, Rejected> {
    let limits = Limits {
        threads,
        ..Limits::default()
    };
    assess_partial(path, format, columns, &limits, &mut assess::unwatched)
}

/// The report as JSON, or why there is none; the source, which names the parts, is left out.
pub fn told(partial: Result<Partial, Rejected>) -> String {
    let report = partial.and_then(|partial| partial.report(&Settings::default()));
    match report {
        Err(rejected) => rejected.to_string(),
        Ok(mut report) => {
            report.source = Source {
                digest: String::new(),
                bytes: 0,
                format: String::new(),
            };
            String::from_utf8(report.to_json().unwrap()).unwrap()
        }
    }
}

/// A file's rows in so many parts, each a file of its own.
fn divided(path: &Path, parts: usize) -> Vec<NamedTempFile> {
    match format(path) {
        Format::Csv => {
            let text = std::fs::read_to_string(path).unwrap();
            let (header, rows) = text.split_once('\n').unwrap();
            let rows: Vec<&str> = rows.lines().collect();
            let size = rows.len().div_ceil(parts).max(1);
            let part = |rows: &[&str]| {
                let mut file = NamedTempFile::new().unwrap();
                file.write_all(format!("{header}\n{}\n", rows.join("\n")).as_bytes())
                    .unwrap();
                file
            };
            rows.chunks(size).map(part).collect()
        }
        Format::Parquet => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
            let schema = reader.schema().clone();
            let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
            let whole = concat_batches(&schema, &batches).unwrap();
            let size = whole.num_rows().div_ceil(parts);
            let part = |from: usize| {
                let file = NamedTempFile::new().unwrap();
                let mut writer = ArrowWriter::try_new(file.reopen().unwrap(), schema.clone(), None).unwrap();
                writer
                    .write(&whole.slice(from, size.min(whole.num_rows() - from)))
                    .unwrap();
                writer.close().unwrap();
                file
            };
            (0..whole.num_rows()).step_by(size).map(part).collect()
        }
    }
}

fn merged(path: &Path, columns: &Columns, parts: usize, travel: bool) -> Result<Partial, Rejected> {
    let mut whole: Option<Partial> = None;
    for file in divided(path, parts) {
        let mut part = partial(file.path(), format(path), columns, 2)?;
        if travel {
            part = Partial::from_json(&part.to_json().unwrap(), &Limits::default())?;
        }
        whole = Some(match whole {
            None => part,
            Some(whole) => whole.merge(part)?,
        });
    }
    whole.ok_or(Rejected::NoRows)
}

#[test]
fn one_thread_many_threads_and_merged_parts_give_the_same_bytes() {
    let mut reports = 0;
    for (path, columns) in files() {
        let of = |threads| told(partial(&path, format(&path), &columns, threads));
        let whole = of(1);
        assert_eq!(of(5), whole, "{}", path.display());
        assert_eq!(of(0), whole, "{}", path.display());
        if !whole.starts_with('{') {
            continue;
        }
        reports += 1;
        for (parts, travel) in [(2, false), (3, true), (16, true)] {
            let merged = merged(&path, &columns, parts, travel);
            assert_eq!(told(merged), whole, "{} in {parts} parts", path.display());
        }
    }
    assert!(reports >= 30, "{reports}");
}

#[test]
fn parts_may_be_merged_in_any_grouping() {
    let (path, columns) = (data("predictions/compas.csv"), columns(&["race", "sex"], "0"));
    let whole = told(partial(&path, Format::Csv, &columns, 2));
    let files = divided(&path, 4);
    let mut parts = files
        .iter()
        .map(|file| partial(file.path(), Format::Csv, &columns, 2).unwrap());
    let (a, b) = (parts.next().unwrap(), parts.next().unwrap());
    let (c, d) = (parts.next().unwrap(), parts.next().unwrap());
    assert_eq!(told(a.merge(b).unwrap().merge(c.merge(d).unwrap())), whole);
}

#[test]
fn the_source_of_parts_is_the_digest_of_their_digests() {
    let columns = columns(&["race"], "0");
    let csv = || partial(&data("predictions/compas.csv"), Format::Csv, &columns, 2).unwrap();
    let parquet = partial(&data("predictions/compas.parquet"), Format::Parquet, &columns, 2).unwrap();
    let alone = csv().source();
    assert_eq!(alone, csv().sources()[0]);
    assert_eq!(
        alone.digest,
        "8d09428867797dca3d8e2035c3ba2c37a52a85e06cde18d670360d4d33d41efd"
    );
    let both = csv().merge(parquet).unwrap();
    let text: String = both
        .sources()
        .iter()
        .map(|source| format!("{}\n", source.digest))
        .collect();
    let mut file = NamedTempFile::new().unwrap();
    // Any file's digest is its SHA-256: so the digest of that text is found by reading it.
    file.write_all(format!("y_true\n{text}").as_bytes()).unwrap();
    assert_eq!(both.source().format, "csv+parquet");
    assert_eq!(
        both.source().bytes,
        both.sources()[0].bytes + both.sources()[1].bytes
    );
    assert_ne!(both.source().digest, alone.digest);
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let read = |text: &str, columns: &Columns| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        partial(file.path(), Format::Csv, columns, 2).unwrap()
    };
    let by_race = columns(&["race"], "1");
    let header = "y_true,y_pred,y_score,race,sex\n";
    let one = || read(&format!("{header}1,1,0.9,a,m\n0,1,0.9,a,m\n"), &by_race);
    let other = read(&format!("{header}1,1,0.9,a,m\n"), &columns(&["sex"], "1"));
    assert!(matches!(one().merge(other), Err(Rejected::Unlike(_))));
    let third = read(&format!("{header}2,2,0.9,a,m\n"), &by_race);
    assert_eq!(
        one().merge(third).err().unwrap().to_string(),
        "The column “y_true” has more than two values: “1”, “0” and, in row 3, “2”. A binary assessment needs two."
    );
    let groups = |from: u32| {
        let rows: String = (from..from + 150)
            .map(|group| format!("1,1,0.5,g{group},m\n"))
            .collect();
        read(&format!("{header}{rows}"), &by_race)
    };
    let refused = groups(0).merge(groups(100)).err().unwrap().to_string();
    assert!(refused.contains("more than 200 groups"), "{refused}");
    assert_eq!(groups(0).merge(groups(50)).unwrap().rows(), 300);
}

#[test]
fn what_is_no_partial_result_is_refused() {
    let columns = Columns {
        weight: Some("y_score".to_owned()),
        score: None,
        ..columns(&["race", "sex"], "0")
    };
    let of = |columns: &Columns| {
        let mut part = partial(&data("predictions/compas.csv"), Format::Csv, columns, 2).unwrap();
        String::from_utf8(part.to_json().unwrap()).unwrap()
    };
    let scored = of(&Columns {
        score: columns.weight.clone(),
        weight: None,
        ..columns.clone()
    });
    let weighted = of(&columns);
    let read = |json: &str| Partial::from_json(json.as_bytes(), &Limits::default());
    assert!(read(&scored).is_ok() && read(&weighted).is_ok());
    for (json, from, to) in [
        (&scored, "countersign.partial/1", "countersign.partial/2"),
        (&scored, "\"digest\":\"8d", "\"digest\":\"8X"),
        (&scored, "\"first\":[1", "\"first\":[0"),
        (&scored, "\"groups\":[0,0]", "\"groups\":[0,99]"),
        (&scored, "\"groups\":[1,0]", "\"groups\":[0,0]"),
        (&scored, "\"African-American\"", "\"Other\""),
        (&scored, "\"entries\":[[", "\"entries\":[[0.05,0,[1,0]],["),
        (&scored, "\"entries\":[[0.1", "\"entries\":[[9.5"),
        (&scored, "\"entries\":[[0.1,", "\"entries\":[[0.1,7777"),
        (&scored, "\"rows\":[[", "\"rows\":[[9"),
        (&scored, "\"rows\":[[", "\"rows\":[[18446744073709551615"),
        (&scored, "\"scores\":", "\"marks\":"),
        (&weighted, "\"sums\":[[[[[", "\"sums\":[[[[[99"),
        (&weighted, "\"cells\":[{", "\"cells\":[{\"more\":1,"),
        (&weighted, "\"weight\":\"y_score\",", ""),
    ] {
        assert!(json.contains(from), "{from}");
        let refused = read(&json.replacen(from, to, 1)).err();
        let refused = refused.unwrap_or_else(|| panic!("{from} → {to} was believed"));
        println!("{from} → {to}: {refused}");
    }
    for cut in (0..scored.len()).step_by(97) {
        assert!(read(&scored[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn weights_are_summed_exactly_whatever_the_order() {
    let weighted = Columns {
        weight: Some("w".to_owned()),
        score: None,
        ..columns(&["race"], "1")
    };
    let mut text = String::from("y_true,y_pred,race,w\n");
    for row in 0..60_000_u64 {
        let weight = f64::from(u32::try_from(row * 7919 % 10_007).unwrap()) * 1e-3 + 1e-9;
        text.push_str(&format!("{},{},r{},{weight}\n", row % 2, row / 2 % 2, row % 3));
    }
    let read = |text: &str, threads| {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        partial(file.path(), Format::Csv, &weighted, threads)
    };
    let sums = |text: &str, threads| {
        let part = read(text, threads).unwrap();
        let cells = part.cells().map(|cell| {
            (
                cell.groups[0].unwrap().to_owned(),
                cell.rows,
                cell.weights.unwrap(),
            )
        });
        let mut cells: Vec<_> = cells.collect();
        cells.sort_by(|a, b| a.0.cmp(&b.0));
        cells
    };
    let cells = sums(&text, 4);
    let mut reversed: Vec<&str> = text.lines().skip(1).collect();
    reversed.reverse();
    let mut back = sums(&format!("y_true,y_pred,race,w\n{}\n", reversed.join("\n")), 1);
    // The answers are numbered as they come, so theirs change places.
    for (_, rows, weights) in &mut back {
        for pairs in [&mut weights.weight, &mut weights.squares] {
            pairs.reverse();
            *pairs = pairs.map(|[a, b]| [b, a]);
        }
        rows.reverse();
        *rows = rows.map(|[a, b]| [b, a]);
    }
    assert_eq!(cells, back);
    let all: f64 = cells
        .iter()
        .flat_map(|(.., weights)| weights.weight.as_flattened())
        .sum();
    let expected: f64 = text
        .lines()
        .skip(1)
        .map(|row| row.rsplit(',').next().unwrap().parse::<f64>().unwrap())
        .sum();
    assert!((all / expected - 1.0).abs() < 1e-12, "{all} {expected}");
    for (weight, message) in [
        (
            "-1",
            "In row 2 (line 3), column “w”, the weight is -1: weights are finite numbers from 0 to 1e150.",
        ),
        (
            "inf",
            "In row 2 (line 3), column “w”, the weight is inf: weights are finite numbers from 0 to 1e150.",
        ),
        (
            "NaN",
            "In row 2 (line 3), column “w”, the weight is NaN: weights are finite numbers from 0 to 1e150.",
        ),
        ("much", "In row 2 (line 3), column “w”, “much” is not a number."),
        (
            "",
            "In row 2 (line 3), column “w”, there is no value. Every row needs a weight.",
        ),
    ] {
        let refused = read(&format!("y_true,y_pred,race,w\n1,1,a,0\n0,1,a,{weight}\n"), 2);
        let refused = refused.err().unwrap();
        assert_eq!(
            (refused.to_string().as_str(), refused.about(&weighted)),
            (message, "weight")
        );
    }
}
