//! The figures that decide.

use super::{Section, metric};

pub(super) const RATES: Section = Section {
    title: "Rates",
    about: "Of all rows and of each group. Interval: Wilson (1927), 95 %; of the balanced accuracy by Newcombe's method, of F1 \
            by that of the Jaccard index it follows from.",
    metrics: &[
        metric(
            "favourable_rate",
            "predicted the favourable answer / n",
            "29 CFR 1607.4 D",
            "fairlearn, AIF360",
        ),
        metric(
            "selection_rate",
            "PP / n",
            "fairlearn; Aequitas `pprev`",
            "fairlearn, Aequitas",
        ),
        metric("base_rate", "P / n", "Aequitas `prev`", "Aequitas"),
        metric(
            "accuracy",
            "(TP + TN) / n",
            "scikit-learn",
            "scikit-learn, Aequitas",
        ),
        metric(
            "precision",
            "TP / PP",
            "scikit-learn; Aequitas `precision`",
            "scikit-learn, Aequitas",
        ),
        metric(
            "tpr",
            "TP / P",
            "fairlearn; recall in scikit-learn",
            "fairlearn, Aequitas",
        ),
        metric("fpr", "FP / N", "fairlearn", "fairlearn, Aequitas"),
        metric("tnr", "TN / N", "fairlearn", "fairlearn, Aequitas"),
        metric("fnr", "FN / P", "fairlearn", "fairlearn, Aequitas"),
        metric("f1", "2 TP / (2 TP + FP + FN)", "scikit-learn", "scikit-learn"),
        metric(
            "balanced_accuracy",
            "(TPR + TNR) / 2",
            "scikit-learn",
            "scikit-learn",
        ),
    ],
};

pub(super) const SCORES: Section = Section {
    title: "Scores",
    about: "Of all rows and of each group; where a score column is named. Those that need probabilities have no value where \
            scores lie outside 0 to 1.",
    metrics: &[
        metric(
            "roc_auc",
            "pairs in which the positive scores higher, ties half, / (P N); interval: DeLong (1988) on the logit",
            "Mann and Whitney 1947",
            "scikit-learn",
        ),
        metric(
            "average_precision",
            "Σ (Rₖ − Rₖ₋₁) Pₖ over the cut-offs k, R recall and P precision: steps, not trapezoids; interval: logit (Boyd, Eng \
             and Page 2013)",
            "scikit-learn",
            "scikit-learn",
        ),
        metric(
            "brier",
            "mean (score − label)²; interval: normal",
            "Brier 1950",
            "scikit-learn",
        ),
        metric(
            "log_loss",
            "mean −ln of the score given to what happened, clipped to [2⁻⁵², 1 − 2⁻⁵²]; interval: normal",
            "scikit-learn",
            "scikit-learn",
        ),
        metric("mean_score", "mean score; interval: normal", "", "fairlearn"),
        metric(
            "calibration_error",
            "Σ over ten bins [i/10, (i+1)/10) of |positives − Σ score| / n; chance alone makes it larger than 0, and the interval's \
             lower end allows for that",
            "Naeini, Cooper and Hauskrecht 2015",
            "numpy",
        ),
        metric(
            "calibration_error_equal_mass",
            "the same over ten bins of equal mass, edges at the tenths of the scores; rows of one score are never parted",
            "scikit-learn `calibration_curve(strategy=\"quantile\")`",
            "scikit-learn",
        ),
    ],
};

pub(super) const IMPACT: Section = Section {
    title: "Impact ratios",
    about: "Of each judged group. The mark of four fifths is decided in whole numbers: exactly 0.8 reaches it. Interval: Katz \
            (1978).",
    metrics: &[
        metric(
            "impact_ratio",
            "favourable_rate / the highest of any judged group with at least 2 % of the people whose group is known",
            "6 RCNY 5-301; 29 CFR 1607.4 D",
            "numpy (the rule's own arithmetic)",
        ),
        metric(
            "impact_ratio_to_reference",
            "favourable_rate / that of the named reference group",
            "AIF360 `disparate_impact`",
            "fairlearn, statsmodels",
        ),
    ],
};

pub(super) const WEIGHTED: Section = Section {
    title: "Weighted",
    about: "Beside the figures above, of all rows and of each group, where a column of weights w is named: each row counts as often \
            as its weight says. n stays the number of rows, and who is shown, judged and compared goes by rows. Intervals as above \
            with Kish's effective number of the rows in the denominator in place of their number; of the ROC AUC by DeLong's \
            variance with weights, of means normal, of the calibration error as above by squares of weights; bins of equal mass \
            are made of rows alone. Where the weights of a denominator sum to 0 there is no value \
            (scikit-learn refuses such a group). Gaps between weighted rates have the ids of gaps below, led by `weighted.`, and the \
            interval of two groups, as if the extremes had been named beforehand; facts \
            are `weighted.performance.<id>`, `weighted.fairness.<id>` and so on. Scores are held exactly: beyond 2.5 million \
            distinct triples of score, group and weight those by weight are left out, and say so.",
    metrics: &[
        metric("weighted.weight", "Σw", "", ""),
        metric("weighted.effective_n", "(Σw)² / Σw²", "Kish 1965", ""),
        metric(
            "weighted.favourable_rate",
            "weight predicted the favourable answer / Σw",
            "fairlearn `sample_weight`",
            "fairlearn",
        ),
        metric(
            "weighted.selection_rate",
            "weight of PP / Σw",
            "fairlearn `sample_weight`",
            "fairlearn",
        ),
        metric("weighted.base_rate", "weight of P / Σw", "", ""),
        metric(
            "weighted.accuracy",
            "weight of TP and TN / Σw",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.precision",
            "weight of TP / weight of PP",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.tpr",
            "weight of TP / weight of P",
            "fairlearn `sample_weight`",
            "fairlearn",
        ),
        metric(
            "weighted.fpr",
            "weight of FP / weight of N",
            "fairlearn `sample_weight`",
            "fairlearn",
        ),
        metric(
            "weighted.tnr",
            "weight of TN / weight of N",
            "fairlearn `sample_weight`",
            "fairlearn",
        ),
        metric(
            "weighted.fnr",
            "weight of FN / weight of P",
            "fairlearn `sample_weight`",
            "fairlearn",
        ),
        metric(
            "weighted.f1",
            "2 TP / (2 TP + FP + FN), in weights",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.balanced_accuracy",
            "(TPR + TNR) / 2, in weights",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.roc_auc",
            "weight of pairs in which the positive has the higher score / weight of all pairs, ties half",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.average_precision",
            "mean over the weight of positives of precision in weights",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.brier",
            "Σ w (score − answer)² / Σw",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric(
            "weighted.log_loss",
            "weighted mean of the log loss",
            "scikit-learn `sample_weight`",
            "scikit-learn",
        ),
        metric("weighted.mean_score", "Σ w score / Σw", "", "numpy"),
        metric(
            "weighted.calibration_error",
            "Σ over ten bins of |Σ w (score − answer)| / Σw",
            "",
            "numpy",
        ),
        metric(
            "weighted.impact_ratio",
            "weighted favourable_rate / the highest of any group that has an impact_ratio",
            "",
            "fairlearn",
        ),
    ],
};

pub(super) const GAPS: Section = Section {
    title: "Gaps",
    about: "Between the judged groups with the highest and the lowest rate. A difference is highest minus lowest with Newcombe's \
            interval (1998, method 10), a ratio lowest over highest with Katz'. Between two groups it is theirs. Of more, the extremes \
            are picked by chance as well: the end away from no gap is then the furthest of any two groups', the end towards no gap \
            that which holds for all pairs of groups (and both rates of equalised odds) together, by Bonferroni. In simulations it \
            holds the true gap at least 95 times in 100; drawing anew does so in 0 to 96, least where groups are alike.",
    metrics: &[
        metric(
            "demographic_parity_difference",
            "of favourable_rate",
            "Dwork et al. 2012",
            "fairlearn",
        ),
        metric(
            "demographic_parity_ratio",
            "of favourable_rate",
            "Dwork et al. 2012",
            "fairlearn",
        ),
        metric(
            "equal_opportunity_difference",
            "of tpr",
            "Hardt, Price and Srebro 2016",
            "fairlearn",
        ),
        metric(
            "equal_opportunity_ratio",
            "of tpr",
            "Hardt, Price and Srebro 2016",
            "fairlearn",
        ),
        metric(
            "equalised_odds_difference",
            "the larger of those of tpr and fpr",
            "Hardt, Price and Srebro 2016",
            "fairlearn",
        ),
        metric(
            "equalised_odds_ratio",
            "the smaller of those of tpr and fpr",
            "Hardt, Price and Srebro 2016",
            "fairlearn",
        ),
        metric(
            "predictive_parity_difference",
            "of precision",
            "Chouldechova 2017",
            "fairlearn",
        ),
        metric(
            "accuracy_difference",
            "of accuracy",
            "Berk et al. 2018",
            "fairlearn",
        ),
    ],
};

pub(super) const TESTS: Section = Section {
    title: "Tests",
    about: "Of each judged group's favourable rate against the reference's, or else the best judged group's; two-sided. A test says \
            whether a difference is more than chance, not whether it is large.",
    metrics: &[
        metric(
            "test.p",
            "two-proportion z test with the pooled variance; Fisher's exact test where a cell expects fewer than five",
            "Fisher 1935; Cochran 1954",
            "statsmodels, scipy",
        ),
        metric(
            "test.holm",
            "p adjusted for all groups of the attribute",
            "Holm 1979",
            "statsmodels",
        ),
        metric(
            "test.benjamini_hochberg",
            "p adjusted to a false discovery rate",
            "Benjamini and Hochberg 1995",
            "statsmodels",
        ),
        metric(
            "dependence.p",
            "Pearson's chi-square over all judged groups, without Yates' correction",
            "Pearson 1900",
            "scipy",
        ),
    ],
};
