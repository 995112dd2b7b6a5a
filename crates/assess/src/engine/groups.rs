//! The groups of a protected attribute: exact values, numbered as they come.

use super::intake::Cell;
use super::{Place, Rejected};
use std::collections::HashMap;

/// The number of the group without a value.
pub(super) const MISSING: u32 = u32::MAX;

/// The values of one attribute.
pub(super) struct Groups {
    column: String,
    limit: usize,
    ids: HashMap<String, u32>,
    pub names: Vec<String>,
}

impl Groups {
    pub fn new(column: &str, limit: usize) -> Self {
        Self {
            column: column.to_owned(),
            limit,
            ids: HashMap::new(),
            names: Vec::new(),
        }
    }

    /// The number of a value. No trimming, no folding: what differs in a byte is another group.
    pub fn id(&mut self, cell: Cell<'_>, place: Place) -> Result<u32, Rejected> {
        match cell {
            Cell::Missing => Ok(MISSING),
            Cell::Text(text) => self.named(text, place),
            Cell::Integer(number) => self.named(&number.to_string(), place),
            Cell::Real(number) => self.named(&number.to_string(), place),
            Cell::Truth(truth) => self.named(if truth { "true" } else { "false" }, place),
        }
    }

    fn named(&mut self, name: &str, place: Place) -> Result<u32, Rejected> {
        if let Some(id) = self.ids.get(name) {
            return Ok(*id);
        }
        if name.contains('\0') {
            return Err(Rejected::Binary { place: Some(place) });
        }
        let (column, value, limit) = (self.column.clone(), name.to_owned(), self.limit);
        if self.names.len() >= limit {
            return Err(Rejected::TooManyGroups {
                place,
                column,
                value,
                limit,
            });
        }
        Ok(self.add(value))
    }

    /// Checks that the groups of another part of the column fit in; `place` is where that part begins.
    pub fn make_room(&self, other: &Self, place: Place) -> Result<(), Rejected> {
        let left = self.limit.saturating_sub(self.names.len());
        let mut fresh = other.names.iter().filter(|name| !self.ids.contains_key(*name));
        match fresh.nth(left) {
            None => Ok(()),
            Some(value) => Err(Rejected::TooManyGroups {
                place,
                column: self.column.clone(),
                value: value.clone(),
                limit: self.limit,
            }),
        }
    }

    /// The number here of a group that another part numbers `id`.
    pub fn find(&self, other: &Self, id: u32) -> Option<u32> {
        match other.name(id) {
            None => Some(MISSING),
            Some(name) => self.ids.get(name).copied(),
        }
    }

    /// Adds the groups of a part that there is room for, and answers with what its numbers are here.
    pub fn absorb(&mut self, other: &Self) -> Vec<u32> {
        let mut here = Vec::with_capacity(other.names.len());
        for name in &other.names {
            let id = match self.ids.get(name) {
                Some(id) => *id,
                None => self.add(name.clone()),
            };
            here.push(id);
        }
        here
    }

    /// Puts back a group as it was kept.
    pub fn restore(&mut self, name: &str) {
        self.add(name.to_owned());
    }

    fn add(&mut self, name: String) -> u32 {
        let id = u32::try_from(self.names.len()).unwrap_or(MISSING);
        self.ids.insert(name.clone(), id);
        self.names.push(name);
        id
    }

    /// The name of a group by its number; none for the group without a value.
    pub fn name(&self, id: u32) -> Option<&str> {
        self.names.get(usize::try_from(id).ok()?).map(String::as_str)
    }
}
