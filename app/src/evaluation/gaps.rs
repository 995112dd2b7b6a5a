//! Gaps: how far apart the judged groups of each attribute are, under the names that the field uses.
use super::{chance, errors::written};
use crate::ui::{Cell, Column, Disclosure, Panel, RowGroup, RowHead, Section, Table, Unit};
use assess::{
    Report,
    report::{Attribute, Gap},
};
use leptos::prelude::*;

/// The table of gaps, an attribute after the other.
pub fn view<'a>(report: &'a Report) -> Option<AnyView> {
    let attributes: Vec<_> = report
        .attributes
        .iter()
        .filter(|attribute| !attribute.gaps.is_empty())
        .collect();
    if attributes.is_empty() {
        return None;
    }
    let (singles, pairs): (Vec<_>, Vec<_>) = attributes
        .into_iter()
        .partition(|attribute| attribute.columns.len() == 1);
    let named = |attribute: &&'a Attribute| (attribute.title(), attribute.gaps.as_slice());
    let singles = table("Gaps between groups", singles.iter().map(named).collect());
    let pairs = (!pairs.is_empty()).then(|| {
        let table = table(
            "Gaps by two attributes together",
            pairs.iter().map(named).collect(),
        );
        view! { <Disclosure summary="Gaps of two attributes together">{table}</Disclosure> }
    });
    let (tests, libraries) = (chance::tests(report), chance::libraries(report));
    let section = view! {
        <Section
            title="How far apart groups are"
            note="Between the highest and the lowest judged group. 0 points, or a ratio of 1, is equal."
            id="gaps"
        >
            {singles}
            {pairs}
            {tests}
            {libraries}
        </Section>
    };
    Some(section.into_any())
}

/// The gaps of attributes by their names.
pub fn table(label: &'static str, attributes: Vec<(String, &[Gap])>) -> AnyView {
    let columns = vec![
        Column::new("Gap"),
        Column::new("Value").numeric(),
        Column::new("Between"),
        Column::new("Groups compared"),
    ];
    let bodies = attributes.into_iter().map(group).collect_view();
    view! {
        <Panel footer="Of more than two groups each interval allows for the extremes being picked from all of them by chance.">
            <Table label columns dense=true grouped=true>
                {bodies}
            </Table>
        </Panel>
    }
    .into_any()
}

fn group((title, gaps): (String, &[Gap])) -> AnyView {
    let rows = gaps.iter().map(row).collect_view();
    let title = capital(&title);
    view! { <RowGroup title columns=4>{rows}</RowGroup> }.into_any()
}

fn row(gap: &Gap) -> AnyView {
    let unit = Unit::of_gap(&gap.id);
    let (value, note) = written(&gap.figure, unit);
    let between = match &gap.between {
        Some((high, low)) => format!("{high} (highest) and {low} (lowest)"),
        None => "No two groups".to_owned(),
    };
    let compared = match gap.skipped {
        0 => gap.judged.to_string(),
        skipped => format!("{}, without {skipped} that are too small", gap.judged),
    };
    let judged = gap.figure.judged().is_some();
    let rate = gap.rate.map(|rate| rate.title().into_any());
    let title = gap.title.clone();
    view! {
        <tr data-judged=(!judged).then_some("no")>
            <RowHead note=crate::ui::Slot(rate)>{title}</RowHead>
            <Cell label="Value" numeric=true note>{value}</Cell>
            <Cell label="Between">{between}</Cell>
            <Cell label="Compared">{compared}</Cell>
        </tr>
    }
    .into_any()
}

/// An attribute's name as a heading: "Race and sex", "Age band".
pub fn capital(name: &str) -> String {
    crate::model::capital(&name.replace('_', " "))
}
