//! The figures of classes with every row counted by its weight, as scikit-learn has them given `sample_weight`.

use super::classes::{Classes, defined};
use super::counts::Count;
use crate::engine::weighed::sum::{Squared, Sum, merge};
use crate::multiclass::{Average, Matrix, Measure};
use crate::report::{Entry, Figure};

/// Rows, and what they weigh.
#[derive(Clone, Copy, Default)]
struct Part {
    sum: Sum,
    rows: u64,
}

impl std::iter::Sum for Part {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut all, part| {
            all.sum.add(part.sum);
            all.rows += part.rows;
            all
        })
    }
}

impl Classes<'_> {
    /// Weights by label, then by prediction, of all rows.
    pub fn weights(&self) -> Vec<Vec<f64>> {
        let weights = |row: Vec<Part>| row.iter().map(|part| part.sum.weight).collect();
        self.parts(&self.all()).into_iter().map(weights).collect()
    }

    /// By label, then by prediction; added exactly and rounded once.
    fn parts(&self, counts: &[&Count]) -> Vec<Vec<Part>> {
        let size = self.names.len();
        let mut sums = vec![vec![(Squared::default(), 0); size]; size];
        for count in counts {
            let row = sums.get_mut(count.label);
            if let Some((sum, rows)) = row.and_then(|row| row.get_mut(count.predicted)) {
                merge(sum, &count.sums);
                *rows += count.rows;
            }
        }
        let part = |(sum, rows): (Squared, u64)| Part {
            sum: Sum::of(&sum),
            rows,
        };
        let row = |row: Vec<_>| row.into_iter().map(part).collect();
        sums.into_iter().map(row).collect()
    }

    /// The figures of one group, under the ids of those by rows.
    pub fn weighed(&self, counts: &[&Count]) -> Vec<Entry> {
        let parts = self.parts(counts);
        let all: Part = parts.iter().flatten().copied().sum();
        let right: Part = (0..parts.len()).map(|class| parts[class][class]).sum();
        let weights = |row: &Vec<Part>| row.iter().map(|part| part.sum.weight).collect();
        let matrix = Matrix::of_weights(parts.iter().map(weights).collect(), all.rows);
        let accuracy = self.part(right, all, "rows");
        let mean = |measure, average| {
            let figure = defined(
                matrix.average(measure, average),
                all.rows,
                "undefined in every class",
            );
            self.enough(figure, "rows")
        };
        let mut entries = vec![
            Entry::new("accuracy", accuracy.clone()),
            Entry::new("balanced_accuracy", mean(Measure::Recall, Average::Macro)),
        ];
        for (id, measure) in [
            ("precision", Measure::Precision),
            ("recall", Measure::Recall),
            ("f1", Measure::F1),
        ] {
            entries.push(Entry::new(format!("{id}_macro"), mean(measure, Average::Macro)));
            entries.push(Entry::new(
                format!("{id}_weighted"),
                mean(measure, Average::Weighted),
            ));
            entries.push(Entry::new(format!("{id}_micro"), accuracy.clone()));
        }
        let constant = "label or prediction never changes";
        entries.push(Entry::new("mcc", defined(matrix.matthews(), all.rows, constant)));
        entries.push(Entry::new("kappa", defined(matrix.kappa(), all.rows, constant)));
        entries.extend((0..self.names.len()).flat_map(|class| self.weighed_class(&parts, class, all)));
        entries
    }

    /// The figures of one class.
    fn weighed_class(&self, parts: &[Vec<Part>], class: usize, all: Part) -> Vec<Entry> {
        let right = parts[class][class];
        let labelled: Part = parts[class].iter().copied().sum();
        let predicted: Part = parts.iter().map(|row| row[class]).sum();
        let missed = (0..parts.len()).filter(|other| *other != class);
        let missed: Part = missed.map(|other| parts[class][other]).sum();
        let union: Part = [predicted, missed].into_iter().sum();
        let f1 = self.part(right, union, "rows of the class, labelled or predicted");
        let entry = |id: &str, figure| Entry::new(format!("{id}.{}", self.names[class]), figure);
        vec![
            entry("base_rate", self.part(labelled, all, "rows")),
            entry("selection_rate", self.part(predicted, all, "rows")),
            entry(
                "precision",
                self.part(right, predicted, "predictions of the class"),
            ),
            entry("recall", self.part(right, labelled, "rows of the class")),
            entry("f1", of_union(f1)),
        ]
    }

    fn part(&self, part: Part, of: Part, words: &str) -> Figure {
        of.sum.share(part.sum.weight, of.rows, words, self.settings)
    }
}

/// F1 is 2J/(1+J) for the share J = TP / (TP + FP + FN), and so are the ends of its interval.
fn of_union(share: Figure) -> Figure {
    let f1 = |share: f64| 2.0 * share / (1.0 + share);
    Figure {
        value: share.value.map(f1),
        low: share.low.map(f1),
        high: share.high.map(f1),
        ..share
    }
}
