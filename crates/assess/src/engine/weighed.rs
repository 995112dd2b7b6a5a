//! Every score with the weight of its row, exactly: in the table of scores, a cell and a weight together stand for a cell.

pub(super) mod ranking;
pub(super) mod sum;

use super::scores::{Entry, Scores};
use std::collections::HashMap;

/// Rows of one cell that share a score and a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Heavy {
    pub score: f64,
    pub cell: u32,
    pub weight: f64,
    /// Rows by label.
    pub rows: [u32; 2],
}

/// The scores of all rows, with their weights.
pub(super) struct Weighed {
    /// Distinct pairs of cell and weight, and distinct scores of each, that are held.
    limit: usize,
    /// The number of a cell and the bits of a weight.
    ids: HashMap<(u32, u64), u32>,
    pairs: Vec<(u32, f64)>,
    scores: Scores,
}

/// What is kept: pairs of cell and weight, and scores by the numbers of pairs.
pub(super) struct Kept<'a> {
    pub pairs: &'a [(u32, f64)],
    pub run: &'a [Entry],
}

impl Weighed {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            ids: HashMap::new(),
            pairs: Vec::new(),
            scores: Scores::new(limit),
        }
    }

    /// Adds the score of a row, which is finite and not minus zero.
    pub fn push(&mut self, score: f64, cell: u32, label: usize, weight: f64) {
        if let Some(id) = self.id(cell, weight) {
            self.scores.push(score, id, label);
        }
    }

    /// The number of a cell and a weight; none, and nothing is kept from now on, where there are too many.
    fn id(&mut self, cell: u32, weight: f64) -> Option<u32> {
        // Minus zero is zero.
        let weight = weight + 0.0;
        let key = (cell, weight.to_bits());
        if let Some(id) = self.ids.get(&key) {
            return Some(*id);
        }
        if self.pairs.len() >= self.limit || self.scores.are_given_up() {
            self.give_up();
            return None;
        }
        let id = u32::try_from(self.pairs.len()).ok()?;
        self.ids.insert(key, id);
        self.pairs.push((cell, weight));
        Some(id)
    }

    /// The number of a cell and a weight that have come.
    pub fn find(&self, cell: u32, weight: f64) -> Option<u32> {
        self.ids.get(&(cell, (weight + 0.0).to_bits())).copied()
    }

    /// The cell and the weight of a number.
    pub fn pair(&self, number: u32) -> Option<(u32, f64)> {
        self.pairs.get(number as usize).copied()
    }

    /// Whether scores are no longer kept.
    pub fn is_given_up(&self) -> bool {
        self.scores.are_given_up()
    }

    fn give_up(&mut self) {
        self.scores.give_up();
        self.ids = HashMap::new();
        self.pairs = Vec::new();
    }

    /// As [`Scores::gather`].
    pub fn gather(&mut self, few: bool) {
        self.scores.gather(few);
    }

    /// As [`Scores::pack`]; the pairs are found by their numbers alone from now on.
    pub fn pack(&mut self) {
        self.scores.pack();
        self.ids = HashMap::new();
    }

    /// Adds the scores of the rows that follow, given what their cells and answers are here.
    pub fn absorb(&mut self, next: Self, of_cell: &[u32], of_label: [usize; 2]) {
        if next.scores.are_given_up() {
            self.give_up();
        }
        let here = |(cell, weight): &(u32, f64)| {
            let cell = of_cell.get(*cell as usize).copied().unwrap_or_default();
            self.id(cell, *weight)
        };
        let of_pair: Option<Vec<u32>> = next.pairs.iter().map(here).collect();
        if let Some(of_pair) = of_pair {
            self.scores.absorb(next.scores, &of_pair, of_label);
            self.scores.settle();
        }
    }

    /// What is kept; none if there are too many scores.
    pub fn kept(&mut self) -> Option<Kept<'_>> {
        Some(Kept {
            run: self.scores.run()?,
            pairs: &self.pairs,
        })
    }

    /// Puts back what was kept.
    pub fn restore(&mut self, pairs: Vec<(u32, f64)>, scores: Scores) {
        let keys = pairs.iter().map(|(cell, weight)| (*cell, weight.to_bits()));
        self.ids = keys.zip(0..).collect();
        self.pairs = pairs;
        self.scores = scores;
    }

    /// The distinct scores in descending order, those of one score by cell and weight; none if there were too many.
    pub fn table(self) -> Option<Vec<Heavy>> {
        let entries = self.scores.table()?.into_iter();
        let mut table: Vec<Heavy> = entries
            .filter_map(|entry| {
                let (cell, weight) = *self.pairs.get(entry.cell as usize)?;
                Some(Heavy {
                    score: entry.score,
                    cell,
                    weight,
                    rows: entry.rows,
                })
            })
            .collect();
        // In an order that the order of rows has no say in, for sums are rounded.
        table.sort_unstable_by(|a, b| {
            let by_score = b.score.total_cmp(&a.score).then(a.cell.cmp(&b.cell));
            by_score.then(a.weight.total_cmp(&b.weight))
        });
        Some(table)
    }
}
