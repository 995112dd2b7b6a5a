//! A partial result as JSON. What comes back is believed in nothing: it must be what reading rows could have left.

use super::Partial;
use crate::engine::exact::Exact;
use crate::engine::groups::MISSING;
use crate::engine::intake::{Intake, is_weight};
use crate::engine::scores::{Entry, Scores};
use crate::engine::tally::{Counts, Sums};
use crate::engine::wanted::Wanted;
use crate::engine::weighed;
use crate::engine::{Limits, Place, Rejected};
use crate::report::{Columns, Source};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The name and version of the format.
const SCHEMA: &str = "countersign.partial/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    /// Always [`SCHEMA`].
    schema: String,
    /// What was read, as named.
    columns: Columns,
    /// The files, in order.
    sources: Vec<Source>,
    /// The label's answers, at most two, in the order in which they first occurred.
    answers: Vec<Answer>,
    /// For each protected attribute its groups, in the order in which they first occurred.
    groups: Vec<Vec<String>>,
    /// Each combination of groups that occurred.
    cells: Vec<Cell>,
    /// Where a score was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Ranked>,
    /// Where a score and a weight were named.
    #[serde(skip_serializing_if = "Option::is_none")]
    weighed: Option<Weighed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weighed {
    /// Each combination of a cell, by its place in the list, and a weight that occurred.
    pairs: Vec<(u32, f64)>,
    /// As in `scores`, with the place of a pair for that of a cell.
    entries: Option<Vec<(f64, u32, [u32; 2])>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    text: String,
    /// The first row that has it in the label, and in the prediction.
    first: [Option<u64>; 2],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    /// The group's place in each attribute's list; null where it isn't known.
    groups: Vec<Option<u32>>,
    /// Rows by label and prediction, both by the place of the answer; without a prediction column, 1 in place of the
    /// prediction stands for scores at or above the threshold.
    rows: Counts,
    /// Where a weight was named: sums of weights and of their squares, likewise. Each as the digits of a number to the
    /// base 2³² in units of 2⁻¹⁰⁷⁴: pairs of a digit's place and the digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    sums: Option<Sums>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ranked {
    /// Whether every score lies between 0 and 1.
    are_shares: bool,
    /// Ascending: the score, the cell's place in the list, rows by label. Null where there were too many to hold.
    entries: Option<Vec<(f64, u32, [u32; 2])>>,
}

impl Partial {
    /// The partial result as JSON, which [`Partial::from_json`] reads.
    pub fn to_json(&mut self) -> Result<Vec<u8>, serde_json::Error> {
        let intake = &mut self.intake;
        let answers = intake.answers.known.iter().map(|answer| Answer {
            text: answer.text.clone(),
            first: answer.first.map(|place| place.map(|place| place.row)),
        });
        let cells = intake
            .tally
            .cells
            .iter()
            .enumerate()
            .map(|(at, (key, rows))| Cell {
                groups: key.iter().map(|id| (*id != MISSING).then_some(*id)).collect(),
                rows: *rows,
                sums: intake.tally.sums.as_ref().map(|sums| settled(&sums[at])),
            });
        let wire = Wire {
            schema: SCHEMA.to_owned(),
            columns: intake.columns.clone(),
            sources: self.sources.clone(),
            answers: answers.collect(),
            groups: intake.groups.iter().map(|groups| groups.names.clone()).collect(),
            cells: cells.collect(),
            scores: intake.scores.as_mut().map(|scores| Ranked {
                are_shares: scores.are_shares,
                entries: scores.run().map(|run| {
                    let entries = run.iter().map(|entry| (entry.score, entry.cell, entry.rows));
                    entries.collect()
                }),
            }),
            weighed: intake.weighed.as_mut().map(|weighed| match weighed.kept() {
                None => Weighed {
                    pairs: Vec::new(),
                    entries: None,
                },
                Some(kept) => Weighed {
                    pairs: kept.pairs.to_vec(),
                    entries: Some(
                        kept.run
                            .iter()
                            .map(|entry| (entry.score, entry.cell, entry.rows))
                            .collect(),
                    ),
                },
            }),
        };
        serde_json::to_vec(&wire)
    }

    /// A partial result from its JSON, within the same limits as a file.
    ///
    /// # Errors
    /// [`Rejected`], which says what can't be.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, Rejected> {
        if json.len() as u64 > limits.max_bytes {
            return Err(Rejected::TooBig {
                limit: limits.max_bytes,
            });
        }
        let wire: Wire = serde_json::from_slice(json).map_err(|error| wrong(error.to_string()))?;
        if wire.schema != SCHEMA {
            return Err(wrong(format!("it isn't of the format {SCHEMA}")));
        }
        wire.partial(limits)
    }
}

fn wrong(detail: impl Into<String>) -> Rejected {
    Rejected::NotPartial {
        detail: detail.into(),
    }
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), Rejected> {
    if holds { Ok(()) } else { Err(wrong(otherwise)) }
}

fn settled(sums: &Sums) -> Sums {
    sums.each_ref()
        .map(|sums| sums.each_ref().map(|sums| sums.each_ref().map(Exact::settled)))
}

impl Wire {
    fn partial(self, limits: &Limits) -> Result<Partial, Rejected> {
        let wanted = Wanted::new(&self.columns, limits)?;
        let is_digest = |text: &str| {
            let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            text.len() == 64 && text.bytes().all(hex)
        };
        ensure(!self.sources.is_empty(), "it names no file")?;
        ensure(
            self.sources.iter().all(|source| is_digest(&source.digest)),
            "a file's digest isn't one",
        )?;
        let mut intake = Intake::new(&wanted, limits);
        self.answers(&mut intake)?;
        self.groups(&mut intake, limits)?;
        self.cells(&mut intake, limits)?;
        if let Some(scores) = &mut intake.scores {
            let ranked = self.scores.ok_or_else(|| wrong("it lacks the scores"))?;
            let are_shares = ranked.are_shares;
            *scores = ranked.scores(&self.cells, &|cell| Some(cell), limits.max_scores)?;
            if let Some(weighed) = &mut intake.weighed {
                let kept = self
                    .weighed
                    .ok_or_else(|| wrong("it lacks the scores by weight: count it again"))?;
                kept.restore(weighed, &self.cells, are_shares, limits)?;
            }
        } else {
            ensure(self.scores.is_none(), "it has scores of no column")?;
        }
        Ok(Partial {
            intake,
            sources: self.sources,
        })
    }

    fn answers(&self, intake: &mut Intake) -> Result<(), Rejected> {
        let rows = self.rows()?;
        ensure(self.answers.len() <= 2, "it has more than two answers")?;
        for answer in &self.answers {
            let first = answer.first.iter().flatten();
            ensure(
                first.clone().next().is_some() && first.into_iter().all(|row| (1..=rows).contains(row)),
                "an answer stands in no row",
            )?;
            let first = answer.first.map(|row| row.map(|row| Place { row, line: None }));
            let known = intake.answers.restore(&answer.text, first);
            ensure(known, "its answers aren't two")?;
        }
        Ok(())
    }

    /// Rows in all cells.
    fn rows(&self) -> Result<u64, Rejected> {
        let counts = self.cells.iter().flat_map(|cell| cell.rows.as_flattened());
        counts
            .into_iter()
            .try_fold(0_u64, |sum, rows| sum.checked_add(*rows))
            .ok_or_else(|| wrong("it has more rows than can be counted"))
    }

    fn groups(&self, intake: &mut Intake, limits: &Limits) -> Result<(), Rejected> {
        ensure(
            self.groups.len() == intake.groups.len(),
            "its groups aren't those of the columns",
        )?;
        for (groups, names) in intake.groups.iter_mut().zip(&self.groups) {
            let distinct: HashSet<&String> = names.iter().collect();
            ensure(distinct.len() == names.len(), "a group is listed twice")?;
            ensure(names.len() <= limits.max_groups, "it has too many groups")?;
            ensure(
                names
                    .iter()
                    .all(|name| name.len() <= limits.max_field_bytes && !name.contains('\0')),
                "a group's name can't be one",
            )?;
            for name in names {
                groups.restore(name);
            }
        }
        Ok(())
    }

    fn cells(&self, intake: &mut Intake, limits: &Limits) -> Result<(), Rejected> {
        let rows = self.rows()?;
        if rows > limits.max_rows.min(u64::from(u32::MAX)) {
            return Err(Rejected::TooManyRows {
                limit: limits.max_rows,
            });
        }
        ensure(self.cells.len() <= limits.max_cells, "it has too many cells")?;
        let place = Place { row: 1, line: None };
        for (at, cell) in self.cells.iter().enumerate() {
            let known = |(id, names): (&Option<u32>, &Vec<String>)| {
                id.is_none_or(|id| usize::try_from(id).is_ok_and(|id| id < names.len()))
            };
            let is_key =
                cell.groups.len() == self.groups.len() && cell.groups.iter().zip(&self.groups).all(known);
            ensure(is_key, "a cell has a group that isn't listed")?;
            let key: Vec<u32> = cell.groups.iter().map(|id| id.unwrap_or(MISSING)).collect();
            let id = intake.tally.cell(&key, place)?;
            ensure(id as usize == at, "a cell is listed twice")?;
            let answers = self.answers.len();
            let by_threshold = self.columns.prediction.is_none();
            let stray = (0..2).flat_map(|label| (0..2).map(move |predicted| (label, predicted)));
            let stray = stray
                .filter(|(label, predicted)| *label >= answers || !by_threshold && *predicted >= answers)
                .any(|(label, predicted)| cell.rows[label][predicted] > 0);
            ensure(!stray, "rows have an answer that isn't listed")?;
            ensure(
                cell.sums.is_some() == self.columns.weight.is_some(),
                "sums of weights and the column of weights don't match",
            )?;
            let sums = cell.sums.as_ref();
            let all = sums.map(|sums| sums.as_flattened().as_flattened());
            ensure(
                all.is_none_or(|all| all.iter().all(Exact::is_sound)),
                "a sum of weights can't be one",
            )?;
            intake.tally.restore(at, cell.rows, sums);
        }
        Ok(())
    }
}

impl Weighed {
    fn restore(
        self,
        weighed: &mut weighed::Weighed,
        cells: &[Cell],
        are_shares: bool,
        limits: &Limits,
    ) -> Result<(), Rejected> {
        let (pairs, limit) = (self.pairs, limits.max_weighed());
        let unlike: HashSet<_> = pairs
            .iter()
            .map(|(cell, weight)| (cell, weight.to_bits()))
            .collect();
        ensure(
            unlike.len() == pairs.len(),
            "a cell and a weight are listed twice",
        )?;
        ensure(pairs.len() <= limit, "it has too many weights")?;
        ensure(
            pairs
                .iter()
                .all(|(_, weight)| is_weight(*weight) && !weight.is_sign_negative()),
            "a weight can't be one",
        )?;
        let ranked = Ranked {
            are_shares,
            entries: self.entries,
        };
        let cell_of = |pair: u32| Some(pairs.get(usize::try_from(pair).ok()?)?.0);
        let scores = ranked.scores(cells, &cell_of, limit)?;
        weighed.restore(pairs, scores);
        Ok(())
    }
}

impl Ranked {
    /// The scores, where `cell_of` gives the cell of what an entry names.
    fn scores(
        self,
        cells: &[Cell],
        cell_of: &dyn Fn(u32) -> Option<u32>,
        limit: usize,
    ) -> Result<Scores, Rejected> {
        let Some(entries) = self.entries else {
            return Ok(Scores::from_run(limit, None, self.are_shares));
        };
        ensure(entries.len() <= limit, "it has too many scores")?;
        let mut left: Vec<[u64; 2]> = cells
            .iter()
            .map(|cell| cell.rows.map(|rows| rows[0] + rows[1]))
            .collect();
        let mut run: Vec<Entry> = Vec::with_capacity(entries.len());
        for (score, cell, rows) in entries {
            let entry = Entry { score, cell, rows };
            ensure(
                score.is_finite() && !(score == 0.0 && score.is_sign_negative()),
                "a score can't be ranked",
            )?;
            ensure(
                run.last().is_none_or(|last| last.order(&entry).is_lt()),
                "its scores aren't in order",
            )?;
            let cell = cell_of(cell).and_then(|cell| usize::try_from(cell).ok());
            let left = cell.and_then(|cell| left.get_mut(cell));
            let left = left.ok_or_else(|| wrong("a score is of no cell"))?;
            for (left, rows) in left.iter_mut().zip(rows) {
                *left = left
                    .checked_sub(u64::from(rows))
                    .ok_or_else(|| wrong("more scores than rows"))?;
            }
            ensure(
                !self.are_shares || (0.0..=1.0).contains(&score),
                "a score isn't between 0 and 1, though all should be",
            )?;
            run.push(entry);
        }
        ensure(left.iter().all(|left| *left == [0, 0]), "rows without a score")?;
        Ok(Scores::from_run(limit, Some(run), self.are_shares))
    }
}
