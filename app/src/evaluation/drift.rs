//! How far the data has moved: by column in one report, and from report to report.
use super::gaps::capital;
use crate::ui::{
    Card, Cell, Column, Course, CourseLine, CurveLine, Digest, Panel, RowHead, Section, Slot, Status, Table,
    Tone, Unit, number::thousands, time::date,
};
use assess::{
    Figure,
    drift::{self, Drift, Kind, Movement},
    report::find,
};
use domain::view::evaluation::Drifted;
use leptos::prelude::*;

/// What a report says of drift, and how that came about.
pub fn section(drift: &Drift, reports: &[Drifted]) -> AnyView {
    let rows = drift.columns.iter().map(row).collect_view();
    let heads = vec![
        Column::new("Column"),
        Column::new("Says"),
        Column::new("Stability index").numeric(),
        Column::new("Jensen–Shannon").numeric(),
        Column::new("Test").numeric(),
        Column::new("By chance").numeric(),
    ];
    let (baseline, words) = (drift.baseline.digest.clone(), drift.verdict());
    let note = view! { {words} " Measured from the file " <Digest value=baseline/> "." };
    let course = over_time(reports).map(|course| view! { <Card>{course}</Card> });
    view! {
        <Section title="How far it has moved" note id="drift">
            <Panel footer="Population stability index: below 0.1 stable, from 0.25 moved. The test is Kolmogorov–Smirnov's for numbers and chi-square for categories; in large files it calls the smallest shift unlikely.">
                <Table label="Drift by column" columns=heads dense=true>{rows}</Table>
            </Panel>
            {course}
        </Section>
    }
    .into_any()
}

/// The two columns that have moved the most by now, from report to report; nothing before there are two reports.
pub fn over_time(reports: &[Drifted]) -> Option<AnyView> {
    let [first, .., newest] = reports else {
        return None;
    };
    let mut columns: Vec<(&str, f64)> = newest
        .drift
        .columns
        .iter()
        .filter_map(|(name, psi)| Some((name.as_str(), (*psi)?)))
        .collect();
    columns.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let (most, now) = *columns.first()?;
    let lines = columns
        .iter()
        .zip([CurveLine::First, CurveLine::Second])
        .map(|((name, _), line)| CourseLine {
            label: (*name).to_owned(),
            values: reports.iter().map(|report| report.drift.of(name)).collect(),
            line,
        })
        .collect();
    let then = first.drift.of(most).map(|then| {
        format!(
            " In the first of these {} reports it stood at {}.",
            reports.len(),
            Unit::Score.write(then)
        )
    });
    let reading = format!(
        "Of all columns, {most} has moved the most by now: its stability index is {}, which is called {}.{}",
        Unit::Score.write(now),
        Movement::of(now).word(),
        then.unwrap_or_default()
    );
    let levels = [Movement::Shifting, Movement::Moved]
        .map(|movement| {
            (
                movement.from(),
                format!("{} from {}", movement.word(), movement.from()),
            )
        })
        .to_vec();
    let chart = view! {
        <Course
            title="Drift over time"
            reading
            each="Report"
            times=reports.iter().map(time).collect()
            lines
            unit=Unit::Score
            levels
        />
    };
    Some(chart.into_any())
}

/// When a report was, shortly and in full.
fn time(report: &Drifted) -> (String, String) {
    let full = format!(
        "Report {}, version {}, {}",
        report.evaluation,
        report.number,
        date(report.at)
    );
    (report.at.format("%-d %b").to_string(), full)
}

fn row(column: &drift::Column) -> AnyView {
    let (test, p) = match column.kind {
        Kind::Numbers => ("ks", "ks_p"),
        Kind::Categories => ("chi_square", "chi_square_p"),
    };
    let (tone, word) = match column.movement {
        Some(Movement::Stable) => (Tone::Ok, "Stable"),
        Some(Movement::Shifting) => (Tone::Warn, "Shifting"),
        Some(Movement::Moved) => (Tone::Danger, "Moved"),
        None => (Tone::Absent, "Not measured"),
    };
    let kind = match column.kind {
        Kind::Numbers => "numbers",
        Kind::Categories => "categories",
    };
    let n = format!(
        "{kind}, {} and {} rows",
        thousands(column.baseline.n),
        thousands(column.current.n)
    );
    let cells = [
        ("Stability index", "psi"),
        ("Jensen–Shannon", "js_distance"),
        ("Test", test),
        ("By chance", p),
    ]
    .map(|(label, id)| figure(label, find(&column.figures, id)));
    let (name, cells) = (capital(&column.name), cells.collect_view());
    let unmeasured = column.movement.is_none().then_some("no");
    view! {
        <tr data-judged=unmeasured>
            <RowHead note=n>{name}</RowHead>
            <Cell label="Says"><Status tone>{word}</Status></Cell>
            {cells}
        </tr>
    }
    .into_any()
}

fn figure(label: &'static str, figure: Option<&Figure>) -> AnyView {
    let value = figure.and_then(|figure| figure.value);
    let reason = figure.and_then(|figure| figure.reason.clone());
    let written = match value {
        Some(value) if label == "By chance" && value < 0.001 => "below 0.001".to_owned(),
        Some(value) => Unit::Score.write(value),
        None => "–".to_owned(),
    };
    view! { <Cell label numeric=true note=Slot(reason.map(IntoAny::into_any))>{written}</Cell> }.into_any()
}
