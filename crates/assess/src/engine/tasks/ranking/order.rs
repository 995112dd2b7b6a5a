//! In which order rows of one score came, as far as counts don't tell: it decides who of them a cut takes.

use super::cut::Cutting;
use super::{Again, Kept, Row, read, wanted};
use crate::engine::scores::Entry;
use crate::engine::weighed::Weighed;
use crate::engine::{Limits, Rejected, Watch};
use crate::report::Columns;
use std::collections::BTreeMap;
use std::path::Path;

/// The scores that rows of several kinds share, each with the kinds of its rows in the order of the file.
///
/// A kind is twice the number of a cell (by weight: of a pair of cell and weight), and one more for the second answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Order {
    /// By the bits of the score.
    ties: BTreeMap<u64, Vec<u32>>,
}

/// Rows of an entry by kind.
fn kinds(entry: &Entry) -> impl Iterator<Item = (u32, u64)> {
    let rows = (0..2).zip(entry.rows).filter(|(_, rows)| *rows > 0);
    rows.map(|(answer, rows)| (entry.cell << 1 | answer, u64::from(rows)))
}

impl Order {
    /// The scores whose rows are to be put in order; none where there are more than `limit` such rows.
    fn of(run: &[Entry], limit: usize) -> Option<Self> {
        let (mut order, mut all) = (Self::default(), 0);
        for equal in run.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
            if equal.iter().flat_map(kinds).count() > 1 {
                all += equal.iter().flat_map(kinds).map(|(_, rows)| rows).sum::<u64>();
                order.ties.insert(equal[0].score.to_bits(), Vec::new());
            }
        }
        usize::try_from(all)
            .is_ok_and(|all| all <= limit)
            .then_some(order)
    }

    fn push(&mut self, score: f64, kind: u32) {
        if let Some(rows) = self.ties.get_mut(&score.to_bits()) {
            rows.push(kind);
        }
    }

    /// Every score with the kinds of its rows.
    pub fn listed(&self) -> Vec<(f64, Vec<u32>)> {
        let ties = self.ties.iter();
        ties.map(|(bits, rows)| (f64::from_bits(*bits), rows.clone()))
            .collect()
    }

    /// Puts back what was listed; none where it isn't the order of these entries.
    pub fn restored(run: &[Entry], listed: Vec<(f64, Vec<u32>)>) -> Option<Self> {
        let mut order = Self::of(run, usize::MAX)?;
        for (score, rows) in listed {
            let tie = order.ties.get_mut(&score.to_bits())?;
            *tie = rows;
        }
        let is_whole = run
            .chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq())
            .all(|equal| match order.ties.get(&equal[0].score.to_bits()) {
                None => true,
                Some(rows) => {
                    let mut found = BTreeMap::new();
                    for kind in rows {
                        *found.entry(*kind).or_insert(0) += 1;
                    }
                    let counted: BTreeMap<u32, u64> = equal.iter().flat_map(kinds).collect();
                    found == counted
                }
            });
        is_whole.then_some(order)
    }
}

impl Kept {
    /// What counts rows of a score: by weight, as long as scores are held by weight.
    pub(super) fn run(&mut self) -> Option<&[Entry]> {
        match self.weighed.as_mut().and_then(Weighed::kept) {
            Some(kept) => Some(kept.run),
            None => self.values.run(),
        }
    }

    /// The kind of a row; none of one that is new.
    fn kind(&self, row: Row) -> Option<u32> {
        let weighed = self.weighed.as_ref().filter(|weighed| !weighed.is_given_up());
        let number = match weighed {
            Some(weighed) => weighed.find(row.cell, row.weight?)?,
            None => row.cell,
        };
        Some(number << 1 | u32::from(row.answer == 1))
    }

    /// A row of a kind and a score, or as much of it as the kind says.
    fn row(&self, score: f64, kind: u32) -> Row {
        let number = kind >> 1;
        let weighed = self.weighed.as_ref().filter(|weighed| !weighed.is_given_up());
        let pair = weighed.and_then(|weighed| weighed.pair(number));
        Row {
            answer: (kind & 1) as usize,
            score,
            weight: pair.map(|(_, weight)| weight),
            cell: pair.map_or(number, |(cell, _)| cell),
        }
    }

    /// Reads a part once more, if it has rows of several kinds with one score.
    pub(super) fn put_in_order(
        &mut self,
        file: &Path,
        columns: &Columns,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<(), Rejected> {
        let run = self.run();
        let order = run.and_then(|run| Order::of(run, limits.max_scores));
        let Some(mut order) = order else {
            return Ok(());
        };
        if !order.ties.is_empty() {
            let wanted = wanted(columns)?;
            wanted.read(file, limits, progress, &mut |place, row| {
                let row = read(&wanted, (&mut self.answers, &mut self.cells), row, columns, place)?;
                if let Some(kind) = self.kind(row) {
                    order.push(self.values.rounded(row.score), kind);
                }
                Ok(())
            })?;
        }
        self.order = Some(order);
        Ok(())
    }

    /// Offers the rows of a part to the cuts, after those of the parts before it.
    pub fn offer(&mut self, again: &mut Again<'_, '_>, columns: &Columns) -> Result<(), Rejected> {
        let of_cell = again.cells.find_all(&self.cells)?;
        let of_answer = again.answers.absorb(&self.answers, columns)?;
        let run = self.run().unwrap_or_default().to_vec();
        for cut in again.cuts.iter_mut().filter(|cut| cut.is_open()) {
            let from = run.partition_point(|entry| cut.is_above(again.ranked.rounded(entry.score)));
            let tied = run[from..].iter();
            let tied = tied.take_while(|entry| cut.is_at(again.ranked.rounded(entry.score)));
            let tied: Vec<&Entry> = tied.collect();
            let here = |score: f64, kind: u32| {
                let row = self.row(score, kind);
                Row {
                    answer: of_answer[row.answer],
                    cell: of_cell.get(row.cell as usize).copied().unwrap_or_default(),
                    score: again.ranked.rounded(score),
                    ..row
                }
            };
            self.offer_tied(cut, &tied, &here);
        }
        Ok(())
    }

    /// Offers rows that tie at a cut: all of them, or those who came first.
    fn offer_tied(&self, cut: &mut Cutting<'_>, tied: &[&Entry], here: &dyn Fn(f64, u32) -> Row) {
        let kinds: Vec<_> = tied
            .iter()
            .flat_map(|entry| kinds(entry).map(|(kind, rows)| (entry.score, kind, rows)))
            .collect();
        let all: u64 = kinds.iter().map(|(.., rows)| rows).sum();
        let in_order = match kinds.as_slice() {
            [(score, ..), .., (last, ..)] if score.total_cmp(last).is_eq() => self
                .order
                .as_ref()
                .and_then(|order| order.ties.get(&score.to_bits()))
                .map(|rows| (*score, rows)),
            _ => None,
        };
        if kinds.len() < 2 || cut.has_room(all) {
            for (score, kind, rows) in kinds {
                cut.offer(here(score, kind), rows);
            }
        } else if let Some((score, rows)) = in_order {
            for kind in rows {
                cut.offer(here(score, *kind), 1);
            }
        } else {
            cut.give_up();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Order;
    use crate::engine::scores::Entry;

    #[test]
    fn only_what_counts_do_not_tell_is_put_in_order_and_nothing_else_is_believed() {
        let entry = |score, cell, rows| Entry { score, cell, rows };
        let run = [
            entry(0.1, 0, [3, 0]),
            entry(0.5, 0, [1, 1]),
            entry(0.5, 2, [0, 1]),
        ];
        let mut order = Order::of(&run, 3).unwrap();
        for (score, kind) in [(0.5, 5), (0.1, 0), (0.5, 0), (0.5, 1)] {
            order.push(score, kind);
        }
        assert_eq!(order.listed(), [(0.5, vec![5, 0, 1])]);
        assert_eq!(Order::restored(&run, order.listed()), Some(order));
        assert_eq!(Order::restored(&run, vec![(0.5, vec![5, 0, 0])]), None);
        assert_eq!(Order::restored(&run, vec![(0.1, vec![0, 0, 0])]), None);
        assert_eq!(Order::of(&run, 2), None);
    }
}
