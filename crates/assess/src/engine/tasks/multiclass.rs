//! Three classes or more (two as well): how often each is told from the others, overall and by group.

mod areas;
mod counts;

use super::by_group::{Compared, Lens};
use super::cells::{Cells, Grouping};
use super::{Wanted, prediction, warnings};
use crate::engine::figures::f1_interval;
use crate::engine::{Limits, Rejected, Request, Watch};
use crate::multiclass::{Average, Matrix, Measure};
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{chi_square, real, wilson};
use crate::tasks::Multiclass;
use crate::tasks::multiclass::{Detail, SCHEMA};
use areas::Scored;
use counts::{Count, Counts};
use std::path::Path;

/// Classes that a file may have.
const MAX_CLASSES: usize = 100;

/// Reads a file by its label and prediction columns and works out its report. `columns.score` is what the names of the
/// score columns begin with: `y_score` stands for `y_score_none`, `y_score_violent` and so on, one for each class among the
/// labels, for which the file is read once more.
pub(in crate::engine) fn assess(
    file: &Path,
    request: &Request,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Multiclass, Rejected> {
    let columns = &request.columns;
    let wanted = Wanted::new(
        &[(&columns.label, "label"), (prediction(columns)?, "prediction")],
        columns,
    )?;
    let (label, predicted) = (wanted.column(0), wanted.column(1));
    let (mut cells, mut counts) = (Cells::new(columns, limits)?, Counts::default());
    let source = wanted.read(file, limits, progress, &mut |place, row| {
        let pair = (label.text(row[0], place)?, predicted.text(row[1], place)?);
        let cell = cells.count(&row[2..], place)?;
        if counts.add(cell, &pair.0, &pair.1) > MAX_CLASSES {
            return Err(Rejected::TooManyClasses {
                column: columns.label.clone(),
                limit: MAX_CLASSES,
            });
        }
        Ok(())
    })?;
    let (names, labelled, counts) = counts.sorted();
    let scored = match &columns.score {
        None => None,
        Some(prefix) => Some(areas::read(
            file,
            columns,
            prefix,
            &names[..labelled],
            limits,
            progress,
        )?),
    };
    let classes = Classes {
        names,
        counts,
        scored,
        settings: &request.settings,
    };
    let mut overall = classes.figures(&cells.all()).pop().unwrap_or_default();
    overall.extend(classes.score_figures(cells.rows()));
    let all: Vec<&Count> = classes.counts.iter().collect();
    let detail = Detail {
        confusion: classes.matrix(&all),
        scores: classes
            .scored
            .as_ref()
            .map(|scored| scored.columns.clone())
            .unwrap_or_default(),
        classes: classes.names.clone(),
    };
    Ok(super::report(
        source,
        &cells,
        request,
        &classes,
        (SCHEMA, detail, overall),
    ))
}

struct Classes<'a> {
    names: Vec<String>,
    counts: Vec<Count>,
    scored: Option<Scored>,
    settings: &'a Settings,
}

impl Classes<'_> {
    /// Rows by label, then by prediction.
    fn matrix(&self, counts: &[&Count]) -> Vec<Vec<u64>> {
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
    fn by_group(&self, grouping: &Grouping) -> Vec<Vec<&Count>> {
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

    fn enough(&self, figure: Figure, of: &str) -> Figure {
        let min = self.settings.min_outcomes;
        if figure.n < min && figure.value.is_some() {
            return figure.unjudged(format!("fewer than {min} {of}"));
        }
        figure
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

    /// ROC AUC and log loss, from the scores of all `n` rows.
    fn score_figures(&self, n: u64) -> Vec<Entry> {
        let figure = |value: &dyn Fn(&Scored) -> Option<f64>| match &self.scored {
            None => Figure::none(n, "no score columns were named"),
            Some(scored) => defined(value(scored), scored.rows, "fewer than two classes occur"),
        };
        let rest = |average| figure(&move |scored: &Scored| scored.areas.one_versus_rest(average));
        let pairs = |average| figure(&move |scored: &Scored| scored.areas.one_versus_one(average));
        vec![
            Entry::new("roc_auc_ovr_macro", rest(Average::Macro)),
            Entry::new("roc_auc_ovr_weighted", rest(Average::Weighted)),
            Entry::new("roc_auc_ovo_macro", pairs(Average::Macro)),
            Entry::new("roc_auc_ovo_weighted", pairs(Average::Weighted)),
            Entry::new("log_loss", figure(&|scored: &Scored| scored.log_loss)),
        ]
    }
}

fn defined(value: Option<f64>, n: u64, reason: &str) -> Figure {
    value.map_or_else(|| Figure::none(n, reason), |value| Figure::new(value, None, n))
}

impl Classes<'_> {
    /// The figures of one group.
    fn of_group(&self, counts: &[&Count]) -> Vec<Entry> {
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
        let rounded = self.scored.as_ref().and_then(|scored| scored.rounded);
        found.extend(rounded.map(|(places, off)| {
            warnings::rounded_scores(columns, places, off, "and all other figures are exact")
        }));
        found
    }
}
