//! Files of several blocks: whatever is in them, and however many threads read them, they are read row by row.

use crate::parts::{partial, told};
use crate::{assess_text, columns};
use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use assess::{Columns, Format, Limits, assess_read};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use proptest::prelude::*;
use std::io::Write;
use std::sync::Arc;
use tempfile::NamedTempFile;

const HEADER: &str = "y_true,y_pred,y_score,race,note\n";
/// More than a block's worth.
const ROWS: usize = 60_000;

fn row(at: usize) -> String {
    format!(
        "{},{},0.{:04},r{},plain text of some length\n",
        at % 2,
        at / 2 % 2,
        at % 10_000,
        at % 7
    )
}

fn read(text: &str, threads: usize) -> String {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    told(partial(
        file.path(),
        Format::Csv,
        &columns(&["race"], "1"),
        threads,
    ))
}

/// The table with other rows in place of some.
fn with(others: &[(usize, &str)]) -> String {
    let mut text = HEADER.to_owned();
    for at in 0..ROWS {
        match others.iter().find(|(other, _)| *other == at) {
            Some((_, row)) => text.push_str(row),
            None => text.push_str(&row(at)),
        }
    }
    text
}

#[test]
fn the_first_bad_row_is_named_whoever_finds_another_first() {
    let far = ROWS - 10;
    let message = |others: &[(usize, &str)]| {
        let text = with(others);
        let message = read(&text, 1);
        assert_eq!(message, read(&text, 4));
        message
    };
    let late = (far, "1,1,high,r1,x\n");
    assert_eq!(
        message(&[late]),
        "In row 59\u{202f}991 (line 59\u{202f}992), column “y_score”, “high” is not a number."
    );
    for (bad, expected) in [
        (
            "1,1,0.5,r1\n",
            "In row 40\u{202f}001 (line 40\u{202f}002) there are 4 values",
        ),
        (
            "1,1,,r1,x\n",
            "In row 40\u{202f}001 (line 40\u{202f}002), column “y_score”, there is no value.",
        ),
        (
            ",1,0.5,r1,x\n",
            "In row 40\u{202f}001 (line 40\u{202f}002), column “y_true”, there is no value.",
        ),
        (
            "2,1,0.5,r1,x\n",
            "The column “y_true” has more than two values: “0”, “1” and, in row 40\u{202f}001 (line 40\u{202f}002), “2”.",
        ),
        (
            "1,maybe,0.5,r1,x\n",
            "In row 40\u{202f}001 (line 40\u{202f}002), column “y_pred”, the prediction “maybe”",
        ),
        (
            "1,1,0.5,r1,a\0b\n",
            "The file isn't CSV text: it holds zero bytes (in row 40\u{202f}001 (line 40\u{202f}002)).",
        ),
    ] {
        let found = message(&[(40_000, bad), late]);
        assert!(found.starts_with(expected), "{found}");
        let moved = message(&[(7, "1,1,0.5,r1,\"two\nlines\"\n"), (40_000, bad), late]);
        assert!(
            moved.contains("row 40\u{202f}001 (line 40\u{202f}003)"),
            "{moved}"
        );
    }
    let open = message(&[(20_000, "1,1,0.5,r1,\"open\n")]);
    assert!(
        open.starts_with("The row at row 20\u{202f}001 (line 20\u{202f}002)"),
        "{open}"
    );
    assert_eq!(
        message(&[(ROWS - 1, "1,1,0.5,r1,\"open\n")]),
        "A quote opened in row 60\u{202f}000 is never closed."
    );
}

#[test]
fn limits_hold_across_blocks() {
    let table: String = (0..ROWS).map(|at| format!("1,1,0.5,g{},x\n", at / 500)).collect();
    let table = format!("{HEADER}{table}");
    let within = |limits: Limits| {
        let columns = columns(&["race"], "1");
        let settings = assess::report::Settings::default();
        assess_read(
            table.as_bytes(),
            &columns,
            &settings,
            &limits,
            &mut assess::unwatched,
        )
        .err()
        .unwrap()
        .to_string()
    };
    for threads in [1, 3] {
        let limits = || Limits {
            threads,
            ..Limits::default()
        };
        assert!(
            within(Limits {
                max_groups: 100,
                ..limits()
            })
            .contains("(the next one in row 50\u{202f}001 (line 50\u{202f}002)): “g100”"),
        );
        assert!(
            within(Limits {
                max_cells: 100,
                ..limits()
            })
            .contains("more than 100 combinations (the next one in row 50\u{202f}001"),
        );
        assert_eq!(
            within(Limits {
                max_rows: 50_000,
                ..limits()
            }),
            "The file has more than 50\u{202f}000 rows."
        );
    }
}

#[test]
fn line_ends_quotes_and_marks_change_no_figure() {
    let plain = with(&[]);
    let expected = read(&plain, 2);
    assert!(expected.starts_with('{'));
    let quoted: String = plain
        .lines()
        .map(|line| format!("\"{}\"\n", line.replace(',', "\",\"")))
        .collect();
    for text in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        plain.replace('\n', "\n\n"),
        format!("\u{feff}{plain}"),
        plain.trim_end().to_owned(),
        quoted.clone(),
        quoted.replace('\n', "\r\n"),
        plain.replace("plain text", "\"plain\n, \"\"text\"\"\""),
        // Quotes amid a value are nothing but text, and mislead whoever counts them.
        plain.replace("plain text", "5\" wide"),
        with(&[(3, "1,1,0.0003,r3,5\" wide\n")]),
        with(&[
            (3, "1,1,0.0003,r3,5\" wide\n"),
            (30_000, "0,0,0.0000,r5,\"a\nb\"\n"),
            (30_001, "1,0,0.0001,r6,\n"),
        ]),
    ] {
        for threads in [1, 4] {
            assert_eq!(read(&text, threads), expected, "{}…", &text[..120]);
        }
    }
}

#[test]
fn answers_and_groups_are_numbered_as_they_first_occur() {
    let spelled = |at: usize| {
        if at < 50_000 {
            ["0.0", "true"][at % 2]
        } else {
            ["false", "1"][at % 2]
        }
    };
    let mut text = HEADER.to_owned();
    for at in 0..ROWS {
        text.push_str(&format!(
            "{},{},0.5,r{},x\n",
            spelled(at),
            at / 2 % 2,
            (ROWS - at) / 10_000
        ));
    }
    let one = read(&text, 1);
    assert!(one.contains("\"positive\": \"1\""), "{}", &one[..300]);
    assert_eq!(one, read(&text, 6));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Values with commas, quotes and breaks, quoted as they must be or wherever one likes, in files of a few blocks.
    #[test]
    fn every_value_arrives(
        names in prop::collection::vec("[a-c,\"\n\r é]{0,6}", 1..6),
        quote in prop::collection::vec(any::<bool>(), 1..7),
        threads in 1_usize..4,
        rows in 1_usize..60_000,
    ) {
        let mut text = HEADER.to_owned();
        let mut expected = std::collections::BTreeMap::<&str, u64>::new();
        for at in 0..rows {
            let name = names[at % names.len()].as_str();
            let must = name.contains([',', '"', '\n', '\r']);
            let field = if must || quote[at % quote.len()] { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() };
            text.push_str(&format!("{},1,0.5,{field},\n", at % 2));
            *expected.entry(name).or_default() += 1;
        }
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let part = partial(file.path(), Format::Csv, &Columns { score: None, ..columns(&["race"], "1") }, threads).unwrap();
        let found: std::collections::BTreeMap<&str, u64> = part
            .cells()
            .map(|cell| (cell.groups[0].unwrap_or_default(), cell.rows.as_flattened().iter().sum()))
            .collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_stream_of_drops_is_read_like_a_file() {
    struct Drops<'a>(&'a [u8]);
    impl std::io::Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let n = buffer.len().min(self.0.len()).min(1 + self.0.len() % 4099);
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }
    let text = with(&[(9, "1,0,0.0009,r2,\"quoted, é\"\n")]);
    let columns = columns(&["race"], "1");
    let settings = assess::report::Settings::default();
    let dripped = assess_read(
        Drops(text.as_bytes()),
        &columns,
        &settings,
        &Limits::default(),
        &mut assess::unwatched,
    );
    assert_eq!(dripped.unwrap(), assess_text(&text, &columns).unwrap());
}

/// A table of 150 000 rows as Parquet, and as CSV; `bad` rows have a score that isn't a number.
fn both(properties: WriterPropertiesBuilder, bad: &[usize]) -> (NamedTempFile, String) {
    let rows = 0..150_000_usize;
    let race = |at: usize| {
        (!at.is_multiple_of(11)).then(|| format!("a group with a long name, number {}", at * at % 37))
    };
    let score = |at: usize| {
        if bad.contains(&at) {
            f64::NAN
        } else {
            (at % 10_007) as f64 / 10_007.0
        }
    };
    let whole = |divisor: usize| {
        rows.clone()
            .map(move |at| Some(i32::try_from(at / divisor % 2).unwrap()))
    };
    let batch = RecordBatch::try_from_iter_with_nullable([
        (
            "race",
            Arc::new(rows.clone().map(race).collect::<StringArray>()) as ArrayRef,
            true,
        ),
        (
            "y_score",
            Arc::new(Float64Array::from_iter_values(rows.clone().map(score))),
            false,
        ),
        ("y_pred", Arc::new(whole(3).collect::<Int32Array>()), false),
        ("y_true", Arc::new(whole(1).collect::<Int32Array>()), true),
    ])
    .unwrap();
    let file = NamedTempFile::new().unwrap();
    let mut writer =
        ArrowWriter::try_new(file.reopen().unwrap(), batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mut text = "race,y_score,y_pred,y_true\n".to_owned();
    for at in rows {
        let quoted = race(at).map(|race| format!("\"{race}\"")).unwrap_or_default();
        text.push_str(&format!("{quoted},{},{},{}\n", score(at), at / 3 % 2, at % 2));
    }
    (file, text)
}

#[test]
fn parquet_in_stretches_is_read_as_csv_is_however_it_was_written() {
    let properties = WriterProperties::builder;
    for properties in [
        properties(),
        properties().set_dictionary_enabled(false),
        // A dictionary that is given up after some pages.
        properties()
            .set_dictionary_page_size_limit(400)
            .set_data_page_row_count_limit(1000)
            .set_write_batch_size(500),
        properties().set_max_row_group_row_count(Some(7001)),
        properties().set_writer_version(parquet::file::properties::WriterVersion::PARQUET_2_0),
    ] {
        let (file, text) = both(properties, &[]);
        let columns = columns(&["race"], "1");
        let parquet = |threads| told(partial(file.path(), Format::Parquet, &columns, threads));
        let csv = read(&text, 2);
        assert!(csv.starts_with('{'), "{csv}");
        assert_eq!(parquet(1), csv);
        assert_eq!(parquet(5), csv);
    }
}

#[test]
fn the_first_bad_row_of_parquet_is_named_too() {
    for (bad, row) in [
        (vec![149_999], "150\u{202f}000"),
        (vec![140_000, 70_000], "70\u{202f}001"),
    ] {
        let (file, _) = both(
            WriterProperties::builder().set_max_row_group_row_count(Some(40_000)),
            &bad,
        );
        for threads in [1, 4] {
            let refused = told(partial(
                file.path(),
                Format::Parquet,
                &columns(&["race"], "1"),
                threads,
            ));
            assert!(
                refused.starts_with(&format!("In row {row}, column “y_score”, the score is NaN")),
                "{refused}"
            );
        }
    }
}
