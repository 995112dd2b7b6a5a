//! Performance overall and by group, and fairlearn's figures.

use super::source::{Grouping, Source};
use assess::calibration::{Closed, equal_mass, equal_width, expected_error, maximum_error, trapezoid};
use assess::fairlearn::{Frame, Method, Metric};
use assess::report::{Bin, Confusion, Group, Rate, Scores};
use assess::sklearn;
use assess::stats::kolmogorov::Distance;
use serde_json::{Map, Value, json};

const METRICS: [(&str, Metric); 11] = [
    ("count", Metric::Count),
    ("selection_rate", Metric::Rate(Rate::Selection)),
    ("tpr", Metric::Rate(Rate::Tpr)),
    ("fpr", Metric::Rate(Rate::Fpr)),
    ("tnr", Metric::Rate(Rate::Tnr)),
    ("fnr", Metric::Rate(Rate::Fnr)),
    ("accuracy", Metric::Rate(Rate::Accuracy)),
    ("precision", Metric::Rate(Rate::Precision)),
    ("recall", Metric::Rate(Rate::Tpr)),
    ("f1", Metric::F1),
    ("balanced_accuracy", Metric::BalancedAccuracy),
];

pub fn reply(source: &Source, id: &str) -> Option<Value> {
    let (kind, rest) = id.split_once('.')?;
    match kind {
        "overall" => overall(source, rest),
        "by_group" if rest == "overall" => Some(frame_row(&source.whole()?.all())),
        "by_group" => Some(by_group(&source.grouping(rest)?, |group| {
            frame_row(&group.counts)
        })),
        "by_group_score" => by_group_score(source, rest),
        "mf" => frame(source, rest),
        _ => fairlearn(source, rest),
    }
}

fn overall(source: &Source, figure: &str) -> Option<Value> {
    let whole = source.whole()?;
    let counts = whole.all();
    if figure.starts_with("confusion_matrix") {
        return Some(json!([[counts.tn, counts.fp], [counts.fn_, counts.tp]]));
    }
    let known = sklearn::classification(&counts);
    if let Some((_, value)) = known.iter().find(|(name, _)| *name == figure) {
        return Some(json!(value));
    }
    match figure {
        "pr_auc_trapezoid" => Some(json!(trapezoid(&source.scored()?))),
        "ece10_left_closed" => Some(left_closed(&whole)),
        "ece10_right_closed" => Some(right_closed(source)?),
        "ece10_equal_mass" => Some(json!(expected_error(&equal_mass(&source.scored()?, 10)))),
        "ks_classes" => ks_classes(source),
        name => scores(&whole.report().overall.scores).get(name).cloned(),
    }
}

/// The engine's bins; the largest error follows from them.
fn left_closed(whole: &Grouping) -> Value {
    let overall = &whole.report().overall;
    let row = |(at, bin): (usize, &Bin)| bin_row(at, bin.observed.n, bin.score, bin.observed.value);
    let bins: Vec<_> = overall.calibration.iter().enumerate().map(row).collect();
    let errors = overall
        .calibration
        .iter()
        .filter_map(|bin| Some((bin.score? - bin.observed.value?).abs()));
    json!({"ece": overall.scores.calibration_error.value, "mce": errors.reduce(f64::max), "bins": bins})
}

fn right_closed(source: &Source) -> Option<Value> {
    let bins = equal_width(&source.scored()?, Closed::Right);
    let rows = bins
        .iter()
        .enumerate()
        .map(|(at, bin)| bin_row(at, bin.n, bin.score, bin.observed));
    let rows: Vec<_> = rows.collect();
    Some(json!({"ece": expected_error(&bins), "mce": maximum_error(&bins), "bins": rows}))
}

fn bin_row(at: usize, n: u64, score: Option<f64>, observed: Option<f64>) -> Value {
    match n {
        0 => json!({"bin": at, "n": 0}),
        n => json!({"bin": at, "n": n, "mean_score": score, "mean_label": observed}),
    }
}

/// How far the scores of positives and negatives lie apart.
fn ks_classes(source: &Source) -> Option<Value> {
    let (positive, negative): (Vec<_>, Vec<_>) =
        source.scored()?.into_iter().partition(|(_, positive)| *positive);
    let scores = |rows: Vec<(f64, bool)>| rows.into_iter().map(|(score, _)| score).collect::<Vec<_>>();
    let distance = Distance::of(&scores(positive), &scores(negative))?;
    Some(json!([distance.statistic(), distance.approximate_p()]))
}

fn scores(scores: &Scores) -> Map<String, Value> {
    // The golden files hold the error over bins of equal width only.
    let named = scores
        .named()
        .into_iter()
        .filter(|(id, _)| *id != "calibration_error_equal_mass");
    let row = named.map(|(id, figure)| match id {
        "calibration_error" => ("ece10".to_owned(), json!(figure.value)),
        "average_precision" => (id.to_owned(), json!(sklearn::average_precision(figure.value))),
        id => (id.to_owned(), json!(figure.value)),
    });
    row.collect()
}

/// All score figures of an attribute, or one of them by `figure.attribute`.
fn by_group_score(source: &Source, rest: &str) -> Option<Value> {
    if let Some(grouping) = source.grouping(rest) {
        return Some(by_group(&grouping, |group| Value::Object(scores(&group.scores))));
    }
    let (figure, grouping) = source.attribute_last(rest)?;
    let known = grouping
        .groups()
        .into_values()
        .all(|group| scores(&group.scores).contains_key(figure));
    known.then(|| by_group(&grouping, |group| scores(&group.scores)[figure].clone()))
}

/// `difference.between_groups.sex` and the like, over all metrics at once.
fn frame(source: &Source, rest: &str) -> Option<Value> {
    let (call, grouping) = source.attribute_last(rest)?;
    let frame = frame_of(&grouping);
    let value = |metric| {
        Some(match call {
            "difference.between_groups" => frame.difference(metric, Method::BetweenGroups),
            "difference.to_overall" => frame.difference(metric, Method::ToOverall),
            "ratio.between_groups" => frame.ratio(metric, Method::BetweenGroups),
            "ratio.to_overall" => frame.ratio(metric, Method::ToOverall),
            "group_min" => frame.group_min(metric),
            "group_max" => frame.group_max(metric),
            _ => return None,
        })
    };
    let row = METRICS
        .iter()
        .map(|(id, metric)| Some(((*id).to_owned(), json!(value(*metric)?))));
    row.collect::<Option<Map<_, _>>>().map(Value::Object)
}

fn fairlearn(source: &Source, rest: &str) -> Option<Value> {
    let (call, grouping) = source.attribute_last(rest)?;
    let id = format!("fairlearn.{call}");
    let value = grouping
        .attribute()?
        .library
        .iter()
        .find(|value| value.id == id)?;
    Some(json!(value.value))
}

fn frame_of(grouping: &Grouping) -> Frame {
    Frame::new(
        grouping.groups().into_values().map(|group| group.counts),
        grouping.all(),
    )
}

fn frame_row(counts: &Confusion) -> Value {
    let row = METRICS
        .iter()
        .map(|(id, metric)| ((*id).to_owned(), json!(metric.of(counts))));
    Value::Object(row.collect())
}

/// A row for each group.
pub fn by_group(grouping: &Grouping, row: impl Fn(&Group) -> Value) -> Value {
    let rows = grouping
        .groups()
        .into_iter()
        .map(|(name, group)| (name, row(group)));
    Value::Object(rows.collect())
}
