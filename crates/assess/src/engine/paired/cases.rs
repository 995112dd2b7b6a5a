//! The cases of two files, matched by an id.

use crate::engine::answers::{Answers, Role};
use crate::engine::intake::{Cell, Intake};
use crate::engine::paired::Matched;
use crate::engine::table::{Input, Table};
use crate::engine::wanted::Wanted;
use crate::engine::{Limits, Place, Progress, Rejected};
use crate::report::Source;
use std::collections::HashMap;
use std::path::Path;

/// A case that both files have; of pairs, the earlier file's first.
pub(super) struct Case {
    label: usize,
    predicted: [usize; 2],
    pub scores: [f64; 2],
    /// The combination of groups, as the intakes number them.
    pub cell: u32,
}

/// What was the case, and what was said of it.
#[derive(Clone, Copy)]
pub(super) struct Outcome {
    pub positive: bool,
    /// Predicted positive before and after.
    pub predicted: [bool; 2],
}

/// One file's answers to the cases of both.
pub(super) struct Side {
    pub intake: Intake,
    pub source: Source,
}

pub(super) struct Cases {
    /// The answers of both files.
    pub answers: Answers,
    /// In the order of the later file.
    pub rows: Vec<Case>,
    pub sides: [Side; 2],
    pub has_scores: bool,
    pub only_before: u64,
    pub only_after: u64,
}

/// A row of one file.
#[derive(Clone, Copy)]
struct Row {
    label: usize,
    predicted: usize,
    /// 0 without a score.
    score: f64,
}

/// The rows of one file, and where each case stands.
struct Rows {
    rows: Vec<Row>,
    of_case: HashMap<String, usize>,
}

impl Cases {
    pub fn read(
        [before, after]: [&Path; 2],
        matched: Matched<'_>,
        limits: &Limits,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Rejected> {
        if matched.columns.weight.is_some() {
            return Err(Rejected::Weighted);
        }
        let limits = &limits.held();
        let wanted = Wanted::new(matched.columns, limits)?;
        wanted.is_new(matched.id, "case id")?;
        let mut answers = Answers::new(matched.columns);
        let named = |name: &str| name == matched.id || wanted.names.iter().any(|wanted| wanted == name);
        let unprotected =
            |name: &str| named(name) && !matched.columns.protected.iter().any(|other| other == name);
        // What is kept of the earlier file is small, so that only one file's text is held at a time.
        let (earlier, source) = Table::read(Input::Path(before), &unprotected, limits, progress)
            .and_then(|table| Ok((Rows::of(&table, &wanted, matched, &mut answers)?, table.source)))
            .map_err(|rejected| Rejected::Before(Box::new(rejected)))?;
        let table = Table::read(Input::Path(after), &named, limits, progress)?;
        let later = Rows::of(&table, &wanted, matched, &mut answers)?;
        let mut cases = Self {
            answers,
            rows: Vec::new(),
            sides: [source, table.source.clone()].map(|source| Side {
                intake: Intake::new(&wanted, limits),
                source,
            }),
            has_scores: wanted.score.is_some(),
            only_before: 0,
            only_after: 0,
        };
        cases.pair(&earlier, &later, &table, matched)?;
        let paired = cases.rows.len();
        cases.only_before = (earlier.rows.len() - paired) as u64;
        cases.only_after = (later.rows.len() - paired) as u64;
        if paired == 0 {
            return Err(Rejected::NoCases(matched.id.to_owned()));
        }
        Ok(cases)
    }

    fn pair(
        &mut self,
        earlier: &Rows,
        later: &Rows,
        table: &Table,
        matched: Matched<'_>,
    ) -> Result<(), Rejected> {
        let ids = table.texts(matched.id, "case id")?;
        let protected = matched.columns.protected.iter();
        let groups: Vec<_> = protected
            .map(|name| table.column(name))
            .collect::<Result<_, _>>()?;
        for (at, (id, row)) in ids.iter().zip(&later.rows).enumerate() {
            let Some(was) = earlier.of_case.get(*id) else {
                continue;
            };
            let was = earlier.rows[*was];
            if was.label != row.label {
                return Err(Rejected::OtherAnswer {
                    place: place(at),
                    case: (*id).to_owned(),
                    before: self.answers.known[was.label].text.clone(),
                    after: self.answers.known[row.label].text.clone(),
                });
            }
            let groups = groups.iter().map(|groups| groups[at].as_deref());
            let groups: Vec<_> = groups
                .map(|group| group.map_or(Cell::Missing, Cell::Text))
                .collect();
            self.take(place(at), [was, *row], &groups)?;
        }
        Ok(())
    }

    fn take(&mut self, place: Place, rows: [Row; 2], groups: &[Cell<'_>]) -> Result<(), Rejected> {
        for (side, row) in self.sides.iter_mut().zip(rows) {
            let answer = |at: usize| Cell::Text(&self.answers.known[at].text);
            let intake = &mut side.intake;
            let prediction = intake.columns.prediction.as_ref().map(|_| answer(row.predicted));
            let score = intake.columns.score.as_ref().map(|_| Cell::Real(row.score));
            // In the order in which rows hand in their cells.
            let answers = [Some(answer(row.label)), prediction, score];
            let cells: Vec<_> = answers
                .into_iter()
                .flatten()
                .chain(groups.iter().copied())
                .collect();
            intake.row(place, |at| cells[at])?;
        }
        let [_, Side { intake, .. }] = &mut self.sides;
        let key = groups.iter().enumerate();
        let key: Vec<u32> = key
            .map(|(at, group)| intake.group(at, *group, place))
            .collect::<Result<_, _>>()?;
        self.rows.push(Case {
            label: rows[0].label,
            predicted: rows.map(|row| row.predicted),
            scores: rows.map(|row| row.score),
            cell: intake.tally.cell(&key, place)?,
        });
        Ok(())
    }

    /// Each case by whether it was, and was said to be, positive. By threshold, a prediction of 1 is the positive answer.
    pub fn outcomes(&self, positive: usize, by_threshold: bool) -> Vec<Outcome> {
        let predicted = if by_threshold { 1 } else { positive };
        let outcome = |case: &Case| Outcome {
            positive: case.label == positive,
            predicted: case.predicted.map(|answer| answer == predicted),
        };
        self.rows.iter().map(outcome).collect()
    }

    /// The groups of each cell, a value for each protected attribute.
    pub fn cells(&self) -> Vec<Vec<Option<String>>> {
        let [_, Side { intake, .. }] = &self.sides;
        let names = |key: &[u32]| {
            let parts = key.iter().zip(&intake.groups);
            parts
                .map(|(id, groups)| groups.name(*id).map(str::to_owned))
                .collect()
        };
        intake.tally.cells.iter().map(|(key, _)| names(key)).collect()
    }
}

impl Rows {
    fn of(
        table: &Table,
        wanted: &Wanted,
        matched: Matched<'_>,
        answers: &mut Answers,
    ) -> Result<Self, Rejected> {
        let columns = matched.columns;
        let ids = table.texts(matched.id, "case id")?;
        let labels = table.texts(&columns.label, "label")?;
        let predictions = columns.prediction.as_deref();
        let predictions = predictions
            .map(|name| table.texts(name, "prediction"))
            .transpose()?;
        let scores = columns.score.as_deref();
        let scores = scores.map(|name| table.numbers(name, "score")).transpose()?;
        let (mut rows, mut of_case) = (Vec::with_capacity(ids.len()), HashMap::with_capacity(ids.len()));
        for (at, id) in ids.iter().enumerate() {
            if let Some(first) = of_case.insert((*id).to_owned(), at) {
                return Err(Rejected::SameCase {
                    place: place(at),
                    column: matched.id.to_owned(),
                    case: (*id).to_owned(),
                    first: place(first),
                });
            }
            let label = answers.read(Cell::Text(labels[at]), Role::Label, place(at))?;
            let score = scores.as_ref().map_or(0.0, |scores| scores[at]);
            let predicted = match &predictions {
                Some(predictions) => {
                    answers.read(Cell::Text(predictions[at]), Role::Prediction, place(at))?
                }
                None => usize::from(score >= wanted.columns.cut()),
            };
            rows.push(Row {
                label,
                predicted,
                score,
            });
        }
        Ok(Self { rows, of_case })
    }
}

fn place(row: usize) -> Place {
    Place {
        row: row as u64 + 1,
        line: None,
    }
}
