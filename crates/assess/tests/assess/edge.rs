//! Small files in which something is undefined, missing or odd.

use crate::golden::{Spelled, binary, golden};
use crate::harness::hold;
use crate::harness::manifest::Dataset;
use crate::{assess, columns, data, unguarded};
use assess::report::{Mark, Settings, Standing};
use assess::{Columns, Rejected, Report};

fn edge(case: &str) -> Result<Report, Rejected> {
    assess(
        &data(&format!("edge/{case}.csv")),
        &columns(&["group"], "1"),
        &Settings::default(),
    )
}

fn shown(case: &str) -> Report {
    assess(
        &data(&format!("edge/{case}.csv")),
        &columns(&["group"], "1"),
        &unguarded(2),
    )
    .unwrap()
}

/// The ids of an edge case leave out what the golden files spell out.
fn spelled_out(id: &str) -> String {
    match id {
        "overall" => "by_group.overall".to_owned(),
        "by_group" => "by_group.group".to_owned(),
        id if id.starts_with("fairlearn.equalized") => format!("{id}.between_groups.worst_case.group"),
        id if id.starts_with("fairlearn.") => format!("{id}.between_groups.group"),
        id if id.starts_with("mf.") || id.starts_with("by_group_score.") => format!("{id}.group"),
        id => id.to_owned(),
    }
}

#[test]
fn every_edge_case_without_weights_equals_the_libraries() {
    let refused = ["empty_file", "missing_label_and_score"];
    let dataset = Dataset {
        attributes: vec!["group".to_owned()],
        ..Dataset::default()
    };
    let mut matched = 0;
    for entry in std::fs::read_dir(data("edge")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_case = path.extension().is_some_and(|extension| extension == "csv");
        if !is_case || name.starts_with("weights_") || refused.contains(&name.as_str()) {
            continue;
        }
        let replies = binary(&path, &dataset);
        for kind in ["main", "aequitas"] {
            let golden = golden(&path.with_extension(format!("{kind}.json")));
            let tally = hold(&golden, &Spelled(&replies, spelled_out));
            println!("{name}.{kind}: {tally} {:?}", tally.gaps);
            assert_eq!(tally.differences, Vec::<String>::new(), "{name}");
            matched += tally.matched;
        }
    }
    println!("all edge cases: matched {matched}");
    assert!(matched >= 625, "{matched}");
}

#[test]
fn a_file_with_only_a_header_is_refused() {
    assert!(matches!(edge("empty_file"), Err(Rejected::NoRows)));
}

#[test]
fn a_missing_score_is_named_by_row_and_column() {
    let message = edge("missing_label_and_score").unwrap_err().to_string();
    assert_eq!(
        message,
        "In row 4 (line 5), column “y_score”, there is no value. Every row needs a score."
    );
}

#[test]
fn people_without_a_group_have_a_row_of_their_own_and_count_overall() {
    let report = shown("missing_attribute");
    let attribute = &report.attributes[0];
    let last = attribute.groups.last().unwrap();
    assert_eq!((last.name().as_str(), last.n), ("(missing)", 5));
    assert!(matches!(last.standing, Standing::Missing { .. }));
    assert_eq!(
        (report.rows, attribute.known, report.missing["group"]),
        (30, 25, 5)
    );
    assert!(last.impact.ratio.value.is_none());
}

#[test]
fn words_that_mean_missing_elsewhere_are_groups_here() {
    let report = shown("literal_nan_strings");
    let names: Vec<_> = report.attributes[0]
        .groups
        .iter()
        .map(assess::report::Group::name)
        .collect();
    for name in ["NaN", "NA", "None", "null", "nan"] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
    assert_eq!(report.missing["group"], 0);
}

#[test]
fn names_keep_their_bytes() {
    let report = shown("unicode_names");
    let groups = &report.attributes[0].groups;
    assert!(groups.iter().any(|group| group.name() == "日本"));
    assert!(
        groups.iter().any(|group| group.name().starts_with(' ')),
        "a leading blank is kept"
    );
    let accents = groups
        .iter()
        .filter(|group| group.name().contains('é') || group.name().contains('\u{301}'));
    assert_eq!(accents.count(), 2, "composed and decomposed é stay two groups");
}

#[test]
fn what_is_undefined_has_a_reason_instead_of_a_value() {
    let report = shown("group_all_negative_labels");
    let group = report.attributes[0]
        .groups
        .iter()
        .find(|group| group.name() == "B")
        .unwrap();
    assert_eq!(
        (group.rates.tpr.value, group.rates.tpr.reason.as_deref()),
        (None, Some("no positives"))
    );
    let gap = report.attributes[0].gap("equal_opportunity_difference").unwrap();
    assert_eq!(
        (gap.figure.value, gap.skipped),
        (None, 1),
        "one group left is no gap, not a gap of 0"
    );
    let all = shown("all_positive_labels");
    assert_eq!(all.overall.scores.roc_auc.reason.as_deref(), Some("no negatives"));
    assert!(all.overall.roc.is_empty());
}

#[test]
fn nobody_selected_is_not_perfect_parity() {
    let report = shown("no_positive_predictions");
    let attribute = &report.attributes[0];
    assert!(
        attribute
            .groups
            .iter()
            .all(|group| group.impact.ratio.value.is_none())
    );
    assert_eq!(
        attribute.gap("demographic_parity_ratio").unwrap().figure.value,
        None
    );
    assert_eq!(report.fact("fairness.impact_ratio").unwrap().value, None);
}

#[test]
fn exactly_two_percent_stays_and_less_is_excluded_yet_shown() {
    let report = shown("two_percent_boundary");
    let group = report.attributes[0]
        .groups
        .iter()
        .find(|group| group.name() == "min2")
        .unwrap();
    assert!(group.impact.ratio.value.is_some());
    let report = shown("below_two_percent");
    let group = report.attributes[0]
        .groups
        .iter()
        .find(|group| group.name() == "m")
        .unwrap();
    assert_eq!((group.n, group.impact.ratio.value), (3, None));
    let reason = "under 2 % of the people whose group is known (3 of 201)";
    assert_eq!(group.impact.ratio.reason.as_deref(), Some(reason));
    assert!(group.rates.favourable.value.is_some());
}

#[test]
fn a_declared_group_that_nobody_is_in_is_listed() {
    let mut columns = columns(&["group"], "1");
    columns
        .declared
        .insert("group".to_owned(), ["A", "B", "C"].map(str::to_owned).to_vec());
    let report = assess(&data("edge/declared_empty_group.csv"), &columns, &unguarded(0)).unwrap();
    let group = report.attributes[0]
        .groups
        .iter()
        .find(|group| group.name() == "C")
        .unwrap();
    assert_eq!((group.n, group.rates.accuracy.value), (0, None));
    assert!(!group.is_judged());
}

#[test]
fn a_reference_that_selects_nobody_gives_no_ratio() {
    let mut columns = columns(&["group"], "1");
    columns.references.insert("group".to_owned(), "A".to_owned());
    let report = assess(
        &data("edge/reference_zero_selection.csv"),
        &columns,
        &unguarded(2),
    )
    .unwrap();
    let other = report.attributes[0]
        .groups
        .iter()
        .find(|group| group.name() == "B")
        .unwrap();
    assert_eq!(other.to_reference.as_ref().unwrap().value, None);
    // The best group is another, so the impact ratio is defined, and its worst is 0.
    let reference = report.attributes[0]
        .groups
        .iter()
        .find(|group| group.name() == "A")
        .unwrap();
    assert_eq!(
        (reference.impact.ratio.value, reference.impact.mark),
        (Some(0.0), Some(Mark::Below))
    );
}

#[test]
fn small_groups_are_shown_but_not_judged_and_tiny_ones_not_even_shown() {
    let report = edge("group_of_one").unwrap();
    let groups = &report.attributes[0].groups;
    let (a, c) = (&groups[0], &groups[2]);
    assert_eq!(
        a.standing,
        Standing::TooFew {
            reason: "fewer than 30 people".to_owned()
        }
    );
    assert!(a.rates.accuracy.value.is_some() && a.rates.accuracy.judged().is_none());
    assert_eq!((c.n, c.rates.accuracy.value), (1, None));
    assert!(
        c.rates
            .accuracy
            .reason
            .as_deref()
            .unwrap()
            .starts_with("fewer than 10 people")
    );
    assert_eq!(
        report
            .fact("fairness.equalised_odds_difference.group")
            .unwrap()
            .value,
        None
    );
}

#[test]
fn scores_alone_predict_by_the_threshold() {
    let columns = Columns {
        prediction: None,
        threshold: Some(0.5),
        ..columns(&["group"], "1")
    };
    let report = assess(&data("edge/constant_score.csv"), &columns, &unguarded(2)).unwrap();
    let counts = report.overall.counts;
    assert_eq!(
        counts.tp + counts.fp,
        report.rows,
        "a score at the threshold predicts the positive answer"
    );
    assert_eq!(report.overall.scores.roc_auc.value, Some(0.5));
}
