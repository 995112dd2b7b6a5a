//! Impact ratios: each group's favourable rate over the best judged group's, and over the named reference's.

use crate::report::{Figure, Group, Impact, Mark, Settings, Standing};
use crate::stats::{katz, real};
use crate::words;
use std::cmp::Ordering;

/// Compares `a1/a2` with `b1/b2` exactly.
fn compare((a1, a2): (u64, u64), (b1, b2): (u64, u64)) -> Ordering {
    (u128::from(a1) * u128::from(b2)).cmp(&(u128::from(b1) * u128::from(a2)))
}

fn share(group: &Group) -> (u64, u64) {
    (group.favourable, group.n)
}

/// Why a group stays out of impact ratios, if it does.
pub(super) fn excluded(group: &Group, known: u64, settings: &Settings) -> Option<String> {
    match &group.standing {
        Standing::TooFew { reason } | Standing::Missing { reason } => Some(reason.clone()),
        Standing::Judged
            if u128::from(group.n) * 100 < u128::from(settings.min_percent) * u128::from(known) =>
        {
            let (n, known) = (words::count(group.n), words::count(known));
            Some(format!(
                "under {} % of the people whose group is known ({n} of {known})",
                settings.min_percent
            ))
        }
        Standing::Judged => None,
    }
}

/// Fills in every group's ratio to the best group that isn't excluded.
pub(super) fn against_best(groups: &mut [Group], known: u64, settings: &Settings) {
    let reasons: Vec<_> = groups
        .iter()
        .map(|group| excluded(group, known, settings))
        .collect();
    let included: Vec<_> = groups
        .iter()
        .zip(&reasons)
        .filter(|(_, reason)| reason.is_none())
        .collect();
    // Of equal rates the first in order of names, so that the order of rows has no say.
    let best = included.iter().map(|(group, _)| *group).reduce(|best, next| {
        if compare(share(next), share(best)) == Ordering::Greater {
            next
        } else {
            best
        }
    });
    let best = best.map(|best| (best.name(), best.key.clone(), share(best)));
    for (group, reason) in groups.iter_mut().zip(reasons) {
        let against = best.as_ref().map(|(name, ..)| name.clone());
        group.impact = match (reason, &best) {
            (Some(reason), _) => Impact {
                ratio: Figure::none(group.n, reason),
                against,
                mark: None,
            },
            (None, None) => Impact::default(),
            (None, Some((_, _, (0, _)))) => Impact {
                ratio: Figure::none(group.n, "nobody judged gets the favourable answer"),
                against,
                mark: None,
            },
            (None, Some((_, key, best))) => Impact {
                ratio: ratio(group, *best, group.key == *key, settings.z),
                against,
                mark: Some(mark(share(group), *best, settings.impact_mark)),
            },
        };
    }
}

/// Fills in every group's ratio to the reference.
pub(super) fn against_reference(groups: &mut [Group], parts: &[String], settings: &Settings) {
    let is_reference = |group: &Group| group.key.iter().map(Option::as_ref).eq(parts.iter().map(Some));
    let reference = groups
        .iter()
        .find(|group| is_reference(group))
        .map(|group| (share(group), group.is_judged()));
    for group in groups.iter_mut() {
        group.to_reference = Some(match reference {
            None => Figure::none(group.n, "nobody in the file is in the reference group"),
            Some(_) if group.n < settings.min_shown => Figure::none(group.n, "too few people to show"),
            Some(((0, _), _)) => Figure::none(
                group.n,
                "nobody in the reference group gets the favourable answer",
            ),
            Some((reference, judged)) => {
                let figure = ratio(group, reference, is_reference(group), settings.z);
                match &group.standing {
                    Standing::TooFew { reason } | Standing::Missing { reason } => {
                        figure.unjudged(reason.clone())
                    }
                    Standing::Judged if !judged => {
                        figure.unjudged("the reference group is too small to judge")
                    }
                    Standing::Judged => figure,
                }
            }
        });
    }
}

/// The ratio with Katz' interval; the group compared with itself has none.
fn ratio(group: &Group, other: (u64, u64), same: bool, z: f64) -> Figure {
    let (x, n) = share(group);
    let value = (real(x) / real(n)) / (real(other.0) / real(other.1));
    let interval = if same { None } else { katz((x, n), other, z) };
    Figure::new(value, interval, if same { n } else { n + other.1 })
}

/// Where a ratio stands to the mark, in whole numbers: 0.8 has no exact binary form, and exactly 0.8 reaches it.
fn mark(group: (u64, u64), best: (u64, u64), (over, under): (u64, u64)) -> Mark {
    let scaled = |(x, n): (u64, u64), factor: u64| u128::from(x) * u128::from(n) * u128::from(factor);
    let (ours, theirs) = (scaled((group.0, best.1), under), scaled((best.0, group.1), over));
    if ours < theirs { Mark::Below } else { Mark::Reached }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_four_fifths_reaches_the_mark() {
        assert_eq!(mark((40, 100), (50, 100), (4, 5)), Mark::Reached);
        assert_eq!(mark((39, 100), (50, 100), (4, 5)), Mark::Below);
        // 0.24 / 0.3 is 0.7999999999999999 in doubles.
        assert_eq!(mark((24, 100), (30, 100), (4, 5)), Mark::Reached);
    }
}
