//! Figures by group, and how far the groups lie apart in them, whatever the task.

use super::by_weight;
use super::cells::{Cells, Grouping, Part};
use crate::report::{Columns, Dependence, Entry, Figure, Gap, Settings, Standing, Warning, find, group_name};
use crate::stats;
use crate::tasks::{Attribute, Group};
use crate::words::count;

/// What groups are compared by.
pub(super) struct Compared {
    /// The figure's id, e.g. `mae` or `recall.violent`.
    pub figure: String,
    /// The name for readers, e.g. `Mean absolute error`.
    pub title: String,
    /// Whether a ratio says something too: not of figures that can be negative.
    pub by_ratio: bool,
}

impl Compared {
    pub fn new(figure: impl Into<String>, title: impl Into<String>, by_ratio: bool) -> Self {
        Self {
            figure: figure.into(),
            title: title.into(),
            by_ratio,
        }
    }
}

/// How a task looks at cells.
pub(super) trait Lens {
    /// The figures of each group, in the same order for any. Denominators below the settings' `min_outcomes` are for it
    /// to mark.
    fn figures(&self, grouping: &Grouping) -> Vec<Vec<Entry>>;

    /// The same by weight, asked where rows have weights.
    fn weighted(&self, cells: &Cells, grouping: &Grouping) -> Vec<Vec<Entry>>;

    /// Figures that groups are compared by.
    fn compared(&self) -> Vec<Compared>;

    /// Whether the task's outcome depends on which of these groups a row is in.
    fn dependence(&self, grouping: &Grouping) -> Option<Dependence>;

    /// What is odd about all rows.
    fn warnings(&self, columns: &Columns, overall: &[Entry]) -> Vec<Warning>;
}

/// Each protected attribute and each pair of them.
pub(super) fn attributes(
    cells: &Cells,
    names: &[String],
    settings: &Settings,
    lens: &dyn Lens,
) -> Vec<Attribute> {
    let singles = (0..names.len()).map(|at| vec![at]);
    let pairs = (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| vec![a, b]));
    let attribute = |at: Vec<usize>| {
        let names = at.iter().filter_map(|at| names.get(*at).cloned());
        attribute(cells, &at, names.collect(), settings, lens)
    };
    singles.chain(pairs).map(attribute).collect()
}

fn attribute(
    cells: &Cells,
    at: &[usize],
    columns: Vec<String>,
    settings: &Settings,
    lens: &dyn Lens,
) -> Attribute {
    let parts = cells.parts(at);
    let all = cells.grouping(parts.iter());
    let figures = lens.figures(&all);
    let mut groups: Vec<Group> = parts
        .iter()
        .zip(figures)
        .map(|(part, figures)| group(part, figures, settings))
        .collect();
    by_weight::fill(&mut groups, cells, &all, lens, settings);
    let judged = parts.iter().zip(&groups);
    let judged = judged.filter(|(_, group)| group.standing == Standing::Judged);
    let judged = cells.grouping(judged.map(|(part, _)| part));
    let dependence = (judged.groups > 1).then(|| lens.dependence(&judged));
    let known = groups
        .iter()
        .filter(|group| group.key.iter().all(Option::is_some));
    Attribute {
        known: known.map(|group| group.n).sum(),
        gaps: gaps(&groups, &lens.compared(), &|group| Some(&group.figures)),
        weighted_gaps: by_weight::gaps(&groups, &lens.compared()),
        dependence: dependence.flatten(),
        columns,
        groups,
    }
}

fn few(min: u64) -> String {
    format!("fewer than {} people", count(min))
}

fn group(part: &Part, figures: Vec<Entry>, settings: &Settings) -> Group {
    let n = part.n;
    let standing = if part.key.iter().any(Option::is_none) {
        Standing::Missing {
            reason: "the group isn't known".to_owned(),
        }
    } else if n < settings.min_judged {
        Standing::TooFew {
            reason: few(settings.min_judged),
        }
    } else {
        Standing::Judged
    };
    let mut group = Group {
        key: part.key.clone(),
        standing,
        n,
        figures,
        weighted: None,
    };
    let figures = std::mem::take(&mut group.figures);
    group.figures = guarded(&group, figures, settings);
    group
}

/// A group's figures, as far as they are shown and judged by its rows.
pub(super) fn guarded(group: &Group, mut figures: Vec<Entry>, settings: &Settings) -> Vec<Entry> {
    for Entry { figure, .. } in &mut figures {
        if group.n < settings.min_shown {
            let reason = format!("{}: rates are not shown", few(settings.min_shown));
            *figure = Figure::none(group.n, reason);
        }
        if let Standing::TooFew { reason } | Standing::Missing { reason } = &group.standing {
            figure.unjudge(reason);
        }
    }
    figures
}

/// Which figures of a group are compared.
type Of<'a> = &'a dyn for<'g> Fn(&'g Group) -> Option<&'g Vec<Entry>>;

/// Every gap between the judged groups.
pub(super) fn gaps(groups: &[Group], compared: &[Compared], of: Of<'_>) -> Vec<Gap> {
    let both = compared.iter().flat_map(|compared| {
        let ratio = compared.by_ratio.then(|| gap(groups, compared, By::Ratio, of));
        std::iter::once(gap(groups, compared, By::Difference, of)).chain(ratio)
    });
    both.collect()
}

/// How two figures are held against each other.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// Highest minus lowest.
    Difference,
    /// Lowest over highest.
    Ratio,
}

fn gap(groups: &[Group], compared: &Compared, by: By, of: Of<'_>) -> Gap {
    let known = groups
        .iter()
        .filter(|group| !matches!(group.standing, Standing::Missing { .. }));
    let (mut judged, mut skipped) = (Vec::new(), 0);
    for group in known {
        let figure = of(group).and_then(|figures| find(figures, &compared.figure));
        match figure.and_then(|figure| Some((group, figure, figure.judged()?))) {
            Some(one) => judged.push(one),
            None => skipped += 1,
        }
    }
    // min_by keeps the first of equals and max_by the last: reversed, both keep the first in order of names.
    let low = judged.iter().min_by(|a, b| a.2.total_cmp(&b.2));
    let high = judged.iter().rev().max_by(|a, b| a.2.total_cmp(&b.2));
    let (figure, between) = match high.zip(low) {
        Some((high, low)) if judged.len() > 1 => (
            held(high.1, low.1, by),
            Some((group_name(&high.0.key), group_name(&low.0.key))),
        ),
        _ => (Figure::none(0, "fewer than two groups can be judged"), None),
    };
    let (kind, word) = match by {
        By::Difference => ("difference", "difference"),
        By::Ratio => ("ratio", "ratio"),
    };
    let id = match compared.figure.split_once('.') {
        Some((figure, class)) => format!("{figure}_{kind}.{class}"),
        None => format!("{}_{kind}", compared.figure),
    };
    Gap {
        id,
        title: format!("{}, {word}", compared.title),
        figure,
        rate: None,
        between,
        judged: judged.len() as u64,
        skipped,
    }
}

/// The difference has an interval where both figures have one.
fn held(high: &Figure, low: &Figure, by: By) -> Figure {
    let n = high.n + low.n;
    let (Some(top), Some(bottom)) = (high.value, low.value) else {
        return Figure::none(n, "not defined");
    };
    if by == By::Difference {
        let interval = high
            .interval()
            .zip(low.interval())
            .map(|(a, b)| stats::difference((top, a), (bottom, b)));
        return Figure::new(top - bottom, interval, n);
    }
    if top == 0.0 {
        return Figure::none(n, "the figure is 0 in every group");
    }
    Figure::new(bottom / top, None, n)
}
