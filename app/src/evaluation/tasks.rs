//! Reports of tasks other than two answers: figures of everyone and of each group, gaps, and what only the task has.
use super::{
    errors::{brief, written},
    gaps,
};
use crate::ui::{
    Cell, Column, Disclosure, Panel, RowGroup, RowHead, Section, Stacks, Table, Unit, number::thousands,
};
use assess::{
    Assessment,
    report::{Entry, Standing},
    tasks::{Attribute, Group, named, ranking::Cut},
};
use leptos::prelude::*;

/// Figures that stand beside each other in one table; files with all of them are a click away.
const SIDE_BY_SIDE: usize = 6;
/// Classes whose confusion is shown as a table.
const CLASSES: usize = 20;

/// The whole body of such a report; nothing of one of two answers, which has more to show.
pub fn view(assessment: &Assessment) -> Option<AnyView> {
    let (overall, attributes) = assessment.of_other_task()?;
    let rows = assessment.rows();
    let own = match assessment {
        Assessment::Multiclass(with) => {
            let detail = &with.report.detail;
            confusion(&detail.classes, &detail.confusion)
        }
        Assessment::Ranking(with) => Some(cuts(&with.report.detail.cuts)),
        Assessment::Binary(_) | Assessment::Regression(_) => None,
    };
    let body = view! {
        {by_group(attributes)}
        {apart(attributes)}
        {performance(overall, rows)}
        {own}
    };
    Some(body.into_any())
}

/// How a figure is written.
fn unit(id: &str) -> Unit {
    Unit::of_figure(id)
}

fn by_group(attributes: &[Attribute]) -> AnyView {
    if attributes.is_empty() {
        return view! {
            <Section title="How groups fare" id="groups">
                <p class="muted">
                    "Not measured: no protected attribute was named, so nothing can be said of how groups are treated."
                </p>
            </Section>
        }
        .into_any();
    }
    let (singles, pairs): (Vec<_>, Vec<_>) = attributes
        .iter()
        .partition(|attribute| attribute.columns.len() == 1);
    let groups = |attribute: &&Attribute| (attribute.title(), attribute.groups.clone());
    let table = figures("Figures by group", singles.iter().map(groups).collect());
    let pairs = (!pairs.is_empty()).then(|| {
        let table = figures(
            "Figures by two attributes together",
            pairs.iter().map(groups).collect(),
        );
        view! { <Disclosure summary="Two attributes together">{table}</Disclosure> }
    });
    view! {
        <Section title="How groups fare" note="Each figure with its 95 % interval and n." id="groups">
            {table}
            {pairs}
        </Section>
    }
    .into_any()
}

/// The first figures of groups beside each other, a column or a pair of columns after the other.
pub fn figures(label: &'static str, columns: Vec<(String, Vec<Group>)>) -> AnyView {
    let first = columns.iter().flat_map(|(_, groups)| groups).next();
    let ids: Vec<String> = first
        .map(|group| {
            group
                .figures
                .iter()
                .map(|entry| entry.id.clone())
                .take(SIDE_BY_SIDE)
                .collect()
        })
        .unwrap_or_default();
    let heads = [Column::new("Group"), Column::new("Rows").numeric()]
        .into_iter()
        .chain(ids.iter().map(|id| Column::new(named::title(id)).numeric()))
        .collect();
    let width = ids.len() + 2;
    let bodies = columns
        .into_iter()
        .map(|(title, groups)| {
            let rows = groups.iter().map(|group| row(group, &ids)).collect_view();
            view! { <RowGroup title=gaps::capital(&title) columns=width>{rows}</RowGroup> }
        })
        .collect_view();
    let footer = "What is too few to judge is shown and never compared. All other figures of each group are in the CSV and the workbook.";
    view! {
        <Panel footer>
            <Table label columns=heads stacks=Stacks::Early dense=true grouped=true>
                {bodies}
            </Table>
        </Panel>
    }
    .into_any()
}

fn row(group: &Group, ids: &[String]) -> AnyView {
    let cells = ids
        .iter()
        .map(|id| {
            let (value, note) = match group.figure(id) {
                Some(figure) => brief(figure, unit(id)),
                None => ("–".into_any(), crate::ui::Slot::from("not computed")),
            };
            view! { <Cell label=named::title(id) numeric=true note>{value}</Cell> }
        })
        .collect_view();
    let (name, rows) = (group.name(), thousands(group.n));
    let few = (group.standing != Standing::Judged).then_some("no");
    view! {
        <tr data-judged=few>
            <RowHead>{name}</RowHead>
            <Cell label="Rows" numeric=true>{rows}</Cell>
            {cells}
        </tr>
    }
    .into_any()
}

fn apart(attributes: &[Attribute]) -> Option<AnyView> {
    let with_gaps: Vec<_> = attributes
        .iter()
        .filter(|attribute| !attribute.gaps.is_empty())
        .map(|attribute| (attribute.title(), attribute.gaps.as_slice()))
        .collect();
    if with_gaps.is_empty() {
        return None;
    }
    let table = gaps::table("Gaps between groups", with_gaps);
    let section = view! {
        <Section
            title="How far apart groups are"
            note="Between the highest and the lowest judged group. A difference of 0, or a ratio of 1, is equal."
            id="gaps"
        >
            {table}
        </Section>
    };
    Some(section.into_any())
}

fn performance(overall: &[Entry], rows: u64) -> AnyView {
    let note = format!("For all {} rows together.", thousands(rows));
    let table = entries("Performance", overall);
    view! {
        <Section title="How well it predicts" note id="performance">
            {table}
        </Section>
    }
    .into_any()
}

fn entries(label: &'static str, entries: &[Entry]) -> AnyView {
    let rows = entries
        .iter()
        .map(|entry| {
            let (value, note) = written(&entry.figure, unit(&entry.id));
            let (title, few) = (
                named::title(&entry.id),
                entry.figure.judged().is_none().then_some("no"),
            );
            view! {
                <tr data-judged=few>
                    <RowHead>{title}</RowHead>
                    <Cell label="Value" numeric=true note>{value}</Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![Column::new("Measure"), Column::new("Value").numeric()];
    view! {
        <Panel>
            <Table label columns dense=true>{rows}</Table>
        </Panel>
    }
    .into_any()
}

/// How often each class was taken for each.
fn confusion(classes: &[String], counts: &[Vec<u64>]) -> Option<AnyView> {
    if classes.len() > CLASSES {
        return None;
    }
    let columns = std::iter::once(Column::new("Really"))
        .chain(
            classes
                .iter()
                .map(|class| Column::new(format!("Taken for {class}")).numeric()),
        )
        .collect();
    let rows = classes
        .iter()
        .zip(counts)
        .map(|(class, counts)| {
            let cells = classes
                .iter()
                .zip(counts)
                .map(|(taken, count)| {
                    let count = thousands(*count);
                    let count = if taken == class {
                        view! { <b>{count}</b> }.into_any()
                    } else {
                        count.into_any()
                    };
                    view! { <Cell label=format!("Taken for {taken}") numeric=true>{count}</Cell> }
                })
                .collect_view();
            let class = class.clone();
            view! { <tr><RowHead>{class}</RowHead>{cells}</tr> }
        })
        .collect_view();
    let section = view! {
        <Section title="What is taken for what" note="Rows by what they really are, and by what was predicted." id="confusion">
            <Panel>
                <Table label="Confusion of classes" columns stacks=Stacks::Early dense=true>{rows}</Table>
            </Panel>
        </Section>
    };
    Some(section.into_any())
}

/// What taking only the top of a ranking comes to.
fn cuts(cuts: &[Cut]) -> AnyView {
    let tables = cuts
        .iter()
        .map(|cut| {
            let groups = cut
                .attributes
                .iter()
                .filter(|attribute| attribute.columns.len() == 1);
            let groups: Vec<_> = groups
                .map(|attribute| (attribute.title(), attribute.groups.clone()))
                .collect();
            let by_group = (!groups.is_empty()).then(|| figures("Figures of the top by group", groups));
            let all = entries("Figures of the top", &cut.figures);
            let summary = gaps::capital(&cut.words());
            view! { <Disclosure summary>{all} {by_group}</Disclosure> }
        })
        .collect_view();
    view! {
        <Section title="If only the top is taken" note="Who is at the top of the ranking, and how many of them rightly." id="tops">
            <div class="stack" data-gap="hair">{tables}</div>
        </Section>
    }
    .into_any()
}
