//! Intervals for rates, their differences and ratios, in closed form.

use std::cmp::Ordering;

/// Lower and upper end.
pub type Interval = (f64, f64);

/// The normal quantile of a two-sided 95 % interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2⁵³")]
pub fn real(count: u64) -> f64 {
    count as f64
}

/// Wilson's score interval of `x` in `n`; none for `n` = 0.
pub fn wilson(x: u64, n: u64, z: f64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (count, p, z2) = (real(n), real(x) / real(n), z * z);
    let denominator = 1.0 + z2 / count;
    let centre = (p + z2 / (2.0 * count)) / denominator;
    let half = z * (p * (1.0 - p) / count + z2 / (4.0 * count * count)).sqrt() / denominator;
    let low = if x == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if x == n { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

/// Newcombe's interval of the difference `x1/n1 − x0/n0`.
pub fn newcombe((x1, n1): (u64, u64), (x0, n0): (u64, u64), z: f64) -> Option<Interval> {
    let (one, zero) = (wilson(x1, n1, z)?, wilson(x0, n0, z)?);
    Some(difference(
        (real(x1) / real(n1), one),
        (real(x0) / real(n0), zero),
    ))
}

/// The interval of the difference of two independent estimates, from the interval of each (Newcombe's method,
/// called MOVER where the estimates aren't rates).
pub fn difference((a, (a_low, a_high)): (f64, Interval), (b, (b_low, b_high)): (f64, Interval)) -> Interval {
    let change = a - b;
    (
        change - (a - a_low).hypot(b_high - b),
        change + (a_high - a).hypot(b - b_low),
    )
}

/// Katz' interval of the ratio `(x1/n1) / (x0/n0)`; none where a count is 0, for the logarithm has no end there.
pub fn katz((x1, n1): (u64, u64), (x0, n0): (u64, u64), z: f64) -> Option<Interval> {
    if x1 == 0 || x0 == 0 || n1 == 0 || n0 == 0 {
        return None;
    }
    let ratio = (real(x1) / real(n1)) / (real(x0) / real(n0));
    let variance = 1.0 / real(x1) - 1.0 / real(n1) + 1.0 / real(x0) - 1.0 / real(n0);
    let half = z * variance.max(0.0).sqrt();
    Some(((ratio.ln() - half).exp(), (ratio.ln() + half).exp()))
}

/// How many values there are, as a number.
pub(crate) fn size<T>(values: &[T]) -> f64 {
    real(values.len() as u64)
}

/// The mean; none of nothing.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / size(values))
}

/// The median, the mean of the two in the middle where their number is even (as NumPy's); none of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    match sorted.len() % 2 {
        0 => Some(f64::midpoint(*sorted.get(sorted.len() / 2 - 1)?, upper)),
        _ => Some(upper),
    }
}

/// Whether two numbers are one and the same; 0 and −0 are.
pub(crate) fn is_same(a: f64, b: f64) -> bool {
    a.partial_cmp(&b) == Some(Ordering::Equal)
}
