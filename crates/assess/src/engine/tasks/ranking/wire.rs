//! What is kept of a ranking, as JSON.

use super::Kept;
use super::answers::Answers;
use super::order::Order;
use crate::engine::partial::kept::{self, ensure, wrong};
use crate::engine::tasks::cells::wire;
use crate::engine::{Limits, Rejected};
use crate::report::Columns;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::tasks) struct Wire {
    /// At most two, in the order in which they first occurred.
    answers: Vec<String>,
    scores: kept::Values,
    /// Where a weight was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    weighed: Option<kept::Weighed>,
    /// Each score that rows of several kinds share, and the kinds of its rows in the order of the file: twice the place of the
    /// cell (by weight: of the pair), and one more for the second answer. Null where there were too many, or in a part that
    /// was merged.
    order: Option<Vec<(f64, Vec<u32>)>>,
}

impl Kept {
    pub(in crate::engine::tasks) fn wire(&mut self) -> Wire {
        Wire {
            answers: self.answers.known.clone(),
            scores: kept::Values::of(&mut self.values),
            weighed: self.weighed.as_mut().map(kept::Weighed::of),
            order: self.order.as_ref().map(Order::listed),
        }
    }
}

impl Wire {
    pub fn kept(self, cells: &wire::Wire, columns: &Columns, limits: &Limits) -> Result<Kept, Rejected> {
        let mut kept = Kept::new(columns, limits)?;
        kept.cells = cells.cells(columns, self.answers.len(), limits)?;
        kept.answers = Answers::restored(self.answers).ok_or_else(|| wrong("its answers aren't two"))?;
        let rows = kept.cells.rows_by_answer();
        kept.values = self.scores.values(rows.clone(), limits.max_scores)?;
        ensure(
            self.weighed.is_some() == columns.weight.is_some(),
            "scores by weight and the column of weights don't match",
        )?;
        if let Some((weighed, wire)) = kept.weighed.as_mut().zip(self.weighed) {
            wire.restore(weighed, rows, kept.values.are_shares(), limits.max_weighed())?;
        }
        if let Some(order) = self.order {
            let run = kept.run().unwrap_or_default();
            let order = Order::restored(run, order);
            ensure(order.is_some(), "the order of its rows isn't that of its scores")?;
            kept.order = order;
        }
        Ok(kept)
    }
}
