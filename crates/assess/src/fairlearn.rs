//! The numbers that fairlearn's `MetricFrame` and fairness functions give for the same groups, quirks included.
//!
//! fairlearn takes every group, however small, and writes an undefined rate as 0. Those numbers are kept so that a
//! reader can check ours against the library; what decides is [`crate::report::Gap`].

use crate::report::{Confusion, Rate, Value};
use crate::stats::real;

/// A metric of fairlearn's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    Count,
    /// A rate, 0 where it is undefined.
    Rate(Rate),
    F1,
    BalancedAccuracy,
}

/// What groups are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    BetweenGroups,
    ToOverall,
}

impl Method {
    fn id(self) -> &'static str {
        match self {
            Self::BetweenGroups => "between_groups",
            Self::ToOverall => "to_overall",
        }
    }
}

impl Metric {
    /// The metric of one set of counts; none is not-a-number.
    pub fn of(self, counts: &Confusion) -> Option<f64> {
        match self {
            Self::Count => Some(real(counts.n())),
            Self::Rate(rate) => Some(counts.rate(rate).unwrap_or(0.0)),
            Self::F1 => Some(counts.f1().unwrap_or(0.0)),
            // scikit-learn takes the mean over the classes that occur.
            Self::BalancedAccuracy => {
                let (tpr, tnr) = (counts.rate(Rate::Tpr), counts.rate(Rate::Tnr));
                tpr.zip(tnr)
                    .map(|(tpr, tnr)| f64::midpoint(tpr, tnr))
                    .or(tpr)
                    .or(tnr)
            }
        }
    }
}

/// fairlearn's `MetricFrame`: counts by group, and of all.
#[derive(Debug, Clone)]
pub struct Frame {
    groups: Vec<Confusion>,
    overall: Confusion,
}

impl Frame {
    /// A frame over the groups that have rows.
    pub fn new(groups: impl IntoIterator<Item = Confusion>, overall: Confusion) -> Self {
        Self {
            groups: groups.into_iter().filter(|counts| counts.n() > 0).collect(),
            overall,
        }
    }

    fn values(&self, metric: Metric) -> impl Iterator<Item = f64> + '_ {
        self.groups.iter().filter_map(move |counts| metric.of(counts))
    }

    /// The smallest value of any group.
    pub fn group_min(&self, metric: Metric) -> Option<f64> {
        self.values(metric).reduce(f64::min)
    }

    /// The largest value of any group.
    pub fn group_max(&self, metric: Metric) -> Option<f64> {
        self.values(metric).reduce(f64::max)
    }

    /// `MetricFrame.difference`.
    pub fn difference(&self, metric: Metric, method: Method) -> Option<f64> {
        match method {
            Method::BetweenGroups => Some(self.group_max(metric)? - self.group_min(metric)?),
            Method::ToOverall => {
                let overall = metric.of(&self.overall)?;
                self.values(metric)
                    .map(|value| (value - overall).abs())
                    .reduce(f64::max)
            }
        }
    }

    /// `MetricFrame.ratio`; 0/0 is not-a-number, and skipped where other groups have a ratio.
    pub fn ratio(&self, metric: Metric, method: Method) -> Option<f64> {
        match method {
            Method::BetweenGroups => {
                let ratio = self.group_min(metric)? / self.group_max(metric)?;
                (!ratio.is_nan()).then_some(ratio)
            }
            Method::ToOverall => {
                let overall = metric.of(&self.overall)?;
                self.values(metric)
                    .map(|value| value / overall)
                    .map(|ratio| if ratio <= 1.0 { ratio } else { 1.0 / ratio })
                    .filter(|ratio| !ratio.is_nan())
                    .reduce(f64::min)
            }
        }
    }

    /// fairlearn's fairness functions, each under its name and options.
    pub fn named(&self) -> Vec<Value> {
        let mut values = Vec::new();
        for method in [Method::BetweenGroups, Method::ToOverall] {
            let mut push = |name: &str, end: &str, value| {
                let id = format!("fairlearn.{name}.{}{end}", method.id());
                let value: Option<f64> = value;
                values.push(Value::new(id, value.unwrap_or(f64::NAN)));
            };
            let [selection, tpr, fpr] = [Rate::Selection, Rate::Tpr, Rate::Fpr].map(Metric::Rate);
            push(
                "demographic_parity_difference",
                "",
                self.difference(selection, method),
            );
            push("demographic_parity_ratio", "", self.ratio(selection, method));
            push("equal_opportunity_difference", "", self.difference(tpr, method));
            push("equal_opportunity_ratio", "", self.ratio(tpr, method));
            let odds = self.difference(tpr, method).zip(self.difference(fpr, method));
            push(
                "equalized_odds_difference",
                ".worst_case",
                odds.map(|(tpr, fpr)| tpr.max(fpr)),
            );
            push(
                "equalized_odds_difference",
                ".mean",
                odds.map(|(tpr, fpr)| f64::midpoint(tpr, fpr)),
            );
            let (tpr, fpr) = (self.ratio(tpr, method), self.ratio(fpr, method));
            // Python's min() keeps a leading not-a-number and drops a later one; pandas' mean() skips both.
            push(
                "equalized_odds_ratio",
                ".worst_case",
                tpr.map(|tpr| fpr.map_or(tpr, |fpr| tpr.min(fpr))),
            );
            push(
                "equalized_odds_ratio",
                ".mean",
                tpr.zip(fpr).map(|(a, b)| f64::midpoint(a, b)).or(tpr).or(fpr),
            );
        }
        values
    }
}
