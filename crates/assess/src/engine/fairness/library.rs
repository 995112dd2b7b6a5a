//! The numbers that other libraries would give for an attribute, each under the library's own name.

use crate::aequitas::{Crosstab, Reference, disparities};
use crate::report::{Attribute, Confusion, Group, Labels, Value};
use crate::{aif360, clarify};

/// What AIF360 says of every pair of groups, although it is the same for all: it stands in the report once.
const OF_EVERYBODY: [&str; 2] = ["theil_index", "coefficient_of_variation"];

/// What AIF360, Clarify and Aequitas say of an attribute, against its privileged group; nothing where there is none.
pub(super) fn values(attribute: &Attribute, overall: &Confusion, labels: &Labels) -> Vec<Value> {
    let Some(name) = &attribute.privileged else {
        return Vec::new();
    };
    let known = || {
        attribute
            .groups
            .iter()
            .filter(|group| group.is_known() && group.n > 0)
    };
    let Some(privileged) = known().find(|group| group.name() == *name) else {
        return Vec::new();
    };
    let mut values = two_groups(known(), privileged, labels);
    values.extend(aequitas(known(), name, overall));
    values
}

/// AIF360 and Clarify know two groups: the privileged one, and everybody else pooled.
fn two_groups<'a>(known: impl Iterator<Item = &'a Group>, privileged: &Group, labels: &Labels) -> Vec<Value> {
    let favouring = |counts: &Confusion| counts.favouring(labels.positive_is_favourable);
    let mut others = Confusion::default();
    let mut shares = Vec::new();
    for group in known {
        let counts = favouring(&group.counts);
        shares.push((counts.tp + counts.fp, counts.n()));
        if group.key != privileged.key {
            others.add(&counts);
        }
    }
    let groups = aif360::Groups {
        unprivileged: others,
        privileged: favouring(&privileged.counts),
    };
    let facets = clarify::Facets {
        advantaged: groups.privileged,
        disadvantaged: groups.unprivileged,
    };
    let of_groups = groups.classification().into_iter();
    let of_groups = of_groups.filter(|(id, _)| !OF_EVERYBODY.contains(id));
    let edf = (
        "smoothed_empirical_differential_fairness",
        aif360::smoothed_edf(&shares),
    );
    let aif360 = of_groups
        .chain([edf])
        .map(|(id, value)| named("aif360", id, value));
    let after = facets.post_training().into_iter().chain(facets.pre_training());
    aif360
        .chain(after.map(|(id, value)| named("clarify", id, value)))
        .collect()
}

/// Aequitas keeps each group: the metric of each over that of the reference.
fn aequitas<'a>(known: impl Iterator<Item = &'a Group>, reference: &str, overall: &Confusion) -> Vec<Value> {
    let selected = overall.tp + overall.fp;
    let groups: Vec<_> = known
        .map(|group| Crosstab {
            group: group.name(),
            counts: group.counts,
            selected,
        })
        .collect();
    let rows = disparities(&groups, Reference::Named(reference)).unwrap_or_default();
    let rows = groups.iter().zip(rows);
    rows.flat_map(|(group, row)| {
        row.into_iter().map(move |disparity| {
            let id = format!("aequitas.{}_disparity.{}", disparity.metric.id(), group.group);
            Value::new(id, disparity.ratio.unwrap_or(f64::NAN))
        })
    })
    .collect()
}

/// How unequal people's benefits are, whoever they are.
pub(super) fn individual(overall: &Confusion, labels: &Labels) -> Vec<Value> {
    let everybody = aif360::Groups {
        unprivileged: overall.favouring(labels.positive_is_favourable),
        privileged: Confusion::default(),
    };
    let entropy = |alpha| everybody.generalised_entropy(alpha);
    [
        ("theil_index", entropy(1.0)),
        ("generalized_entropy_index", entropy(2.0)),
        ("coefficient_of_variation", (2.0 * entropy(2.0)).sqrt()),
    ]
    .map(|(id, value)| named("aif360", id, value))
    .into()
}

fn named(library: &str, id: &str, value: f64) -> Value {
    Value::new(format!("{library}.{id}"), value)
}
