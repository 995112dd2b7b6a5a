//! How the groups of a report lie: by size, rate or ratio, as the address says; groups too small to judge are always last.
use crate::ui::{Column, Sorted};
use assess::report::Group;
use std::cmp::Ordering;

/// What groups are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    Name,
    People,
    Rate,
    #[default]
    Ratio,
}

/// What groups are sorted by, and which way. Worst first where the address says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    by: By,
    descending: bool,
}

impl By {
    const fn name(self) -> &'static str {
        match self {
            Self::Name => "group",
            Self::People => "n",
            Self::Rate => "rate",
            Self::Ratio => "ratio",
        }
    }
}

impl Sort {
    /// As the address says it: `rate`, or `-rate` for the other way.
    pub fn named(text: &str) -> Self {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        [By::Name, By::People, By::Rate, By::Ratio]
            .into_iter()
            .find(|by| by.name() == name)
            .map_or_else(Self::default, |by| Self { by, descending })
    }

    /// A column's head that sorts by it; a second click turns the order.
    pub fn column(self, by: By, label: &str) -> Column {
        let now = match (self.by == by, self.descending) {
            (false, _) => Sorted::No,
            (true, false) => Sorted::Ascending,
            (true, true) => Sorted::Descending,
        };
        let turn = if now == Sorted::Ascending { "-" } else { "" };
        Column::new(label).sorts(format!("?sort={turn}{}#groups", by.name()), now)
    }

    /// The groups in order.
    pub fn sorted(self, groups: &[Group]) -> Vec<&Group> {
        let mut groups: Vec<_> = groups.iter().collect();
        groups.sort_by(|a, b| {
            let small = a.is_judged().cmp(&b.is_judged()).reverse();
            small
                .then_with(|| self.order(a, b))
                .then_with(|| a.key.cmp(&b.key))
        });
        groups
    }

    fn order(self, a: &Group, b: &Group) -> Ordering {
        let number = |read: fn(&Group) -> Option<f64>| {
            // What is not known comes last either way.
            match (read(a), read(b)) {
                (Some(a), Some(b)) if self.descending => b.total_cmp(&a),
                (Some(a), Some(b)) => a.total_cmp(&b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            }
        };
        match (self.by, self.descending) {
            (By::Name, false) => a.key.cmp(&b.key),
            (By::Name, true) => b.key.cmp(&a.key),
            (By::People, false) => a.n.cmp(&b.n),
            (By::People, true) => b.n.cmp(&a.n),
            (By::Rate, _) => number(|group| group.rates.favourable.value),
            (By::Ratio, _) => number(|group| group.impact.ratio.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_from_the_address() {
        assert_eq!(Sort::named(""), Sort::default());
        assert_eq!(Sort::named("colour"), Sort::default());
        let sort = Sort::named("-n");
        assert_eq!((sort.by, sort.descending), (By::People, true));
    }
}
