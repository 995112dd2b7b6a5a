//! The figures under other libraries' names: shown for who looks for them, judged by nobody.

use super::{Section, metric};

const FAIRLEARN_API: &str = "fairlearn 0.15, `fairlearn.metrics`";
const AIF360_API: &str = "AIF360 0.6, `ClassificationMetric`";
const CLARIFY_API: &str = "smclarify 0.5";
const AEQUITAS_API: &str = "Aequitas 1.1, `Bias`";

macro_rules! metrics {
    ($source:ident, $library:literal, [$(($id:literal, $formula:literal)),* $(,)?]) => {
        &[$(metric($id, $formula, $source, $library)),*]
    };
}

pub(super) const FAIRLEARN: Section = Section {
    title: "fairlearn",
    about: "Over all groups that have a value, however small; an undefined rate is 0, as there. `between_groups` compares the \
            highest and the lowest, `to_overall` each group with all rows.",
    metrics: metrics!(
        FAIRLEARN_API,
        "fairlearn",
        [
            (
                "fairlearn.demographic_parity_difference.between_groups",
                "largest − smallest selection_rate"
            ),
            (
                "fairlearn.demographic_parity_ratio.between_groups",
                "smallest / largest selection_rate"
            ),
            (
                "fairlearn.equal_opportunity_difference.between_groups",
                "largest − smallest tpr"
            ),
            (
                "fairlearn.equal_opportunity_ratio.between_groups",
                "smallest / largest tpr"
            ),
            (
                "fairlearn.equalized_odds_difference.between_groups.worst_case",
                "the larger difference of tpr and fpr"
            ),
            (
                "fairlearn.equalized_odds_difference.between_groups.mean",
                "the mean difference of tpr and fpr"
            ),
            (
                "fairlearn.equalized_odds_ratio.between_groups.worst_case",
                "the smaller ratio of tpr and fpr"
            ),
            (
                "fairlearn.equalized_odds_ratio.between_groups.mean",
                "the mean ratio of tpr and fpr"
            ),
            (
                "fairlearn.demographic_parity_difference.to_overall",
                "largest |selection_rate − overall|"
            ),
            (
                "fairlearn.demographic_parity_ratio.to_overall",
                "smallest min(x, 1/x), x = selection_rate / overall"
            ),
            (
                "fairlearn.equal_opportunity_difference.to_overall",
                "largest |tpr − overall|"
            ),
            (
                "fairlearn.equal_opportunity_ratio.to_overall",
                "smallest min(x, 1/x), x = tpr / overall"
            ),
            (
                "fairlearn.equalized_odds_difference.to_overall.worst_case",
                "the larger of tpr and fpr"
            ),
            (
                "fairlearn.equalized_odds_difference.to_overall.mean",
                "the mean of tpr and fpr"
            ),
            (
                "fairlearn.equalized_odds_ratio.to_overall.worst_case",
                "the smaller of tpr and fpr"
            ),
            (
                "fairlearn.equalized_odds_ratio.to_overall.mean",
                "the mean of tpr and fpr"
            ),
        ]
    ),
};

pub(super) const AIF360: Section = Section {
    title: "AIF360",
    about: "Of each single attribute: u is everybody not in the privileged group (the named reference, else the judged group with the \
            highest favourable rate), p that group. Positive is the favourable answer here. **Negative differences are worse for u**; \
            Clarify's have the opposite sign. What is infinite or undefined has no value.",
    metrics: metrics!(
        AIF360_API,
        "AIF360",
        [
            ("aif360.disparate_impact", "selection u / p"),
            ("aif360.statistical_parity_difference", "selection u − p"),
            (
                "aif360.average_odds_difference",
                "((FPR u − p) + (TPR u − p)) / 2; opposite errors cancel"
            ),
            (
                "aif360.average_abs_odds_difference",
                "(|FPR u − p| + |TPR u − p|) / 2"
            ),
            ("aif360.equal_opportunity_difference", "TPR u − p"),
            ("aif360.true_positive_rate_difference", "TPR u − p"),
            (
                "aif360.equalized_odds_difference",
                "max(|FPR u − p|, |TPR u − p|)"
            ),
            ("aif360.error_rate_difference", "error u − p"),
            ("aif360.error_rate_ratio", "error u / p"),
            ("aif360.false_positive_rate_difference", "FPR u − p"),
            ("aif360.false_positive_rate_ratio", "FPR u / p"),
            ("aif360.false_negative_rate_difference", "FNR u − p"),
            ("aif360.false_negative_rate_ratio", "FNR u / p"),
            ("aif360.false_discovery_rate_difference", "FP/PP u − p"),
            ("aif360.false_discovery_rate_ratio", "FP/PP u / p"),
            ("aif360.false_omission_rate_difference", "FN/PN u − p"),
            ("aif360.false_omission_rate_ratio", "FN/PN u / p"),
            (
                "aif360.average_predictive_value_difference",
                "((PPV u − p) + (FN/PN u − p)) / 2"
            ),
            (
                "aif360.between_group_theil_index",
                "Theil index of u and p, each with its mean benefit"
            ),
            (
                "aif360.between_group_generalized_entropy_index",
                "the same with α = 2"
            ),
            (
                "aif360.between_group_coefficient_of_variation",
                "√(2 GE(2)) between u and p"
            ),
            (
                "aif360.differential_fairness_bias_amplification",
                "smoothed EDF of predictions − of labels"
            ),
            (
                "aif360.smoothed_empirical_differential_fairness",
                "largest |ln| of the ratio of two groups' (x + 1/2) / (n + 1), either answer; Foulds et al. 2020"
            ),
            (
                "aif360.theil_index",
                "over all rows, benefit b = 1 + ŷ − y, μ its mean: mean (b/μ) ln(b/μ); Speicher et al. 2018"
            ),
            (
                "aif360.generalized_entropy_index",
                "over all rows: mean ((b/μ)² − 1) / 2"
            ),
            (
                "aif360.coefficient_of_variation",
                "√(2 × generalized_entropy_index)"
            ),
        ]
    ),
};

pub(super) const CLARIFY: Section = Section {
    title: "SageMaker Clarify",
    about: "Of each single attribute: a is the advantaged group (AIF360's p), d everybody else pooled. Positive is the favourable answer. \
            0/0 is 0, as there; what is infinite has no value.",
    metrics: metrics!(
        CLARIFY_API,
        "smclarify",
        [
            ("clarify.DPPL", "selection a − d"),
            ("clarify.DI", "selection d / a"),
            ("clarify.DCA", "P/PP a − d: conditional acceptance"),
            ("clarify.DCR", "N/PN d − a: conditional rejection"),
            ("clarify.RD", "TPR a − d: recall"),
            ("clarify.SD", "TNR d − a: specificity"),
            ("clarify.DAR", "PPV a − d: acceptance rate"),
            ("clarify.DRR", "NPV d − a: rejection rate"),
            ("clarify.AD", "accuracy a − d"),
            ("clarify.TE", "FN/FP d − a: treatment equality"),
            ("clarify.GE", "generalised entropy, α = 2"),
            ("clarify.CI", "(n a − n d) / (n a + n d): class imbalance"),
            ("clarify.DPL", "base rate a − d"),
            ("clarify.KL", "Σ Pa ln(Pa/Pd) over labels"),
            (
                "clarify.JS",
                "(KL(Pa, M) + KL(Pd, M)) / 2, natural logarithm, not square-rooted"
            ),
            ("clarify.LP", "2-norm of Pa − Pd"),
            ("clarify.TVD", "Σ |Pa − Pd| / 2"),
            ("clarify.KS", "max |Pa − Pd|"),
        ]
    ),
};

pub(super) const AEQUITAS: Section = Section {
    title: "Aequitas",
    about: "Of each group of a single attribute: its rate over the reference's (AIF360's p), 10 where the reference's is 0. \
            **Its `ppr` depends on a group's size; what others call parity is its `pprev`.**",
    metrics: metrics!(
        AEQUITAS_API,
        "Aequitas",
        [
            ("aequitas.ppr_disparity.<group>", "PP of the group / PP of all"),
            ("aequitas.pprev_disparity.<group>", "PP / n"),
            ("aequitas.precision_disparity.<group>", "TP / PP"),
            ("aequitas.fdr_disparity.<group>", "FP / PP"),
            ("aequitas.for_disparity.<group>", "FN / PN"),
            ("aequitas.fpr_disparity.<group>", "FP / N"),
            ("aequitas.fnr_disparity.<group>", "FN / P"),
            ("aequitas.tpr_disparity.<group>", "TP / P"),
            ("aequitas.tnr_disparity.<group>", "TN / N"),
            ("aequitas.npv_disparity.<group>", "TN / PN"),
        ]
    ),
};
