//! Impact ratios of New York City's Local Law 144 (6 RCNY 5-300 to 5-304).

use crate::partition::Part;
use crate::stats::{median, real};

/// One category of an LL144 table.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// One value a column.
    pub key: Vec<String>,
    /// People in it.
    pub n: u64,
    /// People selected, or with a score above the median of all.
    pub selected: u64,
    /// `selected` of `n`.
    pub rate: Option<f64>,
    /// `n` of the people whose category is known.
    pub share: Option<f64>,
    /// Whether it has less than the least share: printed, but in no ratio.
    pub excluded: bool,
    /// `rate` over the highest rate of those not excluded; none where that is 0, and for the excluded.
    pub impact_ratio: Option<f64>,
}

/// The table of a tool that scores people: the scoring rate is the share with a score strictly above the median of
/// the full sample, people of unknown category included. Categories with less than `least` (numerator and
/// denominator) of the people of known category are excluded; exactly as much stays in.
pub fn scoring(scores: &[Option<f64>], parts: &[Part<'_>], least: (u64, u64)) -> Vec<Category> {
    let known: Vec<f64> = scores.iter().copied().flatten().collect();
    let median = median(&known);
    let above: Vec<bool> = scores
        .iter()
        .map(|score| score.zip(median).is_some_and(|(score, median)| score > median))
        .collect();
    table(&above, parts, least)
}

/// The table of any yes or no by row.
fn table(chosen: &[bool], parts: &[Part<'_>], (part, whole): (u64, u64)) -> Vec<Category> {
    let parts: Vec<&Part<'_>> = parts.iter().filter(|part| part.is_known()).collect();
    let total: u64 = parts.iter().map(|part| part.rows.len() as u64).sum();
    let mut categories: Vec<Category> = parts
        .iter()
        .map(|category| {
            let n = category.rows.len() as u64;
            let selected = category.pick(chosen).into_iter().filter(|chosen| *chosen).count() as u64;
            Category {
                key: category
                    .key
                    .iter()
                    .flatten()
                    .map(|value| (*value).to_owned())
                    .collect(),
                n,
                selected,
                rate: (n > 0).then(|| real(selected) / real(n)),
                share: (total > 0).then(|| real(n) / real(total)),
                excluded: whole * n < part * total,
                impact_ratio: None,
            }
        })
        .collect();
    let included = categories.iter().filter(|category| !category.excluded);
    let highest = included.filter_map(|category| category.rate).reduce(f64::max);
    let highest = highest.filter(|highest| *highest > 0.0);
    for category in categories.iter_mut().filter(|category| !category.excluded) {
        category.impact_ratio = category.rate.zip(highest).map(|(rate, highest)| rate / highest);
    }
    categories
}

#[cfg(test)]
mod tests {
    use super::{Category, scoring};
    use crate::partition::parts;

    fn table(groups: &[&str], scores: &[f64], least: (u64, u64)) -> Vec<Category> {
        let column: Vec<Option<String>> = groups
            .iter()
            .map(|group| (!group.is_empty()).then(|| (*group).to_owned()))
            .collect();
        let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
        scoring(&scores, &parts(&[&column]), least)
    }

    #[test]
    fn the_score_of_people_of_unknown_category_moves_the_median_and_nothing_else() {
        let found = table(&["A", "A", "B", "B", ""], &[0.1, 0.6, 0.7, 0.5, 0.9], (0, 1));
        assert_eq!(
            found.iter().map(|one| (one.n, one.selected)).collect::<Vec<_>>(),
            [(2, 0), (2, 1)]
        );
        assert_eq!(found[0].share, Some(0.5));
        assert_eq!(found[1].impact_ratio, Some(1.0));
    }

    #[test]
    fn nobody_is_strictly_above_the_median_of_equal_scores() {
        let found = table(&["A", "B"], &[0.5, 0.5], (2, 100));
        assert!(
            found
                .iter()
                .all(|one| one.rate == Some(0.0) && one.impact_ratio.is_none())
        );
    }

    #[test]
    fn exactly_the_least_share_stays_in_and_less_is_no_denominator() {
        let groups = ["A", "B", "B", "B"];
        let scores = [0.9, 0.8, 0.1, 0.2];
        assert!(!table(&groups, &scores, (25, 100))[0].excluded);
        let found = table(&groups, &scores, (26, 100));
        assert!(found[0].excluded && found[0].impact_ratio.is_none());
        assert_eq!((found[0].n, found[0].rate), (1, Some(1.0)));
        assert_eq!(found[1].impact_ratio, Some(1.0));
    }

    #[test]
    fn no_people_have_no_table() {
        assert!(table(&[], &[], (2, 100)).is_empty());
    }
}
