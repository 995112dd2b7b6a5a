//! A block's rows, taken in without a look at anything that isn't wanted.

use super::records::Records;
use super::source::Block;
use crate::engine::intake::Intake;
use crate::engine::quick::Quick;
use crate::engine::wanted::Wanted;
use crate::engine::{Limits, Place};

/// What it takes to read a block.
pub(super) struct Plan<'a> {
    pub wanted: &'a Wanted,
    pub limits: &'a Limits,
    /// Where each wanted column stands.
    pub positions: Vec<usize>,
    /// How many values each row has.
    pub columns: usize,
}

/// What was read of a block.
pub(super) struct Taken {
    pub intake: Intake,
    /// Line breaks in the block.
    pub lines: u64,
}

/// Marks the place of a line break among those of commas.
const BREAK: u32 = 1 << 31;

/// Takes in a block that begins at a row. None where it doesn't end at one, or anything is odd.
pub(super) fn block(plan: &Plan<'_>, block: &Block) -> Option<Taken> {
    let bytes = block.rest();
    let kinds = kinds(bytes);
    if kinds & ZERO != 0 || kinds & HIGH != 0 && std::str::from_utf8(bytes).is_err() {
        return None;
    }
    let mut quick = Quick::new(plan.wanted, plan.limits);
    quick.intake.gather(true);
    if kinds & QUOTE == 0 {
        plain(plan, quick, bytes, kinds & RETURN != 0)
    } else {
        quoted(plan, quick, bytes, block.last)
    }
}

const QUOTE: u8 = 1;
const RETURN: u8 = 2;
const ZERO: u8 = 4;
const HIGH: u8 = 128;

/// Which kinds of bytes there are that need care.
fn kinds(bytes: &[u8]) -> u8 {
    let kind = |byte: u8| {
        (u8::from(byte == b'"') * QUOTE)
            | (u8::from(byte == b'\r') * RETURN)
            | (u8::from(byte == 0) * ZERO)
            | (byte & HIGH)
    };
    // Side by side, as processors like it.
    let (words, rest) = bytes.as_chunks::<64>();
    let mut lanes = [0; 64];
    for word in words {
        for (lane, byte) in lanes.iter_mut().zip(word) {
            *lane |= kind(*byte);
        }
    }
    lanes
        .into_iter()
        .chain(rest.iter().copied().map(kind))
        .fold(0, |kinds, kind| kinds | kind)
}

/// Rows without quotes: every comma divides values, every line break rows.
fn plain(plan: &Plan<'_>, mut quick: Quick<'_>, bytes: &[u8], returns: bool) -> Option<Taken> {
    if bytes.len() >= BREAK as usize {
        return None;
    }
    let mut marks = Vec::with_capacity(bytes.len() / 4);
    scan(bytes, &mut marks);
    if !bytes.ends_with(b"\n") {
        // The last row of a file may do without.
        marks.push(u32::try_from(bytes.len()).ok()? | BREAK);
    }
    let (mut start, mut line, mut rest) = (0, 0, marks.as_slice());
    while let Some(first) = rest.first() {
        line += 1;
        let end = (first & !BREAK) as usize;
        if first & BREAK != 0 && bytes[start..end].iter().all(|byte| *byte == b'\r') {
            (start, rest) = (end + 1, &rest[1..]);
            continue;
        }
        let (row, after) = rest.split_at_checked(plan.columns)?;
        let (last, commas) = row.split_last()?;
        if last & BREAK == 0 || commas.iter().any(|mark| mark & BREAK != 0) {
            return None;
        }
        let mut end = (last & !BREAK) as usize;
        let next = end + 1;
        if returns {
            end -= usize::from(bytes[start..end].ends_with(b"\r"));
            // Alone, it ends a row as well.
            if bytes[start..end].contains(&b'\r') {
                return None;
            }
        }
        if end - start >= plan.limits.max_row_bytes {
            return None;
        }
        quick.text(bytes, line, |index| {
            let at = plan.positions[index];
            let from = match at.checked_sub(1) {
                Some(before) => *commas.get(before)? as usize + 1,
                None => start,
            };
            Some((from, commas.get(at).map_or(end, |comma| *comma as usize)))
        })?;
        (start, rest) = (next, after);
    }
    Some(Taken {
        intake: quick.intake,
        lines: marks.iter().map(|mark| u64::from(mark >> 31)).sum(),
    })
}

/// Finds every comma and line break.
fn scan(bytes: &[u8], marks: &mut Vec<u32>) {
    let (words, rest) = bytes.as_chunks::<64>();
    let mut base = 0;
    for word in words {
        let (breaks, commas) = (equal(word, b'\n'), equal(word, b','));
        let mut both = breaks | commas;
        while both != 0 {
            let at = both.trailing_zeros();
            let is_break = u32::from(breaks >> at & 1 == 1);
            marks.push((base + at) | is_break << 31);
            both &= both - 1;
        }
        base += 64;
    }
    for (at, byte) in (base..).zip(rest) {
        match byte {
            b'\n' => marks.push(at | BREAK),
            b',' => marks.push(at),
            _ => {}
        }
    }
}

/// Which of 64 bytes are a given one, a bit for each: eight at a time, without a branch.
#[inline]
fn equal(bytes: &[u8; 64], byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let sought = u64::from_le_bytes([byte; 8]);
    let mut found = 0;
    for (at, word) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let differing = u64::from_le_bytes(*word) ^ sought;
        // The highest bit of each byte that is zero, and no other; then those eight bits side by side.
        let zero = !(((differing & LOW) + LOW) | differing | LOW);
        found |= ((zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
    }
    found
}

/// Rows some of which have quotes.
fn quoted(plan: &Plan<'_>, mut quick: Quick<'_>, bytes: &[u8], last: bool) -> Option<Taken> {
    let mut records = Records::new(
        plan.limits,
        Place {
            row: 1,
            line: Some(1),
        },
    );
    let mut input = bytes;
    let mut rest = bytes;
    while let Some(record) = records.next(&mut input).ok()? {
        take(plan, &mut quick, &record)?;
        rest = input;
    }
    if last && !rest.iter().copied().all(is_break) {
        let record = records.next(&mut b"\n".as_slice()).ok()??;
        take(plan, &mut quick, &record)?;
        rest = &[];
    }
    rest.iter().copied().all(is_break).then(|| Taken {
        intake: quick.intake,
        lines: bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum(),
    })
}

fn take(plan: &Plan<'_>, quick: &mut Quick<'_>, record: &super::records::Record<'_>) -> Option<()> {
    record.check(plan.columns).ok()?;
    quick.text(record.text.as_bytes(), record.place.line?, |index| {
        Some(record.span(plan.positions[index]))
    })
}

/// Whether a byte ends a row.
pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::{BREAK, scan};

    #[test]
    fn every_comma_and_break_is_found() {
        let text: Vec<u8> = (0..=255_u8).cycle().take(1000).chain(*b",,\n\n,-\x0b").collect();
        let mut marks = Vec::new();
        scan(&text, &mut marks);
        let expected: Vec<u32> = (0..)
            .zip(&text)
            .filter_map(|(at, byte)| match byte {
                b'\n' => Some(at | BREAK),
                b',' => Some(at),
                _ => None,
            })
            .collect();
        assert_eq!(marks, expected);
    }
}
