//! How measures moved between two evaluations, worst first: for reports, versions and whatever compares.
use crate::ui::{
    Cell, Column, Delta, Disclosure, Icon, Panel, RowHead, Slot, Status, Table, Tone, Unit, Went,
    number::{self, thousands},
};
use domain::{
    fact::Fact,
    view::evaluation::{Change, Moved},
};
use leptos::prelude::*;

/// What is always shown, also where it did not clearly change.
const ALWAYS: [&str; 5] = [
    "performance.roc_auc",
    "performance.accuracy",
    "performance.calibration_error",
    "fairness.impact_ratio",
    "fairness.equal_opportunity_difference",
];

/// The table; `before` and `now` are the heads of the two columns, such as "13, approved" and "14, this". Measures
/// without a clear change are folded, but for the few that everyone asks for.
pub fn changes_table(changes: &[Change], before: String, now: String) -> AnyView {
    let told =
        |change: &&Change| change.verdict != Moved::NoClearChange || ALWAYS.contains(&change.now.id.as_str());
    let (told, same): (Vec<_>, Vec<_>) = changes.iter().partition(told);
    let rest = same.len() as u64;
    let summary = number::counted(rest, "more measure", "more measures") + " without a clear change";
    let same = (rest > 0).then(|| {
        let table = table("Measures without a clear change", same, &before, &now);
        view! { <Disclosure summary>{table}</Disclosure> }
    });
    let told = (!told.is_empty()).then(|| table("Measures before and now", told, &before, &now));
    view! { {told} {same} }.into_any()
}

/// How many measures got worse, in a sentence; `than` is such as "version 13".
pub fn worse_than(changes: &[Change], than: &str) -> String {
    let count = |verdict| changes.iter().filter(|change| change.verdict == verdict).count() as u64;
    let measures = |count| number::counted(count, "measure", "measures");
    let clearly = match count(Moved::Worse) {
        0 => format!("No measure got clearly worse than in {than}"),
        worse => format!("{} got clearly worse than in {than}", measures(worse)),
    };
    match count(Moved::Unjudged) {
        0 => clearly + ".",
        unjudged => format!(
            "{clearly}; {} moved the wrong way with no interval to tell chance by.",
            measures(unjudged)
        ),
    }
}

fn table(label: &'static str, changes: Vec<&Change>, before: &str, now: &str) -> AnyView {
    let columns = vec![
        Column::new("Measure"),
        Column::new(before).numeric(),
        Column::new(now).numeric(),
        Column::new("n").numeric(),
        Column::new("Change"),
    ];
    let rows = changes
        .into_iter()
        .cloned()
        .map(|change| row(change, before.to_owned(), now.to_owned()))
        .collect_view();
    view! {
        <Panel>
            <Table label columns>
                {rows}
            </Table>
        </Panel>
    }
    .into_any()
}

fn row(change: Change, before: String, now: String) -> AnyView {
    let Change {
        now: fact,
        before: was,
        verdict,
    } = change;
    let unit = Unit::of_fact(&fact.id);
    let (interval, n) = (interval(&fact, unit), thousands(fact.n));
    let old = was.map_or_else(|| "not measured".to_owned(), |was| unit.write(was));
    let is = fact
        .value
        .map_or_else(|| "not measured".to_owned(), |value| unit.write(value));
    let delta = match (verdict, was, fact.value) {
        (Moved::Worse, Some(was), Some(is)) => delta(Went::Worse, unit, was, is),
        (Moved::Better, Some(was), Some(is)) => delta(Went::Better, unit, was, is),
        (Moved::Unjudged, Some(was), Some(is)) => {
            let by = unit.of_difference().write((is - was).abs());
            let way = if is > was { "higher" } else { "lower" };
            view! { <Status tone=Tone::Warn icon=Icon::Same>{format!("{by} {way}; no interval to tell chance by")}</Status> }
                .into_any()
        }
        (Moved::NoClearChange, ..) => view! { <Delta went=Went::Unclear by=""/> }.into_any(),
        _ => view! { <Status tone=Tone::Absent>"Not comparable"</Status> }.into_any(),
    };
    let (title, about) = (fact.title, fact.about);
    let about = (!about.is_empty()).then_some(about);
    view! {
        <tr>
            <RowHead note=Slot(about.map(IntoAny::into_any))>{title}</RowHead>
            <Cell label=before numeric=true>
                <span class="faint">{old}</span>
            </Cell>
            <Cell label=now numeric=true note=Slot(interval.map(IntoAny::into_any))>
                <b>{is}</b>
            </Cell>
            <Cell label="n" numeric=true>{n}</Cell>
            <Cell label="Change">{delta}</Cell>
        </tr>
    }
    .into_any()
}

/// The interval in words, where there is one.
pub fn interval(fact: &Fact, unit: Unit) -> Option<String> {
    fact.value?;
    let (low, high) = fact.low.zip(fact.high)?;
    Some(unit.interval(low, high))
}

fn delta(went: Went, unit: Unit, was: f64, is: f64) -> AnyView {
    let by = unit.of_difference().write((is - was).abs());
    view! { <Delta went by/> }.into_any()
}
