//! Whether what sets groups apart may be chance, and what other libraries would call it.
use super::gaps::capital;
use crate::ui::{
    Cell, Column, Disclosure, Panel, RowGroup, RowHead, Table,
    number::{counted, fixed},
};
use assess::{
    Report,
    report::{Attribute, Dependence, Group, Method, Test, Value},
};
use leptos::prelude::*;

/// The tests of each single attribute's groups, folded.
pub fn tests(report: &Report) -> Option<AnyView> {
    let bodies: Vec<_> = singles(report).filter_map(tested).collect();
    if bodies.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Group"),
        Column::new("Standard deviations").numeric(),
        Column::new("By chance").numeric(),
        Column::new("Of several (Holm)").numeric(),
        Column::new("False discoveries (BH)").numeric(),
        Column::new("Test"),
    ];
    let view = view! {
        <Disclosure summary="How likely these differences are by chance">
            <Panel footer="How often a difference at least as large would come about if both groups were treated alike. Small is not unfair: with many people the slightest difference is no chance. Large is not fair: with few people the gravest may be one.">
                <Table label="Tests of the favourable rate" columns dense=true grouped=true>
                    {bodies}
                </Table>
            </Panel>
        </Disclosure>
    };
    Some(view.into_any())
}

fn singles(report: &Report) -> impl Iterator<Item = &Attribute> {
    report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1)
}

fn tested(attribute: &Attribute) -> Option<AnyView> {
    let rows: Vec<_> = attribute
        .groups
        .iter()
        .filter_map(|group| Some(row(group, group.test.as_ref()?)))
        .collect();
    let dependence = attribute.dependence.as_ref().map(together);
    let against = attribute.privileged.clone().unwrap_or_default();
    let title = format!("{}, against {against}", capital(&attribute.title()));
    (!rows.is_empty()).then(|| view! { <RowGroup title columns=6>{rows} {dependence}</RowGroup> }.into_any())
}

fn row(group: &Group, test: &Test) -> AnyView {
    let method = match test.method {
        Method::TwoProportionZ => "two proportions",
        Method::FisherExact => "Fisher’s exact",
    };
    let name = group.name();
    let [p, holm, discoveries] = [test.p, test.holm, test.benjamini_hochberg].map(chance);
    let deviations = test.z.map_or_else(|| "–".to_owned(), |z| fixed(z, 1));
    view! {
        <tr>
            <RowHead>{name}</RowHead>
            <Cell label="Deviations" numeric=true>{deviations}</Cell>
            <Cell label="By chance" numeric=true>{p}</Cell>
            <Cell label="Holm" numeric=true>{holm}</Cell>
            <Cell label="BH" numeric=true>{discoveries}</Cell>
            <Cell label="Test">{method}</Cell>
        </tr>
    }
    .into_any()
}

fn together(dependence: &Dependence) -> AnyView {
    let p = chance(dependence.p);
    let test = format!(
        "chi-square {}, {}",
        fixed(dependence.chi_square, 1),
        counted(dependence.degrees, "degree of freedom", "degrees of freedom")
    );
    view! {
        <tr>
            <RowHead>"All together"</RowHead>
            <Cell label="Deviations" numeric=true>"–"</Cell>
            <Cell label="By chance" numeric=true>{p}</Cell>
            <Cell label="Holm" numeric=true>"–"</Cell>
            <Cell label="BH" numeric=true>"–"</Cell>
            <Cell label="Test">{test}</Cell>
        </tr>
    }
    .into_any()
}

/// "0.032", and no zeros that aren't.
fn chance(p: f64) -> String {
    if p < 0.001 {
        "below 0.001".to_owned()
    } else {
        fixed(p, 3)
    }
}

/// The numbers under other libraries' names, folded, for who looks for them.
pub fn libraries(report: &Report) -> Option<AnyView> {
    let own = (!report.individual.is_empty()).then(|| values("Everybody".to_owned(), &report.individual));
    let bodies: Vec<_> = singles(report)
        .filter(|attribute| !attribute.library.is_empty())
        .map(|attribute| {
            let against = attribute.privileged.as_ref();
            let against = against
                .map(|name| format!(", privileged: {name}"))
                .unwrap_or_default();
            values(
                format!("{}{against}", capital(&attribute.title())),
                &attribute.library,
            )
        })
        .chain(own)
        .collect();
    if bodies.is_empty() {
        return None;
    }
    let columns = vec![Column::new("Name"), Column::new("Value").numeric()];
    let view = view! {
        <Disclosure summary="The same under the names of fairlearn, AIF360, Clarify and Aequitas">
            <Panel footer="As those libraries compute them, quirks included, over groups of any size; nothing here is judged. Their signs differ: AIF360’s differences are negative where the unprivileged fare worse, Clarify’s positive.">
                <Table label="Figures by library" columns dense=true grouped=true>
                    {bodies}
                </Table>
            </Panel>
        </Disclosure>
    };
    Some(view.into_any())
}

fn values(title: String, values: &[Value]) -> AnyView {
    let rows = values
        .iter()
        .map(|value| {
            let number = value
                .value
                .map_or_else(|| "undefined".to_owned(), |value| fixed(value, 4));
            let id = value.id.clone();
            view! {
                <tr>
                    <RowHead>{id}</RowHead>
                    <Cell label="Value" numeric=true>{number}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! { <RowGroup title columns=2>{rows}</RowGroup> }.into_any()
}
