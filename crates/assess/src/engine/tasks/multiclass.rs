//! Three classes or more (two as well): how often each is told from the others, overall and by group.

use super::super::figures::f1_interval;
use super::super::table::{Input, Table};
use super::super::{Limits, Progress, Rejected, Request};
use super::by_group::{Compared, Lens};
use super::{is_named, prediction, warnings};
use crate::assessment::With;
use crate::multiclass::scores::Scores;
use crate::multiclass::{Average, Matrix, Measure};
use crate::report::{Columns, Dependence, Entry, Figure, Settings, Warning};
use crate::stats::{chi_square, real, wilson};
use crate::tasks::Multiclass;
use crate::tasks::multiclass::{Detail, SCHEMA};
use std::collections::BTreeMap;

/// Classes that a file may have.
pub const MAX_CLASSES: usize = 100;

/// Assesses a file by its label and prediction columns. `columns.score` is what the names of the score columns begin
/// with: `y_score` stands for `y_score_none`, `y_score_violent` and so on, one for each class among the labels.
///
/// # Errors
/// [`Rejected`] names what is wrong with the file or the columns, and where.
pub fn assess(
    input: Input<'_>,
    request: &Request,
    limits: &Limits,
    progress: &mut dyn FnMut(Progress),
) -> Result<With<Multiclass>, Rejected> {
    let prefix = request.columns.score.as_ref().map(|score| format!("{score}_"));
    let is_score = |name: &str| prefix.as_ref().is_some_and(|prefix| name.starts_with(prefix));
    let wants = |name: &str| is_named(request, name) || is_score(name);
    let table = Table::read(input, &wants, limits, progress)?;
    report(&table, request, limits)
}

fn report(table: &Table, request: &Request, limits: &Limits) -> Result<With<Multiclass>, Rejected> {
    let classes = Classes::read(table, &request.columns, &request.settings)?;
    let all: Vec<usize> = (0..table.rows).collect();
    let mut overall = classes.figures(&all);
    overall.extend(classes.score_figures());
    let detail = Detail {
        confusion: classes.matrix(&all),
        scores: classes.score_names.clone(),
        classes: classes.names.clone(),
    };
    super::report(table, request, limits, &classes, (SCHEMA, detail, overall))
}

struct Classes<'a> {
    names: Vec<String>,
    /// By row: label and prediction, as places in `names`.
    rows: Vec<(usize, usize)>,
    score_names: Vec<String>,
    scores: Option<Scores>,
    settings: &'a Settings,
}

impl<'a> Classes<'a> {
    fn read(table: &Table, columns: &Columns, settings: &'a Settings) -> Result<Self, Rejected> {
        if columns.label.is_empty() {
            return Err(Rejected::Unnamed("label column"));
        }
        let labels = table.texts(&columns.label, "label")?;
        let predictions = table.texts(prediction(columns)?, "prediction")?;
        let mut number: BTreeMap<&str, usize> = labels.iter().map(|label| (*label, 0)).collect();
        number.values_mut().zip(0..).for_each(|(place, at)| *place = at);
        let labelled = number.len();
        let mut stray: Vec<&str> = predictions
            .iter()
            .copied()
            .filter(|class| !number.contains_key(class))
            .collect();
        stray.sort_unstable();
        stray.dedup();
        let mut names: Vec<String> = number.keys().map(|class| (*class).to_owned()).collect();
        names.extend(stray.iter().map(|class| (*class).to_owned()));
        number.extend(stray.into_iter().zip(labelled..));
        if names.len() > MAX_CLASSES {
            return Err(Rejected::TooManyClasses {
                column: columns.label.clone(),
                limit: MAX_CLASSES,
            });
        }
        let place = |class: &&str| number.get(class).copied().unwrap_or_default();
        let rows: Vec<_> = labels
            .iter()
            .zip(&predictions)
            .map(|(label, prediction)| (place(label), place(prediction)))
            .collect();
        let of_labels = names.iter().take(labelled);
        let score_names: Vec<String> = match &columns.score {
            Some(prefix) => of_labels.map(|class| format!("{prefix}_{class}")).collect(),
            None => Vec::new(),
        };
        let scores: Vec<Vec<f64>> = score_names
            .iter()
            .map(|name| table.numbers(name, "score"))
            .collect::<Result<_, _>>()?;
        let of_rows: Vec<usize> = rows.iter().map(|(label, _)| *label).collect();
        Ok(Self {
            scores: (!scores.is_empty()).then(|| Scores::new(&of_rows, &scores, None)),
            names,
            rows,
            score_names,
            settings,
        })
    }

    fn counts(&self, rows: &[usize]) -> Matrix {
        let rows = rows.iter().filter_map(|row| self.rows.get(*row));
        Matrix::new(
            self.names.len(),
            rows.map(|&(label, prediction)| (label, prediction, 1.0)),
        )
    }

    fn matrix(&self, rows: &[usize]) -> Vec<Vec<u64>> {
        let mut cells = vec![vec![0; self.names.len()]; self.names.len()];
        for &(label, prediction) in rows.iter().filter_map(|row| self.rows.get(*row)) {
            if let Some(cell) = cells.get_mut(label).and_then(|row| row.get_mut(prediction)) {
                *cell += 1;
            }
        }
        cells
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

    /// ROC AUC and log loss, from the scores of all rows.
    fn score_figures(&self) -> Vec<Entry> {
        let n = self.rows.len() as u64;
        let figure = |value: &dyn Fn(&Scores) -> Option<f64>| match &self.scores {
            None => Figure::none(n, "no score columns were named"),
            Some(scores) => defined(
                value(scores),
                scores.rows() as u64,
                "fewer than two classes occur",
            ),
        };
        let rest = |average| figure(&move |scores: &Scores| scores.one_versus_rest(average));
        let pairs = |average| figure(&move |scores: &Scores| scores.one_versus_one(average));
        vec![
            Entry::new("roc_auc_ovr_macro", rest(Average::Macro)),
            Entry::new("roc_auc_ovr_weighted", rest(Average::Weighted)),
            Entry::new("roc_auc_ovo_macro", pairs(Average::Macro)),
            Entry::new("roc_auc_ovo_weighted", pairs(Average::Weighted)),
            Entry::new("log_loss", figure(&Scores::log_loss)),
        ]
    }
}

fn defined(value: Option<f64>, n: u64, reason: &str) -> Figure {
    value.map_or_else(|| Figure::none(n, reason), |value| Figure::new(value, None, n))
}

impl Lens for Classes<'_> {
    fn figures(&self, rows: &[usize]) -> Vec<Entry> {
        let (matrix, cells, n) = (self.counts(rows), self.matrix(rows), rows.len() as u64);
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
    fn dependence(&self, groups: &[&[usize]]) -> Option<Dependence> {
        let predicted = |rows: &&[usize]| {
            let mut counts = vec![0; self.names.len()];
            for (_, prediction) in rows.iter().filter_map(|row| self.rows.get(*row)) {
                if let Some(count) = counts.get_mut(*prediction) {
                    *count += 1;
                }
            }
            counts
        };
        let table: Vec<Vec<u64>> = groups.iter().map(predicted).collect();
        let (test, degrees) = chi_square(&table)?;
        Some(Dependence {
            chi_square: test.statistic,
            degrees,
            p: test.p,
        })
    }

    fn warnings(&self, columns: &Columns, _: &[Entry]) -> Vec<Warning> {
        let alike = |side: fn(&(usize, usize)) -> usize| {
            let mut values = self.rows.iter().map(side);
            values
                .next()
                .is_some_and(|first| values.all(|value| first == value))
        };
        warnings::of_answers(columns, alike(|row| row.0), alike(|row| row.1))
    }
}
