//! A stretch's rows, column by column: a value of a dictionary is looked at once, not in each row.

use super::cast;
use super::stretch::{Reader, Stretch};
use crate::engine::answers::Role;
use crate::engine::intake::{Cell, Intake};
use crate::engine::lookup::Key;
use crate::engine::quick::{Quick, Row, ranked, weight};
use crate::engine::wanted::Wanted;
use crate::engine::{Limits, Place};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type};

/// Values of a dictionary that are remembered.
const SEEN: usize = 1 << 13;

/// A batch's rows, a list for each of their values.
#[derive(Default)]
struct Rows {
    label: Vec<u8>,
    predicted: Vec<u8>,
    /// Each row's groups, packed.
    groups: Vec<u64>,
    /// Empty where no score is wanted.
    score: Vec<f64>,
    /// Empty where no weight is wanted.
    weight: Vec<f64>,
}

/// Takes in a stretch. None where anything is odd.
pub(super) fn stretch(reader: &Reader, stretch: Stretch, wanted: &Wanted, limits: &Limits) -> Option<Intake> {
    let mut quick = Quick::new(wanted, limits);
    quick.intake.gather(false);
    let mut rows = Rows::default();
    for batch in reader.open(stretch, true).ok()? {
        take(reader, wanted, &mut quick, &batch.ok()?, &mut rows)?;
    }
    if let Some(scores) = &mut quick.intake.scores {
        scores.pack();
    }
    if let Some(weighed) = &mut quick.intake.weighed {
        weighed.pack();
    }
    Some(quick.intake)
}

fn take(
    reader: &Reader,
    wanted: &Wanted,
    quick: &mut Quick<'_>,
    batch: &RecordBatch,
    rows: &mut Rows,
) -> Option<()> {
    let column = |index: usize| {
        let column = batch.column(reader.order[index]);
        match column.data_type() {
            DataType::Dictionary(..) => Some(column.clone()),
            kind if *kind == reader.kinds[index] => Some(column.clone()),
            _ => cast(column, &reader.kinds[index]).ok(),
        }
    };
    let (from, count) = (quick.intake.rows(), batch.num_rows());
    answers(quick, 0, &column(0)?, Role::Label, &mut rows.label)?;
    if let Some(index) = wanted.score {
        rows.score = numbers(&column(index)?)?;
        for score in &mut rows.score {
            *score = ranked(*score)?;
        }
    }
    if let Some(index) = wanted.prediction {
        answers(
            quick,
            index,
            &column(index)?,
            Role::Prediction,
            &mut rows.predicted,
        )?;
    } else {
        let decided = rows.score.iter().map(|score| u8::from(quick.decide(*score) == 1));
        rows.predicted.clear();
        rows.predicted.extend(decided);
    }
    if let Some(index) = wanted.weight {
        rows.weight = numbers(&column(index)?)?;
        rows.weight
            .iter()
            .try_for_each(|number| weight(*number).map(|_| ()))?;
    }
    rows.groups.clear();
    rows.groups.resize(count, 0);
    for at in 0..wanted.columns.protected.len() {
        let index = wanted.protected + at;
        groups(quick, at, index, &column(index)?, &mut rows.groups)?;
    }
    if wanted.score.is_none() && wanted.weight.is_none() {
        return quick.count_all(&rows.groups, &rows.label, &rows.predicted, |at| place(from, at));
    }
    let answers = rows.label.iter().zip(&rows.predicted);
    for (at, (groups, (label, predicted))) in rows.groups.iter().zip(answers).enumerate() {
        let row = Row {
            label: u32::from(*label),
            predicted: u32::from(*predicted),
            score: rows.score.get(at).copied().unwrap_or_default(),
            weight: rows.weight.get(at).copied(),
            groups: *groups,
        };
        quick.count(row, place(from, at))?;
    }
    Some(())
}

fn place(from: u64, at: usize) -> Place {
    Place {
        row: from + at as u64 + 1,
        line: None,
    }
}

/// A column's numbers, of which none is missing.
fn numbers(column: &ArrayRef) -> Option<Vec<f64>> {
    if column.null_count() > 0 {
        return None;
    }
    match column.data_type() {
        DataType::Float64 => Some(column.as_primitive::<Float64Type>().values().to_vec()),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a number beyond 2⁵³ ranks by its nearest double"
        )]
        DataType::Int64 => {
            let numbers = column.as_primitive::<Int64Type>().values().iter();
            Some(numbers.map(|number| *number as f64).collect())
        }
        DataType::Boolean => {
            let truths = column.as_boolean().values().iter();
            Some(truths.map(|truth| f64::from(u8::from(truth))).collect())
        }
        _ => None,
    }
}

/// The number of each row's answer.
fn answers(
    quick: &mut Quick<'_>,
    index: usize,
    column: &ArrayRef,
    role: Role,
    ids: &mut Vec<u8>,
) -> Option<()> {
    let from = quick.intake.rows();
    ids.clear();
    ids.resize(column.len(), 0);
    let look = |at: usize, key: Key, cell: Cell<'_>| match cell {
        Cell::Missing => None,
        cell => quick
            .answer(index, key, cell, role, place(from, at))
            .map(u64::from),
    };
    each(column, ids, look, |id, value| *id = u8::from(value == 1))
}

/// Packs the number of each row's group in with those of the other attributes.
fn groups(
    quick: &mut Quick<'_>,
    at: usize,
    index: usize,
    column: &ArrayRef,
    packed: &mut [u64],
) -> Option<()> {
    let (from, shift) = (quick.intake.rows(), quick.intake.tally.place(at));
    let look = |row: usize, key: Key, cell: Cell<'_>| match cell {
        Cell::Missing => Some(0),
        cell => quick.group(at, index, key, cell, place(from, row)),
    };
    each(column, packed, look, |packed, part| *packed |= part << shift)
}

/// Puts what each value stands for where it belongs: `look` finds it out, for a value of a dictionary only once.
fn each<T>(
    column: &ArrayRef,
    targets: &mut [T],
    look: impl FnMut(usize, Key, Cell<'_>) -> Option<u64>,
    put: impl Fn(&mut T, u64),
) -> Option<()> {
    let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
    let into = Into {
        targets,
        nulls,
        look,
        put,
    };
    let unnumbered = |_| usize::MAX;
    match column.data_type() {
        DataType::Dictionary(..) => {
            let coded = column.as_dictionary_opt::<Int32Type>()?;
            let (keys, values) = (coded.keys().values(), coded.values().as_string_opt::<i32>()?);
            let code = |at: usize| usize::try_from(keys[at]).unwrap_or(usize::MAX);
            into.fill(code, |at| {
                let text = (code(at) < values.len()).then(|| values.value(code(at)))?;
                Some((text_key(text), Cell::Text(text)))
            })
        }
        DataType::Int64 => {
            let numbers = column.as_primitive::<Int64Type>().values();
            let code = |at: usize| usize::try_from(numbers[at]).unwrap_or(usize::MAX);
            into.fill(code, |at| {
                let number = numbers[at];
                Some((Key::number(number.cast_unsigned()), Cell::Integer(number)))
            })
        }
        DataType::Boolean => {
            let truths = column.as_boolean().values();
            into.fill(
                |at| usize::from(truths.value(at)),
                |at| {
                    let truth = truths.value(at);
                    Some((Key::number(u64::from(truth)), Cell::Truth(truth)))
                },
            )
        }
        DataType::Float64 => {
            let numbers = column.as_primitive::<Float64Type>().values();
            into.fill(unnumbered, |at| {
                Some((Key::number(numbers[at].to_bits()), Cell::Real(numbers[at])))
            })
        }
        DataType::Utf8View => {
            let texts = column.as_string_view();
            into.fill(unnumbered, |at| {
                let text = texts.value(at);
                Some((text_key(text), Cell::Text(text)))
            })
        }
        _ => into.fill(unnumbered, |_| Some((Key::number(0), Cell::Missing))),
    }
}

/// Where what a column's values stand for goes.
struct Into<'a, T, L, P> {
    targets: &'a mut [T],
    nulls: Option<&'a NullBuffer>,
    look: L,
    put: P,
}

impl<T, L, P> Into<'_, T, L, P>
where
    L: FnMut(usize, Key, Cell<'_>) -> Option<u64>,
    P: Fn(&mut T, u64),
{
    /// Goes through the rows; `code` gives a number that may stand for a row's value, if it is small.
    #[inline]
    fn fill<'c>(
        mut self,
        code: impl Fn(usize) -> usize,
        value: impl Fn(usize) -> Option<(Key, Cell<'c>)>,
    ) -> Option<()> {
        let mut seen = Seen::default();
        for (at, target) in self.targets.iter_mut().enumerate() {
            let found = if self.nulls.is_some_and(|nulls| nulls.is_null(at)) {
                (self.look)(at, Key::number(0), Cell::Missing)?
            } else {
                seen.value(code(at), || {
                    let (key, cell) = value(at)?;
                    (self.look)(at, key, cell)
                })?
            };
            (self.put)(target, found);
        }
        Some(())
    }
}

/// What values stand for that have a small number in a batch.
#[derive(Default)]
struct Seen {
    values: Vec<Option<u64>>,
}

impl Seen {
    /// What the value with a number stands for, found out only once; larger numbers aren't remembered.
    #[inline]
    fn value(&mut self, code: usize, find: impl FnOnce() -> Option<u64>) -> Option<u64> {
        if let Some(Some(value)) = self.values.get(code) {
            return Some(*value);
        }
        let value = find()?;
        if code < SEEN {
            if code >= self.values.len() {
                self.values.resize(code + 1, None);
            }
            self.values[code] = Some(value);
        }
        Some(value)
    }
}

fn text_key(text: &str) -> Key {
    Key::of(text.as_bytes(), 0, text.len())
}
