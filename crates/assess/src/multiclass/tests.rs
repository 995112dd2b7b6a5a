//! Expected values are scikit-learn 1.9's, for the same table.

use super::scores::Scores;
use super::{Average, Matrix, Measure, numbered, sklearn};

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs(),
        "{found} instead of {expected}"
    );
}

fn matrix(cells: &[[u32; 3]; 3]) -> Matrix {
    let mut rows = Vec::new();
    for (label, of_label) in cells.iter().enumerate() {
        for (prediction, &count) in of_label.iter().enumerate() {
            rows.extend((0..count).map(|_| (label, prediction, 1.0)));
        }
    }
    Matrix::new(3, rows)
}

const LABELS: [usize; 8] = [0, 0, 1, 1, 2, 2, 2, 0];
const PREDICTIONS: [usize; 8] = [0, 2, 1, 0, 2, 2, 0, 0];
const WEIGHTS: [f64; 8] = [1.0, 2.0, 0.5, 1.0, 1.0, 3.0, 1.0, 0.25];

fn scores(weights: Option<&[f64]>) -> Scores {
    let columns = [
        [0.7, 0.3, 0.2, 0.5, 0.1, 0.3, 0.6, 0.7],
        [0.2, 0.3, 0.5, 0.3, 0.2, 0.3, 0.2, 0.2],
        [0.1, 0.4, 0.3, 0.2, 0.7, 0.4, 0.2, 0.1],
    ];
    Scores::new(&LABELS, &columns.map(Vec::from), weights)
}

#[test]
fn a_large_matrix_has_the_libraries_figures() {
    let matrix = matrix(&[[3412, 550, 1], [1429, 1043, 4], [404, 369, 2]]);
    assert_eq!(matrix.rows(), 7214);
    near(matrix.accuracy(), 0.617_826_448_572_220_7);
    near(matrix.matthews(), 0.262_824_292_955_665_95);
    near(matrix.kappa(), 0.246_415_462_196_794_78);
    near(matrix.balanced_accuracy(), 0.428_262_834_409_350_87);
    near(matrix.measure(Measure::Precision, 2), 2.0 / 7.0);
    near(
        matrix.average(Measure::Precision, Average::Macro),
        0.489_279_667_442_356_3,
    );
    near(
        matrix.average(Measure::F1, Average::Macro),
        0.405_413_778_505_344_8,
    );
    near(
        matrix.average(Measure::F1, Average::Micro),
        0.617_826_448_572_220_7,
    );
    near(
        matrix.average(Measure::F1, Average::Weighted),
        0.568_993_706_509_821_2,
    );
}

#[test]
fn weights_count_as_so_many_rows() {
    let rows = LABELS.into_iter().zip(PREDICTIONS).zip(WEIGHTS);
    let matrix = Matrix::new(
        3,
        rows.map(|((label, prediction), weight)| (label, prediction, weight)),
    );
    assert_eq!(matrix.rows(), 8);
    near(matrix.accuracy(), 0.589_743_589_743_589_8);
    near(
        matrix.average(Measure::F1, Average::Weighted),
        0.578_088_578_088_578_2,
    );
    near(matrix.matthews(), 0.280_643_905_827_216_43);
    near(matrix.kappa(), 0.274_418_604_651_162_75);
    near(matrix.balanced_accuracy(), 0.505_982_905_982_906);
    near(
        matrix.average(Measure::Precision, Average::Macro),
        0.683_760_683_760_683_7,
    );
}

#[test]
fn a_class_that_never_occurs_is_left_out_here_and_0_in_the_library() {
    let matrix = matrix(&[[2, 1, 0], [0, 1, 0], [0, 0, 0]]);
    assert_eq!(matrix.measure(Measure::Recall, 2), None);
    assert_eq!(Some(sklearn::measure(&matrix, Measure::Recall, 2)), Some(0.0));
    near(
        matrix.average(Measure::F1, Average::Macro),
        f64::midpoint(0.8, 2.0 / 3.0),
    );
    let library = sklearn::average(&matrix, Measure::F1, Average::Macro);
    near(Some(library), (0.8 + 2.0 / 3.0) / 3.0);
}

#[test]
fn no_rows_have_no_figures() {
    let matrix = matrix(&[[0; 3]; 3]);
    assert_eq!(matrix.accuracy(), None);
    assert_eq!(matrix.kappa(), None);
    assert_eq!(matrix.average(Measure::Recall, Average::Weighted), None);
    let library = sklearn::average(&matrix, Measure::Recall, Average::Weighted);
    assert_eq!(Some(library), Some(0.0));
    let scores = Scores::new(&[], &[vec![], vec![]], None);
    assert_eq!(
        (scores.log_loss(), scores.one_versus_one(Average::Macro)),
        (None, None)
    );
}

#[test]
fn a_constant_prediction_correlates_with_nothing() {
    let matrix = matrix(&[[2, 0, 0], [3, 0, 0], [1, 0, 0]]);
    assert_eq!(matrix.matthews(), None);
    assert_eq!(Some(sklearn::matthews(&matrix)), Some(0.0));
    assert_eq!(matrix.kappa(), Some(0.0));
}

#[test]
fn scores_have_the_libraries_areas_and_loss() {
    let plain = scores(None);
    near(plain.one_versus_rest(Average::Macro), 0.85);
    near(plain.one_versus_rest(Average::Weighted), 0.841_666_666_666_666_8);
    near(plain.one_versus_rest(Average::Micro), 0.804_687_5);
    near(plain.one_versus_one(Average::Macro), 0.847_222_222_222_222_2);
    near(plain.one_versus_one(Average::Weighted), 0.846_354_166_666_666_7);
    near(plain.log_loss(), 0.837_105_783_167_033_8);
    let weighted = scores(Some(&WEIGHTS));
    near(weighted.one_versus_rest(Average::Macro), 0.737_995_757_428_955_8);
    near(
        weighted.one_versus_rest(Average::Weighted),
        0.728_911_664_134_336_2,
    );
    near(weighted.log_loss(), 0.935_314_947_197_589_1);
}

#[test]
fn scores_are_brought_to_a_sum_of_one_and_rows_without_scores_are_left_out() {
    let scores = Scores::new(&[0, 1, 0], &[vec![8.0, 1.0, 0.0], vec![2.0, 1.0, 0.0]], None);
    assert_eq!(scores.rows(), 2);
    near(scores.log_loss(), f64::midpoint(-0.8_f64.ln(), -0.5_f64.ln()));
}

#[test]
fn a_certain_and_wrong_score_costs_a_finite_loss() {
    let scores = Scores::new(&[0], &[vec![0.0], vec![1.0]], None);
    near(scores.log_loss(), -f64::EPSILON.ln());
}

#[test]
fn one_label_has_no_area() {
    let scores = Scores::new(&[0, 0], &[vec![0.5, 0.4], vec![0.5, 0.6]], None);
    assert_eq!(scores.one_versus_rest(Average::Macro), None);
    assert_eq!(scores.one_versus_one(Average::Weighted), None);
}

#[test]
fn classes_are_numbered_by_exact_text() {
    let classes = ["NaN", "é"];
    assert_eq!(
        numbered(&["é", "NaN", "nan", "e\u{301}"], &classes),
        [Some(1), Some(0), None, None]
    );
}
