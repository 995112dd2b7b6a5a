//! What is kept of classes, as JSON.

use super::areas::{Shares, Weighty};
use super::counts::Counts;
use super::{Kept, MAX_CLASSES};
use crate::engine::exact::Exact;
use crate::engine::partial::kept::{self, ensure, wrong};
use crate::engine::tasks::cells::Cells;
use crate::engine::weighed::sum::Squared;
use crate::engine::{Limits, Rejected, values, weighed};
use crate::report::Columns;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::tasks) struct Wire {
    /// In the order in which they first occurred.
    classes: Vec<String>,
    /// The cell, label and prediction by their places in the lists, rows, and sums of weights and of their squares.
    counts: Vec<Count>,
    /// Where a score was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<Scores>,
}

type Count = (u32, usize, usize, u64, Squared);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scores {
    /// Those that have a column of scores, by code point.
    classes: Vec<String>,
    /// For each of them the shares of all rows, with the label's place for that of a cell.
    values: Vec<kept::Values>,
    /// Rows of each that have shares.
    support: Vec<u64>,
    /// The sum of −ln(share of the true class).
    loss: Exact,
    /// Where a weight was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    weighted: Option<Weighted>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weighted {
    values: Vec<kept::Weighed>,
    support: Vec<Exact>,
    loss: Exact,
}

impl Kept {
    pub(in crate::engine::tasks) fn wire(&mut self) -> Wire {
        Wire {
            classes: self.counts.names.clone(),
            counts: self.counts.listed(),
            scores: self.shares.as_mut().map(Scores::of),
        }
    }
}

impl Wire {
    pub fn kept(self, cells: Cells, columns: &Columns, limits: &Limits) -> Result<Kept, Rejected> {
        ensure(self.classes.len() <= MAX_CLASSES, "it has too many classes")?;
        let is_weighted = columns.weight.is_some();
        let mut counts = Counts::default();
        let are_new = self.classes.iter().all(|class| counts.is_new(class));
        ensure(are_new, "a class is listed twice")?;
        let mut left = cells.rows_by_answer();
        for (cell, label, predicted, rows, sums) in self.counts {
            let left = usize::try_from(cell).ok().and_then(|cell| left.get_mut(cell));
            let [left, _] = left.ok_or_else(|| wrong("rows are of no cell"))?;
            *left = left
                .checked_sub(rows)
                .ok_or_else(|| wrong("a cell has fewer rows than its classes"))?;
            ensure(
                sums.iter().all(Exact::is_sound) && (is_weighted || sums == Squared::default()),
                "a sum of weights can't be one",
            )?;
            let is_new = rows > 0 && counts.restore((cell, label, predicted), (rows, sums));
            ensure(is_new, "rows are listed twice, or of no class")?;
        }
        ensure(
            left.iter().all(|left| *left == [0, 0]),
            "a cell has more rows than its classes",
        )?;
        ensure(
            self.scores.is_some() == columns.score.is_some(),
            "scores and the column of scores don't match",
        )?;
        let prefix = columns.score.as_deref().unwrap_or_default();
        let shares = self.scores.map(|scores| {
            let labels = counts.labels();
            let of_label = labels.iter().map(|label| counts.rows_of_label(label));
            let labels: Vec<_> = labels.iter().cloned().zip(of_label).collect();
            scores.shares(prefix, &labels, is_weighted, limits)
        });
        Ok(Kept {
            cells,
            shares: shares.transpose()?,
            counts,
        })
    }
}

impl Scores {
    fn of(shares: &mut Shares) -> Self {
        Self {
            classes: shares.classes.clone(),
            values: shares.values.iter_mut().map(kept::Values::of).collect(),
            support: shares.support.clone(),
            loss: shares.loss.settled(),
            weighted: shares.weighted.as_mut().map(|weighted| Weighted {
                values: weighted.values.iter_mut().map(kept::Weighed::of).collect(),
                support: weighted.support.iter().map(Exact::settled).collect(),
                loss: weighted.loss.settled(),
            }),
        }
    }

    /// The shares of rows with so many of each label.
    fn shares(
        self,
        prefix: &str,
        labels: &[(String, u64)],
        is_weighted: bool,
        limits: &Limits,
    ) -> Result<Shares, Rejected> {
        let size = self.classes.len();
        ensure(
            size <= MAX_CLASSES && self.classes.is_sorted_by(|a, b| a < b),
            "the classes of its scores aren't in order",
        )?;
        ensure(
            self.values.len() == size && self.support.len() == size,
            "its scores aren't those of the classes",
        )?;
        for (label, _) in labels {
            ensure(self.classes.contains(label), "a class has no scores")?;
        }
        for (class, rows) in self.classes.iter().zip(&self.support) {
            let of_label = labels.iter().find(|(label, _)| label == class);
            ensure(
                *rows <= of_label.map_or(0, |(_, rows)| *rows),
                "more scores than rows",
            )?;
        }
        ensure(self.loss.is_sound(), "a sum of losses can't be one")?;
        let left: Vec<[u64; 2]> = self.support.iter().map(|rows| [*rows, 0]).collect();
        let mut shares = Shares::new(prefix, self.classes, is_weighted, limits);
        let each = |limit: usize| limit / size.max(1);
        let values = self.values.into_iter();
        let values = values.map(|values| values.values(left.clone(), each(limits.max_scores)));
        shares.values = values.collect::<Result<Vec<values::Values>, _>>()?;
        shares.support = self.support;
        shares.loss = self.loss;
        ensure(
            self.weighted.is_some() == is_weighted,
            "scores by weight and the column of weights don't match",
        )?;
        if let Some((weighted, wire)) = shares.weighted.as_mut().zip(self.weighted) {
            wire.restore(weighted, &left, each(limits.max_weighed()))?;
        }
        Ok(shares)
    }
}

impl Weighted {
    fn restore(self, weighted: &mut Weighty, left: &[[u64; 2]], limit: usize) -> Result<(), Rejected> {
        ensure(
            self.values.len() == left.len() && self.support.len() == left.len(),
            "its scores by weight aren't those of the classes",
        )?;
        let are_sound = self.support.iter().chain([&self.loss]).all(Exact::is_sound);
        ensure(are_sound, "a sum of weights can't be one")?;
        for (values, wire) in weighted.values.iter_mut().zip(self.values) {
            let values: &mut weighed::Weighed = values;
            wire.restore(values, left.to_vec(), true, limit)?;
        }
        weighted.support = self.support;
        weighted.loss = self.loss;
        Ok(())
    }
}
