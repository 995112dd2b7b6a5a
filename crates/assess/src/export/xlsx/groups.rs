//! The sheet of an attribute, or of a pair: a row a group.

use super::sheet::Cell::{self, Blank, Count, Number, Text};
use super::{Sheet, counts, figure_heads, of, optional};
use crate::report::{Attribute, Figure, Group, Impact, Mark, Method, Test, Weighted};
use rust_xlsxwriter::XlsxError;

const TEST: [&str; 7] = [
    "test.method",
    "test.against",
    "test.z",
    "test.p",
    "test.holm",
    "test.benjamini_hochberg",
    "test.comparisons",
];

pub fn filled(attribute: &Attribute, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let heads = heads(attribute);
    sheet.head(heads.iter().map(String::as_str), attribute.columns.len())?;
    for group in &attribute.groups {
        sheet.row(&row(group))?;
    }
    Ok(())
}

fn heads(attribute: &Attribute) -> Vec<String> {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut heads = attribute.columns.clone();
    heads.extend(owned(&[
        "n",
        "standing",
        "standing reason",
        "tp",
        "fp",
        "tn",
        "fn",
    ]));
    heads.push("favourable".to_owned());
    // Every group has the same figures.
    let ids = attribute.groups.first().map(figures).unwrap_or_default();
    for (id, _) in ids {
        heads.extend(figure_heads(id));
    }
    heads.extend(figure_heads("impact_ratio"));
    heads.extend(owned(&["impact_ratio against", "impact_ratio mark"]));
    heads.extend(figure_heads("impact_ratio_to_reference"));
    heads.extend(owned(&TEST));
    let weighted = attribute.groups.first().and_then(|group| group.weighted.as_ref());
    for (id, _) in weighted.iter().flat_map(|weighted| weighted.named()) {
        heads.extend(figure_heads(&format!("weighted.{id}")));
    }
    heads
}

fn row(group: &Group) -> Vec<Cell<'_>> {
    let mut cells = super::group(&group.key, group.n, &group.standing);
    cells.extend(counts(&group.counts).map(|(_, count)| Count(count)));
    cells.push(Count(group.favourable));
    for (_, figure) in figures(group) {
        cells.extend(of(figure));
    }
    cells.extend(impact(&group.impact));
    cells.extend(group.to_reference.as_ref().map_or([Blank; 5], of));
    cells.extend(group.test.as_ref().map_or([Blank; 7], test));
    let weighted = group.weighted.iter().flat_map(Weighted::named);
    cells.extend(weighted.flat_map(|(_, figure)| of(figure)));
    cells
}

fn figures(group: &Group) -> Vec<(&'static str, &Figure)> {
    let rates = group.rates.named().into_iter();
    rates.chain(group.scores.named()).collect()
}

fn impact(impact: &Impact) -> impl Iterator<Item = Cell<'_>> {
    let mark = match impact.mark {
        Some(Mark::Below) => Text("below"),
        Some(Mark::Reached) => Text("reached"),
        None => Blank,
    };
    let beside = [optional(impact.against.as_ref()), mark];
    of(&impact.ratio).into_iter().chain(beside)
}

fn test(test: &Test) -> [Cell<'_>; 7] {
    let method = match test.method {
        Method::TwoProportionZ => "two_proportion_z",
        Method::FisherExact => "fisher_exact",
    };
    [
        Text(method),
        Text(&test.against),
        test.z.map_or(Blank, Number),
        Number(test.p),
        Number(test.holm),
        Number(test.benjamini_hochberg),
        Count(test.comparisons),
    ]
}
