//! The top of a ranking: who is taken when only so many can be.

use super::super::by_group::{self, Compared, Lens};
use super::super::cells::{Cells, Grouping};
use super::Ranked;
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{chi_square, real, wilson};
use crate::tasks::ranking::{Cut, Top};

/// Who is taken. Rows of equal score are taken in the order of the file.
pub(super) struct Cutting<'a> {
    top: Top,
    taken: u64,
    score: Option<f64>,
    tied: u64,
    tied_taken: u64,
    /// Of those tied at the cut, how many are still to be taken.
    open: u64,
    /// By cell: positives and negatives, taken and in all.
    cells: Vec<Counts>,
    settings: &'a Settings,
}

/// Positives and negatives.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    taken: [u64; 2],
    all: [u64; 2],
}

impl Counts {
    fn add(&mut self, other: &Self) {
        for side in 0..2 {
            self.taken[side] += other.taken[side];
            self.all[side] += other.all[side];
        }
    }
}

impl<'a> Cutting<'a> {
    /// Takes everyone above the cut, and those at it where all of them are.
    pub fn new(top: Top, ranked: &Ranked<'a>, cells: usize) -> Self {
        let rows = |entry: &super::Held| u64::from(entry.rows[0]) + u64::from(entry.rows[1]);
        let all = ranked.table.iter().map(rows).sum();
        let mut cut = Self {
            top,
            taken: top.rows(all),
            score: None,
            tied: 0,
            tied_taken: 0,
            open: 0,
            cells: vec![Counts::default(); cells],
            settings: ranked.settings,
        };
        let mut left = cut.taken;
        for equal in ranked
            .table
            .chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq())
            .rev()
        {
            let tied: u64 = equal.iter().map(rows).sum();
            let whole = tied <= left;
            for entry in equal {
                let counts = &mut cut.cells[entry.cell as usize];
                for (side, rows) in entry.rows.map(u64::from).into_iter().enumerate() {
                    counts.all[side] += rows;
                    counts.taken[side] += if whole { rows } else { 0 };
                }
            }
            if left > 0 {
                cut.score = equal.first().map(|entry| entry.score);
                (cut.tied, cut.tied_taken) = (tied, tied.min(left));
                cut.open = if whole { 0 } else { left };
                left -= cut.tied_taken;
            }
        }
        cut
    }

    /// Whether the order of the file is still to decide.
    pub fn is_open(&self) -> bool {
        self.open > 0
    }

    /// Takes a row that is tied at the cut, while there is room; side 0 is positive.
    pub fn offer(&mut self, score: f64, cell: u32, side: usize) {
        if self.open > 0 && self.score.is_some_and(|cut| cut.total_cmp(&score).is_eq()) {
            self.open -= 1;
            self.cells[cell as usize].taken[side] += 1;
        }
    }

    pub fn report(&self, cells: &Cells, columns: &Columns) -> Cut {
        Cut {
            id: self.top.id(),
            taken: self.taken,
            score: self.score,
            tied: self.tied,
            tied_taken: self.tied_taken,
            figures: self.figures(&cells.all()).pop().unwrap_or_default(),
            attributes: by_group::attributes(cells, &columns.protected, self.settings, self),
        }
    }

    fn share(&self, (x, n): (u64, u64), of: &str) -> Figure {
        let min = self.settings.min_outcomes;
        if n == 0 {
            return Figure::none(0, format!("no {of}"));
        }
        let figure = Figure::new(real(x) / real(n), wilson(x, n, self.settings.z), n);
        if n < min {
            figure.unjudged(format!("fewer than {min} {of}"))
        } else {
            figure
        }
    }

    fn entries(&self, counts: &Counts) -> Vec<Entry> {
        let taken = counts.taken[0] + counts.taken[1];
        let (both, positive) = (counts.taken[0], counts.all[0]);
        vec![
            Entry::new(
                "selection_rate",
                self.share((taken, positive + counts.all[1]), "rows"),
            ),
            Entry::new("precision", self.share((both, taken), "rows taken")),
            Entry::new("recall", self.share((both, positive), "positives")),
        ]
    }
}

impl Lens for Cutting<'_> {
    fn figures(&self, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let groups = grouping.summed(&self.cells, Counts::add);
        groups.iter().map(|counts| self.entries(counts)).collect()
    }

    fn compared(&self) -> Vec<Compared> {
        vec![
            Compared::new("selection_rate", "Share taken", true),
            Compared::new("recall", "Recall", true),
        ]
    }

    /// Pearson's chi-square of being taken by group.
    fn dependence(&self, grouping: &Grouping) -> Option<Dependence> {
        let groups = grouping.summed(&self.cells, Counts::add);
        let row = |counts: &Counts| {
            let [taken, all] = [counts.taken, counts.all].map(|sides| sides[0] + sides[1]);
            vec![taken, all - taken]
        };
        let (test, degrees) = chi_square(&groups.iter().map(row).collect::<Vec<_>>())?;
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
