//! The cases of two files, matched by an id.

use crate::engine::answers::{Answers, Role};
use crate::engine::intake::{Cell, Intake};
use crate::engine::paired::Matched;
use crate::engine::rows::{self, Column, positions};
use crate::engine::wanted::Wanted;
use crate::engine::{Limits, Place, Rejected, Watch};
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

/// The cases that both files have.
pub(super) struct Cases {
    wanted: Wanted,
    /// The answers of both files.
    pub answers: Answers,
    /// In the order of the later file.
    pub rows: Vec<Case>,
    /// What each file said of them, with the groups of the later one.
    pub intakes: [Intake; 2],
    pub only_before: u64,
    pub only_after: u64,
}

/// What a file says of a case.
#[derive(Clone, Copy)]
struct Row {
    label: usize,
    predicted: usize,
    /// 0 without a score.
    score: f64,
}

/// Where the cases of a file stand, each with what is kept of it.
struct Seen<'a, T> {
    id: Column<'a>,
    cases: HashMap<String, (Place, T)>,
}

impl<'a, T> Seen<'a, T> {
    fn new(id: Column<'a>) -> Self {
        let cases = HashMap::new();
        Self { id, cases }
    }

    /// Keeps a case, which must be new.
    fn keep(&mut self, case: &str, place: Place, kept: T) -> Result<(), Rejected> {
        match self.cases.insert(case.to_owned(), (place, kept)) {
            None => Ok(()),
            Some((first, _)) => Err(Rejected::SameCase {
                place,
                column: self.id.name.to_owned(),
                case: case.to_owned(),
                first,
            }),
        }
    }
}

impl Cases {
    /// The cases, and which files they are of.
    pub fn read(
        [before, after]: [&Path; 2],
        matched: Matched<'_>,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<(Self, [Source; 2]), Rejected> {
        if matched.columns.weight.is_some() {
            return Err(Rejected::Weighted);
        }
        let limits = &limits.held();
        let wanted = Wanted::new(matched.columns, limits)?;
        wanted.is_new(matched.id, "case id")?;
        let id = Column {
            name: matched.id,
            role: "case id",
        };
        let mut names = vec![matched.id.to_owned()];
        names.extend(wanted.names.iter().cloned());
        let unprotected = &names[..=wanted.protected];
        let mut cases = Self {
            answers: Answers::new(matched.columns),
            rows: Vec::new(),
            intakes: [0, 1].map(|_| Intake::new(&wanted, limits)),
            only_before: 0,
            only_after: 0,
            wanted,
        };
        let mut earlier = Seen::new(id);
        let choose = |header: &[String]| positions(unprotected, header);
        let before = rows::read(before, &choose, limits, progress, &mut |place, cells| {
            let row = cases.row(&cells[1..], place)?;
            earlier.keep(&id.text(cells[0], place)?, place, row)
        });
        let before = before.map_err(|rejected| rejected.of(Rejected::Before))?;
        let mut later = Seen::new(id);
        let choose = |header: &[String]| positions(&names, header);
        let after = rows::read(after, &choose, limits, progress, &mut |place, cells| {
            let (case, row) = (id.text(cells[0], place)?, cases.row(&cells[1..], place)?);
            later.keep(&case, place, ())?;
            match earlier.cases.get(case.as_ref()) {
                Some((_, was)) => cases.pair(&case, place, [*was, row], &cells[unprotected.len()..]),
                None => Ok(()),
            }
        })?;
        let paired = cases.rows.len();
        cases.only_before = (earlier.cases.len() - paired) as u64;
        cases.only_after = (later.cases.len() - paired) as u64;
        if paired == 0 {
            return Err(Rejected::NoCases(matched.id.to_owned()));
        }
        Ok((cases, [before, after]))
    }

    /// Reads the cells of a row, in the order of [`Wanted`].
    fn row(&mut self, cells: &[Cell<'_>], place: Place) -> Result<Row, Rejected> {
        let columns = &self.wanted.columns;
        let column = Column {
            name: columns.score.as_deref().unwrap_or_default(),
            role: "score",
        };
        let score = self.wanted.score.map(|at| column.number(cells[at], place));
        let score = score.transpose()?.unwrap_or_default();
        Ok(Row {
            label: self.answers.read(cells[0], Role::Label, place)?,
            predicted: match self.wanted.prediction {
                Some(at) => self.answers.read(cells[at], Role::Prediction, place)?,
                None => usize::from(score >= columns.cut()),
            },
            score,
        })
    }

    /// Takes in a case that both files have.
    fn pair(
        &mut self,
        case: &str,
        place: Place,
        rows: [Row; 2],
        groups: &[Cell<'_>],
    ) -> Result<(), Rejected> {
        let answer = |at: usize| &self.answers.known[at].text;
        let [was, is] = rows.map(|row| row.label);
        if was != is {
            return Err(Rejected::OtherAnswer {
                place,
                case: case.to_owned(),
                before: answer(was).clone(),
                after: answer(is).clone(),
            });
        }
        for (intake, row) in self.intakes.iter_mut().zip(rows) {
            let prediction = self.wanted.prediction.map(|_| Cell::Text(answer(row.predicted)));
            let score = self.wanted.score.map(|_| Cell::Real(row.score));
            // In the order in which rows hand in their cells.
            let answers = [Some(Cell::Text(answer(row.label))), prediction, score];
            let cells: Vec<_> = answers
                .into_iter()
                .flatten()
                .chain(groups.iter().copied())
                .collect();
            intake.row(place, |at| cells[at])?;
        }
        let [_, intake] = &mut self.intakes;
        let key = groups.iter().enumerate();
        let key: Vec<u32> = key
            .map(|(at, group)| intake.group(at, *group, place))
            .collect::<Result<_, _>>()?;
        self.rows.push(Case {
            label: is,
            predicted: rows.map(|row| row.predicted),
            scores: rows.map(|row| row.score),
            cell: intake.tally.cell(&key, place)?,
        });
        Ok(())
    }

    pub fn has_scores(&self) -> bool {
        self.wanted.score.is_some()
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
        let [_, intake] = &self.intakes;
        let names = |key: &[u32]| {
            let parts = key.iter().zip(&intake.groups);
            parts
                .map(|(id, groups)| groups.name(*id).map(str::to_owned))
                .collect()
        };
        intake.tally.cells.iter().map(|(key, _)| names(key)).collect()
    }
}
