//! What was asked for beside a report: performance by slices, and drift from an earlier file.
use super::{drift, gaps::capital, tasks};
use crate::ui::{
    Cell, Column, Disclosure, Panel, RowHead, Section, Slot, Status, Table, Tone, Unit,
    number::{counted, thousands},
};
use assess::{Assessment, Comparison, Outcome, compare::Moved};
use domain::view::evaluation::Drifted;
use leptos::prelude::*;

/// Slices and drift, as far as they were asked for; `reports` of the model say of drift what came before.
pub fn view(assessment: &Assessment, reports: &[Drifted]) -> AnyView {
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
    let drift = beside.drift.as_ref().map(|drift| drift::section(drift, reports));
    let cases = beside.comparison.as_deref().and_then(cases);
    view! { {slices} {drift} {cases} }.into_any()
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
