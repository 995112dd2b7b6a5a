//! Every score, exactly and compactly: how often each occurred in each cell, with each label.
//!
//! While they are few they are counted in a table. Then rows gather in a buffer; full, it becomes a run: sorted, each
//! score of a cell once. Runs of like size are merged into larger ones, so memory grows with the number of distinct
//! scores (24 bytes for each and its cell), not of rows, and each row is moved a few times however many there are.
//! Beyond the limit the scores are given up.

mod few;

use few::Few;
use std::cmp::Ordering;

/// Rows held before they become a run: 24 bytes each.
const BUFFER: usize = 1 << 17;
/// Places in the table of few scores, 8 bytes each: of a whole file, and of a part, whose table should be quick to reach.
const PLACES: (usize, usize) = (1 << 22, 1 << 16);
/// Runs of like size that are merged into one.
const FAN: usize = 8;

/// Rows of one cell that share a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub score: f64,
    pub cell: u32,
    /// Rows by label.
    pub rows: [u32; 2],
}

impl Entry {
    pub fn order(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(self.cell.cmp(&other.cell))
    }
}

/// Entries in ascending order, each score of a cell once.
pub(super) type Run = Vec<Entry>;

/// Runs that are ready to be merged into one: work that any thread may do.
pub(super) struct Due {
    runs: Vec<Run>,
    /// Entries in all of them.
    entries: usize,
}

impl Due {
    /// Does the work. The answer goes to [`Scores::put`].
    pub fn merged(mut self) -> Merged {
        let run = match self.runs.as_mut_slice() {
            // A buffer of rows as they came.
            [only] => sorted(std::mem::take(only)),
            _ => merge(self.runs),
        };
        Merged {
            run,
            entries: self.entries,
        }
    }
}

/// What became of a [`Due`].
pub(super) struct Merged {
    run: Run,
    /// Entries there were before.
    entries: usize,
}

/// The scores of all rows.
pub(super) struct Scores {
    limit: usize,
    /// As long as there are few, and none has been put elsewhere.
    few: Option<Box<Few>>,
    buffer: Vec<Entry>,
    /// Whether a full buffer becomes a run by itself.
    settles: bool,
    runs: Vec<Run>,
    /// Entries in runs, those included that are being merged.
    held: usize,
    overflown: bool,
    /// Whether every score lies between 0 and 1.
    pub are_shares: bool,
}

impl Scores {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            few: Some(Box::new(Few::new(PLACES.0))),
            buffer: Vec::new(),
            settles: true,
            runs: Vec::new(),
            held: 0,
            overflown: false,
            are_shares: true,
        }
    }

    /// Adds the score of a row, which is finite and not minus zero.
    #[inline]
    pub fn push(&mut self, score: f64, cell: u32, label: usize) {
        self.are_shares &= (0.0..=1.0).contains(&score);
        if self.overflown {
            return;
        }
        let mut rows = [0; 2];
        rows[label] = 1;
        self.add(Entry { score, cell, rows });
        if self.settles && self.buffer.len() >= BUFFER {
            self.settle();
        }
    }

    #[inline]
    fn add(&mut self, entry: Entry) {
        let counted = self.few.as_mut().is_some_and(|few| few.add(entry));
        if !counted {
            self.many();
            self.buffer.push(entry);
        }
    }

    /// Only gathers from now on: the rows are a part of a file, to be absorbed soon. Where there are `few` rows, looking
    /// for equal scores among them isn't worth it.
    pub fn gather(&mut self, few: bool) {
        self.settles = false;
        self.few = (!few).then(|| Box::new(Few::new(PLACES.1)));
    }

    /// Gives up the table of few scores.
    fn many(&mut self) {
        if let Some(few) = self.few.take() {
            let mut run = few.run();
            if !self.settles {
                self.buffer.append(&mut run);
            } else if !run.is_empty() {
                self.held += run.len();
                self.runs.push(run);
            }
        }
    }

    /// Keeps the same in less memory, for what is to be absorbed elsewhere.
    pub fn pack(&mut self) {
        if let Some(few) = self.few.take() {
            self.buffer.extend(few.run());
        }
    }

    /// Adds the scores of the rows that follow, given what their cells and answers are here.
    pub fn absorb(&mut self, mut next: Self, of_cell: &[u32], of_label: [usize; 2]) {
        self.are_shares &= next.are_shares;
        if next.overflown {
            self.give_up();
        }
        if self.overflown {
            return;
        }
        let here = |mut entry: Entry| {
            entry.cell = of_cell.get(entry.cell as usize).copied().unwrap_or_default();
            if of_label != [0, 1] {
                entry.rows.swap(0, 1);
            }
            entry
        };
        next.pack();
        if !next.runs.is_empty() {
            self.many();
        }
        for mut run in next.runs {
            for entry in &mut run {
                *entry = here(*entry);
            }
            if !of_cell.is_sorted() {
                // In order but for the cells of one score.
                run.sort_by(Entry::order);
            }
            let entries = run.len();
            self.held += entries;
            self.put(Merged { run, entries });
        }
        if !self.overflown {
            for entry in next.buffer {
                self.add(here(entry));
            }
        }
    }

    /// Makes a run of what has gathered.
    fn seal(&mut self) {
        self.many();
        if !self.buffer.is_empty() {
            let run = sorted(std::mem::take(&mut self.buffer));
            self.held += run.len();
            self.runs.push(run);
        }
    }

    /// What there is to sort or merge by now, at most one piece of work for each row ever added.
    pub fn due(&mut self) -> Option<Due> {
        let runs = if self.buffer.len() >= BUFFER {
            self.held += self.buffer.len();
            vec![std::mem::take(&mut self.buffer)]
        } else {
            self.alike()?
        };
        let entries = runs.iter().map(Vec::len).sum();
        Some(Due { runs, entries })
    }

    /// The smallest runs, where there are enough that none is far larger than the others.
    fn alike(&mut self) -> Option<Vec<Run>> {
        self.runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
        let from = self.runs.len().checked_sub(FAN)?;
        let (largest, smallest) = (self.runs[from].len(), self.runs.last()?.len());
        // Runs of whatever size are merged rather than kept in great numbers.
        (largest <= smallest * FAN || self.runs.len() > 4 * FAN).then(|| self.runs.split_off(from))
    }

    /// Takes back what has been merged. Beyond the limit it is first made sure that no score is counted twice.
    pub fn put(&mut self, merged: Merged) {
        self.held = self.held - merged.entries + merged.run.len();
        if self.overflown {
            return;
        }
        self.runs.push(merged.run);
        if self.held > self.limit.saturating_add(self.limit / 8) {
            let ready: usize = self.runs.iter().map(Vec::len).sum();
            let run = merge(std::mem::take(&mut self.runs));
            self.held = self.held - ready + run.len();
            if run.len() > self.limit {
                self.give_up();
            } else {
                self.runs.push(run);
            }
        }
    }

    /// Keeps no scores from now on; figures that need every one are left out.
    pub fn give_up(&mut self) {
        self.overflown = true;
        self.few = None;
        self.runs = Vec::new();
        self.buffer = Vec::new();
    }

    /// Scores from rows in any order.
    pub fn from_rows(limit: usize, rows: Vec<Entry>, are_shares: bool) -> Self {
        Self::from_run(limit, Some(sorted(rows)), are_shares)
    }

    /// Entries in runs: each score of a cell once, or a few times.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Whether scores are no longer kept.
    pub fn are_given_up(&self) -> bool {
        self.overflown
    }

    /// Does what is due here and now.
    pub fn settle(&mut self) {
        while let Some(due) = self.due() {
            self.put(due.merged());
        }
    }

    /// Scores that were put together elsewhere, in ascending order and each of a cell once; none if there were too many.
    pub fn from_run(limit: usize, run: Option<Run>, are_shares: bool) -> Self {
        let mut scores = Self::new(limit);
        scores.are_shares = are_shares;
        scores.few = None;
        match run {
            Some(run) => {
                scores.held = run.len();
                scores.runs.push(run);
            }
            None => scores.give_up(),
        }
        scores
    }

    /// The scores as one run; none if there are too many.
    pub fn run(&mut self) -> Option<&[Entry]> {
        self.seal();
        let run = merge(std::mem::take(&mut self.runs));
        self.held = run.len();
        if run.len() > self.limit {
            self.give_up();
        }
        self.runs.push(run);
        if self.overflown {
            None
        } else {
            self.runs.last().map(Vec::as_slice)
        }
    }

    /// The distinct scores in ascending order, or none if there were too many to hold.
    pub fn table(mut self) -> Option<Vec<Entry>> {
        self.run()?;
        self.runs.pop()
    }
}

/// Sorts rows as they came, and puts those of one score and cell together.
fn sorted(mut entries: Vec<Entry>) -> Run {
    entries.sort_unstable_by(Entry::order);
    entries.dedup_by(|next, kept| {
        let same = next.order(kept).is_eq();
        if same {
            kept.rows[0] += next.rows[0];
            kept.rows[1] += next.rows[1];
        }
        same
    });
    entries
}

/// Merges runs, the smallest first.
fn merge(mut runs: Vec<Run>) -> Run {
    runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
    while runs.len() > 1 {
        if let (Some(a), Some(b)) = (runs.pop(), runs.pop()) {
            let run = pair(&b, &a);
            let at = runs.partition_point(|other| other.len() > run.len());
            runs.insert(at, run);
        }
    }
    runs.pop().unwrap_or_default()
}

fn pair(a: &[Entry], b: &[Entry]) -> Run {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let order = x.order(y);
        let mut entry = if order.is_le() { *x } else { *y };
        if order.is_eq() {
            entry.rows[0] += y.rows[0];
            entry.rows[1] += y.rows[1];
        }
        i += usize::from(order.is_le());
        j += usize::from(order.is_ge());
        merged.push(entry);
    }
    merged.extend_from_slice(&a[i..]);
    merged.extend_from_slice(&b[j..]);
    merged
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
