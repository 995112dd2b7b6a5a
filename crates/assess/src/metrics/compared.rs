//! How the figures of two files are compared.

use super::{Section, metric};

pub(super) const COMPARED: Section = Section {
    title: "Comparisons",
    about: "`countersign assess compare BEFORE AFTER --id COLUMN`: of the cases that both files have, matched by their ids. Each change \
            is after minus before, with its 95 % interval and a two-sided p, which is also given adjusted for all tests of the \
            comparison (Holm 1979; Benjamini and Hochberg 1995). A change is clear where its interval leaves out 0. Without `--id` \
            the files are taken to be of different people. Drawn anew are the counts of cases by groups, answer and both \
            predictions, 1,999 times by the seed that the answer names, in whole numbers: the same on every machine.",
    metrics: &[
        metric(
            "mcnemar",
            "accuracy, tpr, fpr, and the share with the favourable answer: mid-p of those who changed one way and the other; \
             interval: Newcombe (1998, paired, method 10)",
            "McNemar 1947; Fagerland, Lydersen and Laake 2013",
            "statsmodels, scipy",
        ),
        metric(
            "delong",
            "roc_auc: normal, by the variance of the difference of correlated areas",
            "DeLong, DeLong and Clarke-Pearson 1988",
            "MLstatkit",
        ),
        metric(
            "paired_mean",
            "brier, log_loss: normal, by the differences of each case",
            "",
            "statsmodels",
        ),
        metric(
            "bootstrap",
            "precision, f1, balanced_accuracy, calibration_error, and every gap and lowest impact ratio: from the lower \
             end of the percentile and the basic interval to the upper end of both; p is twice the share of draws on the other side of \
             0. The groups judged are those of the files, in every draw",
            "Efron 1979",
            "numpy",
        ),
        metric(
            "unpaired",
            "average_precision, and without `--id` all: from both intervals, as of different people (MOVER); no p",
            "Newcombe 1998; Zou and Donner 2008",
            "",
        ),
    ],
};
