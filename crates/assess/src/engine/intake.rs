//! Taking in rows: what each wanted column must hold, whatever the file's format.

use super::answers::{Answers, Role};
use super::groups::Groups;
use super::scores::Scores;
use super::tally::Tally;
use super::wanted::Wanted;
use super::weighed::Weighed;
use super::{Limits, Place, Rejected, decimal, fairness};
use crate::report::{Columns, Report, Settings, Source};

/// A value of a file, before it has a meaning.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Missing,
    Text(&'a str),
    Integer(i64),
    Real(f64),
    Truth(bool),
}

/// All that is kept of the rows read so far. Two of them, of parts of a table, become that of the whole.
pub(super) struct Intake {
    pub columns: Columns,
    pub answers: Answers,
    pub groups: Vec<Groups>,
    pub tally: Tally,
    pub scores: Option<Scores>,
    /// Where rows have scores and weights.
    pub weighed: Option<Weighed>,
    prediction: Option<usize>,
    score: Option<usize>,
    weight: Option<usize>,
    protected: usize,
    max_rows: u64,
    max_field_bytes: usize,
    cell: Vec<u32>,
}

impl Intake {
    pub fn new(wanted: &Wanted, limits: &Limits) -> Self {
        let columns = wanted.columns.clone();
        Self {
            answers: Answers::new(&columns),
            groups: columns
                .protected
                .iter()
                .map(|name| Groups::new(name, limits.max_groups))
                .collect(),
            tally: Tally::new(limits.max_cells, columns.protected.len(), wanted.weight.is_some()),
            scores: wanted.score.map(|_| Scores::new(limits.max_scores)),
            weighed: wanted
                .score
                .and(wanted.weight)
                .map(|_| Weighed::new(limits.max_weighed())),
            prediction: wanted.prediction,
            score: wanted.score,
            weight: wanted.weight,
            protected: wanted.protected,
            // Ties are counted in 32 bits.
            max_rows: limits.max_rows.min(u64::from(u32::MAX)),
            max_field_bytes: limits.max_field_bytes,
            cell: Vec::new(),
            columns,
        }
    }

    /// Rows taken in.
    pub fn rows(&self) -> u64 {
        self.tally.rows()
    }

    /// Takes in one row; `cells` gives the value of a wanted column by its index.
    pub fn row<'a>(&mut self, place: Place, cells: impl Fn(usize) -> Cell<'a>) -> Result<(), Rejected> {
        if self.tally.rows() >= self.max_rows {
            return Err(Rejected::TooManyRows { limit: self.max_rows });
        }
        let label = self.answers.read(cells(0), Role::Label, place)?;
        let score = match self.score {
            Some(index) => Some(self.score(cells(index), place)?),
            None => None,
        };
        let predicted = match self.prediction {
            Some(index) => self.answers.read(cells(index), Role::Prediction, place)?,
            None => usize::from(score.is_some_and(|score| score >= self.columns.cut())),
        };
        let weight = match self.weight {
            Some(index) => Some(self.weight(cells(index), place)?),
            None => None,
        };
        self.cell.clear();
        for at in 0..self.groups.len() {
            let id = self.group(at, cells(self.protected + at), place)?;
            self.cell.push(id);
        }
        let cell = self.tally.cell(&self.cell, place)?;
        self.tally.count(cell, label, predicted, weight);
        if let Some(score) = score {
            self.ranked(score, cell, label, weight);
        }
        Ok(())
    }

    /// Keeps the score of a row.
    #[inline]
    pub fn ranked(&mut self, score: f64, cell: u32, label: usize, weight: Option<f64>) {
        if let Some(scores) = &mut self.scores {
            scores.push(score, cell, label);
        }
        if let Some((weighed, weight)) = self.weighed.as_mut().zip(weight) {
            weighed.push(score, cell, label, weight);
        }
    }

    /// Only gathers scores from now on, as [`Scores::gather`] says.
    pub fn gather(&mut self, few: bool) {
        if let Some(scores) = &mut self.scores {
            scores.gather(few);
        }
        if let Some(weighed) = &mut self.weighed {
            weighed.gather(few);
        }
    }

    /// The number of a row's group in a protected attribute, by the attribute's place among them.
    pub fn group(&mut self, at: usize, cell: Cell<'_>, place: Place) -> Result<u32, Rejected> {
        match cell {
            Cell::Text(text) if text.len() > self.max_field_bytes => Err(Rejected::FieldTooLong {
                place,
                column: self.columns.protected[at].clone(),
                limit: self.max_field_bytes,
            }),
            cell => self.groups[at].id(cell, place),
        }
    }

    fn score(&self, cell: Cell<'_>, place: Place) -> Result<f64, Rejected> {
        let number = number(cell, place, self.columns.score.as_deref(), "score")?;
        if number.is_finite() {
            // Minus zero is zero: they must tie.
            Ok(number + 0.0)
        } else {
            Err(Rejected::NotFinite {
                place,
                column: self.columns.score.clone().unwrap_or_default(),
                value: number.to_string(),
            })
        }
    }

    fn weight(&self, cell: Cell<'_>, place: Place) -> Result<f64, Rejected> {
        let number = number(cell, place, self.columns.weight.as_deref(), "weight")?;
        if is_weight(number) {
            Ok(number)
        } else {
            Err(Rejected::Weight {
                place,
                column: self.columns.weight.clone().unwrap_or_default(),
                value: number.to_string(),
            })
        }
    }

    /// Adds what was taken in of the rows that follow. Nothing is changed where that can't be.
    pub fn absorb(&mut self, mut next: Self, shift: Shift) -> Result<(), Rejected> {
        let rows = self.rows().saturating_add(next.rows());
        if rows > self.max_rows {
            return Err(Rejected::TooManyRows { limit: self.max_rows });
        }
        let place = Place {
            row: shift.rows + 1,
            line: shift.lines.map(|lines| lines + 1),
        };
        let mut answers = self.answers.clone();
        let of_answer = answers.absorb(&next.answers, shift)?;
        for (groups, next) in self.groups.iter().zip(&next.groups) {
            groups.make_room(next, place)?;
        }
        self.tally
            .make_room(&self.groups, &next.tally, &next.groups, place)?;
        self.answers = answers;
        let of_group: Vec<Vec<u32>> = self
            .groups
            .iter_mut()
            .zip(&next.groups)
            .map(|(groups, next)| groups.absorb(next))
            .collect();
        // By threshold, a prediction is no answer of the file.
        let of_prediction = if self.prediction.is_some() {
            of_answer
        } else {
            [0, 1]
        };
        let of_cell = self
            .tally
            .absorb(&next.tally, &of_group, of_answer, of_prediction, place)?;
        if let Some((scores, next)) = self.scores.as_mut().zip(next.scores.take()) {
            scores.absorb(next, &of_cell, of_answer);
        }
        if let Some((weighed, next)) = self.weighed.as_mut().zip(next.weighed.take()) {
            weighed.absorb(next, &of_cell, of_answer);
        }
        Ok(())
    }

    /// Checks that the groups named as references are there.
    pub fn check_references(&self) -> Result<(), Rejected> {
        for (column, value) in &self.columns.references {
            let mut named = self.columns.protected.iter().zip(&self.groups);
            let groups = named.find(|(name, _)| *name == column).map(|(_, groups)| groups);
            if let Some(groups) = groups.filter(|groups| !groups.names.contains(value)) {
                return Err(Rejected::UnknownReference {
                    value: value.clone(),
                    column: column.clone(),
                    known: groups.names.clone(),
                });
            }
        }
        Ok(())
    }

    /// What all rows come to.
    pub fn report(self, settings: &Settings, source: Source) -> Result<Report, Rejected> {
        if self.rows() == 0 {
            return Err(Rejected::NoRows);
        }
        fairness::report(self, settings, source)
    }
}

/// How far rows stand behind where they were counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    pub rows: u64,
    /// None where lines aren't known.
    pub lines: Option<u64>,
}

impl Shift {
    pub fn of(self, place: Place) -> Place {
        Place {
            row: place.row + self.rows,
            line: place.line.zip(self.lines).map(|(line, lines)| line + lines),
        }
    }
}

/// Whether a number can be a weight: its square must be one as well.
pub(super) fn is_weight(number: f64) -> bool {
    (0.0..=1e150).contains(&number)
}

fn number(cell: Cell<'_>, place: Place, column: Option<&str>, role: &'static str) -> Result<f64, Rejected> {
    let column = || column.unwrap_or_default().to_owned();
    match cell {
        Cell::Missing => Err(Rejected::MissingValue {
            place,
            column: column(),
            role,
        }),
        Cell::Real(number) => Ok(number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a number beyond 2⁵³ ranks by its nearest double"
        )]
        Cell::Integer(number) => Ok(number as f64),
        Cell::Truth(truth) => Ok(f64::from(u8::from(truth))),
        Cell::Text(text) => decimal::parse(text.as_bytes()).ok_or_else(|| Rejected::NotANumber {
            place,
            column: column(),
            value: text.to_owned(),
        }),
    }
}
