//! The same figures as scikit-learn writes them with `zero_division=0`: what is undefined counts as 0, and so does
//! Matthews' correlation. For readers who check our figures against the library.

use super::{Average, Matrix, Measure, mean_over};

/// `precision_score`, `recall_score` or `f1_score` with `average=None`, one class of it.
pub fn measure(matrix: &Matrix, measure: Measure, class: usize) -> f64 {
    matrix.measure(measure, class).unwrap_or(0.0)
}

/// The same with an `average`, over all classes of the matrix.
pub fn average(matrix: &Matrix, figure: Measure, average: Average) -> f64 {
    let mean = match average {
        Average::Micro => matrix.average(figure, average),
        _ => mean_over(
            (0..matrix.classes())
                .map(|class| Some((measure(matrix, figure, class), matrix.weight(average, class)))),
        ),
    };
    mean.unwrap_or(0.0)
}

/// `matthews_corrcoef`.
pub fn matthews(matrix: &Matrix) -> f64 {
    matrix.matthews().unwrap_or(0.0)
}
