//! The figures of classes, overall and by group, every row counted once.

use super::super::by_group::{Compared, Lens};
use super::super::cells::{Cells, Grouping};
use super::super::warnings;
use super::areas::{Fit, Scored, TOO_MANY};
use super::counts::Count;
use crate::engine::figures::f1_interval;
use crate::multiclass::{Average, Matrix, Measure};
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{chi_square, real, wilson};

/// The classes of a file, and its rows by them.
pub(super) struct Classes<'a> {
    /// Those of labels first.
    pub names: Vec<String>,
    pub counts: Vec<Count>,
    /// What the score columns come to, or why there is nothing.
    pub scored: Result<Scored, &'static str>,
    pub settings: &'a Settings,
}

impl Classes<'_> {
    /// The counts of all rows.
    pub fn all(&self) -> Vec<&Count> {
        self.counts.iter().collect()
    }

    /// Rows by label, then by prediction.
    pub fn matrix(&self, counts: &[&Count]) -> Vec<Vec<u64>> {
        let mut cells = vec![vec![0; self.names.len()]; self.names.len()];
        for count in counts {
            if let Some(cell) = cells
                .get_mut(count.label)
                .and_then(|row| row.get_mut(count.predicted))
            {
                *cell += count.rows;
            }
        }
        cells
    }

    /// The counts of each group.
    pub fn by_group(&self, grouping: &Grouping) -> Vec<Vec<&Count>> {
        let mut counts = vec![Vec::new(); grouping.groups];
        for count in &self.counts {
            if let Some(group) = grouping.of(count.cell) {
                counts[group].push(count);
            }
        }
        counts
    }

    fn share(&self, (x, n): (u64, u64), of: &str) -> Figure {
        if n == 0 {
            return Figure::none(0, format!("no {of}"));
        }
        let figure = Figure::new(real(x) / real(n), wilson(x, n, self.settings.z), n);
        self.enough(figure, of)
    }

    pub fn enough(&self, figure: Figure, of: &str) -> Figure {
        figure.enough(self.settings.min_outcomes, of)
    }

    /// The figures of one class, whose predictions and labels are counted in `cells`.
    fn of_class(&self, cells: &[Vec<u64>], class: usize, n: u64) -> Vec<Entry> {
        let row = cells.get(class).map_or(&[][..], Vec::as_slice);
        let right = row.get(class).copied().unwrap_or_default();
        let labelled: u64 = row.iter().sum();
        let predicted: u64 = cells.iter().filter_map(|row| row.get(class)).sum();
        let union = labelled + predicted - right;
        let f1 = if union == 0 {
            Figure::none(0, "no rows of the class, labelled or predicted")
        } else {
            let value = 2.0 * real(right) / real(labelled + predicted);
            let interval = f1_interval(right, union, self.settings.z);
            self.enough(
                Figure::new(value, interval, union),
                "rows of the class, labelled or predicted",
            )
        };
        let name = self.names.get(class).map_or("", String::as_str);
        let entry = |id: &str, figure| Entry::new(format!("{id}.{name}"), figure);
        vec![
            entry("base_rate", self.share((labelled, n), "rows")),
            entry("selection_rate", self.share((predicted, n), "rows")),
            entry(
                "precision",
                self.share((right, predicted), "predictions of the class"),
            ),
            entry("recall", self.share((right, labelled), "rows of the class")),
            entry("f1", f1),
        ]
    }

    /// The columns of scores; none where nothing comes of them.
    pub fn score_columns(&self) -> Vec<String> {
        let scored = self.scored.as_ref();
        scored.map_or_else(|_| Vec::new(), |scored| scored.columns.clone())
    }

    /// ROC AUC and log loss, from the scores of all `n` rows.
    pub fn score_figures(&self, n: u64) -> Vec<Entry> {
        match &self.scored {
            Ok(scored) => scored.fit.entries(scored.rows),
            Err(reason) => Fit::withheld(n, reason),
        }
    }

    /// The same by weight.
    pub fn weighted_score_figures(&self, n: u64) -> Vec<Entry> {
        let by_weight = self.scored.as_ref().map(|scored| (&scored.weighted, scored.rows));
        match by_weight {
            Ok((Some(fit), rows)) => fit.entries(rows),
            Ok((None, rows)) => Fit::withheld(rows, TOO_MANY),
            Err(reason) => Fit::withheld(n, reason),
        }
    }
}

/// A figure without an interval; none for a reason.
pub(super) fn defined(value: Option<f64>, n: u64, reason: &str) -> Figure {
    value.map_or_else(|| Figure::none(n, reason), |value| Figure::new(value, None, n))
}

impl Classes<'_> {
    /// The figures of one group.
    pub fn of_group(&self, counts: &[&Count]) -> Vec<Entry> {
        let cells = self.matrix(counts);
        let n = cells.iter().flatten().sum();
        let matrix = Matrix::of_counts(&cells);
        let right = cells.iter().enumerate().filter_map(|(class, row)| row.get(class));
        let right: u64 = right.sum();
        let mean = |measure, average| {
            let figure = defined(matrix.average(measure, average), n, "undefined in every class");
            self.enough(figure, "rows")
        };
        let mut entries = vec![
            Entry::new("accuracy", self.share((right, n), "rows")),
            Entry::new("balanced_accuracy", mean(Measure::Recall, Average::Macro)),
        ];
        let measures = [
            ("precision", Measure::Precision),
            ("recall", Measure::Recall),
            ("f1", Measure::F1),
        ];
        for (id, measure) in measures {
            entries.push(Entry::new(format!("{id}_macro"), mean(measure, Average::Macro)));
            entries.push(Entry::new(
                format!("{id}_weighted"),
                mean(measure, Average::Weighted),
            ));
            // Summed over all classes each is the share of rows predicted rightly.
            entries.push(Entry::new(format!("{id}_micro"), self.share((right, n), "rows")));
        }
        let constant = "label or prediction never changes";
        entries.push(Entry::new("mcc", defined(matrix.matthews(), n, constant)));
        entries.push(Entry::new("kappa", defined(matrix.kappa(), n, constant)));
        entries.extend((0..self.names.len()).flat_map(|class| self.of_class(&cells, class, n)));
        entries
    }
}

impl Lens for Classes<'_> {
    fn figures(&self, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let groups = self.by_group(grouping);
        groups.iter().map(|counts| self.of_group(counts)).collect()
    }

    fn weighted(&self, _: &Cells, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let groups = self.by_group(grouping);
        groups.iter().map(|counts| self.weighed(counts)).collect()
    }

    fn compared(&self) -> Vec<Compared> {
        let mut all = vec![
            Compared::new("accuracy", "Accuracy", true),
            Compared::new("f1_macro", "Macro F1", true),
        ];
        for name in &self.names {
            all.push(Compared::new(
                format!("selection_rate.{name}"),
                format!("Share predicted {name}"),
                true,
            ));
            all.push(Compared::new(
                format!("recall.{name}"),
                format!("Recall of {name}"),
                true,
            ));
        }
        all
    }

    /// Pearson's chi-square of the predicted class by group.
    fn dependence(&self, grouping: &Grouping) -> Option<Dependence> {
        let mut table = vec![vec![0; self.names.len()]; grouping.groups];
        for (row, counts) in table.iter_mut().zip(self.by_group(grouping)) {
            for count in counts {
                row[count.predicted] += count.rows;
            }
        }
        let (test, degrees) = chi_square(&table)?;
        Some(Dependence {
            chi_square: test.statistic,
            degrees,
            p: test.p,
        })
    }

    fn warnings(&self, columns: &Columns, _: &[Entry]) -> Vec<Warning> {
        let alike = |side: fn(&Count) -> usize| {
            let mut values = self.counts.iter().map(side);
            values
                .next()
                .is_some_and(|first| values.all(|value| first == value))
        };
        let mut found = warnings::of_answers(
            columns,
            alike(|count| count.label),
            alike(|count| count.predicted),
        );
        let rounded = self.scored.as_ref().ok().and_then(|scored| scored.rounded);
        found.extend(rounded.map(|(places, off)| {
            warnings::rounded_scores(columns, places, off, "and all other figures are exact")
        }));
        found
    }
}
