//! Which group the others of an attribute are held against: the best one, or one that the reader chooses.
use crate::ui::{Button, Select, button::Kind};
use assess::{
    Figure, Report,
    report::{Attribute, Group},
    stats,
};
use leptos::prelude::*;

/// A group that was chosen, as the address says it: `race:Caucasian`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Against {
    attribute: String,
    group: String,
}

impl Against {
    pub fn named(text: &str) -> Self {
        let (attribute, group) = text.split_once(':').unwrap_or_default();
        Self {
            attribute: attribute.to_owned(),
            group: group.to_owned(),
        }
    }

    /// The chosen group, where it is one of this attribute and others can be held against it.
    pub fn of<'a>(&self, attribute: &'a Attribute) -> Option<&'a Group> {
        let groups = (attribute.columns.len() == 1 && attribute.id() == self.attribute)
            .then_some(&attribute.groups)?;
        groups
            .iter()
            .find(|group| group.name() == self.group && can_be_chosen(group))
    }

    fn value(&self) -> String {
        if self.attribute.is_empty() {
            String::new()
        } else {
            format!("{}:{}", self.attribute, self.group)
        }
    }
}

fn can_be_chosen(group: &Group) -> bool {
    group.is_judged() && group.rates.favourable.judged().is_some_and(|rate| rate > 0.0)
}

/// The favourable rate of a group over that of another, with Katz' interval; `z` is its normal deviate.
pub fn ratio(group: &Group, other: &Group, z: f64) -> Figure {
    let (rate, base) = (&group.rates.favourable, &other.rates.favourable);
    let (Some(p1), Some(p0)) = (rate.judged(), base.judged()) else {
        return Figure::none(rate.n, "too few to judge");
    };
    let (n1, n0) = (stats::real(rate.n), stats::real(base.n));
    Figure::new(
        p1 / p0,
        stats::katz_shares((p1, n1), (p0, n0), z),
        rate.n + base.n,
    )
}

/// Chooses the group; a form, so that it needs no script.
pub fn choice(report: &Report, against: &Against) -> Option<AnyView> {
    let singles = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    let options: Vec<_> = singles
        .flat_map(|attribute| {
            let groups = attribute.groups.iter().filter(|group| can_be_chosen(group));
            groups.map(move |group| {
                let (id, name) = (attribute.id(), group.name());
                (
                    format!("{id}:{name}"),
                    format!("{}: {name}", super::gaps::capital(&attribute.title())),
                )
            })
        })
        .collect();
    if options.is_empty() {
        return None;
    }
    let value = against.value();
    let form = view! {
        <form class="row screen-only" method="get" action="#groups">
            <Select
                name="against"
                label="Hold groups against"
                options
                value
                blank="The one that gets it most often"
                narrows=true
            />
            <Button kind=Kind::Quiet>"Show"</Button>
        </form>
    };
    Some(form.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_read_from_the_address() {
        let chosen = Against::named("race:Native American: other");
        assert_eq!(
            (chosen.attribute.as_str(), chosen.group.as_str()),
            ("race", "Native American: other")
        );
        assert_eq!(chosen.value(), "race:Native American: other");
        assert_eq!(Against::named("nonsense"), Against::default());
        assert_eq!(Against::default().value(), "");
    }
}
