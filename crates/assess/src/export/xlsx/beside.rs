//! The sheets of what was asked for beside a report.

use super::sheet::Cell::{Blank, Count, Share, Text};
use super::{Book, FIGURE, Sheet, of, optional, tasks, word};
use crate::assessment::Beside;
use crate::drift::{Drift, Movement};
use crate::policy::Outcome;
use rust_xlsxwriter::XlsxError;

/// Sheets of what there is.
pub fn sheets(beside: &Beside, book: &mut Book) -> Result<(), XlsxError> {
    for slice in &beside.slices {
        let columns = std::slice::from_ref(&slice.column);
        book.sheet_of(&format!("Slice {}", slice.column), |sheet| {
            tasks::groups(columns, &slice.groups, sheet)
        })?;
    }
    if let Some(drift) = &beside.drift {
        book.sheet("Drift", |sheet| moved(drift, sheet))?;
    }
    if !beside.gates.is_empty() {
        book.sheet("Gates", |sheet| gates(&beside.gates, sheet))?;
    }
    Ok(())
}

fn moved(drift: &Drift, sheet: &mut Sheet) -> Result<(), XlsxError> {
    let before = ["column", "kind", "movement", "figure"];
    let after = ["rows then", "missing then", "rows now", "missing now"];
    sheet.head(before.into_iter().chain(FIGURE).chain(after), 1)?;
    for column in &drift.columns {
        let (kind, movement) = (word(&column.kind), column.movement.map(Movement::word));
        for entry in &column.figures {
            let movement = movement.map_or(Blank, Text);
            let before = [Text(&column.name), Text(&kind), movement, Text(&entry.id)];
            let after = [column.baseline, column.current].map(|part| [Count(part.n), Count(part.missing)]);
            sheet.row(&[&before[..], &of(&entry.figure), after.as_flattened()].concat())?;
        }
    }
    Ok(())
}

fn gates(gates: &[Outcome], sheet: &mut Sheet) -> Result<(), XlsxError> {
    let heads = [
        "metric", "title", "state", "bound", "target", "use", "value", "low", "high", "n", "about", "reason",
        "source",
    ];
    sheet.head(heads, 1)?;
    for gate in gates {
        let [state, bound, end] = [word(&gate.state), word(&gate.bound), word(&gate.end)];
        let number = |value: Option<f64>| value.map_or(Blank, Share);
        sheet.row(&[
            Text(&gate.metric),
            Text(&gate.title),
            Text(&state),
            Text(&bound),
            Share(gate.target),
            Text(&end),
            number(gate.value),
            number(gate.low),
            number(gate.high),
            Count(gate.n),
            Text(&gate.about),
            optional(gate.reason.as_ref()),
            optional(gate.source.as_ref()),
        ])?;
    }
    Ok(())
}
