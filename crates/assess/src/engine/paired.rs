//! Two files of predictions for the same cases: how each figure moved, and whether that is more than noise.
//!
//! Cases are matched by an id, and held in memory: at most as many as [`Limits::held`] says. Rates are tested by those who
//! changed (McNemar), areas under the ROC curve by DeLong's method, means by the differences of each case. What has no
//! sound closed form (gaps between groups, precision, F1, the calibration error) is computed again from counts drawn anew,
//! by a seed that stands in the answer.

mod cases;
mod counts;
mod scores;

use super::{Limits, Rejected, Watch};
use crate::compare::{Bootstrap, Comparison, Decisions, Method, Move, Pairing};
use crate::report::{Columns, Settings};
use crate::stats::{Pairs, real};
use cases::{Cases, Outcome};
use counts::Counted;
use scores::Scored;
use std::path::Path;

/// The seed and the number of draws, which stand in every answer.
const BOOTSTRAP: Bootstrap = Bootstrap { seed: 1, draws: 1999 };

/// What to find in both files.
#[derive(Debug, Clone, Copy)]
pub struct Matched<'a> {
    /// Groups are those of the later file: the earlier one needs no protected attributes.
    pub columns: &'a Columns,
    /// The column that cases are known by.
    pub id: &'a str,
}

/// Compares two evaluations of the same cases, which must have the same true answers in both. Cases that only one file has
/// are left out, and counted.
///
/// # Errors
/// [`Rejected`] names what is wrong with a file or the columns, and where; what is wrong with the earlier file stands in
/// [`Rejected::Before`].
pub fn paired(
    before: &Path,
    after: &Path,
    matched: Matched<'_>,
    settings: &Settings,
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Comparison, Rejected> {
    let (cases, [before, after]) = Cases::read([before, after], matched, limits, progress)?;
    let (positive, labels) = cases.answers.resolve(matched.columns)?;
    let outcomes = cases.outcomes(positive, matched.columns.prediction.is_none());
    let pairing = Pairing {
        id: matched.id.to_owned(),
        cases: outcomes.len() as u64,
        only_before: cases.only_before,
        only_after: cases.only_after,
        decisions: decisions(&outcomes, labels.positive_is_favourable, settings),
        bootstrap: BOOTSTRAP,
    };
    let scored = Scored::of(&cases, &outcomes);
    let counted = Counted::of(&cases, &outcomes);
    let [was, is] = cases.intakes;
    let reports = [was.report(settings, before)?, is.report(settings, after)?];
    let redrawn = counted.redraw(&reports, &BOOTSTRAP);
    Ok(Comparison::paired(&reports, pairing, |was, is| {
        let change = is.value.zip(was.value).map(|(is, was)| is - was);
        let by_counts = || Some(redrawn.get(&is.id)?.judge(change, &BOOTSTRAP, settings));
        rate(&is.id, &outcomes, settings)
            .or_else(by_counts)
            .or_else(|| scored.as_ref()?.judge(&is.id, change, &BOOTSTRAP, settings))
            .or_else(|| {
                (is.id == "performance.average_precision").then(|| Move::unpaired(Some(was), Some(is)))
            })
    }))
}

/// Rates whose denominators are the same cases before and after.
fn rate(id: &str, outcomes: &[Outcome], settings: &Settings) -> Option<Move> {
    let pairs = match id {
        "performance.accuracy" => pairs(outcomes, |case| {
            Some(case.predicted.map(|predicted| predicted == case.positive))
        }),
        "performance.tpr" => pairs(outcomes, |case| case.positive.then_some(case.predicted)),
        "performance.fpr" => pairs(outcomes, |case| (!case.positive).then_some(case.predicted)),
        _ => return None,
    };
    Some(Move {
        method: Method::Mcnemar,
        interval: pairs.interval(settings.z),
        p: Some(pairs.mid_p()),
    })
}

/// Counts the cases that `of` has an opinion on.
fn pairs(outcomes: &[Outcome], of: impl Fn(&Outcome) -> Option<[bool; 2]>) -> Pairs {
    let mut pairs = Pairs::default();
    for [before, after] in outcomes.iter().filter_map(of) {
        pairs.count(before, after);
    }
    pairs
}

fn decisions(outcomes: &[Outcome], positive_is_favourable: bool, settings: &Settings) -> Decisions {
    let favourable = |case: &Outcome| {
        Some(
            case.predicted
                .map(|predicted| predicted == positive_is_favourable),
        )
    };
    let pairs = pairs(outcomes, favourable);
    let share = |count: u64| real(count) / real(pairs.n());
    let interval = pairs.interval(settings.z);
    Decisions {
        gained: pairs.second,
        lost: pairs.first,
        before: share(pairs.both + pairs.first),
        after: share(pairs.both + pairs.second),
        low: interval.map(|(low, _)| low),
        high: interval.map(|(_, high)| high),
        p: pairs.mid_p(),
    }
}
