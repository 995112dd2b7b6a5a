//! Rows by cell, label and prediction, whose classes are numbered as they come.

use crate::engine::exact::Exact;
use crate::engine::weighed::sum::{self, Squared};
use std::collections::{BTreeSet, HashMap};

/// Rows of one cell with one label and one prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Count {
    pub cell: u32,
    pub label: usize,
    pub predicted: usize,
    pub rows: u64,
    /// What they weigh; nothing where rows have no weights.
    pub sums: Squared,
}

/// Counts under way.
#[derive(Default)]
pub(super) struct Counts {
    pub names: Vec<String>,
    numbers: HashMap<String, usize>,
    /// Whether a class occurs among the labels.
    is_label: Vec<bool>,
    /// By cell, label and prediction: how many, and what they weigh.
    rows: HashMap<(u32, usize, usize), (u64, Squared)>,
}

impl Counts {
    /// Counts a row.
    pub fn add(&mut self, cell: u32, label: &str, predicted: &str, weight: Option<f64>) {
        let (label, predicted) = (self.class(label), self.class(predicted));
        self.is_label[label] = true;
        let (rows, sums) = self.rows.entry((cell, label, predicted)).or_default();
        *rows += 1;
        if let Some(weight) = weight {
            sum::add(sums, weight, 1);
        }
    }

    /// Adds what was counted of the rows that follow, given what their cells are here.
    pub fn absorb(&mut self, next: Self, of_cell: &[u32]) {
        let here: Vec<usize> = next.names.iter().map(|name| self.class(name)).collect();
        for (class, is_label) in here.iter().zip(next.is_label) {
            self.is_label[*class] |= is_label;
        }
        for ((cell, label, predicted), (rows, sums)) in next.rows {
            let cell = of_cell.get(cell as usize).copied().unwrap_or_default();
            let key = (cell, here[label], here[predicted]);
            let (all, sum) = self.rows.entry(key).or_default();
            *all += rows;
            sum::merge(sum, &sums);
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.names.len()
    }

    /// The classes that occur among the labels, by code point.
    pub fn labels(&self) -> Vec<String> {
        let classes = self.names.iter().zip(&self.is_label);
        let labels = classes.filter(|(_, is_label)| **is_label);
        let mut labels: Vec<String> = labels.map(|(name, _)| name.clone()).collect();
        labels.sort_unstable();
        labels
    }

    /// Rows with a label.
    pub fn rows_of_label(&self, label: &str) -> u64 {
        let number = self.numbers.get(label);
        let of_label = self
            .rows
            .iter()
            .filter(|((_, label, _), _)| Some(label) == number);
        of_label.map(|(_, (rows, _))| rows).sum()
    }

    /// All counts by cell, label and prediction, in order.
    pub fn listed(&self) -> Vec<(u32, usize, usize, u64, Squared)> {
        let each = self.rows.iter();
        let each = each.map(|((cell, label, predicted), (rows, sums))| {
            let sums = sums.each_ref().map(Exact::settled);
            (*cell, *label, *predicted, *rows, sums)
        });
        let mut listed: Vec<_> = each.collect();
        listed.sort_unstable_by_key(|(cell, label, predicted, ..)| (*cell, *label, *predicted));
        listed
    }

    /// Puts back a class as it was kept. False where it is there already.
    pub fn is_new(&mut self, name: &str) -> bool {
        let known = self.names.len();
        self.class(name) == known
    }

    /// Puts back a count. False where it is there already, or of no class.
    pub fn restore(&mut self, key: (u32, usize, usize), count: (u64, Squared)) -> bool {
        let (_, label, predicted) = key;
        let classes = self.names.len();
        if label >= classes || predicted >= classes {
            return false;
        }
        self.is_label[label] = true;
        self.rows.insert(key, count).is_none()
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
        let counts = self
            .rows
            .iter()
            .filter_map(|((cell, label, predicted), (rows, sums))| {
                Some(Count {
                    cell: *cell,
                    label: here(*label)?,
                    predicted: here(*predicted)?,
                    rows: *rows,
                    sums: sums.clone(),
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
    use super::{Count, Counts, Squared};

    #[test]
    fn labels_come_first_whatever_the_order_of_rows() {
        let mut counts = Counts::default();
        for (label, predicted) in [("b", "a"), ("c", "z"), ("b", "a")] {
            counts.add(0, label, predicted, None);
        }
        let (names, labelled, counts) = counts.sorted();
        assert_eq!((names.join(""), labelled), ("bcaz".to_owned(), 2));
        let count = |label, predicted, rows| Count {
            cell: 0,
            label,
            predicted,
            rows,
            sums: Squared::default(),
        };
        assert_eq!(counts, [count(0, 2, 2), count(1, 3, 1)]);
    }
}
