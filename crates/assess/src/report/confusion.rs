//! The four counts of a binary prediction, and the rates that follow from them.

use super::Figure;
use crate::stats::{self, real};
use serde::{Deserialize, Serialize};

/// How predictions and labels met, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    pub tp: u64,
    pub fp: u64,
    pub tn: u64,
    #[serde(rename = "fn")]
    pub fn_: u64,
}

/// A share of one count in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// Predicted positive, of all. fairlearn's `selection_rate`, Aequitas' `pprev`.
    Selection,
    /// Predicted negative, of all.
    Rejection,
    /// Really positive, of all: prevalence.
    Base,
    /// Predicted rightly, of all.
    Accuracy,
    /// Really positive, of those predicted positive.
    Precision,
    /// Predicted positive, of the really positive: recall.
    Tpr,
    /// Predicted positive, of the really negative.
    Fpr,
    /// Predicted negative, of the really negative.
    Tnr,
    /// Predicted negative, of the really positive.
    Fnr,
}

impl Rate {
    /// Every rate, in the order of the report.
    pub const ALL: [Self; 9] = [
        Self::Selection,
        Self::Rejection,
        Self::Base,
        Self::Accuracy,
        Self::Precision,
        Self::Tpr,
        Self::Fpr,
        Self::Tnr,
        Self::Fnr,
    ];

    /// The stable id, e.g. `tpr`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Selection => "selection_rate",
            Self::Rejection => "rejection_rate",
            Self::Base => "base_rate",
            Self::Accuracy => "accuracy",
            Self::Precision => "precision",
            Self::Tpr => "tpr",
            Self::Fpr => "fpr",
            Self::Tnr => "tnr",
            Self::Fnr => "fnr",
        }
    }

    /// The name for readers, e.g. `True positive rate`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Selection => "Predicted positive",
            Self::Rejection => "Predicted negative",
            Self::Base => "Really positive",
            Self::Accuracy => "Accuracy",
            Self::Precision => "Precision",
            Self::Tpr => "True positive rate",
            Self::Fpr => "False positive rate",
            Self::Tnr => "True negative rate",
            Self::Fnr => "False negative rate",
        }
    }

    /// What the denominator counts.
    fn of(self) -> &'static str {
        match self {
            Self::Selection | Self::Rejection | Self::Base | Self::Accuracy => "rows",
            Self::Precision => "positive predictions",
            Self::Tpr | Self::Fnr => "positives",
            Self::Fpr | Self::Tnr => "negatives",
        }
    }

    /// The rate of one set of counts, with Wilson's interval; unjudged below `min` in the denominator.
    pub(crate) fn figure(self, counts: &Confusion, z: f64, min: u64) -> Figure {
        let (x, n) = counts.share(self);
        match counts.rate(self) {
            None => Figure::none(0, format!("no {}", self.of())),
            Some(rate) => {
                let figure = Figure::new(rate, stats::wilson(x, n, z), n);
                if n < min {
                    figure.unjudged(format!("fewer than {min} {}", self.of()))
                } else {
                    figure
                }
            }
        }
    }
}

impl Confusion {
    /// Rows.
    pub fn n(&self) -> u64 {
        self.tp + self.fp + self.tn + self.fn_
    }

    /// Really positive rows.
    pub fn positives(&self) -> u64 {
        self.tp + self.fn_
    }

    /// Really negative rows.
    pub fn negatives(&self) -> u64 {
        self.fp + self.tn
    }

    /// Numerator and denominator of a rate.
    pub fn share(&self, rate: Rate) -> (u64, u64) {
        match rate {
            Rate::Selection => (self.tp + self.fp, self.n()),
            Rate::Rejection => (self.tn + self.fn_, self.n()),
            Rate::Base => (self.positives(), self.n()),
            Rate::Accuracy => (self.tp + self.tn, self.n()),
            Rate::Precision => (self.tp, self.tp + self.fp),
            Rate::Tpr => (self.tp, self.positives()),
            Rate::Fnr => (self.fn_, self.positives()),
            Rate::Fpr => (self.fp, self.negatives()),
            Rate::Tnr => (self.tn, self.negatives()),
        }
    }

    /// A rate; none where its denominator is 0.
    pub fn rate(&self, rate: Rate) -> Option<f64> {
        let (x, n) = self.share(rate);
        (n > 0).then(|| real(x) / real(n))
    }

    /// Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).
    pub fn f1(&self) -> Option<f64> {
        let of = 2 * self.tp + self.fp + self.fn_;
        (of > 0).then(|| real(2 * self.tp) / real(of))
    }

    /// Mean of the true positive and the true negative rate.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        Some(f64::midpoint(self.rate(Rate::Tpr)?, self.rate(Rate::Tnr)?))
    }

    /// Adds the counts of another part of the same table.
    pub fn add(&mut self, other: &Self) {
        self.tp += other.tp;
        self.fp += other.fp;
        self.tn += other.tn;
        self.fn_ += other.fn_;
    }
}

/// The rates of one set of counts, each with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Predicted the answer that is good for the person, of all.
    pub favourable: Figure,
    pub selection: Figure,
    pub base: Figure,
    pub accuracy: Figure,
    pub precision: Figure,
    pub tpr: Figure,
    pub fpr: Figure,
    pub tnr: Figure,
    pub fnr: Figure,
    pub f1: Figure,
    pub balanced_accuracy: Figure,
}

impl Rates {
    /// Computes every rate; `min` is the smallest denominator that is judged.
    pub(crate) fn of(counts: &Confusion, favourable: Rate, z: f64, min: u64) -> Self {
        let rate = |rate: Rate| rate.figure(counts, z, min);
        let (tpr, tnr) = (rate(Rate::Tpr), rate(Rate::Tnr));
        let f1 = match counts.f1() {
            None => Figure::none(0, "no positives, and none predicted"),
            Some(f1) => {
                let union = counts.tp + counts.fp + counts.fn_;
                Figure::new(f1, stats::f1_interval(counts.tp, union, z), union)
            }
        };
        let balanced_accuracy = match counts.balanced_accuracy() {
            None => Figure::none(counts.n(), "no positives or no negatives"),
            Some(value) => Figure::new(value, stats::mean_interval(&tpr, &tnr), counts.n()),
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
    pub(crate) fn withheld(n: u64, reason: &str) -> Self {
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
    pub(crate) fn unjudge(&mut self, reason: &str) {
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

    /// Each rate under its stable id, in the order of the report.
    pub fn named(&self) -> [(&'static str, &Figure); 11] {
        [
            ("favourable_rate", &self.favourable),
            ("selection_rate", &self.selection),
            ("base_rate", &self.base),
            ("accuracy", &self.accuracy),
            ("precision", &self.precision),
            ("tpr", &self.tpr),
            ("fpr", &self.fpr),
            ("tnr", &self.tnr),
            ("fnr", &self.fnr),
            ("f1", &self.f1),
            ("balanced_accuracy", &self.balanced_accuracy),
        ]
    }
}
