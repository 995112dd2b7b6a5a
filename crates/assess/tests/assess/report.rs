//! What a report says beside the counts: tests, other cut-offs, other libraries' numbers, and what looks odd.

use crate::{assess, assess_text, columns, data, unguarded};
use assess::report::{About, Method, Settings};
use assess::{Columns, Report};
use serde_json::Value;

fn compas(reference: Option<&str>) -> Report {
    let mut columns = columns(&["race", "sex", "age_cat"], "0");
    if let Some(group) = reference {
        columns.references.insert("race".into(), group.into());
    }
    assess(&data("predictions/compas.csv"), &columns, &Settings::default()).unwrap()
}

#[test]
fn each_judged_group_is_tested_against_the_reference_and_all_of_them_together() {
    let report = compas(Some("Caucasian"));
    let race = &report.attributes[0];
    assert_eq!(race.privileged.as_deref(), Some("Caucasian"));
    let group = |name: &str| race.groups.iter().find(|group| group.name() == name).unwrap();
    let test = group("African-American").test.as_ref().unwrap();
    assert_eq!(
        (test.method, test.against.as_str()),
        (Method::TwoProportionZ, "Caucasian")
    );
    let expected = assess::stats::two_proportions(
        (group("African-American").favourable, group("African-American").n),
        (group("Caucasian").favourable, group("Caucasian").n),
    );
    assert_eq!(
        (test.z, test.p),
        expected.map(|test| (Some(test.statistic), test.p)).unwrap()
    );
    assert!(test.p <= test.benjamini_hochberg && test.benjamini_hochberg <= test.holm);
    let tested = race.groups.iter().filter(|group| group.test.is_some()).count();
    assert_eq!(test.comparisons, tested as u64);
    assert!(group("Caucasian").test.is_none() && group("Native American").test.is_none());
    let dependence = race.dependence.as_ref().unwrap();
    assert_eq!(dependence.degrees, tested as u64);
    assert!(dependence.p < 1e-12, "{dependence:?}");
}

#[test]
fn few_people_are_tested_exactly() {
    let rows = |group: &str, yes: usize, no: usize| {
        format!("1,1,{group}\n").repeat(yes) + &format!("1,0,{group}\n").repeat(no)
    };
    let text = String::from("y_true,y_pred,sex\n") + &rows("a", 29, 1) + &rows("b", 31, 2);
    let columns = Columns {
        score: None,
        ..columns(&["sex"], "1")
    };
    let report = assess_text(text, &columns).unwrap();
    let tests: Vec<_> = report.attributes[0]
        .groups
        .iter()
        .filter_map(|group| group.test.as_ref())
        .collect();
    assert_eq!(tests.len(), 1);
    assert_eq!((tests[0].method, tests[0].z), (Method::FisherExact, None));
    assert!((tests[0].p - 1.0).abs() < 1e-12 && (tests[0].holm - 1.0).abs() < 1e-12);
}

/// The numbers of the two-group libraries in the report are those of the golden file, whose calls name the same group.
#[test]
fn numbers_under_other_libraries_names_are_theirs() {
    let golden = std::fs::read(data("golden/compas.aif360_clarify_evidently.json")).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    let mut columns = columns(&["race"], "0");
    columns.references.insert("race".into(), "Caucasian".into());
    let report = assess(&data("predictions/compas.csv"), &columns, &unguarded(0)).unwrap();
    let mut held = 0;
    for entry in golden["entries"].as_array().unwrap() {
        let (id, expected) = (entry["id"].as_str().unwrap(), entry["value"].as_f64());
        let Some((name, expected)) = id.strip_suffix(".race").zip(expected) else {
            continue;
        };
        let values = &report.attributes[0].library;
        let Some(found) = values.iter().find(|value| value.id == name) else {
            continue;
        };
        let found = found.value.unwrap();
        assert!(
            (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3),
            "{id}: {found}, not {expected}"
        );
        held += 1;
    }
    assert!(held >= 39, "only {held} numbers were held against the libraries");
    let theil = report
        .individual
        .iter()
        .find(|value| value.id == "aif360.theil_index")
        .unwrap();
    assert!(theil.value.is_some());
}

#[test]
fn cut_offs_ascend_and_one_of_them_decides_as_the_vendor_did() {
    let report = compas(None);
    assert!(report.thresholds.len() > 5 && report.thresholds.len() <= 100);
    assert!(report.thresholds.windows(2).all(|pair| pair[0].cut < pair[1].cut));
    let same = report
        .thresholds
        .iter()
        .find(|one| one.counts == report.overall.counts)
        .unwrap();
    let worst = report.attributes[0].worst().unwrap();
    let at_same = same.worst[0].as_ref().unwrap();
    assert_eq!(at_same.group, worst.name());
    assert!((at_same.ratio - worst.impact.ratio.value.unwrap()).abs() < 1e-15);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
}

#[test]
fn what_looks_odd_is_said() {
    let people = |label: &dyn Fn(u32) -> u32, predicted: &dyn Fn(u32) -> u32, score: &dyn Fn(u32) -> f64| {
        let mut text = String::from("y_true,y_pred,y_score,who,sex\n");
        for row in 0..200 {
            let sex = if row % 5 == 0 {
                ""
            } else {
                ["f", "m"][(row % 2) as usize]
            };
            text += &format!("{},{},{},p{row},{sex}\n", label(row), predicted(row), score(row));
        }
        let report = assess_text(text, &columns(&["who", "sex"], "1")).unwrap();
        report
            .warnings
            .iter()
            .map(|warning| warning.about)
            .collect::<Vec<_>>()
    };
    let odd = people(&|row| row % 2, &|row| 1 - row % 2, &|row| {
        f64::from(1 - row % 2) * 2.0
    });
    for about in [
        About::LooksSwapped,
        About::ScoresOutsideShares,
        About::LooksLikeIdentifier,
        About::ManyMissing,
    ] {
        assert!(odd.contains(&about), "{about:?} is not in {odd:?}");
    }
    let flat = people(&|_| 1, &|_| 1, &|_| 0.5);
    assert!(
        flat.contains(&About::OneLabel) && flat.contains(&About::OnePrediction),
        "{flat:?}"
    );
    let free = people(&|row| row % 2, &|row| (row / 2) % 2, &|row| {
        f64::from(row % 7) / 7.0
    });
    assert!(free.contains(&About::PredictionsNotByScore), "{free:?}");
}

/// Reports are frozen with the version that wrote them; a later one must still show them.
#[test]
fn a_report_of_the_first_schema_is_still_read() {
    let mut json: Value = serde_json::from_slice(&compas(None).to_json().unwrap()).unwrap();
    json["schema"] = "countersign.report/1".into();
    let whole = json.as_object_mut().unwrap();
    for field in ["individual", "thresholds", "warnings"] {
        whole.remove(field).unwrap();
    }
    let overall = json["overall"].as_object_mut().unwrap();
    overall.remove("calibration_equal_mass").unwrap();
    let scores = overall["scores"].as_object_mut().unwrap();
    scores.remove("calibration_error_equal_mass").unwrap();
    for attribute in json["attributes"].as_array_mut().unwrap() {
        for field in ["dependence", "privileged"] {
            attribute.as_object_mut().unwrap().remove(field).unwrap();
        }
        for group in attribute["groups"].as_array_mut().unwrap() {
            group.as_object_mut().unwrap().remove("test").unwrap();
            let scores = group["scores"].as_object_mut().unwrap();
            scores.remove("calibration_error_equal_mass").unwrap();
        }
    }
    let report = Report::from_json(json.to_string().as_bytes()).unwrap();
    assert_eq!(report.schema, "countersign.report/1");
    assert!(report.thresholds.is_empty() && report.attributes[0].groups[0].test.is_none());
    let absent = &report.overall.scores.calibration_error_equal_mass;
    assert!(absent.value.is_none() && absent.reason.is_some());
}

/// scikit-learn's `calibration_curve(n_bins=10, strategy="quantile")`, its bins' errors weighted by their rows.
#[test]
fn bins_of_equal_mass_are_scikit_learns() {
    let assessed = |name: &str| {
        let path = data(&format!("predictions/{name}.csv"));
        assess(&path, &columns(&[], "1"), &Settings::default())
            .unwrap()
            .overall
    };
    for (name, expected) in [
        ("compas", 0.097_920_709_731_076_8),
        ("german_gb", 0.095_610_753_999_999_88),
        ("german_lr", 0.051_394_647_999_999_95),
    ] {
        let figure = assessed(name).scores.calibration_error_equal_mass;
        let found = figure.value.unwrap();
        assert!((found - expected).abs() < 1e-12, "{name}: {found}");
        assert!(figure.low < figure.value && figure.value < figure.high);
    }
    let bins = assessed("compas").calibration_equal_mass;
    let rows: Vec<u64> = bins.iter().map(|bin| bin.observed.n).collect();
    assert_eq!(rows, [1440, 941, 747, 769, 681, 641, 592, 1020, 383]);
    assert!(bins.windows(2).all(|pair| pair[0].high < pair[1].low));
}

#[test]
fn attributes_are_taken_together_as_asked() {
    let together = |together| Columns {
        together,
        ..columns(&["race", "sex", "age_cat"], "0")
    };
    let ids = |columns: &Columns| {
        let report = assess(&data("predictions/compas.csv"), columns, &Settings::default()).unwrap();
        let ids: Vec<_> = report
            .attributes
            .iter()
            .map(assess::report::Attribute::id)
            .collect();
        (ids, report)
    };
    let singles = ["race", "sex", "age_cat"];
    let pairs = ["race|sex", "race|age_cat", "sex|age_cat"];
    assert_eq!(ids(&together(Some(1))).0, singles);
    let (two, report) = ids(&together(None));
    assert_eq!(two, [singles, pairs].concat());
    assert!(
        report
            .fact("fairness.intersection_of_three.impact_ratio")
            .is_none()
    );
    let (three, report) = ids(&together(Some(3)));
    assert_eq!(three, [&singles[..], &pairs, &["race|sex|age_cat"]].concat());
    let triple = report.attributes.last().unwrap();
    assert_eq!(
        triple.groups.iter().map(|group| group.n).sum::<u64>(),
        report.rows
    );
    let few: Vec<_> = triple.groups.iter().filter(|group| group.n < 10).collect();
    assert!(!few.is_empty() && few.iter().all(|group| group.rates.tpr.value.is_none()));
    let worst = report
        .fact("fairness.intersection_of_three.impact_ratio")
        .unwrap();
    let own = report.fact("fairness.impact_ratio.race|sex|age_cat").unwrap();
    assert!(worst.value.is_some() && worst.value == own.value);
    // The pairs' worst stays the pairs'.
    assert_eq!(
        report.fact("fairness.intersection.impact_ratio").unwrap(),
        ids(&together(None))
            .1
            .fact("fairness.intersection.impact_ratio")
            .unwrap()
    );
    let refused = |columns: &Columns| {
        let wrong = assess(&data("predictions/compas.csv"), columns, &Settings::default());
        wrong.unwrap_err().to_string()
    };
    assert!(refused(&together(Some(4))).contains("One, two or three"));
    let mut many = together(Some(3));
    many.protected = (0..6).map(|at| format!("a{at}")).collect();
    assert!(refused(&many).contains("make 41 tables, more than 36"));
}

#[test]
fn a_librarys_number_that_is_none_says_why() {
    let mut absent = 0;
    for name in [
        "no_positive_predictions",
        "group_all_negative_labels",
        "single_group",
    ] {
        let report = assess(
            &data(&format!("edge/{name}.csv")),
            &columns(&["group"], "1"),
            &unguarded(0),
        )
        .unwrap();
        let values = report.attributes[0].library.iter().chain(&report.individual);
        for value in values {
            assert_eq!(value.value.is_none(), value.reason.is_some(), "{value:?}");
            absent += u32::from(value.value.is_none());
        }
    }
    assert!(absent > 10, "{absent}");
}

/// Between two groups the interval is theirs; of more it allows for all pairs, and never leaves out the gap.
#[test]
fn gaps_allow_for_the_extremes_being_picked() {
    use assess::stats::{Z95, newcombe};
    let report = compas(None);
    let gap = |attribute: usize| {
        report.attributes[attribute]
            .gap("demographic_parity_difference")
            .unwrap()
    };
    let by_two = |attribute: usize| {
        let groups = &report.attributes[attribute].groups;
        let (high, low) = gap(attribute).between.clone().unwrap();
        let share = |name: &str| {
            let group = groups.iter().find(|group| group.name() == name).unwrap();
            (group.favourable, group.n)
        };
        newcombe(share(&high), share(&low), Z95)
    };
    assert_eq!(report.attributes[1].columns, ["sex"]);
    assert_eq!(gap(1).figure.interval(), by_two(1));
    let (low, high) = gap(0).figure.interval().unwrap();
    let value = gap(0).figure.value.unwrap();
    assert!(low < value && value < high && high >= by_two(0).unwrap().1);
}
