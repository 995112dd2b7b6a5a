//! Taking in rows: what each wanted column must hold, whatever the file's format.

use super::answers::{Answers, Role};
use super::groups::Groups;
use super::rejected::nearest;
use super::scores::Scores;
use super::tally::Tally;
use super::{Limits, Place, Rejected, fairness};
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

/// The columns to read, in the order in which rows hand in their cells: label, prediction, score, protected.
pub(super) struct Wanted {
    pub columns: Columns,
    pub names: Vec<String>,
    prediction: Option<usize>,
    score: Option<usize>,
    protected: usize,
}

impl Wanted {
    /// Checks that what the user named makes sense, as far as that shows without the file.
    pub fn new(columns: &Columns, limits: &Limits) -> Result<Self, Rejected> {
        if columns.label.is_empty() {
            return Err(Rejected::Unnamed("label column"));
        }
        if columns.favourable.is_empty() {
            return Err(Rejected::Unnamed("answer that is favourable for the person"));
        }
        if columns.prediction.is_none() && columns.score.is_none() {
            return Err(Rejected::Unnamed("prediction column or the score column"));
        }
        if !columns.cut().is_finite() {
            return Err(Rejected::Threshold);
        }
        if columns.protected.len() > limits.max_protected {
            return Err(Rejected::TooManyProtected {
                limit: limits.max_protected,
            });
        }
        let strangers = columns.references.keys().chain(columns.declared.keys());
        if let Some(name) = strangers
            .into_iter()
            .find(|name| !columns.protected.contains(name))
        {
            return Err(Rejected::NotProtected(name.clone()));
        }
        let mut wanted = Self {
            columns: columns.clone(),
            names: vec![columns.label.clone()],
            prediction: columns.prediction.as_ref().map(|_| 1),
            score: columns
                .score
                .as_ref()
                .map(|_| 1 + usize::from(columns.prediction.is_some())),
            protected: 0,
        };
        let mut roles = vec!["label"];
        for (name, role) in [(&columns.prediction, "prediction"), (&columns.score, "score")] {
            wanted.names.extend(name.clone());
            roles.extend(name.as_ref().map(|_| role));
        }
        wanted.protected = wanted.names.len();
        wanted.names.extend(columns.protected.iter().cloned());
        roles.resize(wanted.names.len(), "protected attribute");
        for (second, name) in wanted.names.iter().enumerate() {
            if let Some(first) = wanted.names[..second].iter().position(|other| other == name) {
                return Err(Rejected::NamedTwice {
                    name: name.clone(),
                    first: roles[first],
                    second: roles[second],
                });
            }
        }
        Ok(wanted)
    }

    /// Where each wanted column stands in a header.
    pub fn positions(&self, header: &[String]) -> Result<Vec<usize>, Rejected> {
        let mut seen = std::collections::HashMap::new();
        for (place, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if let Some(first) = seen.insert(name, place) {
                return Err(Rejected::DuplicateColumn {
                    name: name.clone(),
                    first: first + 1,
                    second: place + 1,
                });
            }
        }
        let position = |name: &String| {
            seen.get(name).copied().ok_or_else(|| Rejected::MissingColumn {
                name: name.clone(),
                nearest: nearest(name, header),
                available: header.to_vec(),
            })
        };
        self.names.iter().map(position).collect()
    }

    /// Whether a wanted column is the score, which must be numbers.
    pub fn is_score(&self, index: usize) -> bool {
        self.score == Some(index)
    }

    /// Whether a wanted column is a protected attribute, which may be missing.
    pub fn is_protected(&self, index: usize) -> bool {
        index >= self.protected
    }
}

/// All that is kept of the rows read so far.
pub(super) struct Intake {
    pub columns: Columns,
    pub answers: Answers,
    pub groups: Vec<Groups>,
    pub tally: Tally,
    pub scores: Option<Scores>,
    prediction: Option<usize>,
    score: Option<usize>,
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
            tally: Tally::new(limits.max_cells),
            scores: wanted.score.map(|_| Scores::new(limits.max_scores)),
            prediction: wanted.prediction,
            score: wanted.score,
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
            Some(index) => Some(self.number(cells(index), place)?),
            None => None,
        };
        let predicted = match self.prediction {
            Some(index) => self.answers.read(cells(index), Role::Prediction, place)?,
            None => usize::from(score.is_some_and(|score| score >= self.columns.cut())),
        };
        self.cell.clear();
        for (at, groups) in self.groups.iter_mut().enumerate() {
            let cell = cells(self.protected + at);
            if let Cell::Text(text) = cell
                && text.len() > self.max_field_bytes
            {
                let column = self.columns.protected[at].clone();
                return Err(Rejected::FieldTooLong {
                    place,
                    column,
                    limit: self.max_field_bytes,
                });
            }
            self.cell.push(groups.id(cell, place)?);
        }
        let cell = self.tally.add(&self.cell, label, predicted, place)?;
        if let Some((scores, score)) = self.scores.as_mut().zip(score) {
            scores.push(score, cell, label);
        }
        Ok(())
    }

    fn number(&self, cell: Cell<'_>, place: Place) -> Result<f64, Rejected> {
        let column = || self.columns.score.clone().unwrap_or_default();
        let number = match cell {
            Cell::Missing => {
                return Err(Rejected::MissingValue {
                    place,
                    column: column(),
                    role: "score",
                });
            }
            Cell::Real(number) => number,
            #[expect(
                clippy::cast_precision_loss,
                reason = "a score beyond 2⁵³ ranks by its nearest double"
            )]
            Cell::Integer(number) => number as f64,
            Cell::Truth(truth) => f64::from(u8::from(truth)),
            Cell::Text(text) => text.trim_ascii().parse().map_err(|_| Rejected::NotANumber {
                place,
                column: column(),
                value: text.to_owned(),
            })?,
        };
        if number.is_finite() {
            // Minus zero is zero: they must tie.
            Ok(number + 0.0)
        } else {
            Err(Rejected::NotFinite {
                place,
                column: column(),
                value: number.to_string(),
            })
        }
    }

    /// What all rows come to.
    pub fn report(self, settings: &Settings, source: Source) -> Result<Report, Rejected> {
        if self.rows() == 0 {
            return Err(Rejected::NoRows);
        }
        fairness::report(self, settings, source)
    }
}
