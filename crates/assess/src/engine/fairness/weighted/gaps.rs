//! Differences and ratios between judged groups by their weighted rates.

use super::Weighed;
use crate::engine::fairness::gaps::{By, kinds};
use crate::report::{Gap, Group, Rate, Settings};
use crate::stats::{Interval, difference, katz_shares};

/// Every gap of an attribute. Who is judged goes by rows, as without weights.
pub(super) fn of(groups: &[Group], weighed: &[Weighed], favourable: Rate, settings: &Settings) -> Vec<Gap> {
    let rate_of = |at: usize, rate: Rate| weighed[at].rate(rate, settings).judged();
    let judged = |rate: &Rate| {
        let is_judged = |at: &usize| groups[*at].is_judged() && rate_of(*at, *rate).is_some();
        (0..groups.len()).filter(is_judged).collect()
    };
    let kinds = kinds(favourable);
    let gaps = kinds.iter().map(|kind| {
        let judged: Vec<_> = kind.rates.iter().map(judged).collect();
        kind.between(groups, &judged, &rate_of, &|rate, extremes| {
            let (high, low) = (&weighed[extremes.high], &weighed[extremes.low]);
            interval(kind.by, rate, (high, low), settings)
        })
    });
    gaps.collect()
}

/// That of two groups as if they had been named beforehand.
fn interval(by: By, rate: Rate, (high, low): (&Weighed, &Weighed), settings: &Settings) -> Option<Interval> {
    let [most, least] = [high, low].map(|weighed| weighed.rate(rate, settings));
    let (highest, lowest) = (most.judged()?, least.judged()?);
    match by {
        By::Difference => Some(difference(
            (highest, most.interval()?),
            (lowest, least.interval()?),
        )),
        By::Ratio => {
            let (lowest, highest) = ((lowest, low.effective(rate)?), (highest, high.effective(rate)?));
            katz_shares(lowest, highest, settings.z)
        }
    }
}
