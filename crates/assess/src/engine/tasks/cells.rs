//! Rows by the values of all protected attributes together: every attribute and every pair of them is a sum of cells.

pub(super) mod wire;

use crate::engine::groups::{Groups, MISSING};
use crate::engine::intake::Cell;
use crate::engine::tally::{Counts, Sums, Tally};
use crate::engine::weighed::sum::Sum;
use crate::engine::{Limits, Place, Rejected};
use crate::report::Columns;
use std::collections::BTreeMap;

/// The cells that occur, numbered as they come, and how many rows each has.
pub(super) struct Cells {
    names: Vec<String>,
    groups: Vec<Groups>,
    tally: Tally,
    key: Vec<u32>,
    max_rows: u64,
}

/// The cells of one group.
pub(super) struct Part {
    /// One value a column; none where the file has no value.
    pub key: Vec<Option<String>>,
    pub cells: Vec<usize>,
    /// Rows.
    pub n: u64,
}

/// Which group each cell belongs to; none for those that are left out.
pub(super) struct Grouping {
    pub of_cell: Vec<Option<usize>>,
    pub groups: usize,
}

/// A value of a column in its order: those without one last.
type Value<'a> = (bool, &'a str);

impl Grouping {
    /// The group of a cell.
    pub fn of(&self, cell: u32) -> Option<usize> {
        self.of_cell.get(cell as usize).copied().flatten()
    }

    /// What cells hold, added up by group.
    pub fn summed<T: Clone + Default>(&self, cells: &[T], add: impl Fn(&mut T, &T)) -> Vec<T> {
        let mut sums = vec![T::default(); self.groups];
        for (cell, group) in cells.iter().zip(&self.of_cell) {
            if let Some(sum) = group.and_then(|group| sums.get_mut(group)) {
                add(sum, cell);
            }
        }
        sums
    }
}

impl Cells {
    pub fn new(columns: &Columns, limits: &Limits) -> Result<Self, Rejected> {
        let names = columns.protected.clone();
        if names.len() > limits.max_protected {
            return Err(Rejected::TooManyProtected {
                limit: limits.max_protected,
            });
        }
        Ok(Self {
            groups: names
                .iter()
                .map(|name| Groups::new(name, limits.max_groups))
                .collect(),
            tally: Tally::new(limits.max_cells, names.len(), columns.weight.is_some()),
            key: Vec::new(),
            // Ties are counted in 32 bits.
            max_rows: limits.max_rows.min(u64::from(u32::MAX)),
            names,
        })
    }

    /// The cell of a row, given its protected values.
    pub fn find(&mut self, values: &[Cell<'_>], place: Place) -> Result<u32, Rejected> {
        self.key.clear();
        for (groups, value) in self.groups.iter_mut().zip(values) {
            self.key.push(groups.id(*value, place)?);
        }
        self.tally.cell(&self.key, place)
    }

    /// Counts a row, with its answer where there are two, and gives its cell.
    pub fn count(
        &mut self,
        values: &[Cell<'_>],
        answer: usize,
        weight: Option<f64>,
        place: Place,
    ) -> Result<u32, Rejected> {
        let cell = self.find(values, place)?;
        self.tally.count(cell, answer, 0, weight);
        Ok(cell)
    }

    /// Adds the cells of the rows that follow, given what their answers are here; answers with the numbers of their cells.
    pub fn absorb(&mut self, next: &Self, of_answer: [usize; 2]) -> Result<Vec<u32>, Rejected> {
        if self.rows() + next.rows() > self.max_rows {
            return Err(Rejected::TooManyRows { limit: self.max_rows });
        }
        let place = self.next();
        for (groups, next) in self.groups.iter().zip(&next.groups) {
            groups.make_room(next, place)?;
        }
        self.tally
            .make_room(&self.groups, &next.tally, &next.groups, place)?;
        let of_group = self.of_group(next);
        self.tally
            .absorb(&next.tally, &of_group, of_answer, [0, 1], place)
    }

    /// The numbers here of another's cells, all of which have been added.
    pub fn find_all(&mut self, other: &Self) -> Result<Vec<u32>, Rejected> {
        let (place, of_group) = (self.next(), self.of_group(other));
        let cells = other.tally.cells.iter();
        let cell = |(key, _): &(Box<[u32]>, Counts)| {
            let here = key.iter().zip(&of_group);
            let here = here.map(|(id, of_group)| of_group.get(*id as usize).copied().unwrap_or(MISSING));
            self.tally.cell(&here.collect::<Vec<_>>(), place)
        };
        cells.map(cell).collect()
    }

    fn of_group(&mut self, other: &Self) -> Vec<Vec<u32>> {
        let groups = self.groups.iter_mut().zip(&other.groups);
        groups.map(|(groups, other)| groups.absorb(other)).collect()
    }

    /// The row that follows.
    fn next(&self) -> Place {
        Place {
            row: self.rows() + 1,
            line: None,
        }
    }

    pub fn rows(&self) -> u64 {
        self.tally.rows()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.tally.cells.len()
    }

    /// Rows of each group by answer.
    pub fn counts(&self, grouping: &Grouping) -> Vec<[u64; 2]> {
        let cells: Vec<_> = self.tally.cells.iter().map(|(_, counts)| *counts).collect();
        let groups = grouping.summed(&cells, |sum, counts| {
            for (sum, count) in sum.as_flattened_mut().iter_mut().zip(counts.as_flattened()) {
                *sum += count;
            }
        });
        groups
            .into_iter()
            .map(|counts| counts.map(|[rows, _]| rows))
            .collect()
    }

    /// What the rows of each group weigh by answer; none where they have no weights. Cells are added exactly and rounded once.
    pub fn weights(&self, grouping: &Grouping) -> Option<Vec<[Sum; 2]>> {
        let groups = grouping.summed(self.tally.sums.as_ref()?, |sum, cell: &Sums| {
            let to = sum.as_flattened_mut().as_flattened_mut().iter_mut();
            for (to, from) in to.zip(cell.as_flattened().as_flattened()) {
                to.merge(from);
            }
        });
        let side = |[weights, squares]: &Sums, answer: usize| Sum {
            weight: weights[answer][0].total(),
            squares: squares[answer][0].total(),
        };
        Some(groups.iter().map(|sums| [side(sums, 0), side(sums, 1)]).collect())
    }

    /// All cells as one group.
    pub fn all(&self) -> Grouping {
        Grouping {
            of_cell: vec![Some(0); self.len()],
            groups: 1,
        }
    }

    /// The groups by the values of some columns, by their places: by code point, those without a value last.
    pub fn parts(&self, at: &[usize]) -> Vec<Part> {
        let mut parts: BTreeMap<Vec<Value<'_>>, (Vec<usize>, u64)> = BTreeMap::new();
        for (cell, (key, counts)) in self.tally.cells.iter().enumerate() {
            let value = |at: &usize| {
                let name = self
                    .groups
                    .get(*at)
                    .zip(key.get(*at))
                    .and_then(|(groups, id)| groups.name(*id));
                (name.is_none(), name.unwrap_or_default())
            };
            let part = parts.entry(at.iter().map(value).collect()).or_default();
            part.0.push(cell);
            part.1 += counts.as_flattened().iter().sum::<u64>();
        }
        let named = |key: Vec<Value<'_>>| {
            let value = |(none, value): Value<'_>| (!none).then(|| value.to_owned());
            key.into_iter().map(value).collect()
        };
        let parts = parts.into_iter();
        parts
            .map(|(key, (cells, n))| Part {
                key: named(key),
                cells,
                n,
            })
            .collect()
    }

    /// The cells of these groups; all others are left out.
    pub fn grouping<'p>(&self, parts: impl Iterator<Item = &'p Part>) -> Grouping {
        let (mut of_cell, mut groups) = (vec![None; self.len()], 0);
        for (group, part) in parts.enumerate() {
            for cell in &part.cells {
                of_cell[*cell] = Some(group);
            }
            groups = group + 1;
        }
        Grouping { of_cell, groups }
    }

    /// Rows without a value, for each attribute.
    pub fn missing(&self) -> BTreeMap<String, u64> {
        let missing = |(at, name): (usize, &String)| {
            let parts = self.parts(&[at]);
            let none = parts.iter().filter(|part| part.key.iter().any(Option::is_none));
            (name.clone(), none.map(|part| part.n).sum())
        };
        self.names.iter().enumerate().map(missing).collect()
    }
}
