//! Every score, exactly and compactly: how often each occurred in each cell, with each label.
//!
//! Rows gather in a buffer that is sorted and merged into a table of distinct scores, so memory grows with the
//! number of distinct scores (24 bytes for each and its cell), not of rows. Beyond the limit the table is given up.

use std::cmp::Ordering;

/// Rows held before they are sorted and merged: 24 bytes each.
const BUFFER: usize = 1 << 19;

/// Rows of one cell that share a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub score: f64,
    pub cell: u32,
    /// Rows by label.
    pub rows: [u32; 2],
}

impl Entry {
    fn order(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(self.cell.cmp(&other.cell))
    }
}

/// The scores of all rows.
pub(super) struct Scores {
    limit: usize,
    buffer: Vec<Entry>,
    table: Vec<Entry>,
    overflown: bool,
    /// Whether every score lies between 0 and 1.
    pub are_shares: bool,
}

impl Scores {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            buffer: Vec::new(),
            table: Vec::new(),
            overflown: false,
            are_shares: true,
        }
    }

    /// Adds the score of a row, which is finite and not minus zero.
    pub fn push(&mut self, score: f64, cell: u32, label: usize) {
        self.are_shares &= (0.0..=1.0).contains(&score);
        if self.overflown {
            return;
        }
        let mut rows = [0; 2];
        rows[label] = 1;
        self.buffer.push(Entry { score, cell, rows });
        if self.buffer.len() == BUFFER {
            self.merge();
        }
    }

    fn merge(&mut self) {
        self.buffer.sort_unstable_by(Entry::order);
        let mut merged: Vec<Entry> = Vec::with_capacity(self.table.len() + self.buffer.len() / 4);
        let (mut old, mut new) = (self.table.iter().peekable(), self.buffer.iter().peekable());
        loop {
            let first = match (old.peek(), new.peek()) {
                (Some(a), Some(b)) if a.order(b) == Ordering::Greater => new.next(),
                (Some(_), _) => old.next(),
                (None, _) => new.next(),
            };
            let Some(entry) = first else { break };
            match merged.last_mut() {
                Some(last) if last.order(entry) == Ordering::Equal => {
                    last.rows[0] += entry.rows[0];
                    last.rows[1] += entry.rows[1];
                }
                _ => merged.push(*entry),
            }
        }
        self.buffer.clear();
        if merged.len() > self.limit {
            self.overflown = true;
            merged = Vec::new();
            self.buffer = Vec::new();
        }
        self.table = merged;
    }

    /// The distinct scores in ascending order, or none if there were too many to hold.
    pub fn table(mut self) -> Option<Vec<Entry>> {
        if !self.overflown {
            self.merge();
        }
        (!self.overflown).then_some(self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_of_a_cell_become_one_entry() {
        let mut scores = Scores::new(10);
        for (score, cell, label) in [(0.5, 1, 0), (0.25, 0, 1), (0.5, 1, 1), (0.5, 0, 1)] {
            scores.push(score, cell, label);
        }
        let table = scores.table();
        assert_eq!(
            table,
            Some(vec![
                Entry {
                    score: 0.25,
                    cell: 0,
                    rows: [0, 1]
                },
                Entry {
                    score: 0.5,
                    cell: 0,
                    rows: [0, 1]
                },
                Entry {
                    score: 0.5,
                    cell: 1,
                    rows: [1, 1]
                },
            ])
        );
    }

    #[test]
    fn too_many_distinct_scores_are_given_up_not_cut() {
        let mut scores = Scores::new(2);
        for score in [0.1, 0.2, 0.3] {
            scores.push(score, 0, 0);
        }
        assert_eq!(scores.table(), None);
    }
}
