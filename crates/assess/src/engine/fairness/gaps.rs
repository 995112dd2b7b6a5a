//! Differences and ratios between the judged groups with the highest and the lowest rate.

use crate::report::{Figure, Gap, Group, Rate, Settings};
use crate::stats::{katz, newcombe, real};

/// How two rates are held against each other.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// Highest minus lowest.
    Difference,
    /// Lowest over highest.
    Ratio,
}

/// Every gap of an attribute.
pub(super) fn of(groups: &[Group], favourable: Rate, settings: &Settings) -> Vec<Gap> {
    each(favourable, &|rate, by| one(groups, rate, by, settings))
}

/// Every gap, given how the gap in one rate is taken.
pub(super) fn each<'a>(favourable: Rate, one: &dyn Fn(Rate, By) -> One<'a>) -> Vec<Gap> {
    let odds = [Rate::Tpr, Rate::Fpr];
    let gap = |id, title, rates: &[Rate], by| worst(id, title, rates, by, one);
    vec![
        gap(
            "demographic_parity_difference",
            "Demographic parity difference",
            &[favourable],
            By::Difference,
        ),
        gap(
            "demographic_parity_ratio",
            "Demographic parity ratio",
            &[favourable],
            By::Ratio,
        ),
        gap(
            "equal_opportunity_difference",
            "Equal opportunity difference",
            &[Rate::Tpr],
            By::Difference,
        ),
        gap(
            "equal_opportunity_ratio",
            "Equal opportunity ratio",
            &[Rate::Tpr],
            By::Ratio,
        ),
        gap(
            "equalised_odds_difference",
            "Equalised odds difference",
            &odds,
            By::Difference,
        ),
        gap("equalised_odds_ratio", "Equalised odds ratio", &odds, By::Ratio),
        gap(
            "predictive_parity_difference",
            "Predictive parity difference",
            &[Rate::Precision],
            By::Difference,
        ),
        gap(
            "accuracy_difference",
            "Accuracy difference",
            &[Rate::Accuracy],
            By::Difference,
        ),
    ]
}

/// The gap in the rate that is worse; none if one of the rates can't be judged, for then the worst isn't known.
fn worst<'a>(id: &str, title: &str, rates: &[Rate], by: By, one: &dyn Fn(Rate, By) -> One<'a>) -> Gap {
    let each: Vec<_> = rates.iter().map(|rate| one(*rate, by)).collect();
    let absent = each.iter().position(|gap| gap.figure.value.is_none());
    let worse = |a: &One<'_>, b: &One<'_>| match by {
        By::Difference => a.figure.value > b.figure.value,
        By::Ratio => a.figure.value < b.figure.value,
    };
    let skipped = each.iter().map(|gap| gap.skipped).max().unwrap_or_default();
    let judged = each.iter().map(|gap| gap.judged).min().unwrap_or_default();
    let chosen = match absent {
        Some(at) => each.into_iter().nth(at),
        None => each
            .into_iter()
            .reduce(|worst, next| if worse(&next, &worst) { next } else { worst }),
    };
    let (figure, rate, between) = match chosen {
        Some(One {
            figure,
            rate,
            between,
            ..
        }) => (
            figure,
            Some(rate),
            between.map(|(high, low)| (high.name(), low.name())),
        ),
        None => (Figure::none(0, "no rate"), None, None),
    };
    Gap {
        id: id.to_owned(),
        title: title.to_owned(),
        figure,
        rate,
        between,
        judged,
        skipped,
    }
}

pub(super) struct One<'a> {
    pub figure: Figure,
    pub rate: Rate,
    /// The groups with the highest and the lowest rate.
    pub between: Option<(&'a Group, &'a Group)>,
    pub judged: u64,
    pub skipped: u64,
}

/// The gap in one rate.
fn one<'a>(groups: &'a [Group], rate: Rate, by: By, settings: &Settings) -> One<'a> {
    let known = groups.iter().filter(|group| group.is_known());
    let (judged, skipped): (Vec<_>, Vec<_>) = known
        .map(|group| (group, group.counts.share(rate)))
        .partition(|(group, (_, n))| group.is_judged() && *n >= settings.min_outcomes.max(1));
    let by_rate = |a: &&(&Group, (u64, u64)), b: &&(&Group, (u64, u64))| value(a.1).total_cmp(&value(b.1));
    // min_by keeps the first of equals and max_by the last: reversed, both keep the first in order of names.
    let (low, high) = (judged.iter().min_by(by_rate), judged.iter().rev().max_by(by_rate));
    let (figure, between) = match low.zip(high) {
        Some((low, high)) if judged.len() > 1 => {
            (figure(high.1, low.1, by, settings.z), Some((high.0, low.0)))
        }
        _ => (Figure::none(0, "fewer than two groups can be judged"), None),
    };
    One {
        figure,
        rate,
        between,
        judged: judged.len() as u64,
        skipped: skipped.len() as u64,
    }
}

fn value((x, n): (u64, u64)) -> f64 {
    real(x) / real(n)
}

fn figure(high: (u64, u64), low: (u64, u64), by: By, z: f64) -> Figure {
    let n = high.1 + low.1;
    match by {
        By::Difference => Figure::new(value(high) - value(low), newcombe(high, low, z), n),
        By::Ratio if high.0 == 0 => Figure::none(n, "the rate is 0 in every group"),
        By::Ratio => Figure::new(value(low) / value(high), katz(low, high, z), n),
    }
}
