//! Counts by cell: a combination of the values of all protected attributes. Every attribute, pair and triple is a
//! sum of cells, and two tallies of parts of a table add up.

use super::{Place, Rejected};
use std::collections::HashMap;

/// Rows of one cell, by label and prediction.
pub(super) type Counts = [[u64; 2]; 2];

/// Counts of every cell that occurs.
pub(super) struct Tally {
    limit: usize,
    rows: u64,
    ids: HashMap<Box<[u32]>, u32>,
    /// The group of each attribute, and the counts, of each cell.
    pub cells: Vec<(Box<[u32]>, Counts)>,
}

impl Tally {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            rows: 0,
            ids: HashMap::new(),
            cells: Vec::new(),
        }
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Counts a row and gives the number of its cell.
    pub fn add(
        &mut self,
        key: &[u32],
        label: usize,
        predicted: usize,
        place: Place,
    ) -> Result<u32, Rejected> {
        let id = match self.ids.get(key) {
            Some(id) => *id,
            None => self.new_cell(key, place)?,
        };
        self.cells[id as usize].1[label][predicted] += 1;
        self.rows += 1;
        Ok(id)
    }

    fn new_cell(&mut self, key: &[u32], place: Place) -> Result<u32, Rejected> {
        let too_many = Rejected::TooManyCells {
            place,
            limit: self.limit,
        };
        let id = u32::try_from(self.cells.len())
            .ok()
            .filter(|_| self.cells.len() < self.limit);
        let id = id.ok_or(too_many)?;
        self.ids.insert(key.into(), id);
        self.cells.push((key.into(), Counts::default()));
        Ok(id)
    }
}
