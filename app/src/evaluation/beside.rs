//! What was asked for beside a report: performance by slices, and drift from an earlier file.
use super::{gaps::capital, tasks};
use crate::ui::{
    Cell, Column, Digest, Disclosure, Panel, RowHead, Section, Slot, Status, Table, Tone, Unit,
    number::{counted, thousands},
};
use assess::{
    Assessment, Comparison, Figure, Outcome,
    compare::Moved,
    drift::{Drift, Kind, Movement},
    report::find,
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
    let cases = beside.comparison.as_deref().and_then(cases);
    view! { {slices} {drift} {cases} }.into_any()
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

/// How figures moved from an earlier file of the same cases.
fn cases(comparison: &Comparison) -> Option<AnyView> {
    let paired = comparison.paired.as_ref()?;
    let decisions = &paired.decisions;
    let left_out = match paired.only_before + paired.only_after {
        0 => String::new(),
        out => format!(
            " {} stand in one file only and are left out.",
            counted(out, "case", "cases")
        ),
    };
    let note = format!(
        "The {} of both files, one by one: {} get the favourable answer now and did not before, {} no longer get it.{left_out}",
        counted(paired.cases, "case", "cases"),
        thousands(decisions.gained),
        thousands(decisions.lost),
    );
    let (told, same): (Vec<_>, Vec<_>) = comparison
        .changes
        .iter()
        .partition(|moved| moved.outcome != Outcome::NoClearChange);
    let summary = counted(same.len() as u64, "more measure", "more measures") + " without a clear change";
    let same = (!same.is_empty()).then(|| {
        let table = moves("Measures without a clear change", same);
        view! { <Disclosure summary>{table}</Disclosure> }
    });
    let told = (!told.is_empty()).then(|| moves("Measures that moved", told));
    let section = view! {
        <Section title="What changed, case by case" note id="cases">
            {told}
            {same}
        </Section>
    };
    Some(section.into_any())
}

fn moves(label: &'static str, moves: Vec<&Moved>) -> AnyView {
    let columns = vec![
        Column::new("Measure"),
        Column::new("Before").numeric(),
        Column::new("Now").numeric(),
        Column::new("Change").numeric(),
        Column::new("By chance").numeric(),
        Column::new("Says"),
    ];
    let rows = moves.into_iter().map(moved).collect_view();
    view! {
        <Panel footer="By chance: how likely a change this large would be without any, had it been one of all those tested (Holm). Small is not important, and large is not proof of no change.">
            <Table label columns dense=true>{rows}</Table>
        </Panel>
    }
    .into_any()
}

fn moved(moved: &Moved) -> AnyView {
    let unit = Unit::of_fact(&moved.id);
    let written = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| unit.write(value));
    let (before, after) = (written(moved.before), written(moved.after));
    let by = unit.of_difference();
    let change = moved
        .change
        .map_or_else(|| "–".to_owned(), |change| by.write(change));
    let interval = moved
        .low
        .zip(moved.high)
        .map(|(low, high)| by.interval(low, high));
    let chance = match moved.holm {
        Some(p) if p < 0.001 => "below 0.001".to_owned(),
        Some(p) => Unit::Score.write(p),
        None => "–".to_owned(),
    };
    let tone = match moved.outcome {
        Outcome::Worse => Tone::Danger,
        Outcome::Unjudged => Tone::Warn,
        Outcome::Better => Tone::Ok,
        Outcome::NoClearChange | Outcome::NotComparable => Tone::Absent,
    };
    let is_clear = matches!(moved.outcome, Outcome::Worse | Outcome::Better);
    let (tone, word) = match moved.holm {
        Some(p) if is_clear && p > 0.05 => (
            Tone::Absent,
            format!("{}, of so many perhaps by chance", moved.outcome.words()),
        ),
        _ => (tone, moved.outcome.words().to_owned()),
    };
    let (title, word) = (moved.title.clone(), capital(&word));
    let about = (!moved.about.is_empty()).then(|| moved.about.clone().into_any());
    let interval = Slot(interval.map(IntoAny::into_any));
    view! {
        <tr>
            <RowHead note=Slot(about)>{title}</RowHead>
            <Cell label="Before" numeric=true>{before}</Cell>
            <Cell label="Now" numeric=true>{after}</Cell>
            <Cell label="Change" numeric=true note=interval>{change}</Cell>
            <Cell label="By chance" numeric=true>{chance}</Cell>
            <Cell label="Says"><Status tone>{word}</Status></Cell>
        </tr>
    }
    .into_any()
}
