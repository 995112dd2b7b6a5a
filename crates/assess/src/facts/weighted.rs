//! The figures by weight as facts: the ids of the others, led by `weighted.`.

use super::{Fact, Kind};
use crate::report::{Attribute, Entry, Figure, Group, Report};
use crate::tasks::named::fact;

impl Report {
    /// The facts by weight; none where no column of weights is named.
    pub(super) fn weighted_facts(&self) -> Vec<Fact> {
        let Some(weighted) = &self.overall.weighted else {
            return Vec::new();
        };
        let named = weighted.named().into_iter();
        let performance =
            named.filter_map(|(id, figure)| fact("performance", &Entry::new(id, figure.clone())));
        let fairness = Kind::ALL
            .iter()
            .flat_map(|kind| kind.worst_and_each(&self.attributes, |attribute| kind.weighted(attribute)));
        performance.chain(fairness).map(by_weight).collect()
    }
}

/// A fact of weighted figures, told from that by rows.
pub(crate) fn by_weight(fact: Fact) -> Fact {
    Fact {
        id: format!("weighted.{}", fact.id),
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
        let id = format!("fairness.{}.{}", self.id, attribute.id());
        let title = format!("{}, {}", self.title, attribute.title());
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
