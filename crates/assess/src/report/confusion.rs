//! The four counts of a binary prediction, and the rates that follow from them.

use super::Figure;
use crate::stats::real;
use serde::{Deserialize, Serialize};

/// How predictions and labels met, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confusion {
    pub tp: u64,
    pub fp: u64,
    pub tn: u64,
    #[serde(rename = "fn")]
    pub fn_: u64,
}

/// A share of one count in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

    /// Matthews' correlation of prediction and label, from −1 to 1; none where all have one prediction or one label.
    pub fn matthews(&self) -> Option<f64> {
        let [tp, fp, tn, fn_] = [self.tp, self.fp, self.tn, self.fn_].map(real);
        let margins = [tp + fp, tp + fn_, tn + fp, tn + fn_];
        let scale: f64 = margins.map(f64::sqrt).iter().product();
        (scale > 0.0).then(|| (tp * tn - fp * fn_) / scale)
    }

    /// Cohen's kappa: agreement of prediction and label beyond chance, at most 1; none where all have the same of both.
    pub fn kappa(&self) -> Option<f64> {
        let [tp, fp, tn, fn_] = [self.tp, self.fp, self.tn, self.fn_].map(real);
        let chance = (tp + fp) * (fp + tn) + (tp + fn_) * (fn_ + tn);
        (chance > 0.0).then(|| 2.0 * (tp * tn - fp * fn_) / chance)
    }

    /// The same rows with the favourable answer as the positive one.
    #[must_use]
    pub fn favouring(&self, positive_is_favourable: bool) -> Self {
        if positive_is_favourable {
            return *self;
        }
        Self {
            tp: self.tn,
            fp: self.fn_,
            tn: self.tp,
            fn_: self.fp,
        }
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_equals_scikit_learns() {
        // COMPAS, all rows.
        let counts = Confusion {
            tp: 2035,
            fp: 1282,
            tn: 2681,
            fn_: 1216,
        };
        assert!((counts.matthews().unwrap() - 0.301_969_698_252_614_66).abs() < 1e-14);
        assert!((counts.kappa().unwrap() - 0.301_918_331_065_995_75).abs() < 1e-14);
        let flipped = counts.favouring(false);
        assert_eq!(
            (flipped.tp, flipped.fp, flipped.tn, flipped.fn_),
            (2681, 1216, 2035, 1282)
        );
    }

    #[test]
    fn agreement_without_variety_is_undefined() {
        let one = Confusion {
            tp: 0,
            fp: 0,
            tn: 4,
            fn_: 0,
        };
        assert_eq!((one.matthews(), one.kappa()), (None, None));
        let never = Confusion {
            tp: 0,
            fp: 0,
            tn: 4,
            fn_: 3,
        };
        assert_eq!((never.matthews(), never.kappa()), (None, Some(0.0)));
    }
}
