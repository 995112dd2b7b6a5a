//! Scores that are rounded, as most are: a table with a row for each score and a column for each cell.

use super::{Entry, Run};
use crate::engine::lookup::{Key, Lookup};

/// Distinct scores that are few.
const SCORES: usize = 1 << 16;

pub(super) struct Few {
    ids: Lookup,
    scores: Vec<f64>,
    /// Cells that there is room for: a power of two, whose exponent this is.
    width: u32,
    /// Rows by label, for each score and cell.
    rows: Vec<[u32; 2]>,
    /// How many of them there may be.
    places: usize,
}

impl Few {
    /// A table of so many places at most, 8 bytes each.
    pub fn new(places: usize) -> Self {
        Self {
            places,
            ids: Lookup::new(),
            scores: Vec::new(),
            width: 0,
            rows: Vec::new(),
        }
    }

    /// Counts rows of a score and a cell. False, and nothing is counted, where there are more than a few.
    #[inline]
    pub fn add(&mut self, entry: Entry) -> bool {
        let key = Key::number(entry.score.to_bits());
        let cell = entry.cell as usize;
        if cell >> self.width != 0 && !self.widen(cell) {
            return false;
        }
        let id = match self.ids.get(key) {
            Some(id) => id,
            None => match self.new_score(entry.score, key) {
                Some(id) => id,
                None => return false,
            },
        };
        let rows = &mut self.rows[(id as usize) << self.width | cell];
        rows[0] += entry.rows[0];
        rows[1] += entry.rows[1];
        true
    }

    #[cold]
    fn new_score(&mut self, score: f64, key: Key) -> Option<u32> {
        let id = self.scores.len();
        let places = (id + 1) << self.width;
        if id >= SCORES || places > self.places {
            return None;
        }
        let number = u32::try_from(id).ok()?;
        self.ids.put(key, number);
        self.scores.push(score);
        self.rows.resize(places, [0, 0]);
        Some(number)
    }

    #[cold]
    fn widen(&mut self, cell: usize) -> bool {
        let width = usize::BITS - cell.leading_zeros();
        if width > 16 || self.scores.len() << width > self.places {
            return false;
        }
        let mut rows = vec![[0, 0]; self.scores.len() << width];
        for (old, new) in self.rows.chunks(1 << self.width).zip(rows.chunks_mut(1 << width)) {
            new[..old.len()].copy_from_slice(old);
        }
        (self.width, self.rows) = (width, rows);
        true
    }

    /// Everything counted, as a run.
    pub fn run(self) -> Run {
        let mut order: Vec<(f64, usize)> = self.scores.into_iter().zip(0..).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut run = Run::new();
        for (score, id) in order {
            let from = id << self.width;
            let cells = (0..).zip(&self.rows[from..from + (1 << self.width)]);
            run.extend(
                cells
                    .filter(|(_, rows)| **rows != [0, 0])
                    .map(|(cell, rows)| Entry {
                        score,
                        cell,
                        rows: *rows,
                    }),
            );
        }
        run
    }
}

#[cfg(test)]
mod tests {
    use super::{Few, SCORES};
    use crate::engine::scores::Entry;

    #[test]
    fn counts_come_back_in_order_whatever_cells_appear_later() {
        let mut few = Few::new(1 << 20);
        let entry = |score, cell, rows| Entry { score, cell, rows };
        for (score, cell) in [(0.5, 0), (0.25, 1), (0.5, 9), (0.5, 0), (-1.0, 3)] {
            assert!(few.add(entry(score, cell, [1, 0])));
        }
        let expected = [(-1.0, 3, 1), (0.25, 1, 1), (0.5, 0, 2), (0.5, 9, 1)];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(score, cell, rows)| entry(score, cell, [rows, 0]))
            .collect();
        assert_eq!(few.run(), expected);
    }

    #[test]
    fn many_are_refused_and_those_before_stay() {
        let mut few = Few::new(1 << 20);
        for n in 0..=u32::try_from(SCORES).unwrap() {
            let entry = Entry {
                score: f64::from(n),
                cell: 0,
                rows: [0, 1],
            };
            assert_eq!(few.add(entry), (n as usize) < SCORES);
        }
        assert_eq!(few.run().len(), SCORES);
    }
}
