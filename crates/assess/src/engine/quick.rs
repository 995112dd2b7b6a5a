//! Rows taken in by the million: the same as [`Intake::row`] does, for rows in which nothing is wrong.
//!
//! Texts become numbers by a small table for each column, and only a text not seen before is looked at. Whatever is odd
//! in any way gives up the whole block, which is then read row by row, with every error in its place.

use super::answers::Role;
use super::intake::{Cell, Intake, is_weight};
use super::lookup::{Key, Lookup};
use super::wanted::Wanted;
use super::{Limits, Place, decimal};

/// Spellings of a column's values that are remembered.
const SPELLINGS: usize = 1 << 12;

/// An intake with its shortcuts. What it takes in is of one block, and numbered from there.
pub(super) struct Quick<'a> {
    pub intake: Intake,
    wanted: &'a Wanted,
    lookups: Vec<Lookup>,
    cut: f64,
    scored: bool,
    key: Vec<u32>,
}

/// A row's values, as far as they are understood.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub label: u32,
    pub predicted: u32,
    pub score: f64,
    pub weight: Option<f64>,
    /// The groups, packed.
    pub groups: u64,
}

impl<'a> Quick<'a> {
    pub fn new(wanted: &'a Wanted, limits: &Limits) -> Self {
        Self {
            intake: Intake::new(wanted, limits),
            lookups: wanted.names.iter().map(|_| Lookup::new()).collect(),
            cut: wanted.columns.cut(),
            scored: wanted.score.is_some(),
            key: Vec::new(),
            wanted,
        }
    }

    /// Takes in a row of text; `field` tells where in `bytes` each wanted column's value stands.
    #[inline]
    pub fn text(
        &mut self,
        bytes: &[u8],
        line: u64,
        field: impl Fn(usize) -> Option<(usize, usize)>,
    ) -> Option<()> {
        let place = Place {
            row: self.intake.rows() + 1,
            line: Some(line),
        };
        let wanted = self.wanted;
        let mut row = Row {
            label: self.answer_text(0, bytes, field(0)?, Role::Label, place)?,
            ..Row::default()
        };
        if let Some(index) = wanted.score {
            let (start, end) = field(index)?;
            row.score = ranked(decimal::parse(&bytes[start..end])?)?;
        }
        row.predicted = match wanted.prediction {
            Some(index) => self.answer_text(index, bytes, field(index)?, Role::Prediction, place)?,
            None => self.decide(row.score),
        };
        if let Some(index) = wanted.weight {
            let (start, end) = field(index)?;
            row.weight = Some(weight(decimal::parse(&bytes[start..end])?)?);
        }
        for at in 0..self.intake.groups.len() {
            let index = wanted.protected + at;
            let part = self.group_text(at, index, bytes, field(index)?, place)?;
            row.groups |= part << self.intake.tally.place(at);
        }
        self.count(row, place)
    }

    /// What a score means without a prediction.
    pub fn decide(&self, score: f64) -> u32 {
        u32::from(score >= self.cut)
    }

    /// Counts a row.
    #[inline]
    pub fn count(&mut self, row: Row, place: Place) -> Option<()> {
        let cell = match self.intake.tally.find(row.groups) {
            Some(cell) => cell,
            None => self.new_cell(row.groups, place)?,
        };
        let label = row.label as usize;
        self.intake
            .tally
            .count(cell, label, row.predicted as usize, row.weight);
        if self.scored {
            self.intake.ranked(row.score, cell, label, row.weight);
        }
        Some(())
    }

    /// Counts rows that have neither scores nor weights, given the numbers of their answers and their packed groups.
    pub fn count_all(
        &mut self,
        groups: &[u64],
        labels: &[u8],
        predicted: &[u8],
        place: impl Fn(usize) -> Place,
    ) -> Option<()> {
        // Of keys seen lately, the cell: most rows are of a few cells.
        let mut lately = [(0, None); 256];
        let mut counts = Vec::new();
        for (at, (groups, (label, predicted))) in groups.iter().zip(labels.iter().zip(predicted)).enumerate()
        {
            let slot = &mut lately[usize::from(groups.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0])];
            let cell = match *slot {
                (known, Some(cell)) if known == *groups => cell,
                _ => {
                    let found = self.intake.tally.find(*groups);
                    let cell = found.or_else(|| self.new_cell(*groups, place(at)))? as usize;
                    if cell >= counts.len() {
                        counts.resize(cell + 1, [0_u32; 4]);
                    }
                    *slot = (*groups, Some(cell));
                    cell
                }
            };
            counts[cell][usize::from(label << 1 | predicted) & 3] += 1;
        }
        for (cell, [a, b, c, d]) in counts.into_iter().enumerate() {
            self.intake
                .tally
                .add(cell, [[a, b], [c, d]].map(|rows| rows.map(u64::from)));
        }
        Some(())
    }

    #[cold]
    fn new_cell(&mut self, packed: u64, place: Place) -> Option<u32> {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        key.extend((0..self.intake.groups.len()).map(|at| self.intake.tally.unpack(packed, at)));
        let cell = self.intake.tally.cell(&key, place).ok();
        self.key = key;
        cell
    }

    #[inline]
    fn answer_text(
        &mut self,
        index: usize,
        bytes: &[u8],
        (start, end): (usize, usize),
        role: Role,
        place: Place,
    ) -> Option<u32> {
        let key = Key::of(bytes, start, end);
        if let Some(id) = self.lookups[index].get(key)
            && !key.is_long()
        {
            return Some(id);
        }
        let text = std::str::from_utf8(&bytes[start..end]).ok()?;
        self.answer(index, key, text_cell(text), role, place)
    }

    /// The number of an answer; `key` is one that no other value of its column has, or too long to be relied on.
    pub fn answer(
        &mut self,
        index: usize,
        key: Key,
        cell: Cell<'_>,
        role: Role,
        place: Place,
    ) -> Option<u32> {
        if let Some(id) = self.lookups[index].get(key)
            && !key.is_long()
        {
            return Some(id);
        }
        let id = u32::try_from(self.intake.answers.read(cell, role, place).ok()?).ok()?;
        if !key.is_long() && self.lookups[index].len() < SPELLINGS {
            self.lookups[index].put(key, id);
        }
        Some(id)
    }

    #[inline]
    fn group_text(
        &mut self,
        at: usize,
        index: usize,
        bytes: &[u8],
        (start, end): (usize, usize),
        place: Place,
    ) -> Option<u64> {
        if start == end {
            return Some(0);
        }
        let key = Key::of(bytes, start, end);
        if let Some(id) = self.lookups[index].get(key)
            && (!key.is_long() || self.intake.groups[at].name(id)?.as_bytes() == &bytes[start..end])
        {
            return self.intake.tally.part(id);
        }
        let text = std::str::from_utf8(&bytes[start..end]).ok()?;
        self.new_group(at, index, key, Cell::Text(text), place)
    }

    /// The part of a group in a packed key.
    pub fn group(&mut self, at: usize, index: usize, key: Key, cell: Cell<'_>, place: Place) -> Option<u64> {
        if let Some(id) = self.lookups[index].get(key)
            && (!key.is_long()
                || matches!(cell, Cell::Text(text) if self.intake.groups[at].name(id)? == text))
        {
            return self.intake.tally.part(id);
        }
        self.new_group(at, index, key, cell, place)
    }

    #[cold]
    fn new_group(&mut self, at: usize, index: usize, key: Key, cell: Cell<'_>, place: Place) -> Option<u64> {
        let id = self.intake.group(at, cell, place).ok()?;
        if self.lookups[index].len() < SPELLINGS && self.lookups[index].get(key).is_none() {
            self.lookups[index].put(key, id);
        }
        self.intake.tally.part(id)
    }
}

fn text_cell(text: &str) -> Cell<'_> {
    match text {
        "" => Cell::Missing,
        text => Cell::Text(text),
    }
}

/// A score that can be ranked.
pub(super) fn ranked(number: f64) -> Option<f64> {
    number.is_finite().then_some(number + 0.0)
}

/// A number that can be a weight.
pub(super) fn weight(number: f64) -> Option<f64> {
    is_weight(number).then_some(number)
}
