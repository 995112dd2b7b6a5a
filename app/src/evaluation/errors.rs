//! Where errors fall: the core rates of every group, each with its interval and its own n.
use crate::ui::{
    Cell, Column, Disclosure, Panel, RowGroup, RowHead, Section, Slot, Stacks, Table, Unit,
    number::{sample, thousands},
};
use assess::{
    Figure, Report,
    report::{Attribute, Confusion, Group, Performance, Rates, Scores},
};
use leptos::prelude::*;

const NAMES: [&str; 8] = [
    "Selection",
    "Base rate",
    "True positives",
    "False positives",
    "False negatives",
    "Precision",
    "Accuracy",
    "ROC AUC",
];

/// The table of rates by group, and the counts they come from.
pub fn view(report: &Report) -> AnyView {
    let positive = &report.labels.positive;
    let note = format!(
        "“{positive}” is the positive answer. Selection is how often it was predicted, the base rate how often it was true. True positives and false negatives are shares of the really positive, false positives of the really negative. In per cent, with the 95 % interval and n."
    );
    let rates = rates(report);
    let counts = counts(report);
    view! {
        <Section title="Where the errors fall" note id="error-rates">
            {rates}
            {counts}
        </Section>
    }
    .into_any()
}

fn columns(names: &[&str]) -> Vec<Column> {
    std::iter::once(Column::new("Group"))
        .chain(names.iter().map(|name| Column::new(*name).numeric()))
        .collect()
}

/// Everyone and each attribute; pairs of attributes are folded.
fn rates(report: &Report) -> AnyView {
    let Performance { rates, scores, .. } = &report.overall;
    let everyone = rate_row("All rows".to_owned(), true, rates, scores);
    let all = view! { <RowGroup title="Everyone" columns=NAMES.len() + 1>{everyone}</RowGroup> };
    let (singles, pairs): (Vec<_>, Vec<_>) = report
        .attributes
        .iter()
        .partition(|attribute| attribute.columns.len() == 1);
    let singles = rate_table(
        "Errors by group",
        view! { {all} {rate_groups(singles)} }.into_any(),
        report,
    );
    let pairs = (!pairs.is_empty()).then(|| {
        let table = rate_table("Errors by two attributes together", rate_groups(pairs), report);
        view! { <Disclosure summary="Rates by two attributes together">{table}</Disclosure> }
    });
    view! { {singles} {pairs} }.into_any()
}

fn rate_groups(attributes: Vec<&Attribute>) -> AnyView {
    let groups = attributes.into_iter().map(|attribute| {
        let title = super::gaps::capital(&attribute.title());
        let row = |group: &Group| rate_row(group.name(), group.is_judged(), &group.rates, &group.scores);
        let rows = attribute.groups.iter().map(row).collect_view();
        view! { <RowGroup title columns=NAMES.len() + 1>{rows}</RowGroup> }
    });
    groups.collect_view().into_any()
}

fn rate_table(label: &'static str, bodies: AnyView, report: &Report) -> AnyView {
    let (people, outcomes) = (report.settings.min_judged, report.settings.min_outcomes);
    let few = format!(
        "a rate over fewer than {outcomes}, or of a group of fewer than {people} people, is shown but not judged."
    );
    let footer = view! { <b>"Too few: "</b> {few} };
    view! {
        <Panel footer>
            <Table label columns=columns(&NAMES) stacks=Stacks::Early dense=true grouped=true>
                {bodies}
            </Table>
        </Panel>
    }
    .into_any()
}

fn rate_row(name: String, judged: bool, rates: &Rates, scores: &Scores) -> AnyView {
    let figures = [
        (&rates.selection, Unit::Share),
        (&rates.base, Unit::Share),
        (&rates.tpr, Unit::Share),
        (&rates.fpr, Unit::Share),
        (&rates.fnr, Unit::Share),
        (&rates.precision, Unit::Share),
        (&rates.accuracy, Unit::Share),
        (&scores.roc_auc, Unit::Score),
    ];
    let cells = figures
        .into_iter()
        .zip(NAMES)
        .map(|((figure, unit), label)| {
            let (value, note) = brief(figure, unit);
            view! { <Cell label numeric=true note>{value}</Cell> }
        })
        .collect_view();
    view! {
        <tr data-judged=(!judged).then_some("no")>
            <RowHead>{name}</RowHead>
            {cells}
        </tr>
    }
    .into_any()
}

/// A figure in a table of many: the number, and below it interval and n, or that they are too few.
pub(super) fn brief(figure: &Figure, unit: Unit) -> (AnyView, Slot) {
    let Some(value) = figure.value else {
        return (
            view! { <span class="faint">"–"</span> }.into_any(),
            Slot::from("not shown"),
        );
    };
    let interval = figure
        .interval()
        .map(|(low, high)| format!("{} to {}", unit.bare(low), unit.bare(high)));
    let few = figure.reason.is_some();
    let lines = [
        interval,
        Some(sample(figure.n)),
        few.then(|| "too few".to_owned()),
    ];
    let value = unit.write(value);
    let value = if few {
        view! { <span class="faint">{value}</span> }.into_any()
    } else {
        value.into_any()
    };
    (value, below(lines))
}

/// What there is of some lines, one below the other.
fn below(lines: [Option<String>; 3]) -> Slot {
    let lines = lines
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(at, line)| view! { {(at > 0).then(|| view! { <br/> })} {line} })
        .collect_view();
    Slot::from(lines)
}

/// A figure as its number, and below it interval and n, or why there is no number.
pub fn written(figure: &Figure, unit: Unit) -> (AnyView, Slot) {
    let Some(value) = figure.value else {
        let reason = figure.reason.clone().unwrap_or_else(|| "not computed".to_owned());
        return ("–".into_any(), Slot::from(reason));
    };
    let interval = figure.interval().map(|(low, high)| unit.interval(low, high));
    let note = below([interval, Some(sample(figure.n)), figure.reason.clone()]);
    let value = unit.write(value);
    let value = if figure.reason.is_some() {
        view! { <span class="faint">{value}</span> }.into_any()
    } else {
        value.into_any()
    };
    (value, note)
}

fn counts(report: &Report) -> AnyView {
    let heads = [
        "True positive",
        "False positive",
        "True negative",
        "False negative",
        "Rows",
    ];
    let row = |name: String, judged: bool, counts: &Confusion| {
        let cells = [counts.tp, counts.fp, counts.tn, counts.fn_, counts.n()]
            .into_iter()
            .zip(heads)
            .map(|(count, label)| {
                let count = thousands(count);
                view! { <Cell label numeric=true>{count}</Cell> }
            })
            .collect_view();
        view! { <tr data-judged=(!judged).then_some("no")><RowHead>{name}</RowHead> {cells}</tr> }
    };
    let all = row("All rows".to_owned(), true, &report.overall.counts);
    let groups = report
        .attributes
        .iter()
        .map(|attribute| {
            let title = super::gaps::capital(&attribute.title());
            let rows = attribute
                .groups
                .iter()
                .map(|group: &Group| row(group.name(), group.is_judged(), &group.counts))
                .collect_view();
            view! { <RowGroup title columns=heads.len() + 1>{rows}</RowGroup> }
        })
        .collect_view();
    view! {
        <Disclosure summary="The counts behind the rates">
            <Panel>
                <Table label="Counts by group" columns=columns(&heads) dense=true grouped=true>
                    <tbody>{all}</tbody>
                    {groups}
                </Table>
            </Panel>
        </Disclosure>
    }
    .into_any()
}
