//! Replies about a file with three classes or more.

use super::compare::{Replies, Reply, number};
use super::drift::{Drift, is_drift};
use super::manifest::Dataset;
use super::table::Table;
use assess::multiclass::scores::Scores;
use assess::multiclass::{Average, Matrix, Measure, numbered, sklearn};
use assess::partition::Part;
use assess::spread::{Spread, fairlearn};
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// A file's rows that have a label and a prediction.
pub struct Multiclass {
    dataset: Dataset,
    table: Rc<Table>,
    drift: Drift,
    /// The classes that occur among the labels, then those that are only predicted.
    classes: Vec<String>,
    labelled: usize,
    rows: Vec<Option<(usize, usize)>>,
}

/// Named figures of one group.
pub type Row = Vec<(String, Option<f64>)>;

impl Multiclass {
    pub fn new(dataset: &Dataset, table: Table) -> Option<Self> {
        let (labels, predictions) = (table.column("y_true")?, table.column("y_pred")?);
        let mut classes = sorted(labels);
        let labelled = classes.len();
        for class in sorted(predictions) {
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
        let number = |cells: &[Option<String>]| {
            let named: Vec<Option<String>> = classes.iter().cloned().map(Some).collect();
            numbered(cells, &named)
        };
        let rows = number(labels).into_iter().zip(number(predictions));
        let rows = rows.map(|(label, prediction)| label.zip(prediction)).collect();
        let table = Rc::new(table);
        Some(Self {
            drift: Drift::new(dataset, Rc::clone(&table)),
            dataset: dataset.clone(),
            table,
            rows,
            labelled,
            classes,
        })
    }

    fn value(&self, id: &str) -> Option<Value> {
        if id == "classes" {
            Some(as_written(&self.classes[..self.labelled]))
        } else if let Some(figure) = id.strip_prefix("overall.") {
            self.overall(figure)
        } else if let Some(of) = id.strip_prefix("by_group.") {
            self.by_group(of)
        } else if let Some((kind, of)) = id.strip_prefix("mf.").and_then(|rest| rest.split_once('.')) {
            self.gaps(kind, of)
        } else {
            None
        }
    }

    fn matrix(&self, rows: &[Option<(usize, usize)>]) -> Matrix {
        let rows = rows.iter().flatten();
        Matrix::new(
            self.classes.len(),
            rows.map(|&(label, prediction)| (label, prediction, 1.0)),
        )
    }

    fn overall(&self, figure: &str) -> Option<Value> {
        let matrix = self.matrix(&self.rows);
        if let Some(rest) = figure.strip_prefix("roc_auc.") {
            let (way, average) = rest.split_once('.')?;
            let (scores, average) = (self.scores()?, average_named(average)?);
            return match way {
                "ovr" => Some(number(scores.one_versus_rest(average))),
                "ovo" => Some(number(scores.one_versus_one(average))),
                _ => None,
            };
        }
        if let Some((measure, average)) = figure.split_once("_score.") {
            let measure = measure_named(measure)?;
            if average == "per_class" {
                let classes = 0..self.labelled;
                return Some(
                    classes
                        .map(|class| number(sklearn::measure(&matrix, measure, class)))
                        .collect(),
                );
            }
            return Some(number(sklearn::average(
                &matrix,
                measure,
                average_named(average)?,
            )));
        }
        match figure {
            "confusion" => Some(json!(
                matrix.cells()[..self.labelled]
                    .iter()
                    .map(|row| &row[..self.labelled])
                    .collect::<Vec<_>>()
            )),
            "accuracy" => Some(number(matrix.accuracy())),
            "balanced_accuracy" => Some(number(matrix.balanced_accuracy())),
            "mcc" => Some(number(sklearn::matthews(&matrix))),
            "kappa" => Some(number(matrix.kappa())),
            "log_loss" => Some(number(self.scores()?.log_loss())),
            _ => None,
        }
    }

    /// The columns named after the classes, else as many as there are classes, in their order.
    fn scores(&self) -> Option<Scores> {
        let classes = &self.classes[..self.labelled];
        let named = |class: &String| format!("y_score_{class}");
        let mut columns: Vec<String> = classes.iter().map(named).collect();
        if columns.iter().any(|column| self.table.column(column).is_none()) {
            let scores = self
                .table
                .header
                .iter()
                .filter(|name| name.starts_with("y_score_"));
            columns = scores.cloned().collect();
        }
        let column = |name: &String| {
            let scores = self.table.numbers(name)?;
            Some(
                scores
                    .into_iter()
                    .map(|score| score.unwrap_or(f64::NAN))
                    .collect(),
            )
        };
        let scores: Vec<Vec<f64>> = columns.iter().map(column).collect::<Option<_>>()?;
        let beyond = self.classes.len();
        let labels = self.rows.iter().map(|row| row.map_or(beyond, |row| row.0));
        (scores.len() == self.labelled).then(|| Scores::new(&labels.collect::<Vec<_>>(), &scores, None))
    }

    fn frame(&self, of: &str) -> Option<Vec<(String, Row)>> {
        let groups = self.table.groups(&self.dataset.columns_of(of, &self.table)?)?;
        let row = |part: &Part<'_>| self.row(&self.matrix(&part.pick(&self.rows)));
        Some(
            groups
                .into_iter()
                .map(|(name, part)| (name, row(&part)))
                .collect(),
        )
    }

    fn row(&self, matrix: &Matrix) -> Row {
        let macro_f1 = sklearn::average(matrix, Measure::F1, Average::Macro);
        let mut row = vec![
            ("count".to_owned(), Some(assess::stats::real(matrix.rows()))),
            ("accuracy".to_owned(), matrix.accuracy()),
            ("f1_macro".to_owned(), Some(macro_f1)),
        ];
        let classes = || self.classes[..self.labelled].iter().enumerate();
        row.extend(classes().map(|(at, class)| (format!("selection_rate_{class}"), matrix.selection(at))));
        row.extend(
            classes().map(|(at, class)| (format!("recall_{class}"), matrix.measure(Measure::Recall, at))),
        );
        row
    }

    fn by_group(&self, of: &str) -> Option<Value> {
        Some(Value::Object(
            self.frame(of)?
                .into_iter()
                .map(|(name, row)| (name, object(row)))
                .collect(),
        ))
    }

    fn gaps(&self, kind: &str, of: &str) -> Option<Value> {
        let frame = self.frame(of)?;
        gaps(kind, &frame.into_iter().map(|(_, row)| row).collect::<Vec<_>>())
    }
}

impl Replies for Multiclass {
    fn reply(&self, id: &str, call: &str) -> Reply {
        if is_drift(id) {
            return self.drift.reply(id, call);
        }
        Reply::of(self.value(id), "no such figure of several classes")
    }
}

/// Named figures as an object.
pub fn object(row: Row) -> Value {
    let row: Map<String, Value> = row.into_iter().map(|(id, value)| (id, number(value))).collect();
    Value::Object(row)
}

/// fairlearn's difference or ratio of each figure of the groups' rows.
pub fn gaps(kind: &str, rows: &[Row]) -> Option<Value> {
    let gap: fn(&Spread) -> f64 = match kind {
        "difference" => fairlearn::difference,
        "ratio" => fairlearn::ratio,
        _ => return None,
    };
    let ids = rows.first()?.iter().enumerate();
    let figures = ids.map(|(at, (id, _))| {
        let values = rows.iter().map(|row| row.get(at).and_then(|figure| figure.1));
        (id.clone(), Spread::of(values).map(|spread| gap(&spread)))
    });
    Some(object(figures.collect()))
}

fn measure_named(name: &str) -> Option<Measure> {
    match name {
        "precision" => Some(Measure::Precision),
        "recall" => Some(Measure::Recall),
        "f1" => Some(Measure::F1),
        _ => None,
    }
}

fn average_named(name: &str) -> Option<Average> {
    match name {
        "macro" => Some(Average::Macro),
        "micro" => Some(Average::Micro),
        "weighted" => Some(Average::Weighted),
        _ => None,
    }
}

/// The values of a column in Python's order: whole numbers by size, else text by code point.
fn sorted(column: &[Option<String>]) -> Vec<String> {
    let mut values: Vec<String> = column.iter().flatten().cloned().collect();
    values.sort_unstable();
    values.dedup();
    if values.iter().all(|value| value.parse::<i64>().is_ok()) {
        values.sort_by_key(|value| value.parse::<i64>().ok());
    }
    values
}

/// Classes as Python has them: numbers where all of them are whole numbers.
fn as_written(classes: &[String]) -> Value {
    let numbers: Option<Vec<i64>> = classes.iter().map(|class| class.parse().ok()).collect();
    numbers.map_or_else(|| json!(classes), |numbers| json!(numbers))
}
