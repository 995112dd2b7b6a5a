//! Aequitas: crosstabs, disparities and verdicts.

use super::super::python;
use super::source::Source;
use assess::aequitas::{Crosstab, Disparity, Metric, Parities, Reference, disparities, overall};
use assess::report::{Confusion, Rate};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Something for each group of each attribute, under their names.
type ByGroup<T> = Vec<(String, Vec<(String, T)>)>;

/// What earlier entries said and later ones leave out.
#[derive(Default)]
pub struct Memory {
    /// The attributes of the last crosstabs.
    attributes: RefCell<Vec<String>>,
    /// The reference group of each.
    references: RefCell<BTreeMap<String, String>>,
}

pub fn reply(source: &Source, memory: &Memory, id: &str, call: &str) -> Option<Value> {
    let id = id.strip_prefix("inter.").unwrap_or(id);
    if id == "crosstabs" {
        let after = call.split_once("attr_cols=").map_or(call, |(_, after)| after);
        memory.attributes.replace(python::texts(after, '[', ']'));
    }
    let attributes = memory.attributes.borrow();
    if id == "crosstabs" {
        return by_group(source, &attributes, crosstab);
    }
    let (what, reference) = id.rsplit_once('.')?;
    if what == "disparity" && reference == "predefined" {
        let pairs = python::texts(call, '{', '}');
        let pairs = pairs
            .chunks_exact(2)
            .filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone())));
        memory.references.replace(pairs.collect());
    }
    let references = memory.references.borrow();
    let of = |attribute: &String| {
        let groups = crosstabs(source, attribute)?;
        let reference = match reference {
            "predefined" => Reference::Named(references.get(attribute)?),
            "major_group" => Reference::Largest,
            "min_metric" => Reference::Smallest,
            _ => return None,
        };
        let disparities = disparities(&groups, reference)?;
        let names = groups
            .into_iter()
            .map(|group| format!("{attribute}={}", group.group));
        Some((attribute.clone(), names.zip(disparities).collect::<Vec<_>>()))
    };
    let each: ByGroup<Vec<Disparity>> = attributes.iter().map(of).collect::<Option<_>>()?;
    if what == "disparity" {
        let rows = each.into_iter().flat_map(|(_, groups)| groups);
        return Some(Value::Object(
            rows.map(|(name, row)| (name, disparity_row(&row))).collect(),
        ));
    }
    verdicts(what, each, python::number_after(call, "tau=")?)
}

fn verdicts(what: &str, each: ByGroup<Vec<Disparity>>, tau: f64) -> Option<Value> {
    let judged: ByGroup<Parities> = each
        .into_iter()
        .map(|(attribute, groups)| {
            let judge = |(name, row): (String, Vec<Disparity>)| (name, Parities::of_group(&row, tau));
            (attribute, groups.into_iter().map(judge).collect())
        })
        .collect();
    if what == "fairness.group_value" {
        let groups = judged.into_iter().flat_map(|(_, groups)| groups);
        return Some(Value::Object(
            groups
                .map(|(name, verdicts)| (name, verdict_row(&verdicts)))
                .collect(),
        ));
    }
    let attributes: Vec<_> = judged
        .into_iter()
        .map(|(attribute, groups)| {
            let groups: Vec<_> = groups.into_iter().map(|(_, verdicts)| verdicts).collect();
            (attribute, Parities::of_attribute(&groups))
        })
        .collect();
    match what {
        "fairness.attribute" => {
            let rows = attributes
                .iter()
                .map(|(name, verdicts)| (name.clone(), verdict_row(verdicts)));
            Some(Value::Object(rows.collect()))
        }
        "fairness.overall" => {
            let attributes: Vec<_> = attributes.into_iter().map(|(_, verdicts)| verdicts).collect();
            let all = overall(&attributes);
            Some(json!({
                "Unsupervised Fairness": all.unsupervised, "Supervised Fairness": all.supervised,
                "Overall Fairness": all.overall,
            }))
        }
        _ => None,
    }
}

/// The groups of an attribute, sorted by name as pandas sorts them.
fn crosstabs(source: &Source, attribute: &str) -> Option<Vec<Crosstab>> {
    let grouping = source.grouping(attribute)?;
    let all = grouping.all();
    let crosstab = |(group, counts): (String, Confusion)| Crosstab {
        group,
        counts,
        selected: all.tp + all.fp,
    };
    let groups = grouping
        .groups()
        .into_iter()
        .map(|(name, group)| (name, group.counts));
    Some(groups.map(crosstab).collect())
}

fn by_group(
    source: &Source,
    attributes: &[String],
    row: impl Fn(&Crosstab, &Confusion) -> Map<String, Value>,
) -> Option<Value> {
    let mut rows = Map::new();
    for attribute in attributes {
        let all = source.grouping(attribute)?.all();
        for group in crosstabs(source, attribute)? {
            let mut row = row(&group, &all);
            row.insert("attribute_name".to_owned(), json!(attribute));
            rows.insert(format!("{attribute}={}", group.group), Value::Object(row));
        }
    }
    Some(Value::Object(rows))
}

fn crosstab(group: &Crosstab, all: &Confusion) -> Map<String, Value> {
    let counts = &group.counts;
    let mut row = Map::new();
    for metric in Metric::ALL {
        row.insert(metric.id().to_owned(), json!(group.metric(metric)));
    }
    let rest = [
        ("model_id", json!(0)),
        ("score_threshold", json!("binary 0/1")),
        ("attribute_value", json!(group.group)),
        ("k", json!(group.selected)),
        ("total_entities", json!(all.n())),
        ("group_size", json!(counts.n())),
        ("group_label_pos", json!(counts.positives())),
        ("group_label_neg", json!(counts.negatives())),
        ("pp", json!(counts.tp + counts.fp)),
        ("pn", json!(counts.tn + counts.fn_)),
        ("tp", json!(counts.tp)),
        ("fp", json!(counts.fp)),
        ("tn", json!(counts.tn)),
        ("fn", json!(counts.fn_)),
        ("accuracy", json!(counts.rate(Rate::Accuracy))),
        ("prev", json!(counts.rate(Rate::Base))),
    ];
    row.extend(rest.map(|(key, value)| (key.to_owned(), value)));
    row
}

fn disparity_row(row: &[Disparity]) -> Value {
    let cells = row.iter().flat_map(|one| {
        let id = one.metric.id();
        [
            (format!("{id}_disparity"), json!(one.ratio)),
            (format!("{id}_ref_group_value"), json!(one.against)),
        ]
    });
    Value::Object(cells.collect())
}

fn verdict_row(verdicts: &Parities) -> Value {
    let cells = verdicts
        .named()
        .iter()
        .map(|(name, verdict)| ((*name).to_owned(), json!(verdict)));
    Value::Object(cells.collect())
}
