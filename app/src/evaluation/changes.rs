//! How measures moved between two evaluations, worst first: for reports, versions and whatever compares.
use crate::ui::{Cell, Column, Delta, Panel, RowHead, Status, Table, Tone, Unit, Went, number::thousands};
use domain::{
    fact::Fact,
    view::evaluation::{Change, Moved},
};
use leptos::prelude::*;

/// The table; `before` and `now` are the heads of the two columns, such as "13, approved" and "14, this".
pub fn changes_table(changes: &[Change], before: String, now: String) -> AnyView {
    let columns = vec![
        Column::new("Measure"),
        Column::new(before.clone()).numeric(),
        Column::new(now.clone()).numeric(),
        Column::new("n").numeric(),
        Column::new("Change"),
    ];
    let rows = changes
        .iter()
        .cloned()
        .map(|change| row(change, before.clone(), now.clone()))
        .collect_view();
    view! {
        <Panel>
            <Table label="Measures before and now" columns>
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
        (Moved::NoClearChange, ..) => view! { <Delta went=Went::Unclear by=""/> }.into_any(),
        _ => view! { <Status tone=Tone::Absent>"Not comparable"</Status> }.into_any(),
    };
    let (title, about) = (fact.title, fact.about);
    let about = (!about.is_empty()).then_some(about);
    view! {
        <tr>
            <RowHead note=crate::ui::Slot(about.map(IntoAny::into_any))>{title}</RowHead>
            <Cell label=before numeric=true>
                <span class="faint">{old}</span>
            </Cell>
            <Cell label=now numeric=true note=crate::ui::Slot(interval.map(IntoAny::into_any))>
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
