//! Intervals, tests and corrections for rates and counts, over plain numbers.
//!
//! Everything here is pure and compiles to wasm. What is undefined is none, never 0 and never not-a-number.

mod adjust;
pub mod bootstrap;
pub mod delong;
mod interval;
pub mod kolmogorov;
mod paired;
mod special;
mod test;

pub use adjust::{benjamini_hochberg, holm};
pub use interval::{
    Interval, Z95, agresti_coull, clopper_pearson, difference, katz, katz_shares, koopman, newcombe, range,
    wald, wald_difference, wilson, wilson_share,
};
pub use paired::Pairs;
pub use special::{beta, beta_quantile, chi_square_tail, ln_gamma, normal_tails, two_sided};
pub use test::{Test, chi_square, fisher, goodness_of_fit, two_proportions, two_proportions_unpooled, yates};

use std::cmp::Ordering;

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2⁵³")]
pub fn real(count: u64) -> f64 {
    count as f64
}

/// How many values there are, as a number.
pub(crate) fn size<T>(values: &[T]) -> f64 {
    real(values.len() as u64)
}

/// Whether two numbers are one and the same; 0 and −0 are.
pub(crate) fn is_same(a: f64, b: f64) -> bool {
    a.partial_cmp(&b) == Some(Ordering::Equal)
}

/// The mean; none of nothing.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / size(values))
}

/// The middle of the values, the mean of the two middle ones where their number is even (as numpy has it); none
/// without values. Not-a-number is no value.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len().is_multiple_of(2) {
        Some(f64::midpoint(*sorted.get(middle.checked_sub(1)?)?, upper))
    } else {
        Some(upper)
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!(median(&[0.3, 0.1, 0.2]), Some(0.2));
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[f64::NAN, 1.0]), Some(1.0));
    }
}
