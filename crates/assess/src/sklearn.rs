//! The numbers that scikit-learn gives for the same predictions, quirks included.
//!
//! scikit-learn writes 0, with a warning, for most of what is undefined; none is its not-a-number.

use crate::fairlearn::Metric;
use crate::report::{Confusion, Rate};

/// The metrics of predictions under the names of scikit-learn's functions, shortened.
pub fn classification(counts: &Confusion) -> [(&'static str, Option<f64>); 7] {
    let rate = |rate| Metric::Rate(rate).of(counts);
    [
        ("accuracy", rate(Rate::Accuracy)),
        ("precision", rate(Rate::Precision)),
        ("recall", rate(Rate::Tpr)),
        ("f1", Metric::F1.of(counts)),
        ("balanced_accuracy", Metric::BalancedAccuracy.of(counts)),
        ("mcc", Some(counts.matthews().unwrap_or(0.0))),
        ("cohen_kappa", counts.kappa()),
    ]
}

/// Average precision: 0 where there are no positives.
pub fn average_precision(value: Option<f64>) -> f64 {
    value.unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_is_0_but_for_kappa() {
        let counts = Confusion {
            tp: 0,
            fp: 0,
            tn: 5,
            fn_: 0,
        };
        let found = classification(&counts);
        assert_eq!(found[1], ("precision", Some(0.0)));
        assert_eq!(found[5], ("mcc", Some(0.0)));
        assert_eq!(found[6], ("cohen_kappa", None));
    }
}
