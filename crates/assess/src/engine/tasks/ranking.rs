//! A score alone, with no prediction and no threshold: how well it ranks people, and whom the top of the ranking holds.

mod answers;
mod cut;

use super::by_group::{Compared, Lens};
use super::cells::{Cells, Grouping};
use super::{Wanted, warnings};
use crate::engine::curve;
use crate::engine::scores::Entry as Held;
use crate::engine::values::Values;
use crate::engine::{Limits, Rejected, Request, Watch};
use crate::report::{Columns, Dependence, Entry, Figure, Scores, Settings, Warning};
use crate::stats::real;
use crate::tasks::Ranking;
use crate::tasks::ranking::{Detail, SCHEMA, Top};
use answers::Answers;
use std::path::Path;

/// Reads a file by its label (two answers) and score columns and works out its report.
pub(in crate::engine) fn assess(
    file: &Path,
    request: &Request,
    tops: &[Top],
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Ranking, Rejected> {
    let columns = &request.columns;
    let score = columns
        .score
        .as_deref()
        .ok_or(Rejected::Unnamed("score column"))?;
    let wanted = Wanted::new(&[(&columns.label, "label"), (score, "score")], columns)?;
    let (label, score) = (wanted.column(0), wanted.column(1));
    let (mut cells, mut answers) = (Cells::new(columns, limits)?, Answers::default());
    let mut values = Values::new(limits.max_scores);
    let source = wanted.read(file, limits, progress, &mut |place, row| {
        let answer = answers.number(&label.text(row[0], place)?, columns, place)?;
        let score = score.number(row[1], place)?;
        let cell = cells.count(&row[2..], place)?;
        values.push(score, cell, answer);
        Ok(())
    })?;
    let positive = answers.positive(columns)?;
    let are_shares = values.are_shares();
    let table = values.table()?;
    let mut ranked = Ranked {
        positive,
        are_shares,
        places: table.places,
        table: table.entries,
        settings: &request.settings,
    };
    if ranked.positive == 1 {
        ranked.table.iter_mut().for_each(|entry| entry.rows.swap(0, 1));
    }
    let mut cuts: Vec<cut::Cutting<'_>> = tops
        .iter()
        .map(|top| cut::Cutting::new(*top, &ranked, cells.len()))
        .collect();
    if cuts.iter().any(cut::Cutting::is_open) {
        // Who of those tied at a cut is taken goes by the order of the file.
        wanted.read(file, limits, progress, &mut |place, row| {
            let answer = answers.number(&label.text(row[0], place)?, columns, place)?;
            let score = ranked.rounded(score.number(row[1], place)?);
            let cell = cells.find(&row[2..], place)?;
            let side = usize::from(answer != positive);
            for cut in &mut cuts {
                cut.offer(score, cell, side);
            }
            Ok(())
        })?;
    }
    let cuts = cuts.iter().map(|cut| cut.report(&cells, columns));
    let detail = Detail {
        cuts: cuts.collect(),
        positive: answers.name(positive),
    };
    let overall = ranked.figures(&cells.all()).pop().unwrap_or_default();
    Ok(super::report(
        source,
        &cells,
        request,
        &ranked,
        (SCHEMA, detail, overall),
    ))
}

/// What else rounding does to a ranking.
const TIED: &str = "rows of scores that became one are taken as tied, and nothing is said of the log loss";

struct Ranked<'a> {
    /// The number of the positive answer.
    positive: usize,
    /// Whether every score lies between 0 and 1.
    are_shares: bool,
    /// Places that scores were rounded to; none where they are exact.
    places: Option<u32>,
    /// Scores, ascending; rows are positives, then negatives.
    table: Vec<Held>,
    settings: &'a Settings,
}

impl Ranked<'_> {
    /// A score as it is held in the table.
    fn rounded(&self, score: f64) -> f64 {
        self.places
            .map_or(score, |places| crate::engine::values::rounded(score, places))
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
