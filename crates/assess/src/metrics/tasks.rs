//! The figures of several classes, of numbers, of rankings and of drift.

use super::{Section, metric};

pub(super) const MULTICLASS: [Section; 3] = [
    Section {
        title: "Several classes",
        about: "`--task multiclass`: of all rows and of each group. Of a class c: TP are the rows of c predicted c, PP those predicted c, \
                P those of c. Averages leave out classes in which the figure is undefined. Interval of shares: Wilson; of F1 by the \
                Jaccard index it follows from; of averages none.",
        metrics: &[
            metric(
                "accuracy",
                "rows predicted rightly / n",
                "scikit-learn",
                "scikit-learn, fairlearn",
            ),
            metric(
                "balanced_accuracy",
                "mean recall of the classes that occur",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "precision_macro",
                "mean of precision over classes",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "precision_weighted",
                "the same, each class as often as it occurs",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "precision_micro",
                "Σ TP / Σ PP, which is accuracy",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "recall_macro",
                "mean of recall over classes",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "recall_weighted",
                "the same, each class as often as it occurs",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "recall_micro",
                "Σ TP / Σ P, which is accuracy",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "f1_macro",
                "mean of F1 over classes",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "f1_weighted",
                "the same, each class as often as it occurs",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "f1_micro",
                "2 Σ TP / (Σ PP + Σ P), which is accuracy",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "mcc",
                "correlation of label and prediction, R_K",
                "Gorodkin 2004",
                "scikit-learn",
            ),
            metric(
                "kappa",
                "(accuracy − chance) / (1 − chance), chance = Σ P PP / n²",
                "Cohen 1960",
                "scikit-learn",
            ),
            metric("base_rate.<class>", "P / n", "", ""),
            metric("selection_rate.<class>", "PP / n", "fairlearn", "fairlearn"),
            metric("precision.<class>", "TP / PP", "scikit-learn", "scikit-learn"),
            metric(
                "recall.<class>",
                "TP / P",
                "scikit-learn",
                "scikit-learn, fairlearn",
            ),
            metric("f1.<class>", "2 TP / (PP + P)", "scikit-learn", "scikit-learn"),
        ],
    },
    Section {
        title: "Scores of several classes",
        about: "Of all rows, where `--score` names what the score columns' names begin with: `y_score` for `y_score_<class>`. A row's \
                scores are brought to a sum of 1. No intervals. Exact for up to 5 million distinct scores of all classes together; \
                beyond, scores are rounded, and a warning says by how much at most an area may be off.",
        metrics: &[
            metric(
                "roc_auc_ovr_macro",
                "mean over classes of ROC AUC of the class against all others",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "roc_auc_ovr_weighted",
                "the same, each class as often as it occurs",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "roc_auc_ovo_macro",
                "mean over pairs of classes of ROC AUC, both ways",
                "Hand and Till 2001",
                "scikit-learn",
            ),
            metric(
                "roc_auc_ovo_weighted",
                "the same, each pair as often as it occurs",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "log_loss",
                "mean −ln of the score of the true class, clipped to [2⁻⁵², 1 − 2⁻⁵²]",
                "scikit-learn",
                "scikit-learn",
            ),
        ],
    },
    Section {
        title: "Gaps of several classes",
        about: "Between the judged groups with the highest and the lowest figure. A difference is highest minus lowest, with Newcombe's \
                interval where both figures have one; a ratio is lowest over highest, without one. `dependence` of an attribute is \
                Pearson's chi-square of the predicted class by judged group.",
        metrics: &[
            metric("accuracy_difference", "of accuracy", "fairlearn", "fairlearn"),
            metric("accuracy_ratio", "of accuracy", "fairlearn", "fairlearn"),
            metric("f1_macro_difference", "of f1_macro", "fairlearn", ""),
            metric("f1_macro_ratio", "of f1_macro", "fairlearn", ""),
            metric(
                "selection_rate_difference.<class>",
                "of selection_rate",
                "fairlearn",
                "fairlearn",
            ),
            metric(
                "selection_rate_ratio.<class>",
                "of selection_rate",
                "fairlearn",
                "fairlearn",
            ),
            metric("recall_difference.<class>", "of recall", "fairlearn", "fairlearn"),
            metric("recall_ratio.<class>", "of recall", "fairlearn", "fairlearn"),
        ],
    },
];

pub(super) const REGRESSION: [Section; 2] = [
    Section {
        title: "Numbers",
        about: "`--task regression`: of all rows and of each group; e = predicted − true. Interval: normal of a mean (of the root, by the \
                root of its ends); of Pearson's correlation Fisher's (1921); of the others none. \
                Exact whatever the number of rows, but: beyond 5 million distinct errors the median and `dependence` take them rounded, \
                which a warning says, and beyond 2 million rows there is no Spearman's correlation, for ranks need all rows at once.",
        metrics: &[
            metric("mae", "mean |e|", "scikit-learn", "scikit-learn"),
            metric("mse", "mean e²", "scikit-learn", "scikit-learn"),
            metric("rmse", "√ mean e²", "scikit-learn", "scikit-learn"),
            metric(
                "r2",
                "1 − mse / variance of the true numbers; undefined where they are all alike",
                "scikit-learn",
                "scikit-learn",
            ),
            metric("medae", "median |e|", "scikit-learn", "scikit-learn"),
            metric("max_error", "largest |e|", "scikit-learn", "scikit-learn"),
            metric(
                "mean_error_pred_minus_true",
                "mean e: above 0, the model says too much",
                "",
                "numpy",
            ),
            metric(
                "mean_prediction",
                "mean predicted number",
                "fairlearn",
                "fairlearn",
            ),
            metric(
                "explained_variance",
                "1 − variance of e / variance of the true numbers",
                "scikit-learn",
                "scikit-learn",
            ),
            metric(
                "pearson",
                "correlation of true and predicted numbers",
                "Pearson 1895",
                "scipy",
            ),
            metric(
                "spearman",
                "correlation of their ranks, ties at their mean",
                "Spearman 1904",
                "scipy",
            ),
        ],
    },
    Section {
        title: "Gaps of numbers",
        about: "Between the judged groups with the highest and the lowest figure; differences with Newcombe's interval where both figures \
                have one. No ratio of what can be negative. `dependence` of an attribute is Kruskal and Wallis' test (1952) of e by judged \
                group.",
        metrics: &[
            metric("mae_difference", "of mae", "fairlearn", "fairlearn"),
            metric("mae_ratio", "of mae", "fairlearn", "fairlearn"),
            metric("mse_difference", "of mse", "fairlearn", "fairlearn"),
            metric("mse_ratio", "of mse", "fairlearn", "fairlearn"),
            metric("rmse_difference", "of rmse", "fairlearn", "fairlearn"),
            metric("rmse_ratio", "of rmse", "fairlearn", "fairlearn"),
            metric("r2_difference", "of r2", "fairlearn", "fairlearn"),
            metric("medae_difference", "of medae", "fairlearn", "fairlearn"),
            metric("medae_ratio", "of medae", "fairlearn", "fairlearn"),
            metric("max_error_difference", "of max_error", "fairlearn", "fairlearn"),
            metric("max_error_ratio", "of max_error", "fairlearn", "fairlearn"),
            metric(
                "mean_error_pred_minus_true_difference",
                "of mean_error_pred_minus_true",
                "fairlearn",
                "fairlearn",
            ),
            metric(
                "mean_prediction_difference",
                "of mean_prediction",
                "fairlearn",
                "fairlearn",
            ),
            metric(
                "explained_variance_difference",
                "of explained_variance",
                "fairlearn",
                "fairlearn",
            ),
        ],
    },
];

pub(super) const DRIFT: Section = Section {
    title: "Drift",
    about: "`--baseline`: of each column, a the baseline's shares of the bins or categories and b those now. Numbers are binned by the \
            deciles of the baseline, those that coincide merged; a share of 0 is taken for 10⁻⁴ in the index. A gate asks for \
            `drift.<id>.<column>`, or `drift.psi` for the column that has moved the most. The verdict is by the index: below 0.1 stable, \
            below 0.25 shifting, else moved; with fewer than 30 rows on a side none. No intervals. Exact for up to 5 million distinct \
            numbers of all columns together; beyond, numbers are rounded to as many binary places as can be held, and the column \
            says so, with the largest share of rows that became one number.",
    metrics: &[
        metric(
            "psi",
            "Σ (a − b) ln(a/b), the population stability index",
            "Siddiqi 2006",
            "numpy",
        ),
        metric(
            "js_distance",
            "√ of Jensen and Shannon's divergence in bits, 0 to 1",
            "Lin 1991",
            "scipy",
        ),
        metric(
            "ks",
            "of numbers: the largest distance of the distribution functions",
            "Smirnov 1948",
            "scipy",
        ),
        metric("ks_p", "its asymptotic two-sided p", "Smirnov 1948", "scipy"),
        metric(
            "wasserstein",
            "of numbers: the area between the distribution functions, in the column's unit",
            "Vaserstein 1969",
            "scipy",
        ),
        metric(
            "chi_square",
            "of categories: Pearson's, of the counts then and now",
            "Pearson 1900",
            "scipy",
        ),
        metric("chi_square_p", "its p", "Pearson 1900", "scipy"),
        metric("total_variation", "of categories: Σ |a − b| / 2", "", "numpy"),
    ],
};

pub(super) const RANKING: [Section; 3] = [
    Section {
        title: "Rankings",
        about: "`--task ranking`: a score alone, with no prediction. Of all rows and of each group, as in a binary report. \
                Exact for up to 5 million distinct scores; beyond, scores are rounded, and a warning says by how much at most the ROC AUC \
                may be off.",
        metrics: &[
            metric(
                "roc_auc",
                "as of scores above",
                "Mann and Whitney 1947",
                "scikit-learn",
            ),
            metric(
                "average_precision",
                "as of scores above",
                "scikit-learn",
                "scikit-learn",
            ),
            metric("brier", "as of scores above", "Brier 1950", "scikit-learn"),
            metric("log_loss", "as of scores above", "scikit-learn", "scikit-learn"),
            metric("mean_score", "as of scores above", "", "fairlearn"),
            metric(
                "calibration_error",
                "as of scores above",
                "Naeini, Cooper and Hauskrecht 2015",
                "numpy",
            ),
            metric(
                "calibration_error_equal_mass",
                "as of scores above",
                "scikit-learn",
                "scikit-learn",
            ),
            metric("roc_auc_difference", "of roc_auc, between judged groups", "", ""),
            metric(
                "average_precision_difference",
                "of average_precision, between judged groups",
                "",
                "",
            ),
            metric(
                "mean_score_difference",
                "of mean_score, between judged groups",
                "fairlearn",
                "",
            ),
        ],
    },
    Section {
        title: "Tops of a ranking",
        about: "Of the k rows with the highest scores (`--top 100` or `--top 5%`, rounded down), of all rows and of each group. Rows of the \
                lowest score taken are taken in the order of the file; how many rows that decided about stands beside. A gate adds the top's \
                id: `performance.precision.top_100`. Interval: Wilson.",
        metrics: &[
            metric(
                "selection_rate",
                "taken / n",
                "Aequitas `pprev` by rank threshold",
                "",
            ),
            metric("precision", "positives taken / taken", "Aequitas", ""),
            metric("recall", "positives taken / P", "Aequitas", ""),
        ],
    },
    Section {
        title: "Gaps of tops",
        about: "Between the judged groups with the highest and the lowest figure; differences with Newcombe's interval. `dependence` of an \
                attribute is Pearson's chi-square of being taken by judged group.",
        metrics: &[
            metric("selection_rate_difference", "of selection_rate", "", ""),
            metric("selection_rate_ratio", "of selection_rate", "29 CFR 1607.4 D", ""),
            metric("recall_difference", "of recall", "", ""),
            metric("recall_ratio", "of recall", "", ""),
        ],
    },
];
