//! Rows of CSV one after the other, on one thread beside that of the digest.

use super::records::Record;
use super::source::Blocks;
use super::{Careful, header, separated};
use crate::engine::digest::Digester;
use crate::engine::intake::Cell;
use crate::engine::rows::{Choose, Take};
use crate::engine::{Format, Limits, Place, Progress, Rejected, Watch};
use crate::report::Source;
use std::io::Read;

/// Reads all rows, handing over the cells that are chosen by the header.
pub(in crate::engine) fn each(
    reader: impl Read,
    of: Option<u64>,
    choose: Choose<'_>,
    limits: &Limits,
    progress: &mut Watch<'_>,
    take: Take<'_>,
) -> Result<Source, Rejected> {
    let mut blocks = Blocks::new(reader, limits.max_bytes, limits.max_row_bytes);
    let mut next = Some(blocks.first()?);
    let mut careful = Careful::new(limits);
    std::thread::scope(|scope| {
        let digester = Digester::start(scope)?;
        let names = header(&mut careful, &mut blocks, &mut next, &digester, limits)?;
        separated(&names, &[])?;
        let positions = choose(&names)?;
        let mut handed = |record: &Record<'_>| {
            record.check(names.len())?;
            let cells: Vec<Cell<'_>> = positions.iter().map(|at| cell(record, *at)).collect();
            bounded(&cells, &names, &positions, record.place, limits)?;
            take(record.place, &cells)
        };
        let mut amid = false;
        while let Some(block) = next {
            digester.add(block.bytes.clone());
            amid = !careful.block(&mut handed, &block, amid)?;
            let come = Progress {
                bytes: block.offset + block.bytes.len() as u64,
                of,
                rows: careful.records.row.saturating_sub(1),
            };
            come.told(progress)?;
            blocks.recycle(block);
            next = blocks.next()?;
        }
        if amid {
            careful.close(&mut handed)?;
        }
        Ok(Source {
            bytes: blocks.bytes,
            digest: digester.finish(),
            format: Format::Csv.name().to_owned(),
        })
    })
}

fn cell<'a>(record: &Record<'a>, at: usize) -> Cell<'a> {
    match record.field(at) {
        "" => Cell::Missing,
        text => Cell::Text(text),
    }
}

fn bounded(
    cells: &[Cell<'_>],
    names: &[String],
    positions: &[usize],
    place: Place,
    limits: &Limits,
) -> Result<(), Rejected> {
    let is_long = |cell: &Cell<'_>| matches!(cell, Cell::Text(text) if text.len() > limits.max_field_bytes);
    match cells.iter().zip(positions).find(|(cell, _)| is_long(cell)) {
        None => Ok(()),
        Some((_, at)) => Err(Rejected::FieldTooLong {
            place,
            column: names.get(*at).cloned().unwrap_or_default(),
            limit: limits.max_field_bytes,
        }),
    }
}
