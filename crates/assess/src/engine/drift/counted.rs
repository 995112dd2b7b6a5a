//! One watched column of two files, counted as its rows come.

use crate::drift::categories::Categories;
use crate::drift::numbers::Numbers;
use crate::drift::report::{Column, Kind, MAX_CATEGORIES, Part, Rounded};
use crate::engine::intake::Cell;
use crate::engine::rows::{self, number, text};
use crate::engine::values::Values;
use crate::engine::{Place, Rejected};
use crate::report::Settings;
use std::collections::BTreeMap;

/// Counts of a column; which of the two kinds it is may show only at its end.
pub(super) struct Counted {
    pub name: String,
    /// Rows with and without a value, of each side.
    values: [u64; 2],
    missing: [u64; 2],
    /// Rows with a finite number.
    finite: [u64; 2],
    /// While every value is a number.
    numbers: Option<Values>,
    /// Unless it must be numbers, and while there aren't too many.
    categories: Option<BTreeMap<String, [u64; 2]>>,
    is_numbers: bool,
}

impl Counted {
    /// A column of a kind, or of numbers if every value is one. At most `limit` distinct numbers are held exactly.
    pub fn new(name: &str, kind: Option<Kind>, limit: usize) -> Self {
        Self {
            name: name.to_owned(),
            values: [0; 2],
            missing: [0; 2],
            finite: [0; 2],
            numbers: (kind != Some(Kind::Categories)).then(|| Values::new(limit)),
            categories: (kind != Some(Kind::Numbers)).then(BTreeMap::new),
            is_numbers: kind == Some(Kind::Numbers),
        }
    }

    /// Counts a value of a side: 0 for the baseline, 1 for the current file.
    pub fn take(&mut self, cell: Cell<'_>, place: Place, side: usize) -> Result<(), Rejected> {
        if matches!(cell, Cell::Missing) {
            self.missing[side] += 1;
            return Ok(());
        }
        self.values[side] += 1;
        match number(cell) {
            Some(number) if number.is_finite() => {
                self.finite[side] += 1;
                if let Some(numbers) = &mut self.numbers {
                    numbers.push(number, 0, side);
                }
            }
            Some(_) => {}
            None if self.is_numbers => {
                let column = rows::Column {
                    name: &self.name,
                    role: "number",
                };
                column.any_number(cell, place)?;
            }
            None => self.numbers = None,
        }
        self.count(cell, side);
        Ok(())
    }

    fn count(&mut self, cell: Cell<'_>, side: usize) {
        let (Some(categories), Some(text)) = (&mut self.categories, text(cell)) else {
            return;
        };
        if let Some(counts) = categories.get_mut(text.as_ref()) {
            counts[side] += 1;
        } else if categories.len() < MAX_CATEGORIES {
            let mut counts = [0; 2];
            counts[side] = 1;
            categories.insert(text.into_owned(), counts);
        } else {
            self.categories = None;
        }
    }

    /// What was counted.
    pub fn finished(self, settings: &Settings) -> Result<Column, Rejected> {
        let sides = |known: [u64; 2]| {
            [0, 1].map(|side: usize| Part {
                n: known[side],
                missing: self.missing[side] + self.values[side] - known[side],
            })
        };
        let Some(numbers) = self.numbers else {
            let counts = self
                .categories
                .as_ref()
                .map(|counts| Categories::counted(counts.values()));
            return Ok(Column::categories(
                &self.name,
                sides(self.values),
                counts.as_ref(),
                settings,
            ));
        };
        let table = numbers.table()?;
        let entries = table.entries.iter();
        let numbers = Numbers::ascending(entries.map(|entry| (entry.score, entry.rows.map(u64::from))));
        let rounded = table.places.map(|places| Rounded {
            places,
            largest_share: numbers.largest_share(),
        });
        Ok(Column {
            rounded,
            ..Column::numbers(&self.name, sides(self.finite), &numbers, settings)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, Kind};
    use crate::drift::Column;
    use crate::engine::Place;
    use crate::engine::intake::Cell;
    use crate::report::{Settings, find};

    /// Two columns of 300 000 distinct numbers, the second with a slower start.
    fn column(limit: usize) -> Column {
        let mut counted = Counted::new("x", Some(Kind::Numbers), limit);
        let place = Place { row: 1, line: None };
        for row in 0..300_000_u32 {
            let share = f64::from(row) / 300_000.0;
            counted.take(Cell::Real(share + 1.0), place, 0).unwrap();
            counted.take(Cell::Real(share.powf(1.2) + 1.0), place, 1).unwrap();
        }
        counted.finished(&Settings::default()).unwrap()
    }

    #[test]
    fn rounded_numbers_say_how_far_off_they_may_be() {
        let (exact, rounded) = (column(1_000_000), column(20_000));
        assert_eq!(exact.rounded, None);
        let by = rounded.rounded.unwrap();
        assert!(by.places >= 12 && by.largest_share < 0.001, "{by:?}");
        let value = |column: &Column, id: &str| find(&column.figures, id).unwrap().value.unwrap();
        let ks = value(&exact, "ks") - value(&rounded, "ks");
        assert!((0.0..=by.largest_share).contains(&ks), "{ks}");
        for id in ["psi", "js_distance", "wasserstein"] {
            let apart = (value(&exact, id) - value(&rounded, id)).abs();
            assert!(apart < 0.01 * value(&exact, id), "{id}: {apart}");
        }
    }

    #[test]
    fn a_column_is_numbers_only_if_every_value_is_one() {
        let kind = |cells: &[Cell<'_>]| {
            let mut counted = Counted::new("x", None, 100);
            for cell in cells {
                counted.take(*cell, Place { row: 1, line: None }, 0).unwrap();
            }
            counted.finished(&Settings::default()).unwrap().kind
        };
        assert_eq!(
            kind(&[Cell::Text("1"), Cell::Text("2.5"), Cell::Missing]),
            Kind::Numbers
        );
        assert_eq!(kind(&[Cell::Text("1"), Cell::Text("two")]), Kind::Categories);
    }
}
