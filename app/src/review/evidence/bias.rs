//! How each group is treated: impact ratios as a plot, favourable answers and mistakes as a table.
use super::unmeasured;
use crate::{
    evaluation::{impact_mark, impact_plot},
    review::known::Known,
    ui::{Card, Cell, Column, Disclosure, Gap, RowHead, Slot, Stack, Table, Unit, number},
};
use assess::{
    Figure as Number, Report,
    report::{Attribute, Group},
};
use leptos::prelude::*;

pub fn card(known: &Known<'_>) -> AnyView {
    const TITLE: &str = "Groups and their treatment";
    let Some(report) = &known.report else {
        return unmeasured(known.review, TITLE, "evidence-bias");
    };
    if report.attributes.is_empty() {
        return view! {
            <Card title=TITLE id="evidence-bias">
                <p class="muted">"Not measured: no protected attribute was named in the evaluation."</p>
            </Card>
        }
        .into_any();
    }
    let (pairs, singles): (Vec<_>, Vec<_>) = report
        .attributes
        .iter()
        .partition(|attribute| attribute.columns.len() > 1);
    let singles = singles
        .into_iter()
        .map(|attribute| shown(attribute, report))
        .collect_view();
    let pairs = (!pairs.is_empty()).then(|| {
        let summary = number::counted(
            u64::try_from(pairs.len()).unwrap_or(0),
            "crossing of two attributes",
            "crossings of two attributes",
        );
        let pairs = pairs
            .into_iter()
            .map(|attribute| shown(attribute, report))
            .collect_view();
        view! { <Disclosure summary>{pairs}</Disclosure> }
    });
    let footer = known
        .review
        .evaluation
        .map(|id| view! { <a href=format!("/evaluations/{id}")>"Open the full report"</a> });
    let footer = footer.map_or_else(Slot::default, Slot::from);
    view! {
        <Card title=TITLE id="evidence-bias" footer>
            {singles}
            {pairs}
        </Card>
    }
    .into_any()
}

fn shown(attribute: &Attribute, report: &Report) -> AnyView {
    let plot = impact_plot(attribute, impact_mark(report));
    let table = table(attribute);
    view! { <Stack gap=Gap::Tight>{plot} {table}</Stack> }.into_any()
}

/// Judged groups first, worst first; then those too small to judge.
fn sorted(attribute: &Attribute) -> Vec<&Group> {
    let mut groups: Vec<_> = attribute.groups.iter().collect();
    groups.sort_by(|a, b| {
        let place = |group: &Group| {
            (
                group.impact.ratio.judged().is_none(),
                group.impact.ratio.value.unwrap_or(f64::INFINITY),
            )
        };
        let ((a_last, a), (b_last, b)) = (place(a), place(b));
        a_last.cmp(&b_last).then(a.total_cmp(&b))
    });
    groups
}

fn table(attribute: &Attribute) -> AnyView {
    let columns =
        ["Favourable", "True positive rate", "False positive rate"].map(|head| Column::new(head).numeric());
    let columns = [Column::new("Group")].into_iter().chain(columns).collect();
    let rows = sorted(attribute).into_iter().map(line).collect_view();
    let label = format!("Favourable answers and mistakes by {}", attribute.title());
    view! { <Table label columns dense=true>{rows}</Table> }.into_any()
}

fn line(group: &Group) -> AnyView {
    let judged = (!group.is_judged()).then_some("no");
    let n = number::sample(group.n);
    let note = if group.is_judged() {
        n
    } else {
        format!("{n}, too few to judge")
    };
    let name = group.name();
    let cells = [
        cell("Favourable", &group.rates.favourable),
        cell("True positive rate", &group.rates.tpr),
        cell("False positive rate", &group.rates.fpr),
    ];
    view! {
        <tr data-judged=judged>
            <RowHead note>{name}</RowHead>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

fn cell(label: &'static str, number: &Number) -> AnyView {
    let value = number
        .value
        .map_or_else(|| "not shown".to_owned(), |value| Unit::Share.write(value));
    let note = match (number.interval(), &number.reason) {
        (Some((low, high)), _) => Slot::from(Unit::Share.interval(low, high)),
        (None, Some(reason)) => Slot::from(reason.clone()),
        (None, None) => Slot::default(),
    };
    view! { <Cell label numeric=true note>{value}</Cell> }.into_any()
}
