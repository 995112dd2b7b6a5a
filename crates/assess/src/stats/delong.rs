//! Two ROC curves of the same people (E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Comparing the areas under two
//! or more correlated receiver operating characteristic curves, 1988).

use super::{mean, size};

/// The areas under two curves, and how far their difference moves by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Areas {
    pub first: f64,
    pub second: f64,
    /// The standard error of second minus first.
    pub error: f64,
}

/// The areas of two scores of each person, who is positive or not; none with fewer than two of either.
pub fn areas(positive: &[bool], first: &[f64], second: &[f64]) -> Option<Areas> {
    let placed = [first, second].map(|scores| placements(positive, scores));
    let of = |kind: bool| {
        let rows = positive.iter().zip(placed[0].iter().zip(&placed[1]));
        let rows = rows.filter(|(positive, _)| **positive == kind);
        rows.map(|(_, (first, second))| (*first, *second))
            .collect::<Vec<_>>()
    };
    let (positives, negatives) = (of(true), of(false));
    let variance = |rows: &[(f64, f64)]| {
        let changes: Vec<f64> = rows.iter().map(|(first, second)| second - first).collect();
        let centre = mean(&changes)?;
        let spread: f64 = changes.iter().map(|change| (change - centre).powi(2)).sum();
        (changes.len() > 1).then(|| spread / (size(&changes) - 1.0) / size(&changes))
    };
    let area = |side: fn(&(f64, f64)) -> f64| mean(&positives.iter().map(side).collect::<Vec<_>>());
    Some(Areas {
        error: (variance(&positives)? + variance(&negatives)?).sqrt(),
        first: area(|row| row.0)?,
        second: area(|row| row.1)?,
    })
}

/// Of each positive the share of negatives that score lower, of each negative the share of positives that score higher;
/// ties count half.
fn placements(positive: &[bool], scores: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let count = |rows: &[usize]| {
        let positives = rows.iter().filter(|row| positive[**row]).count();
        [positives, rows.len() - positives].map(|count| super::real(count as u64))
    };
    let [all_positives, all_negatives] = count(&order);
    let (mut below, mut placed) = ([0.0, 0.0], vec![0.0; scores.len()]);
    for tie in order.chunk_by(|a, b| scores[*a].total_cmp(&scores[*b]).is_eq()) {
        let [positives, negatives] = count(tie);
        for row in tie {
            placed[*row] = if positive[*row] {
                (below[1] + negatives / 2.0) / all_negatives
            } else {
                (all_positives - below[0] - positives / 2.0) / all_positives
            };
        }
        below = [below[0] + positives, below[1] + negatives];
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_count_the_pairs_ties_half() {
        let positive = [true, true, false, false, false];
        let found = areas(&positive, &[0.9, 0.4, 0.4, 0.1, 0.5], &[0.9, 0.8, 0.1, 0.1, 0.1]).unwrap();
        assert!((found.first - 4.5 / 6.0).abs() < 1e-15 && (found.second - 1.0).abs() < 1e-15);
        // Changes of the positives 0 and ½, of the negatives ¼, 0 and ½.
        let expected = (0.125 / 2.0 + 0.0625 / 3.0_f64).sqrt();
        assert!((found.error - expected).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn one_of_a_kind_has_no_spread() {
        assert_eq!(areas(&[true, false, false], &[0.1; 3], &[0.2; 3]), None);
        assert_eq!(areas(&[], &[], &[]), None);
    }
}
