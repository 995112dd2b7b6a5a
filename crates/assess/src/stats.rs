//! Intervals, tests and corrections for rates and counts, over plain numbers.
//!
//! Everything here is pure and compiles to wasm. What is undefined is none, never 0 and never not-a-number.

mod adjust;
mod interval;
mod kolmogorov;
mod special;
mod test;

pub use adjust::{benjamini_hochberg, holm};
pub use interval::{
    Interval, Z95, agresti_coull, clopper_pearson, difference, katz, koopman, newcombe, wald,
    wald_difference, wilson,
};
pub use kolmogorov::{kolmogorov, kolmogorov_smirnov};
pub use special::{beta, beta_quantile, chi_square_tail, gamma_tail, ln_gamma, normal_tails};
pub use test::{Test, chi_square, fisher, two_proportions, two_proportions_unpooled, yates};

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2⁵³")]
pub fn real(count: u64) -> f64 {
    count as f64
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
