//! The figures of other tasks than two answers with every row counted by its weight.

use super::{Section, metric};

const SKLEARN: &str = "scikit-learn `sample_weight`";

pub(super) const WEIGHTED: [Section; 4] = [
    Section {
        title: "Several classes by weight",
        about: "Beside the figures of several classes, of all rows and of each group, where a column of weights w is named: TP, P and PP \
                are sums of weights. n stays the number of rows, and who is shown, judged and compared goes by rows. Intervals as by \
                rows, with the effective number of the rows in the denominator. Gaps, and the facts of all, have the ids of those by \
                rows, led by `weighted.`. Scores by weight are exact up to 2.5 million distinct triples of score, class and weight of \
                all classes together; beyond they are left out, and say so. `dependence`, drift and the counts count rows.",
        metrics: &[
            metric("weighted.weight", "Σw", "", ""),
            metric("weighted.effective_n", "(Σw)² / Σw²", "Kish 1965", ""),
            metric(
                "weighted.accuracy",
                "weight predicted rightly / Σw",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.balanced_accuracy",
                "mean recall of the classes that occur",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.precision_macro",
                "mean of precision over classes",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.precision_weighted",
                "the same, each class by its weight among the labels",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.precision_micro",
                "Σ TP / Σ PP, which is accuracy",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.recall_macro",
                "mean of recall over classes",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.recall_weighted",
                "the same, each class by its weight among the labels",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.recall_micro",
                "Σ TP / Σ P, which is accuracy",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.f1_macro",
                "mean of F1 over classes",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.f1_weighted",
                "the same, each class by its weight among the labels",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.f1_micro",
                "2 Σ TP / (Σ PP + Σ P), which is accuracy",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.mcc",
                "correlation of label and prediction, R_K, in weights",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.kappa",
                "(accuracy − chance) / (1 − chance), in weights",
                SKLEARN,
                "scikit-learn",
            ),
            metric("weighted.base_rate.<class>", "P / Σw", "", "numpy"),
            metric(
                "weighted.selection_rate.<class>",
                "PP / Σw",
                "fairlearn `sample_weight`",
                "numpy",
            ),
            metric("weighted.precision.<class>", "TP / PP", SKLEARN, "scikit-learn"),
            metric("weighted.recall.<class>", "TP / P", SKLEARN, "scikit-learn"),
            metric("weighted.f1.<class>", "2 TP / (PP + P)", SKLEARN, "scikit-learn"),
            metric(
                "weighted.roc_auc_ovr_macro",
                "mean over classes of weighted ROC AUC of the class against all others",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.roc_auc_ovr_weighted",
                "the same, each class by its weight among the labels",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.roc_auc_ovo_macro",
                "mean over pairs of classes of weighted ROC AUC, both ways",
                "Hand and Till 2001",
                "scikit-learn, of repeated rows",
            ),
            metric(
                "weighted.roc_auc_ovo_weighted",
                "the same, each pair by its weight among the labels",
                "",
                "scikit-learn, of repeated rows",
            ),
            metric(
                "weighted.log_loss",
                "weighted mean of −ln of the score of the true class",
                SKLEARN,
                "scikit-learn",
            ),
        ],
    },
    Section {
        title: "Numbers by weight",
        about: "As with several classes by weight. Interval of a mean m of values v: normal, by Σ w² (v − m)² / (Σw)² and the correction \
                n / (n − 1) for the effective number n; of Pearson's correlation Fisher's for it. The median and Spearman's correlation \
                need all rows at once: beyond 2 million they are left out, and say so.",
        metrics: &[
            metric("weighted.weight", "Σw", "", ""),
            metric("weighted.effective_n", "(Σw)² / Σw²", "Kish 1965", ""),
            metric("weighted.mae", "Σ w |e| / Σw", SKLEARN, "scikit-learn"),
            metric("weighted.mse", "Σ w e² / Σw", SKLEARN, "scikit-learn"),
            metric("weighted.rmse", "√ weighted mse", SKLEARN, "scikit-learn"),
            metric(
                "weighted.r2",
                "1 − mse / variance of the true numbers, both by weight",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.medae",
                "the |e| at which half of the weight is reached; the mean of it and the next where that is met exactly",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.max_error",
                "largest |e| of a row that weighs anything",
                "",
                "numpy",
            ),
            metric("weighted.mean_error_pred_minus_true", "Σ w e / Σw", "", "numpy"),
            metric(
                "weighted.mean_prediction",
                "Σ w predicted / Σw",
                "fairlearn `sample_weight`",
                "numpy",
            ),
            metric(
                "weighted.explained_variance",
                "1 − variance of e / variance of the true numbers, by weight",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.pearson",
                "covariance / √ product of the variances, by weight",
                "",
                "numpy `cov(aweights)`",
            ),
            metric(
                "weighted.spearman",
                "the same of ranks, a row's being the weight below it and half that of its equals",
                "",
                "scipy, of repeated rows",
            ),
        ],
    },
    Section {
        title: "A ranking by weight",
        about: "As the scores of two answers by weight: exact up to 2.5 million distinct triples of score, group and weight; beyond they are \
                left out, and say so.",
        metrics: &[
            metric("weighted.weight", "Σw", "", ""),
            metric("weighted.effective_n", "(Σw)² / Σw²", "Kish 1965", ""),
            metric(
                "weighted.roc_auc",
                "weight of pairs in which the positive has the higher score / weight of all pairs, ties half",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.average_precision",
                "mean over the weight of positives of precision in weights",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.brier",
                "Σ w (score − answer)² / Σw",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.log_loss",
                "weighted mean of the log loss",
                SKLEARN,
                "scikit-learn",
            ),
            metric("weighted.mean_score", "Σ w score / Σw", "", "numpy"),
            metric(
                "weighted.calibration_error",
                "Σ over ten bins of |Σ w (score − answer)| / Σw",
                "",
                "numpy",
            ),
        ],
    },
    Section {
        title: "The top of a ranking by weight",
        about: "Who is taken goes by rows; what they come to, by weight.",
        metrics: &[
            metric("weighted.weight", "Σw of all rows", "", ""),
            metric("weighted.effective_n", "(Σw)² / Σw² of all rows", "Kish 1965", ""),
            metric("weighted.selection_rate", "weight taken / Σw", "", "numpy"),
            metric(
                "weighted.precision",
                "weight of positives taken / weight taken",
                SKLEARN,
                "scikit-learn",
            ),
            metric(
                "weighted.recall",
                "weight of positives taken / weight of positives",
                SKLEARN,
                "scikit-learn",
            ),
        ],
    },
];
