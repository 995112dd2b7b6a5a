//! Scores, gaps and facts by weight: what must hold of them whatever the library.

use super::{by_weight, edge, gap, score, weighted};
use crate::command::written;
use crate::golden::golden;
use crate::{assess, columns, data, unguarded};
use assess::report::{Figure, Scores, Settings, Weighted};
use assess::{Columns, Format, Limits, Partial};

/// A row that stands for three people is three rows: every figure, gap and bin, of all and of each group.
#[test]
fn whole_weights_are_repeated_rows() {
    let text = std::fs::read_to_string(data("edge/weights_fractional.csv")).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let (mut weighty, mut repeated) = (format!("{head},k\n"), format!("{head}\n"));
    for (at, row) in rows.lines().enumerate() {
        weighty.push_str(&format!("{row},{}\n", at % 4));
        repeated.push_str(&format!("{row}\n").repeat(at % 4));
    }
    let by_k = Columns {
        weight: Some("k".to_owned()),
        ..columns(&["group"], "1")
    };
    let ours = assess(written(&weighty).path(), &by_k, &unguarded(0)).unwrap();
    let theirs = assess(
        written(&repeated).path(),
        &columns(&["group"], "1"),
        &unguarded(0),
    )
    .unwrap();
    let near = |what: &str, ours: Option<f64>, theirs: Option<f64>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => assert!((ours - theirs).abs() < 1e-12, "{what}: {ours}, {theirs}"),
        other => assert_eq!(other, (None, None), "{what}"),
    };
    let figures = |weighted: &Weighted, scores: &Scores| {
        for (id, ours, theirs) in pairs(weighted, scores) {
            near(id, ours.value, theirs.value);
        }
    };
    figures(ours.overall.weighted.as_ref().unwrap(), &theirs.overall.scores);
    for (ours, theirs) in ours.attributes[0].groups.iter().zip(&theirs.attributes[0].groups) {
        figures(weighted(ours), &theirs.scores);
        for (ours, theirs) in weighted(ours).calibration.iter().zip(&theirs.calibration) {
            near("observed", ours.observed.value, theirs.observed.value);
            near("score", ours.score, theirs.score);
        }
    }
    let gaps = ours.attributes[0]
        .weighted_gaps
        .iter()
        .zip(&theirs.attributes[0].gaps);
    for (ours, theirs) in gaps {
        near(&ours.id, ours.figure.value, theirs.figure.value);
        assert_eq!((&ours.id, &ours.between), (&theirs.id, &theirs.between));
    }
    assert_eq!(ours.attributes[0].weighted_gaps.len(), 8);
}

/// Facts by weight are the figures by weight, so that a policy may ask for either.
#[test]
fn gates_find_figures_by_weight() {
    let report = edge("weights_fractional");
    let value = |id: &str| report.fact(id).unwrap_or_else(|| panic!("no {id}")).value;
    let overall = report.overall.weighted.as_ref().unwrap();
    assert_eq!(
        value("weighted.performance.roc_auc"),
        score(overall, "roc_auc").value
    );
    assert_eq!(
        value("weighted.performance.accuracy"),
        overall.rates.accuracy.value
    );
    let ratios = report.attributes[0]
        .groups
        .iter()
        .filter_map(|group| weighted(group).impact_ratio.as_ref()?.value);
    let lowest = ratios.reduce(f64::min);
    for id in [
        "weighted.fairness.impact_ratio",
        "weighted.fairness.impact_ratio.group",
    ] {
        assert_eq!(value(id), lowest, "{id}");
    }
    let gap = gap(&report, "equalised_odds_difference");
    assert_eq!(value("weighted.fairness.equalised_odds_difference.group"), gap);
    assert!(
        report
            .facts()
            .iter()
            .all(|fact| fact.id.starts_with("weighted.") == fact.title.ends_with("by weight"))
    );
}

/// The worst of three attributes together is no pair's.
#[test]
fn the_worst_by_weight_is_told_apart_by_how_many_attributes_it_is_of() {
    let by_id = Columns {
        weight: Some("id".to_owned()),
        together: Some(3),
        ..columns(&["sex", "age_band", "foreign_worker"], "1")
    };
    let report = assess(&data("predictions/german_gb.csv"), &by_id, &unguarded(0)).unwrap();
    let value = |id: &str| report.fact(id).unwrap_or_else(|| panic!("no {id}")).value;
    let gap = |id: &str| value(&format!("weighted.fairness.demographic_parity_difference.{id}"));
    let pairs = ["sex|age_band", "sex|foreign_worker", "age_band|foreign_worker"].map(gap);
    let worst = |kind: &str| value(&format!("weighted.fairness.{kind}demographic_parity_difference"));
    let worst_pair = pairs.into_iter().flatten().reduce(f64::max);
    assert!(worst_pair.is_some());
    assert_eq!(worst("intersection."), worst_pair);
    let three = gap("sex|age_band|foreign_worker");
    assert!(three > worst_pair);
    assert_eq!(worst("intersection_of_three."), three);
}

/// Counted in parts, wherever cut, weighted scores come to the same to the last digit.
#[test]
fn parts_have_the_scores_of_the_whole() {
    let text = std::fs::read_to_string(data("edge/weights_fractional.csv")).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<_> = rows.lines().collect();
    let part = |rows: &[&str]| {
        let file = written(&format!("{head}\n{}\n", rows.join("\n")));
        let limits = Limits::default();
        let mut part = assess::assess_partial(
            file.path(),
            Format::Csv,
            &by_weight("1"),
            &limits,
            &mut assess::unwatched,
        )
        .unwrap();
        Partial::from_json(&part.to_json().unwrap(), &limits).unwrap()
    };
    let (first, second) = rows.split_at(rows.len() / 3);
    let merged = part(first)
        .merge(part(second))
        .unwrap()
        .report(&unguarded(2))
        .unwrap();
    let whole = edge("weights_fractional");
    assert_eq!(merged.overall, whole.overall);
    assert_eq!(merged.attributes, whole.attributes);
}

#[test]
fn too_many_pairs_of_score_and_weight_leave_scores_by_rows() {
    let path = data("edge/weights_fractional.csv");
    let limits = Limits {
        max_scores: 40,
        ..Limits::default()
    };
    let report = assess::assess_with(
        &path,
        Format::Csv,
        &by_weight("1"),
        &unguarded(2),
        &limits,
        &mut assess::unwatched,
    )
    .unwrap();
    let overall = report.overall.weighted.as_ref().unwrap();
    let auc = score(overall, "roc_auc");
    assert!(auc.value.is_none() && auc.reason.unwrap().contains("round them"));
    assert!(overall.rates.accuracy.value.is_some() && report.overall.scores.roc_auc.value.is_some());
}

/// Every row has a weight of its own there: its number.
#[test]
fn scores_and_gaps_of_groups_equal_the_libraries() {
    let by_id = Columns {
        weight: Some("id".to_owned()),
        ..columns(&["sex", "age_band"], "1")
    };
    let report = assess(&data("predictions/german_gb.csv"), &by_id, &unguarded(0)).unwrap();
    let golden = golden(&data("weighted/german_gb.json"));
    let attribute = |name: &str| report.attributes.iter().find(|of| of.id() == name).unwrap();
    for entry in golden["entries"].as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        let found = match id.split('.').collect::<Vec<_>>()[..] {
            ["overall", name] => score(report.overall.weighted.as_ref().unwrap(), name).value,
            ["by_group", of, group, name] => {
                let mut groups = attribute(of).groups.iter();
                score(
                    weighted(groups.find(|other| other.name() == group).unwrap()),
                    name,
                )
                .value
            }
            ["gap", of, name] => {
                let mut gaps = attribute(of).weighted_gaps.iter();
                gaps.find(|gap| gap.id == name).unwrap().figure.value
            }
            _ => panic!("{id}"),
        };
        let (found, expected) = (found.unwrap(), entry["value"].as_f64().unwrap());
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs().max(1e-3),
            "{id}: {found}, not {expected}"
        );
    }
}

#[test]
fn weights_of_one_change_no_figure_and_no_interval() {
    let text = std::fs::read_to_string(data("predictions/compas.csv")).unwrap();
    let mut lines = text.lines();
    let mut with = format!("{},w\n", lines.next().unwrap());
    lines.for_each(|line| with.push_str(&format!("{line},1\n")));
    let file = written(&with);
    for favourable in ["0", "1"] {
        let columns = Columns {
            protected: vec!["race".to_owned(), "sex".to_owned()],
            ..by_weight(favourable)
        };
        let report = crate::assess(file.path(), &columns, &Settings::default()).unwrap();
        let overall = report.overall.weighted.as_ref().unwrap();
        assert_eq!(overall.rates, report.overall.rates);
        same_scores(overall, &report.overall.scores);
        assert_eq!(
            (overall.weight, overall.effective_n),
            (report.rows as f64, report.rows as f64)
        );
        for group in report.attributes.iter().flat_map(|attribute| &attribute.groups) {
            let (weighted, impact) = (weighted(group), &group.impact.ratio);
            assert_eq!(weighted.rates, group.rates, "{}", group.name());
            same_scores(weighted, &group.scores);
            let ratio = weighted.impact_ratio.as_ref().unwrap();
            assert_eq!(
                (ratio.value, &ratio.reason, ratio.n),
                (impact.value, &impact.reason, impact.n)
            );
            for (ours, theirs) in [(ratio.low, impact.low), (ratio.high, impact.high)] {
                assert_eq!(ours.is_some(), theirs.is_some());
                let apart = ours.zip(theirs).map_or(0.0, |(a, b)| (a - b).abs());
                assert!(apart < 1e-12, "{}: {apart}", group.name());
            }
        }
    }
}

/// Each score by weight and by rows; bins of equal mass are made of rows alone.
fn pairs<'a>(weighted: &'a Weighted, scores: &'a Scores) -> Vec<(&'static str, &'a Figure, &'a Figure)> {
    let ours = weighted.scores.as_ref().unwrap();
    let of_mass = &ours.calibration_error_equal_mass;
    assert!(of_mass.value.is_none() && of_mass.reason.is_some());
    let all = ours.named().into_iter().zip(scores.named());
    let all = all.filter(|((id, _), _)| *id != "calibration_error_equal_mass");
    all.map(|((id, ours), (_, theirs))| (id, ours, theirs)).collect()
}

/// Scores by weights of one are those by rows, but for rounding.
fn same_scores(weighted: &Weighted, scores: &Scores) {
    for (id, ours, theirs) in pairs(weighted, scores) {
        assert_eq!(
            (ours.n, ours.value.is_some()),
            (theirs.n, theirs.value.is_some()),
            "{id}"
        );
        let parts = [
            (ours.value, theirs.value),
            (ours.low, theirs.low),
            (ours.high, theirs.high),
        ];
        for (ours, theirs) in parts {
            assert_eq!(ours.is_some(), theirs.is_some(), "{id}");
            let apart = ours.zip(theirs).map_or(0.0, |(a, b)| (a - b).abs());
            assert!(apart < 1e-10, "{id}: {apart}");
        }
    }
}
