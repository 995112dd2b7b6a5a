//! `r2_score` and `explained_variance_score` as scikit-learn writes them (`force_finite=True`) where the true numbers
//! are all alike: 1 for no error and 0 for any. For readers who check our figures against the library.

use super::Regression;

/// `r2_score`; none (not-a-number in the library) below two rows.
pub fn r2(figures: &Regression) -> Option<f64> {
    let mse = figures.mse.filter(|_| figures.count > 1)?;
    Some(figures.r2.unwrap_or(if mse == 0.0 { 1.0 } else { 0.0 }))
}

/// `explained_variance_score`.
pub fn explained_variance(figures: &Regression) -> Option<f64> {
    let left = figures.error_variance?;
    Some(
        figures
            .explained_variance
            .unwrap_or(if left == 0.0 { 1.0 } else { 0.0 }),
    )
}
