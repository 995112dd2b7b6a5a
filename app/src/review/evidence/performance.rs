//! How well the version predicts, each number with its interval and n.
use super::unmeasured;
use crate::{
    review::known::Known,
    ui::{Card, Cell, Column, RowHead, Slot, Table, Unit, number},
};
use domain::fact::Fact as Measured;
use leptos::prelude::*;

pub fn card(known: &Known<'_>) -> AnyView {
    const TITLE: &str = "How well it predicts";
    let facts: Vec<_> = known
        .review
        .facts
        .iter()
        .filter(|fact| fact.id.starts_with("performance."))
        .collect();
    if facts.is_empty() {
        return unmeasured(known.review, TITLE, "evidence-performance");
    }
    let verdict = known
        .report
        .as_ref()
        .map(|report| view! { <p>{report.verdict()}</p> });
    let columns = vec![
        Column::new("Measure"),
        Column::new("Value").numeric(),
        Column::new("95\u{a0}% interval").numeric(),
        Column::new("n").numeric(),
    ];
    let rows = facts.into_iter().map(line).collect_view();
    let footer = known
        .review
        .evaluation
        .map(|id| view! { <a href=format!("/evaluations/{id}")>"Open the full report"</a> });
    let footer = footer.map_or_else(Slot::default, Slot::from);
    view! {
        <Card title=TITLE id="evidence-performance" footer>
            {verdict}
            <Table label=TITLE columns dense=true>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn line(fact: &Measured) -> AnyView {
    let unit = Unit::of_fact(&fact.id);
    let value = fact
        .value
        .map_or_else(|| "not measured".to_owned(), |value| unit.write(value));
    let interval = fact
        .low
        .zip(fact.high)
        .map_or_else(|| "none".to_owned(), |(low, high)| unit.interval(low, high));
    let (title, n) = (fact.title.clone(), number::thousands(fact.n));
    let note = if fact.value.is_none() && !fact.about.is_empty() {
        Slot::from(fact.about.clone())
    } else {
        Slot::default()
    };
    view! {
        <tr>
            <RowHead note>{title}</RowHead>
            <Cell label="Value" numeric=true>{value}</Cell>
            <Cell label="95 % interval" numeric=true>{interval}</Cell>
            <Cell label="n" numeric=true>{n}</Cell>
        </tr>
    }
    .into_any()
}
