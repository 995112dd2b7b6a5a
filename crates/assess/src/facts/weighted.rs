//! The figures by weight as facts: the ids of the others, led by `weighted.`.

use super::{Fact, Kind, worst};
use crate::report::{Attribute, Entry, Figure, Group, Report};
use crate::tasks::named::fact;

impl Report {
    /// The facts by weight; none where no column of weights is named.
    pub(super) fn weighted_facts(&self) -> Vec<Fact> {
        let Some(weighted) = &self.overall.weighted else {
            return Vec::new();
        };
        let named = weighted.named().into_iter();
        let performance = named.filter_map(|(id, figure)| {
            let plain = fact("weighted.performance", &Entry::new(id, figure.clone()))?;
            Some(by_weight(plain))
        });
        let fairness = Kind::ALL.iter().flat_map(|kind| self.weighted_of(kind));
        performance.chain(fairness).collect()
    }

    /// The facts of one kind of gap: the worst attribute, the worst pair, and each.
    fn weighted_of(&self, kind: &Kind) -> Vec<Fact> {
        let of = |attribute| (attribute, kind.weighted(attribute));
        let each: Vec<_> = self.attributes.iter().map(of).collect();
        let (pairs, singles): (Vec<_>, Vec<_>) = each
            .iter()
            .partition(|(attribute, _)| attribute.columns.len() > 1);
        let singles = worst(&singles, kind.id, kind.title);
        let title = format!("{}, two attributes together", kind.title);
        let pairs = worst(&pairs, &format!("intersection.{}", kind.id), &title);
        let worst = singles.into_iter().chain(pairs).map(|fact| {
            let id = format!("weighted.{}", fact.id);
            by_weight(Fact { id, ..fact })
        });
        worst.chain(each.into_iter().map(|(_, fact)| fact)).collect()
    }
}

fn by_weight(fact: Fact) -> Fact {
    Fact {
        title: format!("{}, by weight", fact.title),
        ..fact
    }
}

impl Kind {
    fn weighted(&self, attribute: &Attribute) -> Fact {
        let gap = attribute.weighted_gaps.iter().find(|gap| gap.id == self.id);
        let (figure, about) = match gap {
            Some(gap) => {
                let between = gap.between.as_ref();
                let about = between.map(|(high, low)| format!("{low} against {high}"));
                (gap.figure.clone(), about.unwrap_or_default())
            }
            None => lowest(attribute),
        };
        let id = format!("weighted.fairness.{}.{}", self.id, attribute.id());
        let title = format!("{}, {}, by weight", self.title, attribute.title());
        Fact::new(&id, &title, &figure, self.direction, self.unit).about(about)
    }
}

/// The lowest weighted impact ratio, and between whom.
fn lowest(attribute: &Attribute) -> (Figure, String) {
    let ratio = |group: &'_ Group| {
        let ratio = group.weighted.as_ref()?.impact_ratio.as_ref()?;
        Some((ratio.judged()?, ratio.clone(), group.name()))
    };
    let judged: Vec<_> = attribute.groups.iter().filter_map(ratio).collect();
    let low = judged.iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let high = judged.iter().find(|(ratio, ..)| *ratio >= 1.0);
    match low.zip(high) {
        Some((low, high)) if judged.len() > 1 && low.2 != high.2 => {
            (low.1.clone(), format!("{} against {}", low.2, high.2))
        }
        Some((low, high)) if judged.len() > 1 => (low.1.clone(), format!("no group below {}", high.2)),
        _ => {
            let reason = "fewer than two groups can be judged";
            (Figure::none(attribute.known, reason), String::new())
        }
    }
}
