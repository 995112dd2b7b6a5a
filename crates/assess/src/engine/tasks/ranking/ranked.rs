//! How well a score ranks people, overall and by group.

use super::super::by_group::{Compared, Lens};
use super::super::cells::{Cells, Grouping};
use super::super::warnings;
use crate::engine::Rejected;
use crate::engine::curve;
pub(super) use crate::engine::scores::Entry as Held;
use crate::engine::values::{self, Values};
use crate::engine::weighed::ranking::{self, Side};
use crate::engine::weighed::{Heavy, Weighed};
use crate::report::{Columns, Dependence, Entry, Figure, Scores, Settings, Warning};
use crate::stats::real;

/// What else rounding does to a ranking.
const TIED: &str = "rows of scores that became one are taken as tied, and nothing is said of the log loss";

/// Why there is nothing by weight that needs every score.
pub(super) const TOO_MANY: &str = "too many distinct pairs of score and weight to hold: round them";

/// The scores of all rows, in order.
pub(super) struct Ranked<'a> {
    /// The number of the positive answer.
    pub positive: usize,
    /// Whether every score lies between 0 and 1.
    are_shares: bool,
    /// Places that scores were rounded to; none where they are exact.
    places: Option<u32>,
    /// Scores, ascending; rows are positives, then negatives.
    pub table: Vec<Held>,
    /// By weight, in descending order; rows by answer. None where there are too many, and without weights.
    pub heavy: Option<Vec<Heavy>>,
    pub settings: &'a Settings,
}

impl<'a> Ranked<'a> {
    /// From the number of the positive answer, and the scores.
    pub fn new(
        positive: usize,
        values: Values,
        weighed: Option<Weighed>,
        settings: &'a Settings,
    ) -> Result<Self, Rejected> {
        let are_shares = values.are_shares();
        let mut table = values.table()?;
        if positive == 1 {
            table.entries.iter_mut().for_each(|entry| entry.rows.swap(0, 1));
        }
        Ok(Self {
            positive,
            are_shares,
            places: table.places,
            table: table.entries,
            heavy: weighed.and_then(Weighed::table),
            settings,
        })
    }

    /// A score as it is held in the table.
    pub fn rounded(&self, score: f64) -> f64 {
        self.places.map_or(score, |places| values::rounded(score, places))
    }

    /// The figures of all rows.
    pub fn overall(&self, cells: &Cells) -> Vec<Entry> {
        self.figures(&cells.all()).pop().unwrap_or_default()
    }

    /// Positives and negatives of each group.
    fn sides(&self, grouping: &Grouping) -> Vec<[u64; 2]> {
        let mut sides = vec![[0; 2]; grouping.groups];
        for entry in &self.table {
            if let Some(group) = grouping.of(entry.cell) {
                for (side, rows) in sides[group].iter_mut().zip(entry.rows) {
                    *side += u64::from(rows);
                }
            }
        }
        sides
    }

    /// Half the chance that a positive and a negative have the same score.
    fn tied(&self) -> f64 {
        let mut tied = 0.0;
        for equal in self.table.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
            let side = |side: usize| equal.iter().map(|entry| f64::from(entry.rows[side])).sum::<f64>();
            tied += side(0) * side(1) / 2.0;
        }
        let rows = |side: usize| self.table.iter().map(|entry| u64::from(entry.rows[side])).sum();
        tied / (real(rows(0)) * real(rows(1))).max(1.0)
    }

    fn entries(&self, mut scores: Scores) -> Vec<Entry> {
        if self.places.is_some() && scores.log_loss.value.is_some() {
            let reason = "too many distinct scores to hold: they were rounded";
            scores.log_loss = Figure::none(scores.log_loss.n, reason);
        }
        let named = scores.named().into_iter();
        named.map(|(id, figure)| Entry::new(id, figure.clone())).collect()
    }
}

/// The scores that are taken by weight: bins of equal mass are made of rows alone.
fn named(scores: &Scores) -> Vec<Entry> {
    let named = scores.named().into_iter();
    let by_weight = named.filter(|(id, _)| *id != "calibration_error_equal_mass");
    by_weight
        .map(|(id, figure)| Entry::new(id, figure.clone()))
        .collect()
}

impl Lens for Ranked<'_> {
    fn figures(&self, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let sides = self.sides(grouping).into_iter();
        let mut rankings: Vec<_> = sides.map(|[p, n]| curve::Ranking::new(p, n)).collect();
        for entry in &self.table {
            if let Some(group) = grouping.of(entry.cell) {
                let [p, n] = entry.rows.map(u64::from);
                rankings[group].push(entry.score, p, n);
            }
        }
        let finish = |ranking: curve::Ranking| ranking.finish(self.are_shares, self.settings).scores;
        rankings
            .into_iter()
            .map(|ranking| self.entries(finish(ranking)))
            .collect()
    }

    fn weighted(&self, cells: &Cells, grouping: &Grouping) -> Vec<Vec<Entry>> {
        let rows = self.sides(grouping).into_iter();
        let Some(table) = &self.heavy else {
            let withheld = |[p, n]: [u64; 2]| named(&Scores::withheld(p + n, TOO_MANY));
            return rows.map(withheld).collect();
        };
        let weights = cells.weights(grouping).unwrap_or_default().into_iter();
        let sides = rows.zip(weights).map(|(rows, mut sums)| {
            if self.positive == 1 {
                sums.swap(0, 1);
            }
            [0, 1].map(|side| Side {
                sum: sums[side],
                rows: rows[side],
            })
        });
        let group_of = |cell: u32| grouping.of(cell);
        let of = (self.are_shares, self.settings);
        let ranked = ranking::ranked(table, sides, self.positive, &group_of, of);
        ranked.iter().map(|(scores, _)| named(scores)).collect()
    }

    fn compared(&self) -> Vec<Compared> {
        vec![
            Compared::new("roc_auc", "ROC AUC", false),
            Compared::new("average_precision", "Average precision", false),
            Compared::new("mean_score", "Mean score", false),
        ]
    }

    fn dependence(&self, _: &Grouping) -> Option<Dependence> {
        None
    }

    fn warnings(&self, columns: &Columns, overall: &[Entry]) -> Vec<Warning> {
        let mut found = warnings::of_ranking(columns, overall, self.are_shares);
        found.extend(
            self.places
                .map(|places| warnings::rounded_scores(columns, places, self.tied(), TIED)),
        );
        found
    }
}
