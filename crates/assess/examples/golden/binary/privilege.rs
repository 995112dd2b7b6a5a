//! AIF360 and Clarify: a privileged group against everybody else.

use super::super::compare::number;
use super::source::{Grouping, Source, name};
use assess::aif360::{Groups, sklearn_smoothed_edf};
use assess::clarify::{Facets, Stratum, conditional_disparity};
use assess::report::{Confusion, Group};
use serde_json::Value;

pub fn reply(source: &Source, id: &str, call: &str) -> Option<Value> {
    let (library, rest) = id.split_once('.')?;
    match library {
        "aif360" => aif360(source, rest, call),
        "aif360sk" => edf(source, rest.strip_prefix("smoothed_edf.")?),
        _ => clarify(source, rest, call),
    }
}

fn aif360(source: &Source, rest: &str, call: &str) -> Option<Value> {
    let (metric, grouping) = source.attribute_last(rest)?;
    let (privileged, unprivileged) = sides(&grouping, call)?;
    let groups = Groups {
        unprivileged,
        privileged,
    };
    if let Some(alpha) = metric.strip_prefix("generalized_entropy_index.alpha") {
        return Some(number(groups.generalised_entropy(alpha.parse().ok()?)));
    }
    match metric.strip_prefix("label.") {
        Some(metric) => found(groups.labels(), metric),
        None => found(groups.classification(), metric),
    }
}

fn found(named: impl IntoIterator<Item = (&'static str, f64)>, metric: &str) -> Option<Value> {
    let (_, value) = named.into_iter().find(|(name, _)| *name == metric)?;
    Some(number(value))
}

fn edf(source: &Source, attribute: &str) -> Option<Value> {
    let grouping = source.grouping(attribute)?;
    let groups: Vec<_> = grouping
        .groups()
        .values()
        .map(|group| (group.favourable, group.n))
        .collect();
    Some(number(sklearn_smoothed_edf(&groups)))
}

fn clarify(source: &Source, rest: &str, call: &str) -> Option<Value> {
    if let Some((metric, rest)) = rest.split_once('.')
        && ["CDDPL", "CDDL"].contains(&metric)
    {
        let apart = rest
            .match_indices(".by.")
            .filter_map(|(at, by)| Some((rest.get(..at)?, rest.get(at + by.len()..)?)));
        let mut values =
            apart.filter_map(|(attribute, stratum)| conditional(source, metric, attribute, stratum, call));
        return values.next();
    }
    let (metric, grouping) = source.attribute_last(rest)?;
    // The generalised entropy is everybody's, whoever is privileged, and its call names nobody.
    let everybody = || {
        let all = favouring(&grouping, grouping.all());
        (metric == "GE").then_some((all, Confusion::default()))
    };
    let (advantaged, disadvantaged) = sides(&grouping, call).or_else(everybody)?;
    let facets = Facets {
        advantaged,
        disadvantaged,
    };
    found(
        facets.post_training().into_iter().chain(facets.pre_training()),
        metric,
    )
}

/// Disparity within each value of another attribute: the counts of both crossed.
fn conditional(source: &Source, metric: &str, attribute: &str, stratum: &str, call: &str) -> Option<Value> {
    let privileged = privileged(&source.grouping(attribute)?, call)?;
    let crossed = source.grouping(&format!("{attribute}x{stratum}"))?;
    let mut strata = std::collections::BTreeMap::<Option<String>, Stratum>::new();
    for group in &crossed.attribute()?.groups {
        let [one, other] = group.key.as_slice() else {
            return None;
        };
        let counts = favouring(&crossed, group.counts);
        let accepted = match metric {
            "CDDPL" => counts.tp + counts.fp,
            _ => counts.positives(),
        };
        let rejected = counts.n() - accepted;
        let disadvantaged = u64::from(one.as_deref() != Some(privileged.as_str()));
        let stratum = strata.entry(other.clone()).or_default();
        stratum.accepted.0 += accepted;
        stratum.accepted.1 += accepted * disadvantaged;
        stratum.rejected.0 += rejected;
        stratum.rejected.1 += rejected * disadvantaged;
    }
    let strata: Vec<_> = strata.into_values().collect();
    conditional_disparity(&strata).map(number)
}

/// The counts of the privileged group and of everybody else, by favourable answer.
fn sides(grouping: &Grouping, call: &str) -> Option<(Confusion, Confusion)> {
    let privileged = privileged(grouping, call)?;
    let is_privileged = |group: &Group| name(group).as_deref() == Some(privileged.as_str());
    let counts = |of: Confusion| favouring(grouping, of);
    Some((
        counts(grouping.pooled(is_privileged)),
        counts(grouping.pooled(|group| !is_privileged(group))),
    ))
}

fn favouring(grouping: &Grouping, counts: Confusion) -> Confusion {
    counts.favouring(grouping.report().labels.positive_is_favourable)
}

/// The group that a call compares an attribute with: `sex=='male'`, or `sex!='male'` for the others. Of several the
/// longest, for one name may end another.
fn privileged(grouping: &Grouping, call: &str) -> Option<String> {
    let spoken = |name: &String| {
        let signs = [("==", '\''), ("!=", '\''), ("==", '"'), ("!=", '"')];
        let mut texts = signs
            .into_iter()
            .map(|(sign, quote)| format!("{sign}{quote}{name}{quote}"));
        texts.any(|text| call.contains(&text))
    };
    let names = grouping.groups().into_keys().filter(spoken);
    names.max_by_key(String::len)
}
