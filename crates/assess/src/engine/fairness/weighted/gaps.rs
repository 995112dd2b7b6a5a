//! Differences and ratios between judged groups by their weighted rates.

use super::super::gaps::{By, One};
use super::Weighed;
use crate::report::{Figure, Group, Rate, Settings};
use crate::stats::{difference, katz_shares};

/// The gap in one weighted rate. Who is judged goes by rows, as without weights.
pub(super) fn one<'a>(
    groups: &'a [Group],
    weighed: &[Weighed],
    rate: Rate,
    by: By,
    settings: &Settings,
) -> One<'a> {
    let known = groups.iter().zip(weighed);
    let known = known.filter(|(group, _)| group.is_known());
    let (mut judged, mut skipped) = (Vec::new(), 0);
    for (group, weighed) in known {
        let figure = weighed.rate(rate, settings);
        match figure.judged().filter(|_| group.is_judged()) {
            Some(value) => judged.push((group, weighed, figure, value)),
            None => skipped += 1,
        }
    }
    let low = judged.iter().min_by(|a, b| a.3.total_cmp(&b.3));
    let high = judged.iter().rev().max_by(|a, b| a.3.total_cmp(&b.3));
    let (figure, between) = match low.zip(high) {
        Some((low, high)) if judged.len() > 1 => {
            let n = low.2.n + high.2.n;
            let figure = match by {
                By::Difference => {
                    let intervals = high.2.interval().zip(low.2.interval());
                    let interval = intervals.map(|(a, b)| difference((high.3, a), (low.3, b)));
                    Figure::new(high.3 - low.3, interval, n)
                }
                By::Ratio if high.3 <= 0.0 => Figure::none(n, "the rate is 0 in every group"),
                By::Ratio => {
                    let effective = low.1.effective(rate).zip(high.1.effective(rate));
                    let interval =
                        effective.and_then(|(a, b)| katz_shares((low.3, a), (high.3, b), settings.z));
                    Figure::new(low.3 / high.3, interval, n)
                }
            };
            (figure, Some((high.0, low.0)))
        }
        _ => (Figure::none(0, "fewer than two groups can be judged"), None),
    };
    One {
        figure,
        rate,
        between,
        judged: judged.len() as u64,
        skipped,
    }
}
