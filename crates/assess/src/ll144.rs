//! The tables of New York City's Local Law 144 on automated employment decision tools (6 RCNY 5-300 to 5-304).

use crate::partition::Part;
use crate::stats::{median, real};

/// A row of the table, in the order of the categories given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// People in the category.
    pub n: u64,
    /// People selected, or scored above the median.
    pub selected: u64,
    /// Selected of all in the category; none without people.
    pub rate: Option<f64>,
    /// The category's part of all whose category is known.
    pub share: Option<f64>,
    /// Whether the category is too small a part to have a ratio, or to be what others are held against.
    pub excluded: bool,
    /// Rate over the highest rate of any category that isn't excluded; none where that is 0, and for the excluded.
    pub impact_ratio: Option<f64>,
}

/// The least part of the data a category needs: 2 in 100.
pub const LEAST: (u64, u64) = (2, 100);

/// The table of categories given as `(n, selected)`. A category of less than `least` (a fraction, e.g. [`LEAST`]) of
/// all people is excluded; exactly that much stays in, and that is decided in whole numbers.
pub fn selection(categories: &[(u64, u64)], (part, whole): (u64, u64)) -> Vec<Row> {
    let all: u64 = categories.iter().map(|(n, _)| n).sum();
    let is_excluded = |n: u64| u128::from(n) * u128::from(whole) < u128::from(part) * u128::from(all);
    let over = |x: u64, n: u64| (n > 0).then(|| real(x) / real(n));
    let included = categories.iter().filter(|(n, _)| !is_excluded(*n));
    let best = included
        .filter_map(|(n, selected)| over(*selected, *n))
        .reduce(f64::max);
    let row = |(n, selected): &(u64, u64)| {
        let (rate, excluded) = (over(*selected, *n), is_excluded(*n));
        let ratio = rate.zip(best).filter(|(_, best)| !excluded && *best > 0.0);
        Row {
            n: *n,
            selected: *selected,
            rate,
            share: over(*n, all),
            excluded,
            impact_ratio: ratio.map(|(rate, best)| rate / best),
        }
    };
    categories.iter().map(row).collect()
}

/// The table of a tool that scores people: selected is who has a score strictly above the median of everybody's, people
/// without a category included. A row for each part whose category is known; `least` is as in [`selection`].
pub fn scoring<'a>(
    scores: &[Option<f64>],
    parts: &'a [Part<'a>],
    least: (u64, u64),
) -> Vec<(&'a Part<'a>, Row)> {
    let middle = median(&scores.iter().copied().flatten().collect::<Vec<_>>());
    let is_above = |score: &Option<f64>| score.zip(middle).is_some_and(|(score, middle)| score > middle);
    let parts: Vec<_> = parts.iter().filter(|part| part.is_known()).collect();
    let counts: Vec<_> = parts
        .iter()
        .map(|part| {
            let above = part.pick(scores).into_iter().filter(is_above).count();
            (part.rows.len() as u64, above as u64)
        })
        .collect();
    parts.into_iter().zip(selection(&counts, least)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partition::parts;

    #[test]
    fn an_excluded_category_is_listed_and_never_the_best() {
        // COMPAS by race, not predicted to reoffend: 24 of 32 is the highest rate.
        let rows = selection(&[(3696, 1522), (32, 24), (2454, 1600), (1032, 751)], LEAST);
        assert!(rows[1].excluded && rows[1].impact_ratio.is_none() && rows[1].rate == Some(0.75));
        assert_eq!(rows[3].impact_ratio, Some(1.0));
        let all = selection(&[(3696, 1522), (32, 24)], (0, 100));
        assert!((all[0].impact_ratio.unwrap() - 0.411_796_536_796_536_77 / 0.75).abs() < 1e-15);
    }

    #[test]
    fn exactly_two_percent_stays() {
        assert!(!selection(&[(196, 98), (4, 1)], LEAST)[1].excluded);
        assert!(selection(&[(198, 98), (3, 1)], LEAST)[1].excluded);
    }

    #[test]
    fn nobody_selected_has_no_ratio() {
        assert_eq!(selection(&[(10, 0), (10, 0)], LEAST)[0].impact_ratio, None);
        assert!(selection(&[], LEAST).is_empty());
    }

    fn scored(groups: &[&str], scores: &[f64]) -> Vec<Row> {
        let group = |name: &&str| (!name.is_empty()).then(|| (*name).to_owned());
        let column: Vec<_> = groups.iter().map(group).collect();
        let scores: Vec<_> = scores.iter().copied().map(Some).collect();
        let parts = parts(&[&column]);
        scoring(&scores, &parts, LEAST)
            .into_iter()
            .map(|(_, row)| row)
            .collect()
    }

    #[test]
    fn the_score_of_people_of_unknown_category_moves_the_median_and_nothing_else() {
        let found = scored(&["A", "A", "B", "B", ""], &[0.1, 0.6, 0.7, 0.5, 0.9]);
        let counts: Vec<_> = found.iter().map(|row| (row.n, row.selected)).collect();
        assert_eq!(counts, [(2, 0), (2, 1)]);
        assert_eq!((found[0].share, found[1].impact_ratio), (Some(0.5), Some(1.0)));
    }

    #[test]
    fn the_median_itself_is_not_above_it() {
        let found = scored(&["A", "B", "", "B"], &[0.5, 0.5, 0.5, 0.9]);
        assert_eq!((found[0].selected, found[1].selected), (0, 1));
        let alike = scored(&["A", "B"], &[0.5, 0.5]);
        assert!(
            alike
                .iter()
                .all(|row| row.rate == Some(0.0) && row.impact_ratio.is_none())
        );
        assert!(scored(&[], &[]).is_empty());
    }
}
