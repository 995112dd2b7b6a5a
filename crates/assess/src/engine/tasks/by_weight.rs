//! What rows come to where each counts as often as its weight says, whatever the task.

use super::by_group::{self, Compared, Lens, guarded};
use super::cells::{Cells, Grouping};
use crate::engine::weighed::sum::Sum;
use crate::report::{Entry, Figure, Gap, Settings};
use crate::tasks::{Group, Weighted};

/// All rows; none where they have no weights.
pub(super) fn overall(cells: &Cells, lens: &dyn Lens) -> Option<Weighted> {
    of(cells, &cells.all(), lens).pop()
}

/// Fills in what each group comes to, if rows have weights.
pub(super) fn fill(
    groups: &mut [Group],
    cells: &Cells,
    grouping: &Grouping,
    lens: &dyn Lens,
    settings: &Settings,
) {
    for (group, mut weighted) in groups.iter_mut().zip(of(cells, grouping, lens)) {
        weighted.figures = guarded(group, weighted.figures, settings);
        group.weighted = Some(weighted);
    }
}

/// Every gap between weighted figures. Who is judged goes by rows, as without weights.
pub(super) fn gaps(groups: &[Group], compared: &[Compared]) -> Vec<Gap> {
    if groups.iter().all(|group| group.weighted.is_none()) {
        return Vec::new();
    }
    by_group::gaps(groups, compared, &|group| {
        group.weighted.as_ref().map(|weighted| &weighted.figures)
    })
}

/// What each group comes to; nothing where rows have no weights.
fn of(cells: &Cells, grouping: &Grouping, lens: &dyn Lens) -> Vec<Weighted> {
    let Some(sides) = cells.weights(grouping) else {
        return Vec::new();
    };
    let rows = cells.counts(grouping).into_iter();
    let each = rows.zip(sides).zip(lens.weighted(cells, grouping));
    each.map(|((rows, sides), figures)| one(rows.iter().sum(), sides, figures))
        .collect()
}

fn one(n: u64, sides: [Sum; 2], mut figures: Vec<Entry>) -> Weighted {
    let all = Sum::both(sides);
    if n > 0 && all.weight <= 0.0 {
        for entry in &mut figures {
            entry.figure = Figure::none(n, "the weights sum to 0");
        }
    }
    Weighted {
        weight: all.weight.min(f64::MAX),
        effective_n: all.effective(n).unwrap_or(0.0),
        figures,
    }
}
