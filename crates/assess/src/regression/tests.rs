//! Expected values are scikit-learn 1.9's and scipy 1.17's, for the same rows.

use super::kruskal::kruskal;
use super::ranks::ranks;
use super::{Regression, sklearn};

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs(),
        "{found} instead of {expected}"
    );
}

#[test]
fn a_few_rows_have_the_libraries_figures() {
    let figures = Regression::of(&[(1.0, 1.5), (2.0, 1.5), (2.5, 3.0), (4.0, 3.5), (4.0, 5.0)]);
    assert_eq!(figures.count, 5);
    near(figures.mae, 0.6);
    near(figures.mse, 0.4);
    near(figures.rmse, 0.4_f64.sqrt());
    near(figures.r2, 0.705_882_352_941_176_4);
    near(figures.medae, 0.5);
    near(figures.max_error, 1.0);
    near(figures.mean_error, 0.2);
    near(figures.mean_prediction, 2.9);
    near(figures.explained_variance, 0.735_294_117_647_058_8);
    near(figures.pearson, 0.890_587_281_830_638_6);
    near(figures.spearman, 0.947_368_421_052_631_5);
}

#[test]
fn no_rows_have_no_figures() {
    let figures = Regression::of(&[]);
    assert_eq!(figures.count, 0);
    assert!(figures.named().iter().all(|(_, value)| value.is_none()));
    assert_eq!(
        (sklearn::r2(&figures), sklearn::explained_variance(&figures)),
        (None, None)
    );
}

#[test]
fn one_row_has_errors_and_no_variance_to_explain() {
    let figures = Regression::of(&[(1.0, 3.0)]);
    assert_eq!((figures.mae, figures.mean_error), (Some(2.0), Some(2.0)));
    assert_eq!(
        (figures.r2, figures.explained_variance, figures.pearson),
        (None, None, None)
    );
    assert_eq!(
        (sklearn::r2(&figures), sklearn::explained_variance(&figures)),
        (None, Some(1.0))
    );
}

#[test]
fn equal_truths_leave_nothing_to_explain_though_their_mean_rounds() {
    let figures = Regression::of(&[(0.1, 0.1), (0.1, 0.2), (0.1, 0.4)]);
    assert_eq!(
        (figures.r2, figures.explained_variance, figures.spearman),
        (None, None, None)
    );
    assert_eq!(
        (sklearn::r2(&figures), sklearn::explained_variance(&figures)),
        (Some(0.0), Some(0.0))
    );
}

#[test]
fn tied_values_share_their_ranks() {
    assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
}

#[test]
fn groups_that_lie_apart_have_the_libraries_h() {
    let (test, freedom) = kruskal(&[
        vec![1.0, 2.0, 2.0, 5.0],
        vec![2.0, 3.0, 4.0],
        vec![],
        vec![6.0, 7.0, 7.0],
    ])
    .unwrap();
    near(Some(test.statistic), 6.168_749_999_999_995);
    near(Some(test.p), 0.045_758_624_104_914_31);
    assert_eq!(freedom, 2);
}

#[test]
fn one_group_or_one_value_has_no_h() {
    assert!(kruskal(&[vec![1.0, 2.0]]).is_none());
    assert!(kruskal(&[vec![1.0, 1.0], vec![1.0]]).is_none());
    assert!(kruskal(&[]).is_none());
}
