//! The two answers that labels and predictions are given in.

use super::intake::{Cell, Shift};
use super::{Place, Rejected};
use crate::report::{Columns, Labels};
use std::borrow::Cow;

/// Which column an answer stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Label,
    Prediction,
}

/// The answers seen so far, at most two.
#[derive(Clone)]
pub(super) struct Answers {
    label: String,
    prediction: String,
    pub known: Vec<Answer>,
}

#[derive(Clone)]
pub(super) struct Answer {
    /// As the report names it.
    pub text: String,
    /// Where it first stood in the label, and in the prediction.
    pub first: [Option<Place>; 2],
}

impl Answers {
    pub fn new(columns: &Columns) -> Self {
        Self {
            label: columns.label.clone(),
            prediction: columns.prediction.clone().unwrap_or_default(),
            known: Vec::with_capacity(2),
        }
    }

    /// The number of an answer, 0 or 1.
    pub fn read(&mut self, cell: Cell<'_>, role: Role, place: Place) -> Result<usize, Rejected> {
        if let Cell::Text(text) = cell
            && let Some(id) = self.known.iter().position(|known| known.text == text)
        {
            self.known[id].first[role as usize].get_or_insert(place);
            return Ok(id);
        }
        let text = self.canonical(cell, role, place)?;
        let same = |known: &Answer| known.text == text || key(&known.text) == key(&text);
        let id = match self.known.iter().position(same) {
            Some(id) => id,
            None if self.known.len() < 2 => {
                self.known.push(Answer {
                    text: text.clone().into_owned(),
                    first: [None, None],
                });
                self.known.len() - 1
            }
            None => return Err(self.third(text.into_owned(), role, place)),
        };
        let known = &mut self.known[id];
        // Where both spellings occur, numbers name the answer, in whatever order the rows come.
        if matches!(text.as_ref(), "0" | "1") {
            known.text = text.into_owned();
        }
        known.first[role as usize].get_or_insert(place);
        Ok(id)
    }

    /// Adds the answers of the rows that follow, and gives the number here of each.
    pub fn absorb(&mut self, next: &Self, shift: Shift) -> Result<[usize; 2], Rejected> {
        let mut here = [0, 1];
        for (answer, here) in next.known.iter().zip(&mut here) {
            for role in [Role::Label, Role::Prediction] {
                if let Some(place) = answer.first[role as usize] {
                    *here = self.read(Cell::Text(&answer.text), role, shift.of(place))?;
                }
            }
        }
        if let [_] = next.known.as_slice() {
            here[1] = 1 - here[0];
        }
        Ok(here)
    }

    /// Puts back an answer as it was kept. False where that can't have been.
    pub fn restore(&mut self, text: &str, first: [Option<Place>; 2]) -> bool {
        let same = |known: &Answer| known.text == text || key(&known.text) == key(text);
        let is_new = !self.known.iter().any(same) && spelled(text) == text;
        self.known.push(Answer {
            text: text.to_owned(),
            first,
        });
        is_new
    }

    fn column(&self, role: Role) -> String {
        match role {
            Role::Label => self.label.clone(),
            Role::Prediction => self.prediction.clone(),
        }
    }

    fn canonical<'a>(&self, cell: Cell<'a>, role: Role, place: Place) -> Result<Cow<'a, str>, Rejected> {
        let missing = || Rejected::MissingValue {
            place,
            column: self.column(role),
            role: if role == Role::Label {
                "label"
            } else {
                "prediction"
            },
        };
        Ok(match cell {
            Cell::Missing => return Err(missing()),
            Cell::Real(number) if number.is_nan() => return Err(missing()),
            Cell::Text(text) => spelled(text),
            Cell::Integer(number) => Cow::Owned(number.to_string()),
            Cell::Real(number) => Cow::Owned((number + 0.0).to_string()),
            Cell::Truth(true) => Cow::Borrowed("true"),
            Cell::Truth(false) => Cow::Borrowed("false"),
        })
    }

    /// Why a third answer is one too many.
    fn third(&self, value: String, role: Role, place: Place) -> Rejected {
        let labels = || self.known.iter().filter(|known| known.first[0].is_some());
        let stray = self.known.iter().find(|known| known.first[0].is_none());
        match (role, stray) {
            (Role::Label, None) => Rejected::TooManyAnswers {
                place,
                column: self.label.clone(),
                value,
                known: (self.known[0].text.clone(), self.known[1].text.clone()),
            },
            // The label takes its second value only now: the odd one out is the prediction that came before.
            (Role::Label, Some(stray)) => Rejected::UnknownPrediction {
                place: stray.first[1].unwrap_or(place),
                column: self.prediction.clone(),
                value: stray.text.clone(),
                known: labels().map(|known| known.text.clone()).chain([value]).collect(),
            },
            (Role::Prediction, _) => Rejected::UnknownPrediction {
                place,
                column: self.prediction.clone(),
                value,
                known: labels().map(|known| known.text.clone()).collect(),
            },
        }
    }

    /// Which answer is positive, and which favourable. The first of the pair is the number of the positive
    /// answer, which is 2 if no row has it.
    pub fn resolve(&self, columns: &Columns) -> Result<(usize, Labels), Rejected> {
        let mut texts: Vec<String> = self.known.iter().map(|known| known.text.clone()).collect();
        // A file with one answer may leave the other to the user, or to what 0 and true imply.
        if let [only] = texts.as_slice() {
            let named = [Some(&columns.favourable), columns.positive.as_ref()];
            let mut named = named.into_iter().flatten().map(|name| spelled(name).into_owned());
            let other = named.rfind(|name| key(name) != key(only));
            texts.extend(other.or_else(|| opposite(only).map(str::to_owned)));
        }
        let find = |role: &'static str, name: &str| {
            texts
                .iter()
                .position(|text| key(text) == key(&spelled(name)))
                .ok_or_else(|| Rejected::UnknownAnswer {
                    role,
                    value: name.to_owned(),
                    column: columns.label.clone(),
                    known: self.known.iter().map(|known| known.text.clone()).collect(),
                })
        };
        let favourable = find("favourable", &columns.favourable)?;
        let positive = match &columns.positive {
            Some(name) => find("positive", name)?,
            None => texts
                .iter()
                .position(|text| key(text) == Key::One)
                .unwrap_or(favourable),
        };
        let labels = Labels {
            positive: texts[positive].clone(),
            negative: texts.get(1 - positive).cloned(),
            positive_is_favourable: positive == favourable,
        };
        Ok((positive, labels))
    }
}

/// What an answer means, so that `1`, `1.0` and `true` meet.
#[derive(PartialEq, Eq)]
enum Key<'a> {
    Zero,
    One,
    Other(&'a str),
}

fn key(text: &str) -> Key<'_> {
    match text {
        "0" | "false" => Key::Zero,
        "1" | "true" => Key::One,
        other => Key::Other(other),
    }
}

/// One spelling for each number and each truth value; other text stays as it is.
fn spelled(text: &str) -> Cow<'_, str> {
    if text.eq_ignore_ascii_case("true") {
        return Cow::Borrowed("true");
    }
    if text.eq_ignore_ascii_case("false") {
        return Cow::Borrowed("false");
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Cow::Owned((number + 0.0).to_string()),
        _ => Cow::Borrowed(text),
    }
}

fn opposite(text: &str) -> Option<&'static str> {
    match text {
        "0" => Some("1"),
        "1" => Some("0"),
        "true" => Some("false"),
        "false" => Some("true"),
        _ => None,
    }
}
