//! The gaps as fairlearn's `MetricFrame` writes them: 0 apart and 1 alike for a single group, and a division by 0
//! gives infinity or not-a-number. For readers who check our figures against the library.

use super::Spread;

/// `MetricFrame.difference(method="between_groups")`.
pub fn difference(spread: &Spread) -> f64 {
    spread.largest - spread.smallest
}

/// `MetricFrame.ratio(method="between_groups")`; negative where the smallest alone is.
pub fn ratio(spread: &Spread) -> f64 {
    spread.smallest / spread.largest
}

#[cfg(test)]
mod tests {
    use super::{Spread, difference, ratio};

    #[test]
    fn a_single_group_differs_by_0_and_a_division_by_0_is_written_out() {
        let one = Spread::of([Some(0.5)]).unwrap();
        assert_eq!((difference(&one), ratio(&one)), (0.0, 1.0));
        assert!(ratio(&Spread::of([Some(0.0), Some(0.0)]).unwrap()).is_nan());
        let endless = ratio(&Spread::of([Some(-1.0), Some(0.0)]).unwrap());
        assert!(endless.is_infinite() && endless < 0.0);
    }
}
