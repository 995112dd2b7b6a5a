//! The top of a ranking: who is taken when only so many can be.

use super::super::by_group::{self, Compared, Lens};
use super::super::by_weight;
use super::super::cells::{Cells, Grouping};
use super::ranked::{Ranked, TOO_MANY};
use super::{Row, ranked};
use crate::engine::weighed::sum::{self, Squared, Sum};
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
    /// Whether it is known who is taken.
    is_known: bool,
    /// By cell: positives and negatives, taken and in all.
    cells: Vec<Counts>,
    /// By cell, what those taken weigh; none where scores aren't held by weight.
    weights: Option<Vec<Weights>>,
    /// The number of the positive answer.
    positive: usize,
    settings: &'a Settings,
}

/// What positives and negatives weigh.
type Weights = [Squared; 2];

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
        let rows = |entry: &ranked::Held| u64::from(entry.rows[0]) + u64::from(entry.rows[1]);
        let all = ranked.table.iter().map(rows).sum();
        let mut cut = Self {
            top,
            taken: top.rows(all),
            score: None,
            tied: 0,
            tied_taken: 0,
            open: 0,
            is_known: true,
            cells: vec![Counts::default(); cells],
            weights: ranked.heavy.as_ref().map(|_| vec![Weights::default(); cells]),
            positive: ranked.positive,
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
        cut.weigh(ranked);
        cut
    }

    /// Adds up what those taken weigh, but for those that are still to be.
    fn weigh(&mut self, ranked: &Ranked<'_>) {
        let (Some(weights), Some(cut), Some(table)) = (&mut self.weights, self.score, &ranked.heavy) else {
            return;
        };
        let is_whole = self.open == 0;
        for heavy in table {
            let score = ranked.rounded(heavy.score);
            let is_taken = score > cut || is_whole && score.total_cmp(&cut).is_eq();
            for (answer, rows) in heavy.rows.into_iter().enumerate().filter(|_| is_taken) {
                let side = usize::from(answer != ranked.positive);
                sum::add(
                    &mut weights[heavy.cell as usize][side],
                    heavy.weight,
                    u64::from(rows),
                );
            }
        }
    }

    /// Whether the order of the file is still to decide.
    pub fn is_open(&self) -> bool {
        self.open > 0
    }

    /// Whether there is room for all of so many rows.
    pub fn has_room(&self, rows: u64) -> bool {
        rows <= self.open
    }

    /// Whether the cut lies above a score.
    pub fn is_above(&self, score: f64) -> bool {
        self.score.is_some_and(|cut| cut.total_cmp(&score).is_gt())
    }

    /// Whether the cut is at a score.
    pub fn is_at(&self, score: f64) -> bool {
        self.score.is_some_and(|cut| cut.total_cmp(&score).is_eq())
    }

    /// Says nothing of who is taken, for it isn't known who comes first.
    pub fn give_up(&mut self) {
        (self.open, self.is_known) = (0, false);
    }

    /// Takes rows that are tied at the cut and alike, while there is room.
    pub fn offer(&mut self, row: Row, rows: u64) {
        if !self.is_at(row.score) {
            return;
        }
        let (taken, cell) = (rows.min(self.open), row.cell as usize);
        let side = usize::from(row.answer != self.positive);
        self.open -= taken;
        self.cells[cell].taken[side] += taken;
        if let Some((weights, weight)) = self.weights.as_mut().zip(row.weight) {
            sum::add(&mut weights[cell][side], weight, taken);
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
            weighted: by_weight::overall(cells, self),
            attributes: by_group::attributes(cells, &columns.protected, self.settings, self),
        }
    }

    fn share(&self, (x, n): (u64, u64), of: &str) -> Figure {
        if n == 0 {
            return Figure::none(0, format!("no {of}"));
        }
        let figure = Figure::new(real(x) / real(n), wilson(x, n, self.settings.z), n);
        figure.enough(self.settings.min_outcomes, of)
    }

    fn entries(&self, counts: &Counts) -> Vec<Entry> {
        let taken = counts.taken[0] + counts.taken[1];
        let (both, positive) = (counts.taken[0], counts.all[0]);
        entries([
            self.share((taken, positive + counts.all[1]), ROWS),
            self.share((both, taken), TAKEN),
            self.share((both, positive), POSITIVES),
        ])
    }

    /// The same by weight, given what all of the group weigh.
    fn weighed(&self, counts: &Counts, taken: &Weights, all: [Sum; 2]) -> Vec<Entry> {
        let [both, wrongly] = [0, 1].map(|side| Sum::of(&taken[side]));
        let ([selected, everyone], positive) = ([[both, wrongly], all].map(Sum::both), all[0]);
        let [rows_taken, rows] = [counts.taken, counts.all].map(|sides| sides[0] + sides[1]);
        let share = |weight: f64, of: Sum, n, words| of.share(weight, n, words, self.settings);
        entries([
            share(selected.weight, everyone, rows, ROWS),
            share(both.weight, selected, rows_taken, TAKEN),
            share(both.weight, positive, counts.all[0], POSITIVES),
        ])
    }
}

/// What the denominators count.
const ROWS: &str = "rows";
const TAKEN: &str = "rows taken";
const POSITIVES: &str = "positives";

/// Why nothing is said of who is taken.
const UNKNOWN: &str =
    "who of those tied at the cut comes first isn't known: a part has too many of them to keep their order";

/// No figures of a group, for one reason.
fn withheld(counts: &Counts, reason: &str) -> Vec<Entry> {
    let rows = counts.all[0] + counts.all[1];
    entries([0; 3].map(|_| Figure::none(rows, reason)))
}

fn entries(figures: [Figure; 3]) -> Vec<Entry> {
    let ids = ["selection_rate", "precision", "recall"];
    ids.into_iter()
        .zip(figures)
        .map(|(id, figure)| Entry::new(id, figure))
        .collect()
}

impl Lens for Cutting<'_> {
    fn figures(&self, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let groups = grouping.summed(&self.cells, Counts::add);
        let entries = |counts: &Counts| {
            if self.is_known {
                self.entries(counts)
            } else {
                withheld(counts, UNKNOWN)
            }
        };
        groups.iter().map(entries).collect()
    }

    fn weighted(&self, cells: &Cells, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let groups = grouping.summed(&self.cells, Counts::add);
        let Some(weights) = self.weights.as_ref().filter(|_| self.is_known) else {
            let reason = if self.is_known { TOO_MANY } else { UNKNOWN };
            return groups.iter().map(|counts| withheld(counts, reason)).collect();
        };
        let taken = grouping.summed(weights, |sums: &mut Weights, cell| {
            sums.iter_mut()
                .zip(cell)
                .for_each(|(sum, cell)| sum::merge(sum, cell));
        });
        let all = cells.weights(grouping).unwrap_or_default().into_iter();
        let each = groups.iter().zip(&taken).zip(all);
        each.map(|((counts, taken), mut all)| {
            if self.positive == 1 {
                all.swap(0, 1);
            }
            self.weighed(counts, taken, all)
        })
        .collect()
    }

    fn compared(&self) -> Vec<Compared> {
        vec![
            Compared::new("selection_rate", "Share taken", true),
            Compared::new("recall", "Recall", true),
        ]
    }

    /// Pearson's chi-square of being taken by group.
    fn dependence(&self, grouping: &Grouping) -> Option<Dependence> {
        if !self.is_known {
            return None;
        }
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
