//! What every cut-off of the score would have come to, in one pass from the highest score down.

use crate::engine::scores::Entry;
use crate::report::{Attribute, Confusion, Threshold, Worst};
use crate::stats::real;

/// Cut-offs that are kept.
const POINTS: u64 = 100;

/// The groups of one protected attribute while the cut-off moves.
pub(super) struct Moving {
    /// The group of each cell.
    of_cell: Vec<usize>,
    groups: Vec<Group>,
}

struct Group {
    name: String,
    n: u64,
    /// People at or above the cut-off.
    above: u64,
    /// Whether it is judged, and large enough to have an impact ratio.
    has_ratio: bool,
}

impl Moving {
    /// The groups of an attribute, in whose order `of_cell` counts.
    pub fn new(attribute: &Attribute, of_cell: Vec<usize>) -> Self {
        let groups = attribute.groups.iter().map(|group| Group {
            name: group.name(),
            n: group.n,
            above: 0,
            has_ratio: group.impact.mark.is_some(),
        });
        Self {
            of_cell,
            groups: groups.collect(),
        }
    }

    /// The group with the lowest favourable rate, over the highest.
    fn worst(&self, positive_is_favourable: bool) -> Option<Worst> {
        let rate = |group: &Group| {
            let favourable = if positive_is_favourable {
                group.above
            } else {
                group.n - group.above
            };
            real(favourable) / real(group.n)
        };
        let rates = || {
            self.groups
                .iter()
                .filter(|group| group.has_ratio)
                .map(|group| (rate(group), group))
        };
        let best = rates()
            .map(|(rate, _)| rate)
            .reduce(f64::max)
            .filter(|best| *best > 0.0)?;
        let (lowest, group) = rates().reduce(|low, next| if next.0 < low.0 { next } else { low })?;
        Some(Worst {
            group: group.name.clone(),
            ratio: lowest / best,
        })
    }
}

/// The cut-offs kept, and whether any of all would have decided as `decided` says.
pub(super) struct Sweep {
    /// Ascending.
    pub kept: Vec<Threshold>,
    pub follows: bool,
}

/// Moves the cut-off over a table of scores in ascending order.
pub(super) fn sweep(
    table: &[Entry],
    positive: usize,
    decided: &Confusion,
    positive_is_favourable: bool,
    mut attributes: Vec<Moving>,
) -> Sweep {
    let (positives, negatives) = (decided.positives(), decided.negatives());
    let rows = decided.n().max(1);
    let (mut tp, mut fp, mut shown) = (0, 0, 0);
    let mut sweep = Sweep {
        kept: Vec::new(),
        // Nobody at or above the cut-off.
        follows: decided.tp + decided.fp == 0,
    };
    let mut entries = table.iter().rev().peekable();
    while let Some(entry) = entries.next() {
        tp += u64::from(entry.rows[positive]);
        fp += u64::from(entry.rows[1 - positive]);
        for attribute in &mut attributes {
            let group = attribute.of_cell[entry.cell as usize];
            attribute.groups[group].above += u64::from(entry.rows[0]) + u64::from(entry.rows[1]);
        }
        if entries
            .peek()
            .is_some_and(|next| next.score.total_cmp(&entry.score).is_eq())
        {
            continue;
        }
        let counts = Confusion {
            tp,
            fp,
            tn: negatives - fp,
            fn_: positives - tp,
        };
        sweep.follows |= counts == *decided;
        // Each point stands for an equal part of the people.
        let step = (tp + fp) * (POINTS - 1) / rows;
        if step > shown || sweep.kept.is_empty() {
            shown = step;
            sweep.kept.push(Threshold {
                cut: entry.score,
                counts,
                worst: attributes
                    .iter()
                    .map(|one| one.worst(positive_is_favourable))
                    .collect(),
            });
        }
    }
    sweep.kept.reverse();
    sweep
}
