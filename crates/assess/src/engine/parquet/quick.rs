//! A stretch's rows, column by column: a value of a dictionary is looked at once, not in each row.

use super::cast;
use super::stretch::{Reader, Stretch};
use crate::engine::answers::Role;
use crate::engine::intake::{Cell, Intake};
use crate::engine::lookup::Key;
use crate::engine::quick::{Quick, Row, weight};
use crate::engine::wanted::Wanted;
use crate::engine::{Limits, Place};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type};

/// Values of a dictionary that are remembered.
const SEEN: usize = 1 << 13;

/// Takes in a stretch. None where anything is odd.
pub(super) fn stretch(reader: &Reader, stretch: Stretch, wanted: &Wanted, limits: &Limits) -> Option<Intake> {
    let mut quick = Quick::new(wanted, limits);
    let mut rows = Vec::new();
    for batch in reader.open(stretch, true).ok()? {
        take(reader, wanted, &mut quick, &batch.ok()?, &mut rows)?;
    }
    if let Some(scores) = &mut quick.intake.scores {
        scores.seal();
    }
    Some(quick.intake)
}

fn take(
    reader: &Reader,
    wanted: &Wanted,
    quick: &mut Quick<'_>,
    batch: &RecordBatch,
    rows: &mut Vec<Row>,
) -> Option<()> {
    let column = |index: usize| {
        let column = batch.column(reader.order[index]);
        match column.data_type() {
            DataType::Dictionary(..) => Some(column.clone()),
            kind if *kind == reader.kinds[index] => Some(column.clone()),
            _ => cast(column, &reader.kinds[index]).ok(),
        }
    };
    let from = quick.intake.rows();
    rows.clear();
    rows.resize(batch.num_rows(), Row::default());
    answers(quick, 0, &column(0)?, Role::Label, from, rows, |row, id| {
        row.label = id
    })?;
    if let Some(index) = wanted.score {
        for (row, number) in rows.iter_mut().zip(numbers(&column(index)?)?) {
            row.score = quick.score(number)?;
        }
    }
    match wanted.prediction {
        Some(index) => {
            answers(
                quick,
                index,
                &column(index)?,
                Role::Prediction,
                from,
                rows,
                |row, id| {
                    row.predicted = id;
                },
            )?;
        }
        None => rows
            .iter_mut()
            .for_each(|row| row.predicted = quick.decide(row.score)),
    }
    if let Some(index) = wanted.weight {
        for (row, number) in rows.iter_mut().zip(numbers(&column(index)?)?) {
            row.weight = Some(weight(number)?);
        }
    }
    for at in 0..wanted.columns.protected.len() {
        let index = wanted.protected + at;
        groups(quick, at, index, &column(index)?, from, rows)?;
    }
    for (at, row) in rows.iter().enumerate() {
        quick.count(*row, place(from, at))?;
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
        DataType::Int64 => Some(
            column
                .as_primitive::<Int64Type>()
                .values()
                .iter()
                .map(|number| *number as f64)
                .collect(),
        ),
        DataType::Boolean => Some(
            column
                .as_boolean()
                .values()
                .iter()
                .map(|truth| f64::from(u8::from(truth)))
                .collect(),
        ),
        _ => None,
    }
}

/// Puts the number of each row's answer where it belongs.
fn answers(
    quick: &mut Quick<'_>,
    index: usize,
    column: &ArrayRef,
    role: Role,
    from: u64,
    rows: &mut [Row],
    put: impl Fn(&mut Row, u32),
) -> Option<()> {
    each(
        column,
        rows,
        |row, at, key, cell| {
            if matches!(cell, Cell::Missing) {
                return None;
            }
            let id = quick.answer(index, key, cell, role, place(from, at))?;
            put(row, id);
            Some(u64::from(id))
        },
        |row, id| put(row, u32::try_from(id).unwrap_or_default()),
    )
}

/// Packs the number of each row's group in with those of the other attributes.
fn groups(
    quick: &mut Quick<'_>,
    at: usize,
    index: usize,
    column: &ArrayRef,
    from: u64,
    rows: &mut [Row],
) -> Option<()> {
    let shift = quick.intake.tally.place(at);
    each(
        column,
        rows,
        |row, n, key, cell| {
            let part = match cell {
                Cell::Missing => 0,
                cell => quick.group(at, index, key, cell, place(from, n))?,
            };
            row.groups |= part << shift;
            Some(part)
        },
        |row, part| row.groups |= part << shift,
    )
}

/// Goes through a column: `look` at each value, or where a dictionary says that it was seen before, `again`.
fn each<'a>(
    column: &'a ArrayRef,
    rows: &mut [Row],
    mut look: impl FnMut(&mut Row, usize, Key, Cell<'a>) -> Option<u64>,
    again: impl Fn(&mut Row, u64),
) -> Option<()> {
    let missing = (Key::number(0), Cell::Missing);
    let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
    let is_null = |at: usize| nulls.is_some_and(|nulls| nulls.is_null(at));
    if let Some(coded) = column.as_any_dictionary_opt() {
        let keys = coded.keys().as_primitive_opt::<Int32Type>()?.values();
        let values = coded.values().as_string_opt::<i32>()?;
        // A dictionary of more values than there are rows is not worth remembering for each batch.
        let mut seen = vec![None; values.len().min(SEEN)];
        for (at, (row, code)) in rows.iter_mut().zip(keys).enumerate() {
            if is_null(at) {
                look(row, at, missing.0, missing.1)?;
                continue;
            }
            let code = usize::try_from(*code).ok()?;
            if let Some(Some(value)) = seen.get(code) {
                again(row, *value);
                continue;
            }
            let text = (code < values.len()).then(|| values.value(code))?;
            let value = look(row, at, text_key(text), Cell::Text(text))?;
            if let Some(unseen) = seen.get_mut(code) {
                *unseen = Some(value);
            }
        }
        return Some(());
    }
    let mut visit = |at: usize, row: &mut Row| {
        let (key, cell) = if is_null(at) {
            missing
        } else {
            match column.data_type() {
                DataType::Int64 => {
                    let number = column.as_primitive::<Int64Type>().value(at);
                    (Key::number(number.cast_unsigned()), Cell::Integer(number))
                }
                DataType::Float64 => {
                    let number = column.as_primitive::<Float64Type>().value(at);
                    (Key::number(number.to_bits()), Cell::Real(number))
                }
                DataType::Boolean => {
                    let truth = column.as_boolean().value(at);
                    (Key::number(u64::from(truth)), Cell::Truth(truth))
                }
                DataType::Utf8View => {
                    let text = column.as_string_view().value(at);
                    (text_key(text), Cell::Text(text))
                }
                _ => missing,
            }
        };
        look(row, at, key, cell).map(|_| ())
    };
    rows.iter_mut()
        .enumerate()
        .try_for_each(|(at, row)| visit(at, row))
}

fn text_key(text: &str) -> Key {
    Key::of(text.as_bytes(), 0, text.len())
}
