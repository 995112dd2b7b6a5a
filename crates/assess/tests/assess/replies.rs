//! What the engine replies to an entry of a golden file, in the shape of that entry.

use crate::unguarded;
use assess::fairlearn::{Frame, Method, Metric};
use assess::report::{Attribute, Confusion, Group, Rate, Scores};
use assess::stats::{katz, newcombe};
use assess::{Columns, Report};
use serde_json::{Map, Value, json};
use std::path::Path;

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

/// Reports on one file: with everything shown, and by which share and polarity impact ratios are taken.
pub struct Replies {
    shown: Report,
    /// By least percentage of rows, then by favourable answer.
    impact: Vec<((u64, &'static str), Report)>,
}

impl Replies {
    pub fn new(path: &Path, columns: &Columns) -> Self {
        let report = |percent, favourable: &str| {
            let columns = Columns {
                favourable: favourable.to_owned(),
                ..columns.clone()
            };
            crate::assess(path, &columns, &unguarded(percent)).unwrap()
        };
        let ways = [(0, "0"), (0, "1"), (2, "0"), (2, "1")];
        Self {
            shown: report(0, &columns.favourable),
            impact: ways.into_iter().map(|way| (way, report(way.0, way.1))).collect(),
        }
    }

    /// The engine's reply, or none where it has no such figure (yet).
    pub fn to(&self, id: &str) -> Option<Value> {
        let (report, overall) = (&self.shown, &self.shown.overall);
        if let Some(rest) = id.strip_prefix("overall.") {
            return self.overall(rest);
        }
        if id == "by_group.overall" {
            return Some(frame_row(&overall.counts));
        }
        if let Some(rest) = id.strip_prefix("by_group_score.") {
            return self.by_group_score(rest);
        }
        if let Some(name) = id.strip_prefix("by_group.") {
            let attribute = named(report, name)?;
            return Some(by_group(attribute, |group| frame_row(&group.counts)));
        }
        if let Some(rest) = id.strip_prefix("mf.") {
            return self.frame(rest);
        }
        if let Some((name, attribute)) = id
            .strip_prefix("fairlearn.")
            .and_then(|rest| rest.rsplit_once('.'))
        {
            let id = format!("fairlearn.{name}");
            let library = &named(report, attribute)?.library;
            return library
                .iter()
                .find(|value| value.id == id)
                .map(|value| json!(value.value));
        }
        if let Some(rest) = id.strip_prefix("ci95.") {
            return self.interval(rest);
        }
        self.impact(id.strip_prefix("ll144.selection_")?)
    }

    fn overall(&self, figure: &str) -> Option<Value> {
        let overall = &self.shown.overall;
        let counts = overall.counts;
        if figure.starts_with("confusion_matrix") {
            return Some(json!([[counts.tn, counts.fp], [counts.fn_, counts.tp]]));
        }
        if figure == "ece10_left_closed" {
            let bin = |(at, bin): (usize, &assess::report::Bin)| match bin.observed.n {
                0 => json!({"bin": at, "n": 0}),
                n => json!({"bin": at, "n": n, "mean_score": bin.score, "mean_label": bin.observed.value}),
            };
            let bins: Vec<_> = overall.calibration.iter().enumerate().map(bin).collect();
            return Some(json!({"ece": overall.scores.calibration_error.value, "bins": bins}));
        }
        let rates = overall.rates.named().into_iter();
        let id = if figure == "recall" { "tpr" } else { figure };
        rates
            .chain(overall.scores.named())
            .find(|(name, _)| *name == if id == "ece10" { "calibration_error" } else { id })
            .map(|(_, figure)| json!(figure.value))
    }

    /// Either all score figures of an attribute, or one figure of the only attribute.
    fn by_group_score(&self, name: &str) -> Option<Value> {
        let all = |scores: &Scores| {
            let row = scores.named().map(|(id, figure)| {
                (
                    if id == "calibration_error" { "ece10" } else { id }.to_owned(),
                    json!(figure.value),
                )
            });
            Value::Object(row.into_iter().collect())
        };
        if let Some(attribute) = named(&self.shown, name) {
            return Some(by_group(attribute, |group| all(&group.scores)));
        }
        let only = self.shown.attributes.first()?;
        let one = by_group(only, |group| all(&group.scores)[name].clone());
        let found = one.as_object()?.values().any(|value| !value.is_null());
        found.then_some(one)
    }

    fn frame(&self, rest: &str) -> Option<Value> {
        let (call, attribute) = rest.rsplit_once('.')?;
        let attribute = named(&self.shown, attribute)?;
        let frame = Frame::new(
            attribute.groups.iter().map(|group| group.counts),
            self.shown.overall.counts,
        );
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
        let row: Option<Map<_, _>> = METRICS
            .iter()
            .map(|(id, metric)| Some(((*id).to_owned(), json!(value(*metric)?))))
            .collect();
        row.map(Value::Object)
    }

    /// `wilson.tpr.race.Other`, `diff.newcomb.selection.race.A_vs_B` or `ratio.log.selection.race.A_vs_B`.
    fn interval(&self, rest: &str) -> Option<Value> {
        if let Some(rest) = rest.strip_prefix("wilson.") {
            let (rate, rest) = rest.split_once('.')?;
            let (attribute, group) = rest.split_once('.')?;
            let group = group_named(named(&self.shown, attribute)?, group)?;
            let figure = group.rates.named().into_iter().find(|(id, _)| *id == rate)?.1;
            return Some(json!([figure.low, figure.high]));
        }
        let (newcomb, rest) = match rest.strip_prefix("diff.newcomb.selection.") {
            Some(rest) => (true, rest),
            None => (false, rest.strip_prefix("ratio.log.selection.")?),
        };
        let (attribute, groups) = rest.split_once('.')?;
        let attribute = named(&self.shown, attribute)?;
        let (one, other) = groups.split_once("_vs_")?;
        let share = |name| Some(group_named(attribute, name)?.counts.share(Rate::Selection));
        let (one, other, z) = (share(one)?, share(other)?, self.shown.settings.z);
        let interval = if newcomb {
            newcombe(one, other, z)
        } else {
            katz(one, other, z)
        };
        interval.map(|(low, high)| json!([low, high]))
    }

    /// `y_pred_1.race.exclude_lt_0.02` or `favourable.race.exclude_lt_0.0`.
    fn impact(&self, rest: &str) -> Option<Value> {
        let (polarity, rest) = rest.split_once('.')?;
        let (attribute, percent) = rest.split_once(".exclude_lt_")?;
        let favourable = if polarity == "y_pred_1" {
            "1"
        } else {
            self.shown.columns.favourable.as_str()
        };
        let percent = if percent == "0.02" { 2 } else { 0 };
        let report = &self
            .impact
            .iter()
            .find(|(way, _)| *way == (percent, favourable))?
            .1;
        let attribute = named(report, attribute)?;
        let row = |group: &Group| {
            let known = attribute.known as f64;
            let mut row = json!({
                "n": group.n, "selected": group.favourable,
                "rate": group.rates.favourable.value, "share": group.n as f64 / known,
                "excluded": group.impact.ratio.reason.as_ref().is_some_and(|why| why.starts_with("under")),
            });
            row["impact_ratio"] = json!(group.impact.ratio.value);
            row
        };
        Some(by_group(attribute, row))
    }
}

fn named<'a>(report: &'a Report, name: &str) -> Option<&'a Attribute> {
    report
        .attributes
        .iter()
        .find(|attribute| attribute.columns.join("x") == name)
}

fn key(group: &Group) -> Option<String> {
    let parts: Option<Vec<_>> = group.key.iter().map(Option::as_deref).collect();
    parts.map(|parts| parts.join("|"))
}

fn group_named<'a>(attribute: &'a Attribute, name: &str) -> Option<&'a Group> {
    attribute
        .groups
        .iter()
        .find(|group| key(group).as_deref() == Some(name))
}

fn by_group(attribute: &Attribute, row: impl Fn(&Group) -> Value) -> Value {
    let known = attribute.groups.iter().filter(|group| group.n > 0);
    Value::Object(
        known
            .filter_map(|group| Some((key(group)?, row(group))))
            .collect(),
    )
}

fn frame_row(counts: &Confusion) -> Value {
    Value::Object(
        METRICS
            .iter()
            .map(|(id, metric)| ((*id).to_owned(), json!(metric.of(counts))))
            .collect(),
    )
}
