//! Files that are wrong, cut off, too large or made to hurt: each is refused with the row and the column.

mod parquet;

use crate::{assess_text, columns};
use assess::report::Settings;
use assess::{Columns, Limits, assess_read};

const HEADER: &str = "y_true,y_pred,y_score,race\n";

fn refusal(text: impl AsRef<[u8]>) -> String {
    assess_text(text, &columns(&["race"], "1"))
        .unwrap_err()
        .to_string()
}

fn rows(rows: &str) -> String {
    refusal(format!("{HEADER}1,1,0.9,a\n{rows}"))
}

fn within(text: &str, limits: Limits) -> String {
    let columns = columns(&["race"], "1");
    let read = assess_read(
        text.as_bytes(),
        &columns,
        &Settings::default(),
        &limits,
        &mut assess::unwatched,
    );
    read.unwrap_err().to_string()
}

#[test]
fn nothing_to_read() {
    assert_eq!(refusal(""), "The file is empty.");
    assert_eq!(refusal("\n\n"), "The file is empty.");
    assert_eq!(refusal(HEADER), "The file has a header and no rows.");
    assert_eq!(refusal(HEADER.trim_end()), "The file has a header and no rows.");
}

#[test]
fn wrong_headers() {
    assert_eq!(
        refusal("y_true,y_pred,y_scores,race\n1,1,0.5,a\n"),
        "There is no column “y_score”. Did you mean “y_scores”? The columns are “y_true”, “y_pred”, “y_scores” and “race”."
    );
    assert_eq!(
        refusal("y_true,y_pred,y_score,race,y_true\n1,1,0.5,a,1\n"),
        "Two columns are called “y_true” (columns 1 and 5): give each its own name."
    );
    assert_eq!(
        refusal("y_true;y_pred;y_score;race\n1;1;0.5;a\n"),
        "The columns are separated by “;”. Write the file with commas."
    );
}

#[test]
fn what_to_look_at_again() {
    let named = Columns {
        references: [("race".to_owned(), "a".to_owned())].into(),
        ..columns(&["race"], "1")
    };
    for (text, about) in [
        ("y_pred,y_score,race\n1,0.9,a\n", "label"),
        ("y_true,y_score,race\n1,0.9,a\n", "prediction"),
        ("y_true,y_pred,race\n1,1,a\n", "score"),
        ("y_true,y_pred,y_score\n1,1,0.9\n", "protected"),
        ("y_true,y_pred,y_score,race\n1,1,high,a\n", "score"),
        ("y_true,y_pred,y_score,race\n1,1,0.9,b\n0,0,0.1,b\n", "reference"),
        (
            "y_true,y_pred,y_score,race\nno,no,0.9,a\nyes,yes,0.1,a\n",
            "favourable",
        ),
        ("y_true,y_pred,y_score,race\n1,1,0.9\n", "file"),
        ("", "file"),
    ] {
        let rejected = assess_text(text, &named).unwrap_err();
        assert_eq!(rejected.about(&named), about, "{rejected}");
    }
    let twice = columns(&["y_true"], "1");
    assert_eq!(
        assess_text(HEADER, &twice).unwrap_err().about(&twice),
        "protected"
    );
}

#[test]
fn wrong_encodings() {
    let mut latin = format!("{HEADER}1,1,0.9,a\n0,0,0.1,M").into_bytes();
    latin.extend(b"\xfcller\n");
    assert_eq!(
        refusal(&latin),
        "What stands in row 2 (line 3) isn't UTF-8 text: byte 0xFC, at byte 46 of the file. Save the file as UTF-8."
    );
    assert!(refusal(b"\xff\xfey\0_\0t\0").starts_with("The file is UTF-16 text."));
    assert!(refusal(b"y\0_\0t\0r\0").contains("zero bytes"));
    assert!(refusal(b"PK\x03\x04xxxxxxxx").contains("Excel workbook"));
    assert!(refusal(b"PAR1xxxx").contains("is Parquet"));
    assert!(refusal(b"\x1f\x8b\x08xxxx").contains("gzip"));
    let mut cut = format!("{HEADER}1,1,0.9,a\n0,0,0.1,").into_bytes();
    cut.extend(&"é".as_bytes()[..1]);
    assert!(
        refusal(&cut).contains("isn't UTF-8"),
        "a character cut in half at the end"
    );
}

#[test]
fn ragged_and_unclosed_rows() {
    assert!(
        rows("0,0,0.1\n").starts_with("In row 2 (line 3) there are 3 values, but the header has 4 columns.")
    );
    assert!(rows("0,0,0.1,a,b\n").starts_with("In row 2 (line 3) there are 5 values"));
    assert!(rows("0,0").contains("there are 2 values"), "a truncated last row");
    assert_eq!(
        rows("0,0,0.1,\"a\n1,1,0.9,b\n"),
        "A quote opened in row 2 is never closed."
    );
    assert_eq!(rows("0,0,0.1,\""), "A quote opened in row 2 is never closed.");
    // A quoted line break moves lines ahead of rows; the message gives both.
    assert!(
        rows("0,0,0.1,\"a\nb\"\n0,0,x,a\n")
            .starts_with("In row 3 (line 5), column “y_score”, “x” is not a number.")
    );
}

#[test]
fn wrong_values() {
    assert_eq!(
        rows("0,0,high,a\n"),
        "In row 2 (line 3), column “y_score”, “high” is not a number."
    );
    assert!(rows("0,0,\"0,5\",a\n").ends_with("“0,5” is not a number. Write decimals with a point."));
    assert!(rows("0,0,NaN,a\n").contains("the score is NaN: only finite numbers"));
    assert!(rows("0,0,-inf,a\n").contains("the score is -inf"));
    assert!(rows("0,0,1e999,a\n").contains("the score is inf"));
    assert_eq!(
        rows(",0,0.5,a\n"),
        "In row 2 (line 3), column “y_true”, there is no value. Every row needs a label."
    );
    assert!(rows("0,,0.5,a\n").ends_with("Every row needs a prediction."));
    assert_eq!(
        rows("0,0,0.5,a\n2,0,0.5,a\n"),
        "The column “y_true” has more than two values: “1”, “0” and, in row 3 (line 4), “2”. A binary assessment needs two."
    );
    assert_eq!(
        rows("0,0,0.5,a\n0,maybe,0.5,a\n"),
        "In row 3 (line 4), column “y_pred”, the prediction “maybe” isn't one of the label's values (“1” and “0”)."
    );
    assert_eq!(
        rows("1,maybe,0.5,a\n0,0,0.5,a\n"),
        "In row 2 (line 3), column “y_pred”, the prediction “maybe” isn't one of the label's values (“1” and “0”)."
    );
    let shown = rows(&format!("0,0,{}\u{1b}[31m,a\n", "x".repeat(500)));
    assert!(
        shown.chars().count() < 200 && !shown.contains('\u{1b}'),
        "{shown}"
    );
}

#[test]
fn formulas_stay_plain_text() {
    let report = assess_text(
        format!("{HEADER}1,1,0.9,=1+1\n0,0,0.1,@x\n"),
        &columns(&["race"], "1"),
    )
    .unwrap();
    assert_eq!(report.attributes[0].groups[0].name(), "=1+1");
    assert!(rows("0,0,=1/2,a\n").contains("“=1/2” is not a number"));
}

#[test]
fn wrong_wishes() {
    let table = format!("{HEADER}1,1,0.9,a\n0,0,0.1,b\n");
    let refused = |columns: Columns| assess_text(&table, &columns).unwrap_err().to_string();
    let base = || columns(&["race"], "1");
    assert_eq!(
        refused(Columns {
            favourable: "yes".to_owned(),
            ..base()
        }),
        "The favourable answer “yes” isn't a value of the column “y_true”, which has “1” and “0”."
    );
    assert!(
        refused(Columns {
            favourable: String::new(),
            ..base()
        })
        .starts_with("Name the answer that is favourable")
    );
    assert!(
        refused(Columns {
            prediction: None,
            score: None,
            ..base()
        })
        .starts_with("Name the prediction column")
    );
    assert!(
        refused(Columns {
            threshold: Some(f64::NAN),
            ..base()
        })
        .contains("finite")
    );
    assert_eq!(
        refused(columns(&["race", "y_true"], "1")),
        "The column “y_true” is named twice: as label and as protected attribute."
    );
    let mut strange = base();
    strange.references.insert("race".to_owned(), "z".to_owned());
    assert_eq!(
        refused(strange),
        "The reference group “z” isn't a value of the column “race”, which has “a” and “b”."
    );
    let mut stranger = base();
    stranger.references.insert("sex".to_owned(), "Male".to_owned());
    assert_eq!(refused(stranger), "“sex” isn't among the protected attributes.");
}

#[test]
fn too_much() {
    let many: String = (0..300).map(|group| format!("1,1,0.5,g{group}\n")).collect();
    let table = format!("{HEADER}{many}");
    let limits = Limits::default;
    assert!(within(&table, limits()).starts_with(
        "The column “race” has more than 200 groups (the next one in row 201 (line 202)): “g200”."
    ));
    assert!(
        within(
            &table,
            Limits {
                max_cells: 50,
                ..limits()
            }
        )
        .contains("more than 50 combinations")
    );
    assert_eq!(
        within(
            &table,
            Limits {
                max_rows: 10,
                ..limits()
            }
        ),
        "The file has more than 10 rows."
    );
    assert_eq!(
        within(
            &table,
            Limits {
                max_bytes: 1000,
                ..limits()
            }
        ),
        "The file is larger than 1 kB."
    );
    let long = format!("{HEADER}1,1,0.5,{}\n", "x".repeat(2000));
    assert!(within(&long, limits()).contains("column “race”, the value is longer than 1\u{202f}000 bytes"));
    assert!(
        within(
            &long,
            Limits {
                max_row_bytes: 1500,
                ..limits()
            }
        )
        .starts_with("The row at row 1")
    );
    let wide = vec!["c"; 50].join(",");
    assert!(
        within(
            &format!("{wide}\n"),
            Limits {
                max_columns: 20,
                ..limits()
            }
        )
        .contains("more than 20 columns")
    );
    let open = format!("{HEADER}1,1,0.5,\"{}", "x\n".repeat(600_000));
    assert!(
        within(&open, limits()).contains("Is a quote left open?"),
        "memory stays bounded by the longest row"
    );
}

#[test]
fn too_many_scores_cost_the_auc_and_nothing_else() {
    let table: String = (0..200)
        .map(|row| format!("{},1,0.{row:03},a\n", row % 2))
        .collect();
    let limits = Limits {
        max_scores: 100,
        ..Limits::default()
    };
    let columns = columns(&["race"], "1");
    let table = format!("{HEADER}{table}");
    let report = assess_read(
        table.as_bytes(),
        &columns,
        &Settings::default(),
        &limits,
        &mut assess::unwatched,
    )
    .unwrap();
    assert_eq!(report.overall.rates.accuracy.value, Some(0.5));
    let reason = report.overall.scores.roc_auc.reason.unwrap();
    assert_eq!(reason, "too many distinct scores to hold: round them");
}

#[test]
fn protected_attributes_are_as_many_as_a_report_can_show() {
    let names: Vec<String> = (0..9).map(|at| format!("a{at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let refused = assess_read(
        &b"y_true,y_pred\n1,1\n"[..],
        &columns(&names, "1"),
        &Settings::default(),
        &Limits::default(),
        &mut assess::unwatched,
    );
    let message = refused.unwrap_err().to_string();
    assert!(
        message.starts_with("More than 8 protected attributes"),
        "{message}"
    );
}
