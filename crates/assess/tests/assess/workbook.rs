//! The workbook, read back: the report's figures to the last digit, and nothing a spreadsheet would run.

use crate::command::{FILES, everything, run};
use crate::{assess, assess_text, columns, data};
use assess::command::Output;
use assess::export::{to_xlsx, to_xlsx_with};
use assess::report::{Confusion, Figure, Settings, Task};
use assess::{Assessment, Columns, Report};
use calamine::{Data, Range, Reader, Xlsx};
use std::io::{Cursor, Read};

type Workbook = Xlsx<Cursor<Vec<u8>>>;

fn compas() -> Report {
    let mut columns = columns(&["race", "sex"], "0");
    columns.references.insert("race".into(), "Caucasian".into());
    assess(&data("predictions/compas.csv"), &columns, &Settings::default()).unwrap()
}

fn opened(report: &Report) -> Workbook {
    Xlsx::new(Cursor::new(to_xlsx(&report.clone().into()).unwrap())).unwrap()
}

/// A table by its heads.
struct Sheet {
    heads: Vec<String>,
    rows: Range<Data>,
}

impl Sheet {
    fn of(workbook: &mut Workbook, name: &str) -> Self {
        let rows = workbook.worksheet_range(name).unwrap();
        let heads = rows.rows().next().unwrap().iter().map(ToString::to_string);
        Self {
            heads: heads.collect(),
            rows,
        }
    }

    /// Rows under the head.
    fn len(&self) -> usize {
        self.rows.height() - 1
    }

    fn cell(&self, row: usize, head: &str) -> &Data {
        let column = self.heads.iter().position(|found| found == head);
        let column = column.unwrap_or_else(|| panic!("no {head} in {:?}", self.heads));
        self.rows.get((row + 1, column)).unwrap_or(&Data::Empty)
    }

    fn text(&self, row: usize, head: &str) -> String {
        match self.cell(row, head) {
            Data::Empty => String::new(),
            Data::String(text) => text.clone(),
            other => panic!("{head} is {other:?}"),
        }
    }

    fn number(&self, row: usize, head: &str) -> Option<f64> {
        match self.cell(row, head) {
            Data::Empty => None,
            Data::Float(number) => Some(*number),
            other => panic!("{head} is {other:?}"),
        }
    }

    /// Equal, not nearly equal.
    fn holds(&self, row: usize, id: &str, figure: &Figure) {
        let head = |part: &str| match (id, part) {
            ("", "") => "value".to_owned(),
            ("", part) => part.to_owned(),
            (id, "") => id.to_owned(),
            (id, part) => format!("{id} {part}"),
        };
        assert_eq!(self.number(row, &head("")), figure.value, "{id}");
        assert_eq!(self.number(row, &head("low")), figure.low, "{id}");
        assert_eq!(self.number(row, &head("high")), figure.high, "{id}");
        assert_eq!(self.number(row, &head("n")), Some(figure.n as f64), "{id}");
        let reason = figure.reason.clone().unwrap_or_default();
        assert_eq!(self.text(row, &head("reason")), reason, "{id}");
    }

    fn counts(&self, row: usize, counts: &Confusion) {
        let counts = [
            ("tp", counts.tp),
            ("fp", counts.fp),
            ("tn", counts.tn),
            ("fn", counts.fn_),
        ];
        for (head, count) in counts {
            assert_eq!(self.number(row, head), Some(count as f64), "{head}");
        }
    }
}

#[test]
fn there_is_a_sheet_for_each_table() {
    assert_eq!(
        opened(&compas()).sheet_names(),
        [
            "Source",
            "Performance",
            "race",
            "sex",
            "race and sex",
            "Gaps",
            "Libraries",
            "Cut-offs",
            "Warnings"
        ]
    );
}

#[test]
fn the_source_is_named_in_full() {
    let report = compas();
    let source = Sheet::of(&mut opened(&report), "Source");
    let row = |fact: &str, column: &str| {
        let found = (0..source.len())
            .find(|&row| source.text(row, "fact") == fact && source.text(row, "column") == column);
        found.unwrap_or_else(|| panic!("no {fact} {column}"))
    };
    assert_eq!(source.text(row("sha256", ""), "value"), report.source.digest);
    assert_eq!(
        source.number(row("bytes", ""), "value"),
        Some(report.source.bytes as f64)
    );
    assert_eq!(source.number(row("rows", ""), "value"), Some(report.rows as f64));
    assert_eq!(source.number(row("z", ""), "value"), Some(report.settings.z));
    assert_eq!(source.text(row("impact_mark", ""), "value"), "4/5");
    assert_eq!(source.text(row("task", ""), "value"), "binary");
    assert_eq!(source.text(row("favourable answer", ""), "value"), "0");
    assert_eq!(source.text(row("reference", "race"), "value"), "Caucasian");
    assert_eq!(source.number(row("missing", "race"), "value"), Some(0.0));
}

#[test]
fn performance_and_groups_are_the_reports_to_the_last_digit() {
    let report = compas();
    let mut workbook = opened(&report);
    let performance = Sheet::of(&mut workbook, "Performance");
    let overall = &report.overall;
    let figures = overall.rates.named().into_iter().chain(overall.scores.named());
    // Four counts come first.
    for (row, (id, figure)) in (4..).zip(figures) {
        assert_eq!(performance.text(row, "figure"), id);
        performance.holds(row, "", figure);
    }
    for attribute in &report.attributes {
        let sheet = Sheet::of(&mut workbook, &attribute.title());
        assert_eq!(sheet.heads[..attribute.columns.len()], attribute.columns);
        assert_eq!(sheet.len(), attribute.groups.len());
        for (row, group) in attribute.groups.iter().enumerate() {
            let key = attribute.columns.iter().map(|column| sheet.text(row, column));
            assert_eq!(key.collect::<Vec<_>>().join(", "), group.name());
            sheet.counts(row, &group.counts);
            for (id, figure) in group.rates.named().into_iter().chain(group.scores.named()) {
                sheet.holds(row, id, figure);
            }
            sheet.holds(row, "impact_ratio", &group.impact.ratio);
            if let Some(figure) = &group.to_reference {
                sheet.holds(row, "impact_ratio_to_reference", figure);
            }
            let test = group.test.as_ref();
            assert_eq!(sheet.number(row, "test.p"), test.map(|test| test.p));
            assert_eq!(sheet.number(row, "test.z"), test.and_then(|test| test.z));
            assert_eq!(sheet.number(row, "test.holm"), test.map(|test| test.holm));
            let against = test.map(|test| test.against.clone()).unwrap_or_default();
            assert_eq!(sheet.text(row, "test.against"), against);
        }
    }
}

#[test]
fn gaps_libraries_and_cut_offs_are_the_reports_to_the_last_digit() {
    let report = compas();
    let mut workbook = opened(&report);
    let gaps = Sheet::of(&mut workbook, "Gaps");
    let mut row = 0;
    for attribute in &report.attributes {
        for gap in &attribute.gaps {
            assert_eq!(gaps.text(row, "attribute"), attribute.id());
            assert_eq!(gaps.text(row, "gap"), gap.id);
            gaps.holds(row, "", &gap.figure);
            row += 1;
        }
        let dependence = attribute.dependence.as_ref().unwrap();
        assert_eq!(gaps.number(row, "value"), Some(dependence.chi_square));
        assert_eq!(gaps.number(row + 2, "value"), Some(dependence.p));
        row += 3;
    }
    assert_eq!(gaps.len(), row);

    let libraries = Sheet::of(&mut workbook, "Libraries");
    let of_attributes = report.attributes.iter().flat_map(|attribute| &attribute.library);
    let values: Vec<_> = report.individual.iter().chain(of_attributes).collect();
    assert_eq!(libraries.len(), values.len());
    for (row, value) in values.into_iter().enumerate() {
        assert_eq!(libraries.text(row, "figure"), value.id);
        assert_eq!(libraries.number(row, "value"), value.value, "{}", value.id);
    }

    let cut_offs = Sheet::of(&mut workbook, "Cut-offs");
    assert_eq!(cut_offs.len(), report.thresholds.len());
    for (row, threshold) in report.thresholds.iter().enumerate() {
        assert_eq!(cut_offs.number(row, "cut"), Some(threshold.cut));
        cut_offs.counts(row, &threshold.counts);
        let worst = threshold.worst[0].as_ref();
        let ratio = cut_offs.number(row, "lowest impact_ratio, race");
        assert_eq!(ratio, worst.map(|worst| worst.ratio));
    }
}

/// Numbers at the ends of what a number can be, and a count that is none of a spreadsheet's.
#[test]
fn no_number_is_rounded() {
    let mut report = compas();
    let extremes = [5e-324, f64::MAX, 0.1 + 0.2, 1.0 / 3.0, -1e-57, 1e22];
    for (value, extreme) in report.individual.iter_mut().zip(extremes) {
        value.value = Some(extreme);
    }
    report.source.bytes = (1 << 53) + 1;
    let mut workbook = opened(&report);
    let libraries = Sheet::of(&mut workbook, "Libraries");
    for (row, (_, extreme)) in report.individual.iter().zip(extremes).enumerate() {
        assert_eq!(libraries.number(row, "value"), Some(extreme));
    }
    let source = Sheet::of(&mut workbook, "Source");
    let bytes = (0..source.len()).find(|&row| source.text(row, "fact") == "bytes");
    assert_eq!(source.text(bytes.unwrap(), "value"), "9007199254740993");
}

const HOSTILE: [&str; 12] = [
    "=HYPERLINK(\"http://x\")",
    "@cmd",
    "+1",
    "{=1}",
    "'=1",
    "<r><t>raw</t></r>",
    "<r>&</c></r>",
    "_x0041_",
    "http://x",
    "tab\there",
    "\u{1b}[31m\u{7}",
    "  \u{ffff}𝔸 ]]>",
];

#[test]
fn names_from_a_file_are_text_in_a_workbook() {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = format!("y_true,y_pred,{},{}\n", quoted("[a]:*?/\\'"), quoted("=1+1"));
    for name in HOSTILE {
        text += &format!("1,1,{0},x\n0,0,{0},y\n", quoted(name)).repeat(20);
    }
    let columns = Columns {
        score: None,
        ..columns(&["[a]:*?/\\'", "=1+1"], "1")
    };
    let report = assess_text(text, &columns).unwrap();
    let mut workbook = opened(&report);
    let names = workbook.sheet_names();
    assert_eq!(names[2..5], ["_a______", "=1+1", "_a______' and =1+1"]);
    let sheet = Sheet::of(&mut workbook, &names[2]);
    let mut found: Vec<_> = (0..sheet.len())
        .map(|row| sheet.text(row, "[a]:*?/\\'"))
        .collect();
    found.sort();
    let mut groups: Vec<_> = report.attributes[0]
        .groups
        .iter()
        .map(assess::report::Group::name)
        .collect();
    groups.sort();
    assert_eq!(found, groups);
    assert_eq!(found.len(), HOSTILE.len());
    for name in HOSTILE {
        assert!(
            found.iter().any(|found| found == name.trim()) || found.iter().any(|found| found == name),
            "{name:?}"
        );
    }
    for (file, xml) in parts(&to_xlsx(&report.clone().into()).unwrap()) {
        for active in ["<f>", "<f ", "<hyperlink", "TargetMode=\"External\"", "<ddeLink"] {
            assert!(!xml.contains(active), "{active} in {file}");
        }
    }
}

#[test]
fn attributes_that_differ_only_past_what_a_sheets_name_holds_have_sheets_of_their_own() {
    let (one, other) = ("x".repeat(40) + "1", "x".repeat(40) + "2");
    let rows = "1,1,a,b,c\n0,0,b,a,d\n".repeat(20);
    let text = format!("y_true,y_pred,{one},{other},SOURCE\n{rows}");
    let columns = Columns {
        score: None,
        ..columns(&[&one, &other, "SOURCE"], "1")
    };
    let names = opened(&assess_text(text, &columns).unwrap()).sheet_names();
    let unlike: std::collections::BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(unlike.len(), 6 + 6);
    assert!(names.contains(&"SOURCE (2)".to_owned()), "{names:?}");
    assert!(names.iter().all(|name| name.chars().count() <= 31), "{names:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "only time shows what goes by the clock")]
fn the_same_report_is_the_same_file() {
    let report = compas();
    let once = to_xlsx(&report.clone().into()).unwrap();
    // The clock of a file's date goes by whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(once == to_xlsx(&report.clone().into()).unwrap());
    let read_back = Report::from_json(&report.to_json().unwrap()).unwrap();
    assert!(once == to_xlsx(&read_back.into()).unwrap());
}

#[test]
fn a_workbook_says_of_which_report_it_is_and_its_heads_stay_in_sight() {
    let report = compas();
    let digest = "5e".repeat(32);
    let parts = parts(&to_xlsx_with(&report.clone().into(), &digest).unwrap());
    let part = |name: &str| &parts.iter().find(|(found, _)| found == name).unwrap().1;
    let custom = part("docProps/custom.xml");
    assert!(custom.contains(&digest) && custom.contains(&report.source.digest));
    assert!(part("docProps/core.xml").contains(">1980-01-01T00:00:00Z</dcterms:created>"));
    let sheets = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/"));
    for (name, xml) in sheets {
        assert!(
            xml.contains("state=\"frozen\"") && xml.contains("ySplit=\"1\""),
            "{name}"
        );
        assert!(xml.contains("<cols>"), "{name}");
    }
    let styles = part("xl/styles.xml");
    assert!(styles.contains("<b/>") && styles.contains("formatCode=\"0.0000\""));
}

#[test]
fn every_task_has_its_sheets_and_what_was_asked_for_beside() {
    for (task, file, protected) in FILES {
        let of = everything(task, file, protected, Output::Json);
        let assessment = Assessment::from_json(run(&of, &data(file)).text.as_bytes()).unwrap();
        let mut book: Workbook = Xlsx::new(Cursor::new(to_xlsx(&assessment).unwrap())).unwrap();
        let mut expected = vec![
            "Source",
            "Performance",
            "race",
            "Gaps",
            "Slice race",
            "Drift",
            "Gates",
            "Warnings",
        ];
        expected.extend(match task {
            Task::Binary => &["Libraries", "Cut-offs"][..],
            Task::Multiclass => &["Confusion"],
            Task::Regression => &[],
            Task::Ranking => &["Tops", "top 5 percent race", "top 5 percent gaps"],
        });
        let names = book.sheet_names();
        for name in expected {
            assert!(
                names.iter().any(|found| found == name),
                "{task:?}: no {name} in {names:?}"
            );
        }
        let slice = &assessment.beside().slices[0];
        let sheet = Sheet::of(&mut book, "Slice race");
        assert_eq!(sheet.len(), slice.groups.len());
        for (row, group) in slice.groups.iter().enumerate() {
            assert_eq!(sheet.text(row, "race"), group.name());
            for entry in &group.figures {
                sheet.holds(row, &entry.id, &entry.figure);
            }
        }
        let drift = Sheet::of(&mut book, "Drift");
        let first = &assessment.beside().drift.as_ref().unwrap().columns[0];
        assert_eq!(drift.text(0, "column"), first.name);
        drift.holds(0, "", &first.figures[0].figure);
    }
}

fn parts(workbook: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let each = (0..zip.len()).map(|place| {
        let mut part = zip.by_index(place).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        (part.name().unwrap().into_owned(), text)
    });
    each.collect()
}
