//! What a paper must hold: its words, its margins, its conformance, whatever text it is given.

mod hostile;

use crate::sample::{DIGEST, paper, table};
use crate::{Error, Paper, Section, limits, pdf, press, sheet::Sheet};
use std::io::Write;
use std::process::{Command, Stdio};
use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

/// The margins of the template, in points, and the width of A4.
const MARGIN: f64 = 18.0 / 25.4 * 72.0;
const WIDTH: f64 = 210.0 / 25.4 * 72.0;

fn laid_out(paper: &Paper) -> PagedDocument {
    limits::hold(paper).unwrap();
    press::set(&Sheet::of(paper).unwrap()).unwrap()
}

/// Every run of text on a page: where it starts, where it ends, what it says.
fn runs(frame: &Frame, at: Point, found: &mut Vec<(f64, f64, f64, String)>) {
    for (point, item) in frame.items() {
        let place = at + *point;
        match item {
            FrameItem::Group(group) => runs(&group.frame, place, found),
            FrameItem::Text(text) => {
                found.push((
                    place.x.to_pt(),
                    (place.x + text.width()).to_pt(),
                    place.y.to_pt(),
                    text.text.to_string(),
                ));
            }
            _ => {}
        }
    }
}

fn page_runs(document: &PagedDocument) -> Vec<Vec<(f64, f64, f64, String)>> {
    let of_page = |frame| {
        let mut found = Vec::new();
        runs(frame, Point::zero(), &mut found);
        found
    };
    document.pages().iter().map(|page| of_page(&page.frame)).collect()
}

/// All text without spaces: where a line breaks is no matter of what it says.
fn said(document: &PagedDocument) -> String {
    page_runs(document)
        .into_iter()
        .flatten()
        .flat_map(|run| run.3.chars().collect::<Vec<_>>())
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn within_margins(document: &PagedDocument) {
    for (page, runs) in page_runs(document).into_iter().enumerate() {
        for (start, end, y, text) in runs {
            assert!(
                start >= MARGIN - 0.5 && end <= WIDTH - MARGIN + 0.5,
                "page {page}: {text:?} from {start} to {end}"
            );
            assert!((0.0..842.0).contains(&y), "page {page}: {text:?} at {y}");
        }
    }
}

/// Runs a program over a PDF on its standard input, or says that it is not there.
fn through(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let mut command = Command::new(program);
    let path = file.path().to_str().unwrap();
    command.args(
        arguments
            .iter()
            .map(|argument| if *argument == "FILE" { path } else { argument }),
    );
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{program}: {said}");
            Some(said)
        }
        Err(error) => {
            eprintln!("{program} is not here ({error}): what it would show is left to the other tests");
            None
        }
    }
}

#[test]
fn the_report_says_everything_it_was_given() {
    let document = laid_out(&paper());
    let said = said(&document);
    for words in [
        "recidivism-risk3",
        "Belowtarget",
        "39.6to42.8",
        "Toofewtojudge",
        "PriyaNair",
        "ОльгаКовалёва",
        "Notyetsigned",
        DIGEST,
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert!(said.contains("1/2") && said.contains("2/2"), "page x / y");
    assert_eq!(document.pages().len(), 2);
    within_margins(&document);
}

#[test]
fn the_same_paper_is_the_same_bytes() {
    assert_eq!(pdf(&paper()).unwrap(), pdf(&paper()).unwrap());
}

#[test]
fn the_pdf_conforms_and_carries_title_and_date() {
    let bytes = pdf(&paper()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    for mark in [
        "<pdfaid:part>2",
        "<pdfaid:conformance>A",
        "<pdfuaid:part>1",
        "recidivism-risk 3",
        "2026-11-18T15:22:00",
    ] {
        assert!(text.contains(mark), "{mark}");
    }
}

#[test]
fn other_programs_read_the_pdf() {
    let bytes = pdf(&paper()).unwrap();
    if let Some(text) = through("pdftotext", &["-layout", "FILE", "-"], &bytes) {
        for words in [
            "Performance and bias report 902",
            "Ольга Ковалёва",
            "African-American",
            "Too few to judge: groups",
            DIGEST,
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
    if let Some(facts) = through("pdfinfo", &["FILE"], &bytes) {
        assert!(
            facts.contains("recidivism-risk 3") && facts.contains("Tagged:          yes"),
            "{facts}"
        );
    }
    through("qpdf", &["--check", "FILE"], &bytes);
}

#[test]
fn a_table_repeats_its_head_on_each_page() {
    let numbers: Vec<String> = (0..400).map(|at| format!("row{at}")).collect();
    let cells: Vec<[&str; 2]> = numbers
        .iter()
        .map(|number| [number.as_str(), "1\n0 to 2"])
        .collect();
    let rows: Vec<(&[&str], bool)> = cells.iter().map(|cells| (cells.as_slice(), false)).collect();
    let section = Section {
        heading: "Rows".into(),
        table: Some(table(&["Headword", "Rate"], &rows, "")),
        ..Section::default()
    };
    let document = laid_out(&Paper {
        title: "Long".into(),
        sections: vec![section],
        ..Paper::default()
    });
    let pages = page_runs(&document);
    assert!(pages.len() > 8);
    for page in &pages {
        assert_eq!(page.iter().filter(|run| run.3 == "Headword").count(), 1);
    }
    for number in &numbers {
        assert_eq!(
            pages.iter().flatten().filter(|run| run.3 == *number).count(),
            1,
            "{number}"
        );
    }
}

fn rows_of_five(count: usize) -> Paper {
    let rows: Vec<(&[&str], bool)> = vec![
        (
            &["African-American", "3\u{202f}696", "41.2 %", "0.52", "Below"],
            false
        );
        count
    ];
    let table = table(&["Group", "People", "Rate", "Ratio", "Verdict"], &rows, "");
    Paper {
        title: "All".into(),
        sections: vec![Section {
            table: Some(table),
            ..Section::default()
        }],
        ..Paper::default()
    }
}

#[test]
fn more_than_the_limit_is_refused() {
    assert_eq!(
        pdf(&rows_of_five(limits::ROWS + 1)),
        Err(Error::TooMuch {
            what: "table rows",
            limit: limits::ROWS
        })
    );
    let wordy = Paper {
        verdict: "x".repeat(limits::TEXT + 1),
        ..paper()
    };
    assert_eq!(
        pdf(&wordy),
        Err(Error::TooMuch {
            what: "bytes to a text",
            limit: limits::TEXT
        })
    );
    let wide = Section {
        table: Some(table(&["x"; 13], &[], "")),
        ..Section::default()
    };
    let wide = Paper {
        sections: vec![wide],
        ..paper()
    };
    assert_eq!(
        pdf(&wide),
        Err(Error::TooMuch {
            what: "columns to a table",
            limit: limits::COLUMNS
        })
    );
}

#[test]
fn a_thousand_rows_can_be_printed() {
    assert!(laid_out(&rows_of_five(1_000)).pages().len() > 20);
}

#[test]
#[ignore = "half a minute unoptimised; run it with --release"]
fn the_limit_of_rows_can_be_printed() {
    let started = std::time::Instant::now();
    let bytes = pdf(&rows_of_five(limits::ROWS)).unwrap();
    eprintln!(
        "{} rows: {:.1?}, {} bytes",
        limits::ROWS,
        started.elapsed(),
        bytes.len()
    );
}

#[test]
fn what_cannot_be_set_says_why() {
    let untitled = Paper {
        title: " ".into(),
        ..paper()
    };
    assert_eq!(pdf(&untitled), Err(Error::Untitled));
    let undated = Paper {
        date: i64::MAX,
        ..paper()
    };
    assert_eq!(pdf(&undated), Err(Error::Undated(i64::MAX)));
    let mut ragged = paper();
    ragged.sections[1].table.as_mut().unwrap().rows[2].cells.pop();
    let heading = "Impact ratio by race".to_owned();
    assert_eq!(
        pdf(&ragged),
        Err(Error::Ragged {
            heading,
            row: 3,
            found: 2,
            expected: 3
        })
    );
    for chart in [
        "",
        "not a picture",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image href='/etc/passwd' width='9' height='9'/></svg>",
    ] {
        let mut broken = paper();
        broken.sections[1].chart = Some(chart.into());
        assert!(matches!(pdf(&broken), Err(Error::Unset(_))), "{chart:?}");
    }
}

#[test]
fn the_smallest_paper_is_a_title() {
    let smallest: Paper = serde_json::from_str(r#"{"title": "Only this", "date": 0}"#).unwrap();
    assert_eq!(laid_out(&smallest).pages().len(), 1);
    pdf(&smallest).unwrap();
}

#[test]
fn a_tall_chart_stays_on_its_page() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 9000'><text x='0' y='8990'>foot</text></svg>";
    let section = Section {
        heading: "Tall".into(),
        chart: Some(svg.into()),
        ..Section::default()
    };
    let document = laid_out(&Paper {
        title: "Tall".into(),
        sections: vec![section],
        ..Paper::default()
    });
    assert_eq!(document.pages().len(), 1);
}
