//! What partial results have in common as JSON, and how it is checked before it is believed.

use crate::engine::groups::{Groups, MISSING};
use crate::engine::intake::is_weight;
use crate::engine::scores::{Entry, Run, Scores};
use crate::engine::values::{self, rounded};
use crate::engine::{Limits, Rejected, weighed};
use crate::report::Source;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

pub(in crate::engine) fn wrong(detail: impl Into<String>) -> Rejected {
    Rejected::NotPartial {
        detail: detail.into(),
    }
}

pub(in crate::engine) fn ensure(holds: bool, otherwise: &str) -> Result<(), Rejected> {
    if holds { Ok(()) } else { Err(wrong(otherwise)) }
}

/// Checks that files are named, each by a digest.
pub(in crate::engine) fn sources(sources: &[Source]) -> Result<(), Rejected> {
    let is_digest = |text: &str| {
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        text.len() == 64 && text.bytes().all(hex)
    };
    ensure(!sources.is_empty(), "it names no file")?;
    ensure(
        sources.iter().all(|source| is_digest(&source.digest)),
        "a file's digest isn't one",
    )
}

/// Puts back the groups of each attribute.
pub(in crate::engine) fn groups(
    groups: &mut [Groups],
    names: &[Vec<String>],
    limits: &Limits,
) -> Result<(), Rejected> {
    ensure(
        names.len() == groups.len(),
        "its groups aren't those of the columns",
    )?;
    for (groups, names) in groups.iter_mut().zip(names) {
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

/// The key of a cell from its groups, each by its place in the list; none where it isn't known.
pub(in crate::engine) fn key(groups: &[Option<u32>], names: &[Vec<String>]) -> Result<Vec<u32>, Rejected> {
    let known = |(id, names): (&Option<u32>, &Vec<String>)| {
        id.is_none_or(|id| usize::try_from(id).is_ok_and(|id| id < names.len()))
    };
    let is_key = groups.len() == names.len() && groups.iter().zip(names).all(known);
    ensure(is_key, "a cell has a group that isn't listed")?;
    Ok(groups.iter().map(|id| id.unwrap_or(MISSING)).collect())
}

/// Scores of cells.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine) struct Ranked {
    /// Whether every score lies between 0 and 1.
    pub are_shares: bool,
    /// Ascending: the score, the cell's place in the list, rows by label. Null where there were too many to hold.
    entries: Option<Vec<(f64, u32, [u32; 2])>>,
}

fn entries(run: &[Entry]) -> Vec<(f64, u32, [u32; 2])> {
    run.iter()
        .map(|entry| (entry.score, entry.cell, entry.rows))
        .collect()
}

impl Ranked {
    pub fn of(scores: &mut Scores) -> Self {
        Self {
            are_shares: scores.are_shares,
            entries: scores.run().map(entries),
        }
    }

    /// The scores of cells, of which `left` gives the rows by label.
    pub fn scores(self, left: Vec<[u64; 2]>, limit: usize) -> Result<Scores, Rejected> {
        let are_shares = self.are_shares;
        let run = self.run(left, &Some, limit)?;
        Ok(Scores::from_run(limit, run, are_shares))
    }

    /// The entries, where `cell_of` gives the cell of what one names and `left` the rows of each cell by label, all of which
    /// must have a score; none where there were too many.
    fn run(
        self,
        mut left: Vec<[u64; 2]>,
        cell_of: &dyn Fn(u32) -> Option<u32>,
        limit: usize,
    ) -> Result<Option<Run>, Rejected> {
        let Some(entries) = self.entries else {
            return Ok(None);
        };
        ensure(entries.len() <= limit, "it has too many scores")?;
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
        Ok(Some(run))
    }
}

/// Numbers of cells, rounded where there are many.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine) struct Values {
    /// Binary places kept behind the leading one; 52 are all there are.
    places: u32,
    scores: Ranked,
}

impl Values {
    pub fn of(values: &mut values::Values) -> Self {
        values.run();
        Self {
            places: values.places(),
            scores: Ranked::of(&mut values.scores),
        }
    }

    /// The numbers, of cells that have so many rows by label.
    pub fn values(self, left: Vec<[u64; 2]>, limit: usize) -> Result<values::Values, Rejected> {
        let entries = self.scores.entries.iter().flatten();
        let are_kept = entries
            .map(|(score, ..)| score)
            .all(|score| rounded(*score, self.places.min(52)).total_cmp(score).is_eq());
        ensure(are_kept, "a number has more places than are kept")?;
        let are_shares = self.scores.are_shares;
        let run = self.scores.run(left, &Some, limit)?;
        let scores = Scores::from_run(usize::MAX, run, are_shares);
        let mut values = values::Values::new(limit);
        ensure(
            values.restore(self.places, scores),
            "numbers aren't kept to so many places",
        )?;
        Ok(values)
    }
}

/// Scores by weight.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine) struct Weighed {
    /// Each combination of a cell, by its place in the list, and a weight that occurred.
    pairs: Vec<(u32, f64)>,
    /// As in [`Ranked`], with the place of a pair for that of a cell.
    entries: Option<Vec<(f64, u32, [u32; 2])>>,
}

impl Weighed {
    pub fn of(weighed: &mut weighed::Weighed) -> Self {
        match weighed.kept() {
            None => Self {
                pairs: Vec::new(),
                entries: None,
            },
            Some(kept) => Self {
                pairs: kept.pairs.to_vec(),
                entries: Some(entries(kept.run)),
            },
        }
    }

    /// Puts back the scores of cells that have so many rows by label.
    pub fn restore(
        self,
        weighed: &mut weighed::Weighed,
        left: Vec<[u64; 2]>,
        are_shares: bool,
        limit: usize,
    ) -> Result<(), Rejected> {
        let pairs = self.pairs;
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
        let run = ranked.run(left, &cell_of, limit)?;
        weighed.restore(pairs, Scores::from_run(limit, run, are_shares));
        Ok(())
    }
}
