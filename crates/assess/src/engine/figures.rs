//! How the figures of a report come about: rates with their intervals, and what isn't judged or shown.

use crate::report::{Confusion, Figure, Rate, Rates, Scores};
use crate::stats::{Interval, wilson};

impl Figure {
    /// The same value, with the reason why it isn't judged.
    #[must_use]
    pub(super) fn unjudged(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same value, not judged where it is taken over fewer than `min` of what it counts.
    #[must_use]
    pub(super) fn enough(self, min: u64, of: &str) -> Self {
        if self.n < min && self.value.is_some() {
            return self.unjudged(format!("fewer than {min} {of}"));
        }
        self
    }

    /// Marks a value as not judged; where there is none, the reason for that stays.
    pub(super) fn unjudge(&mut self, reason: &str) {
        if self.value.is_some() {
            self.reason = Some(reason.to_owned());
        }
    }
}

impl Rate {
    /// What the denominator counts.
    pub(super) fn of(self) -> &'static str {
        match self {
            Self::Selection | Self::Rejection | Self::Base | Self::Accuracy => "rows",
            Self::Precision => "positive predictions",
            Self::Tpr | Self::Fnr => "positives",
            Self::Fpr | Self::Tnr => "negatives",
        }
    }

    /// The rate of one set of counts, with Wilson's interval; unjudged below `min` in the denominator.
    pub(super) fn figure(self, counts: &Confusion, z: f64, min: u64) -> Figure {
        let (x, n) = counts.share(self);
        match counts.rate(self) {
            None => Figure::none(0, format!("no {}", self.of())),
            Some(rate) => Figure::new(rate, wilson(x, n, z), n).enough(min, self.of()),
        }
    }
}

impl Rates {
    /// Computes every rate; `min` is the smallest denominator that is judged.
    pub(super) fn of(counts: &Confusion, favourable: Rate, z: f64, min: u64) -> Self {
        let rate = |rate: Rate| rate.figure(counts, z, min);
        let (tpr, tnr) = (rate(Rate::Tpr), rate(Rate::Tnr));
        let f1 = match counts.f1() {
            None => Figure::none(0, "no positives, and none predicted"),
            Some(f1) => {
                let union = counts.tp + counts.fp + counts.fn_;
                Figure::new(f1, f1_interval(counts.tp, union, z), union)
            }
        };
        let balanced_accuracy = match counts.balanced_accuracy() {
            None => Figure::none(counts.n(), "no positives or no negatives"),
            Some(value) => Figure::new(value, mean_interval(&tpr, &tnr), counts.n()),
        };
        Self {
            favourable: rate(favourable),
            selection: rate(Rate::Selection),
            base: rate(Rate::Base),
            accuracy: rate(Rate::Accuracy),
            precision: rate(Rate::Precision),
            fpr: rate(Rate::Fpr),
            fnr: rate(Rate::Fnr),
            tpr,
            tnr,
            f1,
            balanced_accuracy,
        }
    }

    /// Every rate withheld, for one reason.
    pub(super) fn withheld(n: u64, reason: &str) -> Self {
        let none = || Figure::none(n, reason);
        Self {
            favourable: none(),
            selection: none(),
            base: none(),
            accuracy: none(),
            precision: none(),
            tpr: none(),
            fpr: none(),
            tnr: none(),
            fnr: none(),
            f1: none(),
            balanced_accuracy: none(),
        }
    }

    /// Marks every rate that has a value as not judged, for one reason.
    pub(super) fn unjudge(&mut self, reason: &str) {
        let all = [
            &mut self.favourable,
            &mut self.selection,
            &mut self.base,
            &mut self.accuracy,
            &mut self.precision,
            &mut self.tpr,
            &mut self.fpr,
            &mut self.tnr,
            &mut self.fnr,
            &mut self.f1,
            &mut self.balanced_accuracy,
        ];
        for figure in all {
            figure.unjudge(reason);
        }
    }
}

impl Scores {
    /// Every figure absent, for one reason.
    pub(super) fn withheld(n: u64, reason: &str) -> Self {
        let none = || Figure::none(n, reason);
        Self {
            roc_auc: none(),
            average_precision: none(),
            brier: none(),
            log_loss: none(),
            mean: none(),
            calibration_error: none(),
            calibration_error_equal_mass: none(),
        }
    }

    /// Marks every figure that has a value as not judged, for one reason.
    pub(super) fn unjudge(&mut self, reason: &str) {
        let all = [
            &mut self.roc_auc,
            &mut self.average_precision,
            &mut self.brier,
            &mut self.log_loss,
            &mut self.mean,
            &mut self.calibration_error,
            &mut self.calibration_error_equal_mass,
        ];
        for figure in all {
            figure.unjudge(reason);
        }
    }
}

/// F1 is 2J/(1+J) for the share J = TP / (TP+FP+FN), so Wilson's interval of J carries over.
pub(super) fn f1_interval(tp: u64, union: u64, z: f64) -> Option<Interval> {
    let (low, high) = wilson(tp, union, z)?;
    Some((2.0 * low / (1.0 + low), 2.0 * high / (1.0 + high)))
}

/// The interval of the mean of two independent rates.
pub(super) fn mean_interval(a: &Figure, b: &Figure) -> Option<Interval> {
    let ((a_low, a_high), (b_low, b_high)) = (a.interval()?, b.interval()?);
    let (a, b) = (a.value?, b.value?);
    let mean = f64::midpoint(a, b);
    Some((
        mean - (a - a_low).hypot(b - b_low) / 2.0,
        mean + (a_high - a).hypot(b_high - b) / 2.0,
    ))
}

/// An interval for a number between 0 and 1 from its standard error, taken on the logit so that it stays between
/// 0 and 1. None at 0 and 1 themselves, and where the error is 0: no spread was seen, which proves none.
pub(super) fn logit_interval(value: f64, error: f64, z: f64) -> Option<Interval> {
    if value <= 0.0 || value >= 1.0 || error <= 0.0 || !error.is_finite() {
        return None;
    }
    let logit = (value / (1.0 - value)).ln();
    let half = z * error / (value * (1.0 - value));
    let back = |x: f64| 1.0 / (1.0 + (-x).exp());
    Some((back(logit - half), back(logit + half)))
}
