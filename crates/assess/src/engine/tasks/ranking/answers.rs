//! The two answers of a ranking's label.

use crate::engine::{Place, Rejected};
use crate::report::Columns;

/// The answers seen so far, numbered as they came.
#[derive(Default)]
pub(super) struct Answers {
    /// The last label and its number: most rows repeat the row before.
    last: Option<(String, usize)>,
    pub known: Vec<String>,
}

impl Answers {
    /// The number of a label's answer, 0 or 1.
    pub fn number(&mut self, label: &str, columns: &Columns, place: Place) -> Result<usize, Rejected> {
        if let Some((last, number)) = &self.last
            && last == label
        {
            return Ok(*number);
        }
        let text = spelled(label);
        let number = match self.known.iter().position(|known| *known == text) {
            Some(number) => number,
            None if self.known.len() < 2 => {
                self.known.push(text);
                self.known.len() - 1
            }
            None => {
                return Err(Rejected::TooManyAnswers {
                    place,
                    column: columns.label.clone(),
                    value: text,
                    known: (self.name(0), self.name(1)),
                });
            }
        };
        self.last = Some((label.to_owned(), number));
        Ok(number)
    }

    /// Adds the answers of the rows that follow, and gives the number here of each.
    pub fn absorb(&mut self, next: &Self, columns: &Columns) -> Result<[usize; 2], Rejected> {
        // Which row it is shows only in the part.
        let place = Place { row: 1, line: None };
        let mut here = [0, 1];
        for (answer, here) in next.known.iter().zip(&mut here) {
            *here = self.number(answer, columns, place)?;
        }
        if let [_] = next.known.as_slice() {
            here[1] = 1 - here[0];
        }
        Ok(here)
    }

    /// Answers as they were kept; none where that can't have been.
    pub fn restored(known: Vec<String>) -> Option<Self> {
        let are_spelled = known.iter().all(|answer| spelled(answer) == *answer);
        let are_two = known.len() <= 2 && known.first() != known.get(1);
        let last = None;
        (are_spelled && are_two).then_some(Self { last, known })
    }

    /// The name of an answer.
    pub fn name(&self, number: usize) -> String {
        self.known.get(number).cloned().unwrap_or_default()
    }

    /// The number of the answer that scores speak for: the one named, else `1`, else `true`, else the favourable one.
    pub fn positive(&self, columns: &Columns) -> Result<usize, Rejected> {
        let find = |answer: &str| self.known.iter().position(|known| known == answer);
        let usual = ["1", "true", "True", "TRUE"].into_iter().find_map(find);
        let named = columns.positive.as_deref().map(spelled);
        let favourable = || Some(spelled(&columns.favourable)).filter(|answer| !answer.is_empty());
        if named.is_none()
            && let Some(usual) = usual
        {
            return Ok(usual);
        }
        let answer = named
            .or_else(favourable)
            .ok_or(Rejected::Unnamed("answer that scores speak for"))?;
        find(&answer).ok_or_else(|| Rejected::UnknownAnswer {
            role: "positive",
            value: answer.clone(),
            column: columns.label.clone(),
            known: self.known.clone(),
        })
    }
}

/// An answer as it is compared: numbers by their value, so that `1.0` is `1`.
fn spelled(text: &str) -> String {
    match text.trim_ascii().parse::<f64>() {
        Ok(number) if number.is_finite() => (number + 0.0).to_string(),
        _ => text.to_owned(),
    }
}
