//! The top of a ranking: who is taken when only so many can be.

use super::super::super::table::Table;
use super::super::super::{Limits, Rejected};
use super::super::by_group::{self, Compared, Lens};
use super::Ranked;
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{chi_square, real, wilson};
use crate::tasks::ranking::{Cut, Top};

pub(super) fn cut(
    ranked: &Ranked<'_>,
    top: Top,
    table: &Table,
    columns: &Columns,
    limits: &Limits,
) -> Result<Cut, Rejected> {
    let mut order: Vec<usize> = (0..ranked.rows.len()).collect();
    let score = |row: usize| ranked.rows.get(row).map_or(f64::NEG_INFINITY, |row| row.0);
    order.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
    let (taken, left) = order.split_at(usize::try_from(top.rows(order.len() as u64)).unwrap_or(order.len()));
    let lowest = taken.last().map(|row| score(*row));
    let ties = |rows: &[usize]| {
        let tied = rows
            .iter()
            .filter(|row| lowest.is_some_and(|lowest| score(**row).total_cmp(&lowest).is_eq()));
        tied.count() as u64
    };
    let mut is_taken = vec![false; order.len()];
    for row in taken {
        if let Some(mark) = is_taken.get_mut(*row) {
            *mark = true;
        }
    }
    let lens = Taken { ranked, is_taken };
    let all: Vec<usize> = (0..order.len()).collect();
    Ok(Cut {
        id: top.id(),
        taken: taken.len() as u64,
        score: lowest,
        tied: ties(taken) + ties(left),
        tied_taken: ties(taken),
        figures: lens.figures(&all),
        attributes: by_group::attributes(table, columns, ranked.settings, limits, &lens)?,
    })
}

struct Taken<'a> {
    ranked: &'a Ranked<'a>,
    is_taken: Vec<bool>,
}

impl Taken<'_> {
    fn settings(&self) -> &Settings {
        self.ranked.settings
    }

    fn share(&self, (x, n): (u64, u64), of: &str) -> Figure {
        let min = self.settings().min_outcomes;
        if n == 0 {
            return Figure::none(0, format!("no {of}"));
        }
        let figure = Figure::new(real(x) / real(n), wilson(x, n, self.settings().z), n);
        if n < min {
            figure.unjudged(format!("fewer than {min} {of}"))
        } else {
            figure
        }
    }

    fn count(&self, rows: &[usize], is: impl Fn(bool, bool) -> bool) -> u64 {
        let rows = rows
            .iter()
            .filter_map(|row| self.is_taken.get(*row).zip(self.ranked.rows.get(*row)));
        rows.filter(|(taken, (_, positive))| is(**taken, *positive))
            .count() as u64
    }
}

impl Lens for Taken<'_> {
    fn figures(&self, rows: &[usize]) -> Vec<Entry> {
        let taken = self.count(rows, |taken, _| taken);
        let positive = self.count(rows, |_, positive| positive);
        let both = self.count(rows, |taken, positive| taken && positive);
        let all = rows.len() as u64;
        vec![
            Entry::new("selection_rate", self.share((taken, all), "rows")),
            Entry::new("precision", self.share((both, taken), "rows taken")),
            Entry::new("recall", self.share((both, positive), "positives")),
        ]
    }

    fn compared(&self) -> Vec<Compared> {
        let compared = |figure: &str, title: &str| Compared {
            figure: figure.to_owned(),
            title: title.to_owned(),
            by_ratio: true,
        };
        vec![
            compared("selection_rate", "Share taken"),
            compared("recall", "Recall"),
        ]
    }

    /// Pearson's chi-square of being taken by group.
    fn dependence(&self, groups: &[&[usize]]) -> Option<Dependence> {
        let counts = |rows: &&[usize]| {
            let taken = self.count(rows, |taken, _| taken);
            vec![taken, rows.len() as u64 - taken]
        };
        let table: Vec<Vec<u64>> = groups.iter().map(counts).collect();
        let (test, degrees) = chi_square(&table)?;
        Some(Dependence {
            chi_square: test.statistic,
            degrees,
            p: test.p,
        })
    }

    /// All there is to say is said of the ranking.
    fn warnings(&self, _: &Columns, _: &[Entry]) -> Vec<Warning> {
        Vec::new()
    }
}
