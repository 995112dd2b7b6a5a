//! Reports of tasks other than two answers: figures of everyone and of each group, gaps, and what only the task has.
use super::{
    errors::{brief, written},
    gaps,
};
use crate::ui::{
    Cell, Column, Disclosure, Panel, RowGroup, RowHead, Section, Slot, Stacks, Table, Unit, number::thousands,
};
use assess::{
    Assessment,
    report::{Entry, Figure, Standing, find},
    tasks::{Attribute, Group, Weighted, named, ranking::Cut},
};
use leptos::prelude::*;

/// Figures that stand beside each other in one table; files with all of them are a click away.
const SIDE_BY_SIDE: usize = 6;
const NAMED: &str = "Each interval is that of the two groups named, as if they had been named beforehand.";
const BY_WEIGHT: &str = "Each row counted by its weight";
/// Classes whose confusion is shown as a table.
const CLASSES: usize = 20;

/// The whole body of such a report; nothing of one of two answers, which has more to show.
pub fn view(assessment: &Assessment) -> Option<AnyView> {
    let (overall, weighted, attributes) = assessment.of_other_task()?;
    let rows = assessment.rows();
    let own = match assessment {
        Assessment::Multiclass(with) => {
            let detail = &with.report.detail;
            confusion(&detail.classes, &detail.confusion)
        }
        Assessment::Ranking(with) => Some(cuts(&with.report.detail.cuts, rows)),
        Assessment::Binary(_) | Assessment::Regression(_) => None,
    };
    let body = view! {
        {by_group(attributes)}
        {apart(attributes)}
        {performance(overall, weighted, rows)}
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
    let by_weight = by_weight("Figures by group, by weight", &singles);
    view! {
        <Section title="How groups fare" note="Each figure with its 95 % interval and n." id="groups">
            {table}
            {pairs}
            {by_weight}
        </Section>
    }
    .into_any()
}

/// The same with every row counted by its weight; nothing where rows have none.
fn by_weight(label: &'static str, attributes: &[&Attribute]) -> Option<AnyView> {
    let weighed = |group: &Group| {
        let weighted = group.weighted.as_ref()?;
        Some(Group {
            figures: weighted.named(group.n).collect(),
            ..group.clone()
        })
    };
    let columns: Vec<(String, Vec<Group>)> = attributes
        .iter()
        .map(|attribute| {
            let groups = attribute.groups.iter().filter_map(weighed);
            (attribute.title(), groups.collect())
        })
        .filter(|(_, groups): &(String, Vec<Group>)| !groups.is_empty())
        .collect();
    if columns.is_empty() {
        return None;
    }
    let table = figures(label, columns);
    Some(view! { <Disclosure summary=BY_WEIGHT>{table}</Disclosure> }.into_any())
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
                None => ("–".into_any(), Slot::from("not computed")),
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
    let table = gaps::table("Gaps between groups", NAMED, with_gaps);
    let weighted: Vec<_> = attributes
        .iter()
        .filter(|attribute| !attribute.weighted_gaps.is_empty())
        .map(|attribute| (attribute.title(), attribute.weighted_gaps.as_slice()))
        .collect();
    let weighted = (!weighted.is_empty()).then(|| {
        let table = gaps::table("Gaps between groups, by weight", NAMED, weighted);
        view! { <Disclosure summary=BY_WEIGHT>{table}</Disclosure> }
    });
    let section = view! {
        <Section
            title="How far apart groups are"
            note="Between the highest and the lowest judged group. A difference of 0, or a ratio of 1, is equal."
            id="gaps"
        >
            {table}
            {weighted}
        </Section>
    };
    Some(section.into_any())
}

fn performance(overall: &[Entry], weighted: Option<&Weighted>, rows: u64) -> AnyView {
    let note = format!("For all {} rows together.", thousands(rows));
    let table = entries("Performance", overall, weighted, rows);
    view! {
        <Section title="How well it predicts" note id="performance">
            {table}
        </Section>
    }
    .into_any()
}

/// Figures of so many rows, and beside them those by weight, where rows have weights.
fn entries(label: &'static str, entries: &[Entry], weighted: Option<&Weighted>, rows: u64) -> AnyView {
    let cell = |label: &'static str, id: &str, figure: Option<&Figure>| {
        let (value, note) = match figure {
            Some(figure) => written(figure, unit(id)),
            None => ("–".into_any(), Slot::from("not taken by weight")),
        };
        view! { <Cell label numeric=true note>{value}</Cell> }
    };
    let lines = entries
        .iter()
        .map(|entry| {
            let by_weight = weighted.map(|weighted| {
                let figure = find(&weighted.figures, &entry.id);
                cell("By weight", &entry.id, figure)
            });
            let by_rows = cell("Value", &entry.id, Some(&entry.figure));
            let few = entry.figure.judged().is_none().then_some("no");
            let title = named::title(&entry.id);
            view! { <tr data-judged=few><RowHead>{title}</RowHead>{by_rows}{by_weight}</tr> }
        })
        .collect_view();
    let columns = [Column::new("Measure"), Column::new("Value").numeric()];
    let by_weight = weighted.map(|_| Column::new("By weight").numeric());
    let columns: Vec<_> = columns.into_iter().chain(by_weight).collect();
    let table = view! { <Table label columns dense=true>{lines}</Table> };
    match weighted {
        None => view! { <Panel>{table}</Panel> }.into_any(),
        Some(weighted) => {
            let footer = format!(
                "By weight, each row counts as often as its weight says: {} in all, which say as much as {} rows of equal weight would; n stays the {} rows.",
                Unit::Score.write(weighted.weight),
                Unit::Score.write(weighted.effective_n),
                thousands(rows)
            );
            view! { <Panel footer>{table}</Panel> }.into_any()
        }
    }
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
fn cuts(cuts: &[Cut], rows: u64) -> AnyView {
    let tables = cuts
        .iter()
        .map(|cut| {
            let groups = cut
                .attributes
                .iter()
                .filter(|attribute| attribute.columns.len() == 1);
            let singles: Vec<&Attribute> = groups.collect();
            let groups: Vec<_> = singles
                .iter()
                .map(|attribute| (attribute.title(), attribute.groups.clone()))
                .collect();
            let by_group = (!groups.is_empty()).then(|| figures("Figures of the top by group", groups));
            let by_weight = by_weight("Figures of the top by group, by weight", &singles);
            let all = entries("Figures of the top", &cut.figures, cut.weighted.as_ref(), rows);
            let summary = gaps::capital(&cut.words());
            view! { <Disclosure summary>{all} {by_group} {by_weight}</Disclosure> }
        })
        .collect_view();
    view! {
        <Section title="If only the top is taken" note="Who is at the top of the ranking, and how many of them rightly." id="tops">
            <div class="stack" data-gap="hair">{tables}</div>
        </Section>
    }
    .into_any()
}
