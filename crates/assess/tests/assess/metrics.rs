//! The list of figures, the document written from it, and what reports hold, are one.

use crate::command::order;
use crate::tasks::{multiclass, ranking, regression};
use crate::{asked, assess, columns, data};
use assess::Columns;
use assess::command::Output;
use assess::metrics::{self, Section};
use assess::report::{Settings, Task};
use assess::tasks::{Attribute, Entry, Weighted};
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

fn listed(sections: &[Section]) -> BTreeSet<String> {
    let listed: Vec<_> = sections.iter().flat_map(|section| section.metrics).collect();
    let ids: BTreeSet<_> = listed.iter().map(|metric| metric.id.to_owned()).collect();
    assert_eq!(ids.len(), listed.len(), "an id stands twice");
    ids
}

/// Ids with a class of the file at their end, as they are listed.
fn without_class(id: &str) -> String {
    id.split_once('.')
        .map_or_else(|| id.to_owned(), |(id, _)| format!("{id}.<class>"))
}

fn found(overall: &[Entry], attributes: &[Attribute]) -> BTreeSet<String> {
    let groups = attributes.iter().flat_map(|attribute| &attribute.groups);
    let entries = overall.iter().chain(groups.flat_map(|group| &group.figures));
    let gaps = attributes.iter().flat_map(|attribute| &attribute.gaps);
    let ids = entries.map(|entry| &entry.id).chain(gaps.map(|gap| &gap.id));
    ids.map(|id| without_class(id)).collect()
}

#[test]
fn every_figure_of_the_other_tasks_is_in_the_list_too() {
    let of = |task| order(task, &["race", "sex"], Output::Json).request;
    let report = multiclass("predictions/compas_multiclass.csv", &of(Task::Multiclass));
    let expected = listed(&metrics::MULTICLASS);
    assert_eq!(found(&report.overall, &report.attributes), expected);

    let report = regression("predictions/law_regression.csv", &of(Task::Regression));
    let expected = listed(&metrics::REGRESSION);
    assert_eq!(found(&report.overall, &report.attributes), expected);

    let report = ranking("predictions/compas.csv", &of(Task::Ranking));
    let expected = listed(&metrics::RANKING[..1]);
    assert_eq!(found(&report.overall, &report.attributes), expected);
    let cut = &report.detail.cuts[0];
    assert_eq!(
        found(&cut.figures, &cut.attributes),
        listed(&metrics::RANKING[1..])
    );
}

#[test]
fn every_figure_by_weight_of_the_other_tasks_is_in_the_list_too() {
    let of = |task, weight: &str| {
        let mut of = order(task, &["race", "sex"], Output::Json).request;
        of.columns.weight = Some(weight.to_owned());
        of
    };
    let [classes, numbers, ranked, top] = metrics::WEIGHTED;
    let ids = |weighted: &Option<Weighted>| -> BTreeSet<String> {
        let entries = weighted.as_ref().unwrap().named(1);
        let ids = entries.map(|entry| entry.id.strip_prefix("weighted.").unwrap().to_owned());
        ids.map(|id| format!("weighted.{}", without_class(&id))).collect()
    };
    let report = multiclass("predictions/compas_multiclass.csv", &of(Task::Multiclass, "id"));
    assert_eq!(ids(&report.weighted), listed(&[classes]));
    let report = regression("predictions/law_regression.csv", &of(Task::Regression, "id"));
    assert_eq!(ids(&report.weighted), listed(&[numbers]));
    let report = ranking("predictions/compas.csv", &of(Task::Ranking, "id"));
    assert_eq!(ids(&report.weighted), listed(&[ranked]));
    assert_eq!(ids(&report.detail.cuts[0].weighted), listed(&[top]));
}

#[test]
fn every_figure_of_drift_is_in_the_list() {
    let path = data("predictions/compas.csv");
    let mut of = order(Task::Binary, &["race"], Output::Json).request;
    of.baseline = Some(path.clone());
    let assessment = asked(&path, &of).unwrap();
    let drift = assessment.beside().drift.clone().unwrap();
    let entries = drift.columns.iter().flat_map(|column| &column.figures);
    let found: BTreeSet<_> = entries.map(|entry| entry.id.clone()).collect();
    assert_eq!(found, listed(&[metrics::DRIFT]));
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
    let weighted = Columns {
        weight: Some("w".to_owned()),
        ..crate::columns(&["group"], "1")
    };
    let report = assess(
        &data("edge/weights_fractional.csv"),
        &weighted,
        &Settings::default(),
    )
    .unwrap();
    let weighted = report.attributes[0].groups[0].weighted.as_ref().unwrap();
    found.extend(weighted.named().iter().map(|(id, _)| format!("weighted.{id}")));
    // These have a field of their own, and no id beside it.
    let fields = [
        "weighted.weight",
        "weighted.effective_n",
        "impact_ratio",
        "impact_ratio_to_reference",
        "test.p",
        "test.holm",
        "test.benjamini_hochberg",
        "dependence.p",
    ];
    found.extend(fields.map(str::to_owned));
    assert_eq!(found, listed(&metrics::ALL));
}
