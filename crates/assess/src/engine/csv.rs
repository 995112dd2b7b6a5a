//! Rows of a CSV file: read in blocks, digested and taken in by threads of their own, and put together in order.
//!
//! A block in which anything is odd is read again row by row, with everything known that came before it. So what is
//! reported, and which error, doesn't depend on the number of threads.

mod each;
mod quick;
mod records;
mod source;

use super::digest::Digester;
use super::intake::{Cell, Intake, Shift};
use super::pool::{self, Pool};
use super::scores::{Due, Merged};
use super::wanted::Wanted;
use super::{Format, Limits, Place, Progress, Rejected, Watch};
use crate::report;
pub(super) use each::each;
use quick::{Plan, Taken, is_break};
use records::{Record, Records};
use source::{Block, Blocks};
use std::collections::VecDeque;
use std::io::Read;
use std::thread;

/// Reads a whole file.
pub(super) fn read(
    reader: impl Read,
    of: Option<u64>,
    wanted: &Wanted,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<(Intake, report::Source), Rejected> {
    let mut blocks = Blocks::new(reader, limits.max_bytes, limits.max_row_bytes);
    let (first, intake) = (blocks.first()?, Intake::new(wanted, limits));
    let mut careful = Careful::new(limits);
    thread::scope(|scope| {
        let digester = Digester::start(scope)?;
        let mut next = Some(first);
        let names = header(&mut careful, &mut blocks, &mut next, &digester, limits)?;
        separated(&names, &wanted.names)?;
        let plan = Plan {
            positions: wanted.positions(&names)?,
            columns: names.len(),
            wanted,
            limits,
        };
        let threads = pool::threads(limits.threads);
        let work = |job| match job {
            Job::Take(block) => Answer::Taken(quick::block(&plan, &block).map(Box::new)),
            Job::Merge(due) => Answer::Merged(due.merged()),
        };
        let (intake, bytes) = pool::with(threads, work, |pool| {
            let mut reading = Reading {
                plan: &plan,
                pool,
                intake,
                careful,
                amid: false,
                lines: 0,
                pending: VecDeque::new(),
                at_once: 2 * threads + 2,
                of,
                told: 0,
                progress,
            };
            reading.lines = reading.careful.lines();
            reading.all(&mut blocks, next, &digester)?;
            Ok::<_, Rejected>((reading.intake, blocks.bytes))
        })??;
        let source = report::Source {
            digest: digester.finish(),
            bytes,
            format: Format::Csv.name().to_owned(),
        };
        Ok((intake, source))
    })
}

/// Reads the header, which leaves `next` to be what follows it.
fn header(
    careful: &mut Careful<'_>,
    blocks: &mut Blocks<impl Read>,
    next: &mut Option<Block>,
    digester: &Digester<'_>,
    limits: &Limits,
) -> Result<Vec<String>, Rejected> {
    let names = loop {
        let Some(block) = next else {
            return Err(Rejected::Empty);
        };
        if let Some(names) = careful.header(block)? {
            break names;
        }
        digester.add(block.bytes.clone());
        *next = blocks.next()?;
    };
    if names.len() > limits.max_columns {
        return Err(Rejected::TooManyColumns {
            limit: limits.max_columns,
        });
    }
    Ok(names)
}

/// Refuses a header of one column that looks like several, unless it is wanted as it is.
fn separated(names: &[String], wanted: &[String]) -> Result<(), Rejected> {
    let [only] = names else {
        return Ok(());
    };
    match only.chars().find(|letter| [';', '\t', '|'].contains(letter)) {
        Some(separator) if !wanted.contains(only) => Err(Rejected::Separator(separator)),
        _ => Ok(()),
    }
}

enum Job {
    Take(Block),
    Merge(Due),
}

enum Answer {
    Taken(Option<Box<Taken>>),
    Merged(Merged),
}

/// The work under way and what has come of it.
struct Reading<'a, 'b> {
    plan: &'a Plan<'a>,
    pool: &'b mut Pool<Job, Answer>,
    intake: Intake,
    careful: Careful<'a>,
    /// Whether the last block ended amid a row, which the next one goes on with.
    amid: bool,
    /// Line breaks in what has been put together.
    lines: u64,
    /// For each piece of work under way, the block; none for a merge of scores.
    pending: VecDeque<Option<Block>>,
    at_once: usize,
    of: Option<u64>,
    told: u64,
    progress: &'b mut Watch<'b>,
}

impl Reading<'_, '_> {
    fn all(
        &mut self,
        blocks: &mut Blocks<impl Read>,
        first: Option<Block>,
        digester: &Digester<'_>,
    ) -> Result<(), Rejected> {
        let mut next = first;
        while let Some(block) = next {
            digester.add(block.bytes.clone());
            self.pending.push_back(Some(block.clone()));
            self.pool.give(Job::Take(block));
            while self.pending.len() >= self.at_once {
                self.one(blocks)?;
            }
            next = match blocks.next() {
                Ok(next) => next,
                Err(error) => {
                    // What is wrong before it comes first.
                    self.rest(blocks)?;
                    return Err(error);
                }
            };
        }
        self.rest(blocks)?;
        if self.amid {
            let (plan, intake) = (self.plan, &mut self.intake);
            self.careful.close(&mut |record| take(plan, intake, record))?;
        }
        self.tell(blocks.bytes)
    }

    fn rest(&mut self, blocks: &mut Blocks<impl Read>) -> Result<(), Rejected> {
        while !self.pending.is_empty() {
            self.one(blocks)?;
        }
        Ok(())
    }

    /// Puts the answer to the oldest piece of work where it belongs.
    fn one(&mut self, blocks: &mut Blocks<impl Read>) -> Result<(), Rejected> {
        let (answer, block) = (self.pool.take(), self.pending.pop_front().flatten());
        match (answer, block) {
            (Some(Answer::Merged(merged)), _) => {
                if let Some(scores) = &mut self.intake.scores {
                    scores.put(merged);
                }
            }
            (answer, Some(block)) => {
                let taken = match answer {
                    Some(Answer::Taken(taken)) => taken,
                    _ => None,
                };
                self.put(taken, &block)?;
                let read = block.offset + block.bytes.len() as u64;
                if read - self.told >= 1 << 20 {
                    self.told = read;
                    self.tell(read)?;
                }
                blocks.recycle(block);
            }
            // A merge that came to nothing, which it has no way to: better no figures than wrong ones.
            (_, None) => {
                if let Some(scores) = &mut self.intake.scores {
                    scores.give_up();
                }
            }
        }
        while let Some(due) = self.intake.scores.as_mut().and_then(super::scores::Scores::due) {
            self.pending.push_back(None);
            self.pool.give(Job::Merge(due));
        }
        Ok(())
    }

    fn put(&mut self, taken: Option<Box<Taken>>, block: &Block) -> Result<(), Rejected> {
        let rows = self.intake.rows();
        if !self.amid
            && let Some(taken) = taken
        {
            let shift = Shift {
                rows,
                lines: Some(self.lines),
            };
            if self.intake.absorb(taken.intake, shift).is_ok() {
                self.lines += taken.lines;
                return Ok(());
            }
        }
        if !self.amid {
            self.careful.begin(Place {
                row: rows + 1,
                line: Some(self.lines + 1),
            });
        }
        let (plan, intake) = (self.plan, &mut self.intake);
        let mut take = |record: &Record<'_>| take(plan, intake, record);
        self.amid = !self.careful.block(&mut take, block, self.amid)?;
        self.lines = self.careful.lines();
        Ok(())
    }

    fn tell(&mut self, bytes: u64) -> Result<(), Rejected> {
        let come = Progress {
            bytes,
            of: self.of,
            rows: self.intake.rows(),
        };
        come.told(self.progress)
    }
}

/// Reads row by row, and names what is wrong.
struct Careful<'a> {
    records: Records,
    limits: &'a Limits,
}

impl<'a> Careful<'a> {
    fn new(limits: &'a Limits) -> Self {
        let place = Place {
            row: 0,
            line: Some(1),
        };
        Self {
            records: Records::new(limits, place),
            limits,
        }
    }

    /// Begins anew at a row.
    fn begin(&mut self, place: Place) {
        self.records = Records::new(self.limits, place);
    }

    /// Line breaks so far.
    fn lines(&self) -> u64 {
        self.records.place().line.unwrap_or(1) - 1
    }

    /// The header, if it ends in this block, which then begins behind it.
    fn header(&mut self, block: &mut Block) -> Result<Option<Vec<String>>, Rejected> {
        let (text, flaw) = block.text();
        let mut input = text;
        let names = |record: Record<'_>| record.fields().map(str::to_owned).collect();
        let header: Option<Vec<String>> = self.records.next(&mut input)?.map(names);
        if let Some(header) = header {
            // Behind a return there may be the rest of the line break.
            let rest = input.strip_prefix(b"\n").filter(|_| {
                let read = text.len() - input.len();
                text[..read].ends_with(b"\r")
            });
            if rest.is_some() {
                let _ = self.records.next(&mut b"\n".as_slice())?;
            }
            let left = rest.unwrap_or(input).len();
            block.start += text.len() - left;
            return Ok(Some(header));
        }
        if let Some(flaw) = flaw {
            return Err(flaw.refused(self.records.place()));
        }
        if !block.last {
            return Ok(None);
        }
        let header = self.records.next(&mut b"\n".as_slice())?.map(names);
        block.start = block.bytes.len();
        match header {
            Some(header) => Ok(Some(header)),
            None if self.records.is_amid() => Err(self.open()),
            None => Ok(None),
        }
    }

    /// Takes in a block, `amid` a row or not, and tells whether it ends at one.
    fn block(
        &mut self,
        take: &mut dyn FnMut(&Record<'_>) -> Result<(), Rejected>,
        block: &Block,
        amid: bool,
    ) -> Result<bool, Rejected> {
        let (text, flaw) = block.text();
        let (mut input, mut rest) = (text, (!amid).then_some(text));
        while let Some(record) = self.records.next(&mut input)? {
            take(&record)?;
            rest = Some(input);
        }
        if let Some(flaw) = flaw {
            return Err(flaw.refused(self.records.place()));
        }
        Ok(rest.is_some_and(|rest| rest.iter().copied().all(is_break)))
    }

    /// Ends the file amid a row: a line break closes a row that has none, and shows a quote that is still open.
    fn close(&mut self, take: &mut dyn FnMut(&Record<'_>) -> Result<(), Rejected>) -> Result<(), Rejected> {
        if let Some(record) = self.records.next(&mut b"\n".as_slice())? {
            take(&record)?;
        }
        if self.records.is_amid() {
            return Err(self.open());
        }
        Ok(())
    }

    fn open(&self) -> Rejected {
        Rejected::OpenQuote {
            place: Place {
                row: self.records.row,
                line: None,
            },
        }
    }
}

fn take(plan: &Plan<'_>, intake: &mut Intake, record: &Record<'_>) -> Result<(), Rejected> {
    record.check(plan.columns)?;
    intake.row(record.place, |index| match record.field(plan.positions[index]) {
        "" => Cell::Missing,
        text => Cell::Text(text),
    })
}
