//! What was asked for beside a report: performance by slices, and drift from an earlier file.
use super::{gaps::capital, tasks};
use crate::ui::{
    Cell, Column, Digest, Panel, RowHead, Section, Slot, Status, Table, Tone, Unit, number::thousands,
};
use assess::{
    Assessment,
    drift::{Drift, Kind, Movement},
    report::Entry,
};
use leptos::prelude::*;

/// Slices and drift, as far as they were asked for.
pub fn view(assessment: &Assessment) -> AnyView {
    let beside = assessment.beside();
    let slices = (!beside.slices.is_empty()).then(|| {
        let columns = beside.slices.iter().map(|slice| (slice.column.clone(), slice.groups.clone()));
        let table = tasks::figures("Performance by slice", columns.collect());
        view! {
            <Section title="By slice" note="Where it predicts well and where it doesn't; nobody's fairness is judged by these." id="slices">
                {table}
            </Section>
        }
    });
    let drift = beside.drift.as_ref().map(drift);
    view! { {slices} {drift} }.into_any()
}

fn drift(drift: &Drift) -> AnyView {
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
    view! {
        <Section title="How far it has moved" note id="drift">
            <Panel footer="Population stability index: below 0.1 stable, from 0.25 moved. The test is Kolmogorov–Smirnov's for numbers and chi-square for categories; in large files it calls the smallest shift unlikely.">
                <Table label="Drift by column" columns=heads dense=true>{rows}</Table>
            </Panel>
        </Section>
    }
    .into_any()
}

fn row(column: &assess::drift::Column) -> AnyView {
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
    .map(|(label, id)| figure(label, column.figures.iter().find(|entry| entry.id == id)));
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

fn figure(label: &'static str, entry: Option<&Entry>) -> AnyView {
    let value = entry.and_then(|entry| entry.figure.value);
    let reason = entry.and_then(|entry| entry.figure.reason.clone());
    let written = match value {
        Some(value) if label == "By chance" && value < 0.001 => "below 0.001".to_owned(),
        Some(value) => Unit::Score.write(value),
        None => "–".to_owned(),
    };
    view! { <Cell label numeric=true note=Slot(reason.map(IntoAny::into_any))>{written}</Cell> }.into_any()
}
