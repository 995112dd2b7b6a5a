//! What must hold for any table.

use crate::{assess_text, columns};
use assess::Report;
use proptest::prelude::*;

type Row = (bool, bool, u16, Option<u8>, u8);

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(
        (
            any::<bool>(),
            any::<bool>(),
            0..40_u16,
            prop::option::of(0..4_u8),
            0..2_u8,
        ),
        1..most,
    )
}

fn report(rows: &[Row]) -> Report {
    let mut text = String::from("y_true,y_pred,y_score,race,sex\n");
    for (label, predicted, score, race, sex) in rows {
        let race = race.map(|race| format!("r{race}")).unwrap_or_default();
        let (label, predicted) = (u8::from(*label), u8::from(*predicted));
        text.push_str(&format!(
            "{label},{predicted},{},{race},s{sex}\n",
            f64::from(*score) / 39.0
        ));
    }
    let mut report = assess_text(text, &columns(&["race", "sex"], "1")).unwrap();
    report.source.digest.clear();
    report
}

/// The share of pairs in which the positive scores higher, ties half.
fn auc(rows: &[Row]) -> Option<f64> {
    let scores = |label| rows.iter().filter(move |row| row.0 == label).map(|row| row.2);
    let (mut won, mut pairs) = (0.0, 0.0);
    for positive in scores(true) {
        for negative in scores(false) {
            pairs += 1.0;
            won += match positive.cmp(&negative) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    (pairs > 0.0).then(|| won / pairs)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(
        (rows, shuffled) in rows(150).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        prop_assert_eq!(report(&rows), report(&shuffled));
    }

    #[test]
    fn roc_auc_counts_the_pairs(rows in rows(120)) {
        let ours = report(&rows).overall.scores.roc_auc.value;
        match (ours, auc(&rows)) {
            (Some(ours), Some(theirs)) => prop_assert!((ours - theirs).abs() < 1e-12, "{} {}", ours, theirs),
            (ours, theirs) => prop_assert_eq!(ours, theirs),
        }
    }

    #[test]
    fn groups_add_up_and_intervals_hold_their_values(rows in rows(300)) {
        let report = report(&rows);
        for attribute in &report.attributes {
            let mut sum = assess::report::Confusion::default();
            attribute.groups.iter().for_each(|group| sum.add(&group.counts));
            prop_assert_eq!(sum, report.overall.counts);
            for group in &attribute.groups {
                for (id, figure) in group.rates.named().into_iter().chain(group.scores.named()) {
                    prop_assert!(figure.value.is_some() || figure.reason.is_some(), "{}", id);
                    if let (Some(value), Some((low, high))) = (figure.value, figure.interval()) {
                        prop_assert!(low <= value + 1e-12 && value <= high + 1e-12, "{} {:?}", id, figure);
                    }
                }
            }
        }
        for fact in report.facts() {
            if let (Some(value), Some(low), Some(high)) = (fact.value, fact.low, fact.high) {
                prop_assert!(low <= value + 1e-12 && value <= high + 1e-12, "{:?}", fact);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = assess_text(&bytes, &columns(&["race"], "1"));
        let mut text = b"y_true,y_pred,y_score,race\n1,1,0.5,a\n".to_vec();
        text.extend(bytes);
        let _ = assess_text(&text, &columns(&["race"], "1"));
    }
}
