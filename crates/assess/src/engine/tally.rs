//! Counts by cell: a combination of the values of all protected attributes. Every attribute, pair and triple is a
//! sum of cells, and two tallies of parts of a table add up.

use super::exact::Exact;
use super::groups::{Groups, MISSING};
use super::lookup::{Key, Lookup};
use super::{Place, Rejected};
use std::collections::HashMap;

/// Rows of one cell, by label and prediction.
pub type Counts = [[u64; 2]; 2];

/// Sums over the rows of one cell, by label and prediction as in [`Counts`], each rounded once from the exact sum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weights {
    /// Sums of weights.
    pub weight: [[f64; 2]; 2],
    /// Sums of squares of weights, each square rounded.
    pub squares: [[f64; 2]; 2],
}

/// What [`Weights`] is rounded from: the sum, and the sum of squares.
pub(super) type Sums = [[[Exact; 2]; 2]; 2];

/// Counts of every cell that occurs.
pub(super) struct Tally {
    limit: usize,
    rows: u64,
    /// Bits that a group's number takes in a packed key.
    bits: u32,
    packed: Lookup,
    /// Cells whose key is too wide to be packed.
    wide: HashMap<Box<[u32]>, u32>,
    /// The group of each attribute, and the counts, of each cell.
    pub cells: Vec<(Box<[u32]>, Counts)>,
    /// Of each cell, where rows have weights.
    pub sums: Option<Vec<Sums>>,
}

impl Tally {
    pub fn new(limit: usize, attributes: usize, weighted: bool) -> Self {
        let attributes = u32::try_from(attributes.max(1)).unwrap_or(u32::MAX);
        Self {
            limit,
            rows: 0,
            bits: (64 / attributes).min(31),
            packed: Lookup::new(),
            wide: HashMap::new(),
            cells: Vec::new(),
            sums: weighted.then(Vec::new),
        }
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Sums of weights in a cell, by its place in `cells`; none where rows have no weights.
    pub fn weights(&self, cell: usize) -> Option<Weights> {
        let [weight, squares] = self.sums.as_ref()?.get(cell)?;
        let total = |sums: &[[Exact; 2]; 2]| {
            [0, 1].map(|label: usize| [0, 1].map(|predicted: usize| sums[label][predicted].total()))
        };
        Some(Weights {
            weight: total(weight),
            squares: total(squares),
        })
    }

    /// A group's part of a packed key, still to be put in its place by [`Tally::place`]; none if it is too large.
    pub fn part(&self, id: u32) -> Option<u64> {
        let part = if id == MISSING { 0 } else { u64::from(id) + 1 };
        (part >> self.bits == 0).then_some(part)
    }

    /// How far an attribute's part is shifted in a packed key.
    pub fn place(&self, at: usize) -> u32 {
        u32::try_from(at).unwrap_or_default() * self.bits
    }

    /// The group in a packed key.
    pub fn unpack(&self, packed: u64, at: usize) -> u32 {
        let part = packed.checked_shr(self.place(at)).unwrap_or(0) & ((1 << self.bits) - 1);
        u32::try_from(part)
            .ok()
            .and_then(|part| part.checked_sub(1))
            .unwrap_or(MISSING)
    }

    fn pack(&self, key: &[u32]) -> Option<u64> {
        let parts = key.iter().enumerate();
        let mut parts = parts.map(|(at, id)| Some(self.part(*id)?.checked_shl(self.place(at)).unwrap_or(0)));
        parts.try_fold(0, |packed, part| Some(packed | part?))
    }

    /// The number of a cell by its packed key, if it has occurred.
    #[inline]
    pub fn find(&self, packed: u64) -> Option<u32> {
        self.packed.get(Key::number(packed))
    }

    /// The number of a cell, by the number of its group in each attribute.
    pub fn cell(&mut self, key: &[u32], place: Place) -> Result<u32, Rejected> {
        let packed = self.pack(key);
        let known = match packed {
            Some(packed) => self.find(packed),
            None => self.wide.get(key).copied(),
        };
        match known {
            Some(id) => Ok(id),
            None => self.new_cell(key, packed, place),
        }
    }

    /// Counts a row.
    #[inline]
    pub fn count(&mut self, cell: u32, label: usize, predicted: usize, weight: Option<f64>) {
        let cell = cell as usize;
        self.cells[cell].1[label][predicted] += 1;
        self.rows += 1;
        if let (Some(sums), Some(weight)) = (&mut self.sums, weight) {
            let [weights, squares] = &mut sums[cell];
            weights[label][predicted].add(weight);
            squares[label][predicted].add(weight * weight);
        }
    }

    /// Counts many rows of a cell, which have no weights.
    pub fn add(&mut self, cell: usize, rows: Counts) {
        for (count, rows) in self.cells[cell]
            .1
            .as_flattened_mut()
            .iter_mut()
            .zip(rows.as_flattened())
        {
            *count += rows;
            self.rows += rows;
        }
    }

    fn new_cell(&mut self, key: &[u32], packed: Option<u64>, place: Place) -> Result<u32, Rejected> {
        let too_many = self.too_many(place);
        let id = u32::try_from(self.cells.len())
            .ok()
            .filter(|_| self.cells.len() < self.limit);
        let id = id.ok_or(too_many)?;
        match packed {
            Some(packed) => self.packed.put(Key::number(packed), id),
            None => {
                self.wide.insert(key.into(), id);
            }
        }
        self.cells.push((key.into(), Counts::default()));
        if let Some(sums) = &mut self.sums {
            sums.push(Sums::default());
        }
        Ok(id)
    }

    /// Puts back what was kept of a cell.
    pub fn restore(&mut self, cell: usize, counts: Counts, sums: Option<&Sums>) {
        self.add(cell, counts);
        if let (Some(all), Some(sums)) = (&mut self.sums, sums) {
            all[cell].clone_from(sums);
        }
    }

    fn too_many(&self, place: Place) -> Rejected {
        Rejected::TooManyCells {
            place,
            limit: self.limit,
        }
    }

    /// Checks that another tally's cells fit in: `groups` and `others` name what the numbers in keys stand for.
    pub fn make_room(
        &self,
        groups: &[Groups],
        other: &Self,
        others: &[Groups],
        place: Place,
    ) -> Result<(), Rejected> {
        if self.cells.len() + other.cells.len() <= self.limit {
            return Ok(());
        }
        let is_new = |(key, _): &&(Box<[u32]>, Counts)| {
            let known = key.iter().zip(groups.iter().zip(others));
            let known: Option<Vec<u32>> = known
                .map(|(id, (groups, others))| groups.find(others, *id))
                .collect();
            known.is_none_or(|key| match self.pack(&key) {
                Some(packed) => self.find(packed).is_none(),
                None => !self.wide.contains_key(key.as_slice()),
            })
        };
        if self.cells.len() + other.cells.iter().filter(is_new).count() > self.limit {
            return Err(self.too_many(place));
        }
        Ok(())
    }

    /// Adds another tally, given what its numbers of groups and answers are here. Answers with what its numbers of
    /// cells are here.
    pub fn absorb(
        &mut self,
        other: &Self,
        of_group: &[Vec<u32>],
        of_label: [usize; 2],
        of_prediction: [usize; 2],
        place: Place,
    ) -> Result<Vec<u32>, Rejected> {
        let mut of_cell = Vec::with_capacity(other.cells.len());
        for (at, (key, counts)) in other.cells.iter().enumerate() {
            let here =
                |(id, of_group): (&u32, &Vec<u32>)| of_group.get(*id as usize).copied().unwrap_or(MISSING);
            let key: Vec<u32> = key.iter().zip(of_group).map(here).collect();
            let id = self.cell(&key, place)?;
            of_cell.push(id);
            for (label, predicted) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let to = (of_label[label], of_prediction[predicted]);
                self.cells[id as usize].1[to.0][to.1] += counts[label][predicted];
                if let (Some(sums), Some(others)) = (&mut self.sums, &other.sums) {
                    for (sum, other) in sums[id as usize].iter_mut().zip(&others[at]) {
                        sum[to.0][to.1].merge(&other[label][predicted]);
                    }
                }
            }
        }
        self.rows += other.rows;
        Ok(of_cell)
    }
}
