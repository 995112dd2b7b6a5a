//! Rows by cell, label and prediction, whose classes are numbered as they come.

use std::collections::{BTreeSet, HashMap};

/// Rows of one cell with one label and one prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub cell: u32,
    pub label: usize,
    pub predicted: usize,
    pub rows: u64,
}

/// Counts under way.
#[derive(Default)]
pub(super) struct Counts {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
    /// Whether a class occurs among the labels.
    is_label: Vec<bool>,
    rows: HashMap<(u32, usize, usize), u64>,
}

impl Counts {
    /// Counts a row; answers with how many classes there are by now.
    pub fn add(&mut self, cell: u32, label: &str, predicted: &str) -> usize {
        let (label, predicted) = (self.class(label), self.class(predicted));
        self.is_label[label] = true;
        *self.rows.entry((cell, label, predicted)).or_default() += 1;
        self.names.len()
    }

    fn class(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len();
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        self.is_label.push(false);
        number
    }

    /// The classes that occur among the labels, by code point, then those that are only predicted; how many are labels;
    /// and the counts by their places, in order.
    pub fn sorted(self) -> (Vec<String>, usize, Vec<Count>) {
        let classes = self.names.iter().zip(&self.is_label);
        let order: BTreeSet<(bool, &String)> = classes.map(|(name, is_label)| (!is_label, name)).collect();
        let labelled = order.iter().filter(|(is_stray, _)| !is_stray).count();
        let place: HashMap<&String, usize> = order.iter().map(|(_, name)| *name).zip(0..).collect();
        let here = |class: usize| self.names.get(class).and_then(|name| place.get(name)).copied();
        let counts = self.rows.iter().filter_map(|((cell, label, predicted), rows)| {
            Some(Count {
                cell: *cell,
                label: here(*label)?,
                predicted: here(*predicted)?,
                rows: *rows,
            })
        });
        let mut counts: Vec<Count> = counts.collect();
        counts.sort_unstable_by_key(|count| (count.cell, count.label, count.predicted));
        (
            order.into_iter().map(|(_, name)| name.clone()).collect(),
            labelled,
            counts,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Counts};

    #[test]
    fn labels_come_first_whatever_the_order_of_rows() {
        let mut counts = Counts::default();
        for (label, predicted) in [("b", "a"), ("c", "z"), ("b", "a")] {
            counts.add(0, label, predicted);
        }
        let (names, labelled, counts) = counts.sorted();
        assert_eq!((names.join(""), labelled), ("bcaz".to_owned(), 2));
        let count = |label, predicted, rows| Count {
            cell: 0,
            label,
            predicted,
            rows,
        };
        assert_eq!(counts, [count(0, 2, 2), count(1, 3, 1)]);
    }
}
