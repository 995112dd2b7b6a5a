//! The list of figures, the document written from it, and what reports hold, are one.

use crate::{assess, columns, data};
use assess::{metrics, report::Settings};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_document_is_written_from_the_list() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let written = std::fs::read_to_string(document).unwrap();
    assert!(
        written == metrics::markdown(),
        "docs/metrics.md is not what the list says: cargo run -p assess --example metrics > docs/metrics.md"
    );
}

#[test]
fn every_figure_of_a_report_is_in_the_list_and_the_other_way_about() {
    let mut columns = columns(&["race", "sex"], "0");
    columns.references.insert("race".into(), "Caucasian".into());
    let report = assess(&data("predictions/compas.csv"), &columns, &Settings::default()).unwrap();
    let mut found = BTreeSet::new();
    let overall = &report.overall;
    let named = overall.rates.named().into_iter().chain(overall.scores.named());
    found.extend(named.map(|(id, _)| id.to_owned()));
    found.extend(report.individual.iter().map(|value| value.id.clone()));
    for attribute in &report.attributes {
        found.extend(attribute.gaps.iter().map(|gap| gap.id.clone()));
        found.extend(
            attribute
                .library
                .iter()
                .map(|value| match value.id.split_once("_disparity.") {
                    Some((metric, _)) => format!("{metric}_disparity.<group>"),
                    None => value.id.clone(),
                }),
        );
    }
    // These have a field of their own, and no id beside it.
    let fields = [
        "impact_ratio",
        "impact_ratio_to_reference",
        "test.p",
        "test.holm",
        "test.benjamini_hochberg",
        "dependence.p",
    ];
    found.extend(fields.map(str::to_owned));
    let listed: Vec<_> = metrics::ALL.iter().flat_map(|section| section.metrics).collect();
    let ids: BTreeSet<_> = listed.iter().map(|metric| metric.id.to_owned()).collect();
    assert_eq!(ids.len(), listed.len(), "an id stands twice");
    assert_eq!(found, ids);
}
