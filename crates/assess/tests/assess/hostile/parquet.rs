//! Parquet files that are wrong, cut off, or far larger inside than outside.

use crate::{columns, data};
use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
};
use arrow::datatypes::{Int32Type, Int64Type};
use assess::{Format, Limits, Rejected, Report, assess_file};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, GzipLevel};
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

fn read(bytes: &[u8], limits: &Limits) -> Result<Report, Rejected> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    assess_file(
        file.path(),
        Format::Parquet,
        &columns(&["race"], "1"),
        limits,
        &mut assess::unwatched,
    )
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes, &Limits::default()).unwrap_err().to_string()
}

fn write(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn table(race: ArrayRef, score: ArrayRef, compression: Compression) -> Vec<u8> {
    let label: Vec<i64> = (0..race.len() as i64).map(|row| row % 2).collect();
    let predicted: Vec<bool> = label.iter().map(|label| *label == 1).collect();
    write(
        vec![
            ("y_score", score),
            ("y_true", Arc::new(Int64Array::from(label))),
            ("race", race),
            ("y_pred", Arc::new(BooleanArray::from(predicted))),
        ],
        compression,
    )
}

fn names(n: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(
        (0..n).map(|row| if row % 3 == 0 { "a" } else { "b" }),
    ))
}

fn scores(n: usize) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(
        (0..n).map(|row| row as f64 / n as f64),
    ))
}

#[test]
fn every_compression_and_odd_but_sound_types_are_read() {
    let gzip = Compression::GZIP(GzipLevel::default());
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4_RAW,
        gzip,
    ] {
        let report = read(
            &table(names(20_000), scores(20_000), compression),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(
            (report.rows, report.overall.rates.accuracy.value),
            (20_000, Some(1.0))
        );
    }
    let race: DictionaryArray<Int32Type> = (0..90).map(|row| ["x", "y", "z"].get(row % 4).copied()).collect();
    let report = read(
        &table(Arc::new(race), scores(90), Compression::SNAPPY),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(
        (report.missing["race"], report.attributes[0].groups.len()),
        (22, 4)
    );
    let numbers = Arc::new(Int64Array::from_iter_values((0..90).map(|row| row % 2)));
    let report = read(
        &table(numbers.clone(), numbers, Compression::SNAPPY),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(report.attributes[0].groups[0].name(), "0");
}

#[test]
fn damaged_files_are_refused_wherever_they_are_cut() {
    let whole = std::fs::read(data("predictions/german_lr.parquet")).unwrap();
    assert_eq!(refusal(b""), "The file is empty.");
    assert!(refusal(b"PAR1").contains("isn't Parquet"));
    assert!(refusal(b"y_true,y_pred,y_score,race\n1,1,1,a\n").contains("isn't Parquet"));
    for part in 1..40 {
        let cut = whole.len() * part / 40;
        assert!(refusal(&whole[..cut]).contains("isn't Parquet"), "cut at {cut}");
    }
    // Each byte of a small file in turn, turned over: refused or read, but never a panic or a hang.
    let small = table(names(50), scores(50), Compression::SNAPPY);
    for at in 0..small.len() {
        let mut hurt = small.clone();
        hurt[at] ^= 0xff;
        let _ = read(&hurt, &Limits::default());
    }
}

#[test]
fn values_that_cannot_be_used_are_named() {
    let mut with_nan: Vec<f64> = vec![0.5; 40];
    with_nan[6] = f64::NAN;
    let file = table(
        names(40),
        Arc::new(Float64Array::from(with_nan)),
        Compression::SNAPPY,
    );
    assert!(refusal(&file).starts_with("In row 7, column “y_score”, the score is NaN"));
    let gaps: Float64Array = (0..40).map(|row| (row != 3).then_some(0.5)).collect();
    let file = table(names(40), Arc::new(gaps), Compression::SNAPPY);
    assert_eq!(
        refusal(&file),
        "In row 4, column “y_score”, there is no value. Every row needs a score."
    );
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>((0..40).map(|row| Some(vec![Some(row)])));
    let file = table(Arc::new(lists), scores(40), Compression::SNAPPY);
    assert!(
        refusal(&file).starts_with("The column “race” holds a nested list, where text"),
        "{}",
        refusal(&file)
    );
    let file = table(names(0), scores(0), Compression::SNAPPY);
    assert!(matches!(read(&file, &Limits::default()), Err(Rejected::NoRows)));
    let nameless = write(vec![("y_true", scores(3))], Compression::SNAPPY);
    assert!(refusal(&nameless).starts_with("There is no column “y_pred”."));
}

#[test]
fn a_bomb_is_refused_before_it_is_decompressed() {
    // Equal scores: next to nothing outside, megabytes inside.
    let gzip = Compression::GZIP(GzipLevel::default());
    let zeros = Arc::new(Float64Array::from(vec![0.25; 200_000]));
    let properties = WriterProperties::builder()
        .set_compression(gzip)
        .set_dictionary_enabled(false)
        .build();
    let label: ArrayRef = Arc::new(Int64Array::from_iter_values((0..200_000).map(|row| row % 2)));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("y_true", label.clone()),
        ("y_pred", label),
        ("y_score", zeros),
        ("race", names(200_000)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert!(bytes.len() < 1 << 20);
    let limits = Limits {
        max_decompressed_bytes: 2 << 20,
        ..Limits::default()
    };
    let message = read(&bytes, &limits).unwrap_err().to_string();
    assert!(
        message.starts_with("The columns would take ") && message.contains("once decompressed"),
        "{message}"
    );
    assert_eq!(read(&bytes, &Limits::default()).unwrap().rows, 200_000);
    let limits = Limits {
        max_rows: 1000,
        ..Limits::default()
    };
    assert_eq!(
        read(&bytes, &limits).unwrap_err().to_string(),
        "The file has more than 1\u{202f}000 rows."
    );
}

#[test]
fn a_long_value_repeated_is_held_once_and_refused_by_its_length() {
    let long = "x".repeat(1 << 20);
    let race: DictionaryArray<Int32Type> = (0..500).map(|_| Some(long.as_str())).collect();
    let file = table(Arc::new(race), scores(500), Compression::SNAPPY);
    assert!(file.len() < 1 << 20, "half a gigabyte, if it were spelled out");
    assert!(refusal(&file).contains("column “race”, the value is longer than 1\u{202f}000 bytes"));
}

/// A file with nothing in it but a footer whose schema has these nodes: each a number of children.
fn footer(children: &[u64]) -> Vec<u8> {
    fn varint(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let low = u8::try_from(value & 0x7f).unwrap();
            value >>= 7;
            if value == 0 {
                bytes.push(low);
                return bytes;
            }
            bytes.push(low | 0x80);
        }
    }
    // Thrift, compact protocol: version 1, then the list of nodes.
    let mut thrift = vec![0x15, 0x02, 0x19, 0xfc];
    thrift.extend(varint(children.len() as u64));
    for children in children {
        thrift.extend([0x48, 0x01, b'a', 0x15]);
        thrift.extend(varint(children * 2));
        thrift.push(0x00);
    }
    thrift.extend([0x16, 0x00, 0x19, 0x0c, 0x00]);
    let length = u32::try_from(thrift.len()).unwrap().to_le_bytes();
    [&b"PAR1"[..], &thrift, &length, b"PAR1"].concat()
}

#[test]
fn a_schema_that_would_take_the_process_down_never_gets_to_the_decoder() {
    let deep: Vec<u64> = std::iter::repeat_n(1, 20_000).chain([0]).collect();
    let senseless = "The Parquet file is damaged or cut off: its schema makes no sense.";
    assert_eq!(refusal(&footer(&deep)), senseless);
    // Children that aren't there, which a decoder would make room for.
    assert_eq!(refusal(&footer(&[(1 << 31) - 1])), senseless);
    assert_eq!(refusal(&footer(&[2, 0])), senseless);
    assert_eq!(refusal(&footer(&[])), senseless);
    let wide: Vec<u64> = std::iter::once(50_000)
        .chain(std::iter::repeat_n(0, 50_000))
        .collect();
    assert!(
        refusal(&footer(&wide)).contains("more than"),
        "{}",
        refusal(&footer(&wide))
    );
}

#[test]
fn a_small_schema_gets_as_far_as_the_decoder() {
    // Only the frame is looked at before: the decoder misses the rest.
    let refused = refusal(&footer(&[1, 0]));
    assert!(!refused.contains("its schema"), "{refused}");
}
