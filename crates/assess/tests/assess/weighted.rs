//! Figures by weight, held against what fairlearn and scikit-learn say given `sample_weight`.

mod scores;
mod tasks;

use crate::command::{order, run, written};
use crate::golden::{binary, golden};
use crate::harness::compare::{Replies, Tally};
use crate::harness::manifest::Dataset;
use crate::{assess, columns, data, unguarded};
use assess::command::Output;
use assess::report::{Figure, Group, Settings, Task, Weighted};
use assess::{Columns, Report};
use serde_json::Value;
use std::path::Path;

fn by_weight(favourable: &str) -> Columns {
    Columns {
        weight: Some("w".to_owned()),
        ..columns(&["group"], favourable)
    }
}

fn edge(case: &str) -> Report {
    let path = data(&format!("edge/{case}.csv"));
    assess(&path, &by_weight("1"), &unguarded(2)).unwrap()
}

fn weighted(group: &Group) -> &Weighted {
    group.weighted.as_ref().unwrap()
}

fn named(report: &Report, name: &str) -> Group {
    let mut groups = report.attributes[0].groups.iter();
    groups.find(|group| group.name() == name).unwrap().clone()
}

fn near(what: &str, found: Option<f64>, expected: &Value) {
    let (found, expected) = (found.unwrap(), expected.as_f64().unwrap());
    let apart = (found - expected).abs();
    assert!(
        apart <= 1e-12 * expected.abs().max(1e-3),
        "{what}: {found}, not {expected}"
    );
}

/// A gap of the report between weighted rates.
fn gap(report: &Report, id: &str) -> Option<f64> {
    let mut gaps = report.attributes[0].weighted_gaps.iter();
    gaps.find(|gap| gap.id == id).unwrap().figure.value
}

/// A rate by the name it has in golden files.
fn rate(weighted: &Weighted, name: &str) -> Option<f64> {
    let name = if name == "recall" { "tpr" } else { name };
    let named = weighted.rates.named();
    named.iter().find(|(id, _)| *id == name).unwrap().1.value
}

fn rates(what: &str, weighted: &Weighted, expected: &Value) -> usize {
    let expected = expected.as_object().unwrap();
    for (name, expected) in expected {
        near(&format!("{what} {name}"), rate(weighted, name), expected);
    }
    expected.len()
}

fn score(weighted: &Weighted, name: &str) -> Figure {
    let named = weighted.scores.as_ref().unwrap().named();
    named.iter().find(|(id, _)| *id == name).unwrap().1.clone()
}

/// The largest difference and the smallest ratio of a rate between groups.
fn apart(report: &Report, name: &str) -> (Option<f64>, Option<f64>) {
    let groups = report.attributes[0].groups.iter();
    let rates: Vec<_> = groups.filter_map(|group| rate(weighted(group), name)).collect();
    let high = rates.iter().copied().reduce(f64::max).unwrap();
    let low = rates.iter().copied().reduce(f64::min).unwrap();
    (Some(high - low), Some(low / high))
}

/// The largest difference and the smallest ratio, either way, of a rate between a group and all rows.
fn from_overall(report: &Report, name: &str) -> (Option<f64>, Option<f64>) {
    let all = rate(report.overall.weighted.as_ref().unwrap(), name).unwrap();
    let groups = report.attributes[0].groups.iter();
    let rates = groups.filter_map(|group| rate(weighted(group), name));
    let (differences, ratios): (Vec<_>, Vec<_>) = rates
        .map(|rate| ((rate - all).abs(), (rate / all).min(all / rate)))
        .unzip();
    (
        differences.into_iter().reduce(f64::max),
        ratios.into_iter().reduce(f64::min),
    )
}

fn hold(report: &Report, id: &str, expected: &Value) -> usize {
    let groups = &report.attributes[0].groups;
    match id {
        "overall" => return rates(id, report.overall.weighted.as_ref().unwrap(), expected),
        "by_group" => {
            let found = groups
                .iter()
                .map(|group| rates(&group.name(), weighted(group), &expected[group.name()]));
            return found.sum();
        }
        "mf.difference.between_groups" | "mf.ratio.between_groups" => {
            for (name, expected) in expected.as_object().unwrap() {
                let (difference, ratio) = apart(report, name);
                let found = if id.contains("ratio") { ratio } else { difference };
                near(&format!("{id} {name}"), found, expected);
            }
            return expected.as_object().unwrap().len();
        }
        "mf.difference.to_overall" | "mf.ratio.to_overall" => {
            for (name, expected) in expected.as_object().unwrap() {
                let (difference, ratio) = from_overall(report, name);
                let found = if id.contains("ratio") { ratio } else { difference };
                near(&format!("{id} {name}"), found, expected);
            }
            return expected.as_object().unwrap().len();
        }
        "fairlearn.equalized_odds_difference" => {
            let worse = ["tpr", "fpr"]
                .into_iter()
                .filter_map(|rate| apart(report, rate).0);
            near(id, worse.reduce(f64::max), expected);
            near(id, gap(report, "equalised_odds_difference"), expected);
        }
        "fairlearn.equalized_odds_ratio" => {
            let worse = ["tpr", "fpr"]
                .into_iter()
                .filter_map(|rate| apart(report, rate).1);
            near(id, worse.reduce(f64::min), expected);
            near(id, gap(report, "equalised_odds_ratio"), expected);
        }
        "fairlearn.demographic_parity_difference" => near(id, apart(report, "selection_rate").0, expected),
        "fairlearn.demographic_parity_ratio" => {
            near(id, apart(report, "selection_rate").1, expected);
            let ratios = groups
                .iter()
                .filter_map(|group| weighted(group).impact_ratio.as_ref()?.value);
            near("the lowest impact ratio", ratios.reduce(f64::min), expected);
        }
        "fairlearn.equal_opportunity_difference" => {
            near(id, gap(report, "equal_opportunity_difference"), expected);
        }
        "fairlearn.equal_opportunity_ratio" => near(id, gap(report, "equal_opportunity_ratio"), expected),
        "overall.roc_auc" | "overall.average_precision" | "overall.brier" | "overall.log_loss" => {
            let name = id.trim_start_matches("overall.");
            let overall = report.overall.weighted.as_ref().unwrap();
            near(id, score(overall, name).value, expected);
        }
        _ => return 0,
    }
    1
}

#[test]
fn weighted_rates_equal_the_libraries() {
    for (case, least) in [
        ("weights_extreme", 80),
        ("weights_fractional", 80),
        ("weights_zero_group", 2),
    ] {
        let (report, golden) = (edge(case), golden(&data(&format!("edge/{case}.main.json"))));
        let entries = golden["entries"].as_array().unwrap().iter();
        let entries = entries.filter_map(|entry| Some((entry["id"].as_str()?, entry.get("value")?)));
        let held: usize = entries.map(|(id, value)| hold(&report, id, value)).sum();
        println!("{case}: {held} numbers held");
        assert!(held >= least, "{case}: {held}");
    }
}

/// What the golden files of weighted cases took by rows: scores of groups, the rule's tables, and Aequitas.
#[test]
fn figures_by_rows_stay_as_they_are() {
    let dataset = Dataset {
        attributes: vec!["group".to_owned()],
        ..Dataset::default()
    };
    for case in ["weights_extreme", "weights_fractional", "weights_zero_group"] {
        let path = data(&format!("edge/{case}.csv"));
        let replies = binary(&path, &dataset);
        let mut tally = Tally::default();
        for kind in ["main", "aequitas"] {
            let golden = golden(&path.with_extension(format!("{kind}.json")));
            for entry in golden["entries"].as_array().unwrap() {
                let id = entry["id"].as_str().unwrap();
                let (Some(value), false) = (entry.get("value"), is_weighted(id)) else {
                    continue;
                };
                let spelled = if id.starts_with("by_group_score.") {
                    format!("{id}.group")
                } else {
                    id.to_owned()
                };
                let call = entry["call"].as_str().unwrap_or_default();
                tally.hold(id, Ok(value), replies.reply(&spelled, call));
            }
        }
        println!("{case}: {tally} {:?}", tally.gaps);
        assert_eq!(tally.differences, Vec::<String>::new(), "{case}");
        let report = edge(case);
        let plain = assess(&path, &columns(&["group"], "1"), &unguarded(2)).unwrap();
        assert_eq!(without(report), plain);
    }
}

/// Which entries the golden files took by weight; the scores of groups are not among them.
fn is_weighted(id: &str) -> bool {
    let scores = ["roc_auc", "average_precision", "brier", "log_loss"];
    let of_all = id.strip_prefix("overall.");
    ["overall", "by_group"].contains(&id)
        || ["mf.", "fairlearn."].iter().any(|kind| id.starts_with(kind))
        || of_all.is_some_and(|score| scores.contains(&score))
}

/// A report as if rows had no weights.
fn without(mut report: Report) -> Report {
    report.columns.weight = None;
    report.overall.weighted = None;
    report
        .attributes
        .iter_mut()
        .for_each(|of| of.weighted_gaps.clear());
    let groups = report.attributes.iter_mut().flat_map(|of| &mut of.groups);
    groups.for_each(|group| group.weighted = None);
    report
}

#[test]
fn a_group_without_weight_has_no_rates_and_says_why() {
    let report = edge("weights_zero_group");
    let group = named(&report, "C");
    let weighted = weighted(&group);
    assert_eq!((weighted.weight, weighted.effective_n, group.n), (0.0, 0.0, 10));
    for (id, figure) in weighted.named() {
        assert_eq!(
            (figure.value, figure.reason.as_deref(), figure.n),
            (None, Some("the weights sum to 0"), 10),
            "{id}"
        );
    }
    assert!(
        group.rates.accuracy.value.is_some(),
        "by rows it has rates all the same"
    );
    let rest = report.overall.weighted.unwrap();
    assert_eq!((rest.weight, rest.effective_n), (20.0, 20.0));
}

#[test]
fn what_weighs_nothing_within_a_group_is_named() {
    let row = |label: u8, predicted: u8, weight: &str, rows| {
        format!("{label},{predicted},g,{weight}\n").repeat(rows)
    };
    let text = row(1, 1, "0", 20) + &row(0, 1, "2", 15) + &row(0, 0, "0.5", 20);
    let file = written(&format!("y_true,y_pred,group,w\n{text}"));
    let columns = Columns {
        score: None,
        ..by_weight("1")
    };
    let report = assess(file.path(), &columns, &Settings::default()).unwrap();
    let rates = report.overall.weighted.as_ref().unwrap().rates.clone();
    assert_eq!(
        (rates.tpr.value, rates.tpr.n, rates.tpr.reason.as_deref()),
        (None, 20, Some("the weights of the positives sum to 0"))
    );
    assert_eq!((rates.fpr.value, rates.fpr.n), (Some(0.75), 35));
    // (15·2 + 20·½)² / (15·4 + 20·¼) of the negatives.
    let interval = assess::stats::wilson_share(0.75, 1600.0 / 65.0, assess::stats::Z95);
    assert_eq!(rates.fpr.interval(), interval);
    assert!(rates.balanced_accuracy.value.is_none());
    // Rows decide what is shown, however much they weigh.
    let few = row(1, 1, "1000", 9);
    let file = written(&format!(
        "y_true,y_pred,group,w\n{text}{}",
        few.replace(",g,", ",few,")
    ));
    let report = assess(file.path(), &columns, &Settings::default()).unwrap();
    let few = named(&report, "few");
    assert_eq!(weighted(&few).rates, few.rates);
    assert!(weighted(&few).weight > 8999.0 && weighted(&few).rates.accuracy.value.is_none());
    assert!(weighted(&few).impact_ratio.as_ref().unwrap().value.is_none());
}

#[test]
fn weights_too_small_or_large_to_square_leave_readable_reports() {
    for weight in ["1e-200", "1e150", "5e-324"] {
        let rows = format!("1,1,a,{weight}\n0,1,b,{weight}\n0,0,a,{weight}\n1,0,b,{weight}\n").repeat(20);
        let file = written(&format!("y_true,y_pred,group,w\n{rows}"));
        let columns = Columns {
            score: None,
            ..by_weight("1")
        };
        let report = assess(file.path(), &columns, &Settings::default()).unwrap();
        assert_eq!(Report::from_json(&report.to_json().unwrap()).unwrap(), report);
        let accuracy = &report.overall.weighted.as_ref().unwrap().rates.accuracy;
        assert_eq!(accuracy.value, Some(0.5), "{weight}");
        assert_eq!(accuracy.interval().is_some(), weight == "1e150", "{weight}");
    }
}

#[test]
fn the_order_of_rows_has_no_say() {
    let text = std::fs::read_to_string(data("edge/weights_fractional.csv")).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<_> = rows.lines().collect();
    rows.reverse();
    let file = written(&format!("{head}\n{}\n", rows.join("\n")));
    let back = assess(file.path(), &by_weight("1"), &unguarded(2)).unwrap();
    let report = edge("weights_fractional");
    assert_eq!(back.overall.weighted, report.overall.weighted);
    assert_eq!(back.attributes, report.attributes);
}

#[test]
fn every_answer_shows_them() {
    let answer = |output| {
        let mut of = order(Task::Binary, &["group"], output);
        of.request.columns.favourable = "1".to_owned();
        of.request.columns.weight = Some("w".to_owned());
        of.request.slices = vec!["group".to_owned()];
        run(&of, Path::new(&data("edge/weights_fractional.csv"))).text
    };
    let text = answer(Output::Table);
    for words in [
        "\nWeighted\n",
        "\nWeighted, by group\n",
        "effective n",
        "“w”",
        "weighted.accuracy",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let page = answer(Output::Html);
    assert!(page.contains("<caption>All rows, weighted</caption>"));
    assert!(page.contains("<caption>Groups of group, weighted</caption>"));
    crate::page::is_sound(&page);
    let csv = answer(Output::Csv);
    for line in [
        "source,,,weight column,w,",
        "performance,,,weighted.effective_n,",
        "performance,,,weighted.accuracy,0.5067996155694",
        "group,group,A,weighted.tp,",
        "group,group,B,weighted.impact_ratio,",
        "slice,group,A,weighted.f1,",
    ] {
        assert!(csv.lines().any(|other| other.starts_with(line)), "{line}");
    }
    let json: Value = serde_json::from_str(&answer(Output::Json)).unwrap();
    crate::schema::keeps_to_the_schema(&json).unwrap();
    near(
        "json",
        json["overall"]["weighted"]["rates"]["accuracy"]["value"].as_f64(),
        &Value::from(0.506_799_615_569_437_8),
    );
    assert!(json["overall"]["weighted"].get("impact_ratio").is_none());
}
