//! A partial result as JSON. What comes back is believed in nothing: it must be what reading rows could have left.

use super::Partial;
use super::kept::{self, Ranked, Weighed, ensure, wrong};
use crate::engine::exact::Exact;
use crate::engine::groups::MISSING;
use crate::engine::intake::Intake;
use crate::engine::tally::{Counts, Sums};
use crate::engine::wanted::Wanted;
use crate::engine::{Limits, Place, Rejected};
use crate::report::{Columns, Source};
use serde::{Deserialize, Serialize};

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
            scores: intake.scores.as_mut().map(Ranked::of),
            weighed: intake.weighed.as_mut().map(Weighed::of),
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

fn settled(sums: &Sums) -> Sums {
    sums.each_ref()
        .map(|sums| sums.each_ref().map(|sums| sums.each_ref().map(Exact::settled)))
}

impl Wire {
    fn partial(self, limits: &Limits) -> Result<Partial, Rejected> {
        let wanted = Wanted::new(&self.columns, limits)?;
        kept::sources(&self.sources)?;
        let mut intake = Intake::new(&wanted, limits);
        self.answers(&mut intake)?;
        kept::groups(&mut intake.groups, &self.groups, limits)?;
        self.cells(&mut intake, limits)?;
        let rows = self.rows_by_label();
        if let Some(scores) = &mut intake.scores {
            let ranked = self.scores.ok_or_else(|| wrong("it lacks the scores"))?;
            let are_shares = ranked.are_shares;
            *scores = ranked.scores(rows.clone(), limits.max_scores)?;
            if let Some(weighed) = &mut intake.weighed {
                let kept = self
                    .weighed
                    .ok_or_else(|| wrong("it lacks the scores by weight: count it again"))?;
                kept.restore(weighed, rows, are_shares, limits.max_weighed())?;
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

    /// Rows of each cell by label.
    fn rows_by_label(&self) -> Vec<[u64; 2]> {
        let rows = |cell: &Cell| cell.rows.map(|rows| rows[0] + rows[1]);
        self.cells.iter().map(rows).collect()
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
            let key = kept::key(&cell.groups, &self.groups)?;
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
