//! Differences and ratios between the judged groups with the highest and the lowest rate.

use crate::report::{Confusion, Figure, Gap, Group, Rate, Settings};
use crate::stats::{Interval, range, real, two_sided, wilson};

/// How two rates are held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum By {
    /// Highest minus lowest.
    Difference,
    /// Lowest over highest.
    Ratio,
}

/// What a gap is taken of.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Kind {
    pub id: &'static str,
    pub title: &'static str,
    /// The gap is the worst of theirs.
    pub rates: Vec<Rate>,
    pub by: By,
}

/// The kinds of gaps, in the order of the report.
pub(in crate::engine) fn kinds(favourable: Rate) -> [Kind; 8] {
    use By::{Difference, Ratio};
    let kind = |id, title, rates: &[Rate], by| Kind {
        id,
        title,
        rates: rates.to_vec(),
        by,
    };
    let odds = [Rate::Tpr, Rate::Fpr];
    [
        kind(
            "demographic_parity_difference",
            "Demographic parity difference",
            &[favourable],
            Difference,
        ),
        kind(
            "demographic_parity_ratio",
            "Demographic parity ratio",
            &[favourable],
            Ratio,
        ),
        kind(
            "equal_opportunity_difference",
            "Equal opportunity difference",
            &[Rate::Tpr],
            Difference,
        ),
        kind(
            "equal_opportunity_ratio",
            "Equal opportunity ratio",
            &[Rate::Tpr],
            Ratio,
        ),
        kind(
            "equalised_odds_difference",
            "Equalised odds difference",
            &odds,
            Difference,
        ),
        kind("equalised_odds_ratio", "Equalised odds ratio", &odds, Ratio),
        kind(
            "predictive_parity_difference",
            "Predictive parity difference",
            &[Rate::Precision],
            Difference,
        ),
        kind(
            "accuracy_difference",
            "Accuracy difference",
            &[Rate::Accuracy],
            Difference,
        ),
    ]
}

/// Every gap of an attribute.
pub(super) fn of(groups: &[Group], favourable: Rate, settings: &Settings) -> Vec<Gap> {
    let kinds = kinds(favourable);
    kinds.iter().map(|kind| kind.gap(groups, settings)).collect()
}

/// The groups that a gap in a rate is taken between: judged, and with enough people in the denominator.
pub(in crate::engine) fn judged(groups: &[Group], rate: Rate, settings: &Settings) -> Vec<usize> {
    let is_judged = |group: &Group| {
        let (_, n) = group.counts.share(rate);
        group.is_judged() && n >= settings.min_outcomes.max(1)
    };
    (0..groups.len()).filter(|at| is_judged(&groups[*at])).collect()
}

/// The rates of groups, by their places.
fn of_counts(counts: &[Confusion]) -> impl Fn(usize, Rate) -> Option<f64> {
    |at, rate| counts.get(at)?.rate(rate)
}

/// The groups with the highest and the lowest rate, by their places.
pub(super) struct Extremes {
    pub high: usize,
    pub low: usize,
    /// None where the rate is 0 in every group, and no ratio can be taken.
    value: Option<f64>,
}

impl Kind {
    fn gap(&self, groups: &[Group], settings: &Settings) -> Gap {
        let counts: Vec<Confusion> = groups.iter().map(|group| group.counts).collect();
        let rates = self.rates.iter();
        let judged: Vec<_> = rates.map(|rate| judged(groups, *rate, settings)).collect();
        self.between(groups, &judged, &of_counts(&counts), &|_, _| {
            self.interval(&counts, &judged, settings)
        })
    }

    /// The gap between the groups that are judged in each rate, with the interval that is told of the rate that is worse.
    pub(super) fn between(
        &self,
        groups: &[Group],
        judged: &[Vec<usize>],
        rate_of: &impl Fn(usize, Rate) -> Option<f64>,
        interval: &dyn Fn(Rate, &Extremes) -> Option<Interval>,
    ) -> Gap {
        let worst = self.worst(rate_of, judged);
        let (figure, between) = match &worst {
            None | Some((_, None)) => (Figure::none(0, "fewer than two groups can be judged"), None),
            Some((rate, Some(extremes))) => {
                let (high, low) = (&groups[extremes.high], &groups[extremes.low]);
                let n = high.counts.share(*rate).1 + low.counts.share(*rate).1;
                let figure = match extremes.value {
                    None => Figure::none(n, "the rate is 0 in every group"),
                    Some(value) => Figure::new(value, interval(*rate, extremes), n),
                };
                (figure, Some((high.name(), low.name())))
            }
        };
        let known = groups.iter().filter(|group| group.is_known()).count();
        let sizes = || judged.iter().map(Vec::len);
        Gap {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            figure,
            rate: worst.map(|(rate, _)| rate),
            between,
            judged: sizes().min().unwrap_or_default() as u64,
            skipped: sizes().map(|judged| known - judged).max().unwrap_or_default() as u64,
        }
    }

    /// The rate whose gap is worse, and its extremes; a rate that can't be judged comes first, for then the worst isn't known.
    fn worst(
        &self,
        rate_of: &impl Fn(usize, Rate) -> Option<f64>,
        judged: &[Vec<usize>],
    ) -> Option<(Rate, Option<Extremes>)> {
        let value = |one: &(Rate, Option<Extremes>)| one.1.as_ref().and_then(|extremes| extremes.value);
        let each = self.rates.iter().zip(judged);
        let each = each.map(|(rate, judged)| (*rate, self.extremes(rate_of, *rate, judged)));
        each.reduce(|worst, next| match (value(&worst), value(&next)) {
            (Some(_), None) => next,
            (Some(a), Some(b)) if self.is_worse(b, a) => next,
            _ => worst,
        })
    }

    /// The gap of some counts between the groups that are judged in each rate; none where it is undefined.
    pub fn value(&self, counts: &[Confusion], judged: &[Vec<usize>]) -> Option<f64> {
        let (_, extremes) = self.worst(&of_counts(counts), judged)?;
        extremes?.value
    }

    fn is_worse(&self, than: f64, other: f64) -> bool {
        match self.by {
            By::Difference => than > other,
            By::Ratio => than < other,
        }
    }

    /// The extremes in one rate; none with fewer than two groups, or where one has no such rate.
    fn extremes(
        &self,
        rate_of: &impl Fn(usize, Rate) -> Option<f64>,
        rate: Rate,
        judged: &[usize],
    ) -> Option<Extremes> {
        let shares = judged.iter().map(|at| Some((*at, rate_of(*at, rate)?)));
        let shares: Vec<(usize, f64)> = shares.collect::<Option<_>>()?;
        if shares.len() < 2 {
            return None;
        }
        // Of equal rates the first in order of names.
        let all = || shares.iter().copied();
        let (low, least) = all().reduce(|a, b| if b.1 < a.1 { b } else { a })?;
        let (high, most) = all().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let value = match self.by {
            By::Difference => Some(most - least),
            By::Ratio => (most > 0.0).then(|| least / most),
        };
        Some(Extremes { high, low, value })
    }

    /// An interval that allows for the extremes being picked from all groups and rates: see [`range`]. Towards no gap it
    /// holds for all pairs of groups together (Bonferroni), for any of them might have come out as the extremes.
    fn interval(&self, counts: &[Confusion], judged: &[Vec<usize>], settings: &Settings) -> Option<Interval> {
        let pairs = judged.iter().map(|judged| judged.len() * (judged.len() - 1) / 2);
        let strict = match pairs.sum::<usize>() {
            1 => settings.z,
            pairs => two_sided((1.0 - settings.confidence) / real(pairs as u64))?,
        };
        let worst = |z: f64, end: fn(Interval) -> f64| {
            let each = self.rates.iter().zip(judged).map(|(rate, judged)| {
                let arms = judged.iter().map(|at| self.arms(counts[*at].share(*rate), z));
                range(&arms.collect::<Option<Vec<_>>>()?).map(end)
            });
            let each: Option<Vec<f64>> = each.collect();
            each?.into_iter().reduce(f64::max)
        };
        let (low, high) = (
            worst(strict, |range| range.0)?,
            worst(settings.z, |range| range.1)?,
        );
        Some(match self.by {
            By::Difference => (low, high),
            By::Ratio => ((-high).exp(), (-low).exp()),
        })
    }

    /// A rate with Wilson's interval; for ratios its logarithm with Katz' part of their interval, none of 0.
    fn arms(&self, (x, n): (u64, u64), z: f64) -> Option<(f64, Interval)> {
        let share = real(x) / real(n);
        match self.by {
            By::Difference => Some((share, wilson(x, n, z)?)),
            By::Ratio if x == 0 => None,
            By::Ratio => {
                let (log, half) = (share.ln(), z * (1.0 / real(x) - 1.0 / real(n)).max(0.0).sqrt());
                Some((log, (log - half, log + half)))
            }
        }
    }
}
