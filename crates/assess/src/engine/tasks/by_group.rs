//! Figures by group, and how far the groups lie apart in them, whatever the task.

use super::super::table::Table;
use super::super::{Limits, Place, Rejected};
use crate::partition::{Part, parts};
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

/// How a task looks at a set of rows.
pub(super) trait Lens {
    /// The figures of the rows, in the same order for any rows. Denominators below the settings' `min_outcomes` are
    /// for it to mark.
    fn figures(&self, rows: &[usize]) -> Vec<Entry>;

    /// Figures that groups are compared by.
    fn compared(&self) -> Vec<Compared>;

    /// Whether the task's outcome depends on which of these sets a row is in.
    fn dependence(&self, groups: &[&[usize]]) -> Option<Dependence>;

    /// What is odd about all rows.
    fn warnings(&self, columns: &Columns, overall: &[Entry]) -> Vec<Warning>;
}

/// Each protected attribute and each pair of them.
pub(super) fn attributes(
    table: &Table,
    columns: &Columns,
    settings: &Settings,
    limits: &Limits,
    lens: &dyn Lens,
) -> Result<Vec<Attribute>, Rejected> {
    let names = &columns.protected;
    if names.len() > limits.max_protected {
        return Err(Rejected::TooManyProtected {
            limit: limits.max_protected,
        });
    }
    for name in names {
        few_groups(table.column(name)?, name, limits.max_groups)?;
    }
    let singles = names.iter().map(|name| vec![name.clone()]);
    let others = |at: usize| names.iter().skip(at + 1);
    let pairs = names
        .iter()
        .enumerate()
        .flat_map(|(at, a)| others(at).map(|b| vec![a.clone(), b.clone()]));
    singles
        .chain(pairs)
        .map(|names| attribute(table, names, settings, limits, lens))
        .collect()
}

fn few_groups(column: &[Option<String>], name: &str, limit: usize) -> Result<(), Rejected> {
    let mut seen = std::collections::BTreeSet::new();
    for (row, cell) in column.iter().enumerate() {
        if let Some(cell) = cell
            && seen.insert(cell)
            && seen.len() > limit
        {
            return Err(Rejected::TooManyGroups {
                place: Place {
                    row: row as u64 + 1,
                    line: None,
                },
                column: name.to_owned(),
                value: cell.clone(),
                limit,
            });
        }
    }
    Ok(())
}

fn attribute(
    table: &Table,
    columns: Vec<String>,
    settings: &Settings,
    limits: &Limits,
    lens: &dyn Lens,
) -> Result<Attribute, Rejected> {
    let parts = partition(table, &columns, limits)?;
    let groups: Vec<Group> = parts.iter().map(|part| group(part, settings, lens)).collect();
    let judged: Vec<&[usize]> = parts
        .iter()
        .zip(&groups)
        .filter(|(_, group)| group.standing == Standing::Judged)
        .map(|(part, _)| part.rows.as_slice())
        .collect();
    let dependence = (judged.len() > 1).then(|| lens.dependence(&judged));
    let known = parts.iter().filter(|part| part.is_known());
    Ok(Attribute {
        known: known.map(|part| part.rows.len() as u64).sum(),
        gaps: gaps(&groups, &lens.compared()),
        dependence: dependence.flatten(),
        columns,
        groups,
    })
}

/// The groups by the values of some columns, which nobody's fairness is judged by.
pub(super) fn groups(
    table: &Table,
    columns: &[String],
    settings: &Settings,
    limits: &Limits,
    lens: &dyn Lens,
) -> Result<Vec<Group>, Rejected> {
    for name in columns {
        few_groups(table.column(name)?, name, limits.max_groups)?;
    }
    let parts = partition(table, columns, limits)?;
    Ok(parts.iter().map(|part| group(part, settings, lens)).collect())
}

fn partition<'a>(table: &'a Table, columns: &[String], limits: &Limits) -> Result<Vec<Part<'a>>, Rejected> {
    let cells: Vec<_> = columns
        .iter()
        .map(|name| table.column(name))
        .collect::<Result<_, _>>()?;
    let parts = parts(&cells);
    if parts.len() > limits.max_cells {
        return Err(Rejected::TooManyCells {
            place: Place { row: 1, line: None },
            limit: limits.max_cells,
        });
    }
    Ok(parts)
}

fn group(part: &Part<'_>, settings: &Settings, lens: &dyn Lens) -> Group {
    let n = part.rows.len() as u64;
    let few = |min: u64| format!("fewer than {} people", count(min));
    let standing = if !part.is_known() {
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
    let mut figures = lens.figures(&part.rows);
    for Entry { figure, .. } in &mut figures {
        if n < settings.min_shown {
            let reason = format!("{}: rates are not shown", few(settings.min_shown));
            *figure = Figure::none(n, reason);
        }
        if let Standing::TooFew { reason } | Standing::Missing { reason } = &standing {
            figure.unjudge(reason);
        }
    }
    Group {
        key: part.key.iter().map(|value| value.map(str::to_owned)).collect(),
        standing,
        n,
        figures,
    }
}

/// Every gap between the judged groups.
pub(super) fn gaps(groups: &[Group], compared: &[Compared]) -> Vec<Gap> {
    let both = compared.iter().flat_map(|compared| {
        let ratio = compared.by_ratio.then(|| gap(groups, compared, By::Ratio));
        std::iter::once(gap(groups, compared, By::Difference)).chain(ratio)
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

fn gap(groups: &[Group], compared: &Compared, by: By) -> Gap {
    let known = groups
        .iter()
        .filter(|group| !matches!(group.standing, Standing::Missing { .. }));
    let (mut judged, mut skipped) = (Vec::new(), 0);
    for group in known {
        let figure = find(&group.figures, &compared.figure);
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
