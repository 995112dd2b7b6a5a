"""Writes paired/german.json: what Python's libraries say of german_lr.csv (before) against german_gb.csv (after).

pip install numpy pandas scipy scikit-learn statsmodels MLstatkit; then, from crates/assess/data:
python paired/german.py > paired/german.json
"""

import json
from importlib.metadata import version

import numpy as np
import pandas as pd
from MLstatkit import Delong_test
from scipy import stats
from sklearn.metrics import f1_score, log_loss, precision_score, recall_score, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

ALPHA, DRAWS = 0.05, 5_000
cases = pd.read_csv("predictions/german_lr.csv").merge(
    pd.read_csv("predictions/german_gb.csv"), on="id", suffixes=("_before", "_after")
)
y = cases.y_true_before.to_numpy()
assert (y == cases.y_true_after).all()
before, after = (cases[f"y_pred_{side}"].to_numpy() for side in ("before", "after"))
score_before, score_after = (cases[f"y_score_{side}"].to_numpy() for side in ("before", "after"))


def newcombe(table):
    """Newcombe (1998), method 10: no library has it."""
    (e, g), (f, h) = table  # both, second only; first only, neither
    n = e + f + g + h
    p1, p2 = (e + f) / n, (e + g) / n
    (l1, u1), (l2, u2) = (proportion_confint(x, n, ALPHA, method="wilson") for x in (e + f, e + g))
    excess, scale = e * h - f * g, (e + f) * (g + h) * (e + g) * (f + h)
    excess = max(excess - n / 2, 0) if excess > 0 else excess
    phi = excess / scale**0.5 if scale else 0
    half = lambda a, b: (a * a - 2 * phi * a * b + b * b) ** 0.5
    return p2 - p1 - half(p2 - l2, u1 - p1), p2 - p1 + half(u2 - p2, p1 - l1)


def share(first, second):
    table = np.array([[np.sum(first & second), np.sum(~first & second)], [np.sum(first & ~second), np.sum(~first & ~second)]])
    exact = mcnemar(table, exact=True)
    changed = int(table[0, 1] + table[1, 0])
    low, high = newcombe([[int(x) for x in row] for row in table])
    return {
        "gained": int(table[0, 1]), "lost": int(table[1, 0]), "change": second.mean() - first.mean(), "low": low, "high": high,
        "exact": exact.pvalue,
        # Fagerland, Lydersen and Laake 2013.
        "p": exact.pvalue - stats.binom.pmf(exact.statistic, changed, 0.5),
    }


def paired_mean(difference):
    of = DescrStatsW(difference)
    low, high = of.zconfint_mean(ALPHA)
    return {"change": difference.mean(), "low": low, "high": high, "p": of.ztest_mean(0)[1]}


def delong():
    z, p, *_, info = Delong_test(y, score_before, score_after)
    change = roc_auc_score(y, score_after) - roc_auc_score(y, score_before)
    error, z95 = info["var_diff"] ** 0.5, stats.norm.isf(ALPHA / 2)
    return {"change": change, "low": change - z95 * error, "high": change + z95 * error, "p": p}


def calibration_error(y, score):
    at = np.searchsorted(np.arange(1, 10) / 10, score, side="right")
    return np.abs(np.bincount(at, weights=y - score, minlength=10)).sum() / len(y)


def gap(rate, by):
    def of(y, predicted, _, group):
        rates = [rate(y[group == name], predicted[group == name]) for name in np.unique(group)]
        return max(rates) - min(rates) if by == "difference" else min(rates) / max(rates)
    return of


selected = lambda y, predicted: predicted.mean()
recall = lambda y, predicted: predicted[y == 1].mean()
both = lambda *gaps: lambda *rows: max(gap(*rows) for gap in gaps)
false_alarms = lambda y, predicted: predicted[y == 0].mean()
FIGURES = {
    "performance.precision": (lambda y, predicted, *_: precision_score(y, predicted), "sex"),
    "performance.f1": (lambda y, predicted, *_: f1_score(y, predicted), "sex"),
    "performance.balanced_accuracy": (
        lambda y, predicted, *_: (recall_score(y, predicted) + recall_score(1 - y, 1 - predicted)) / 2, "sex"),
    "performance.calibration_error": (lambda y, _, score, __: calibration_error(y, score), "sex"),
    "fairness.impact_ratio.sex": (gap(selected, "ratio"), "sex"),
    "fairness.demographic_parity_difference.age_band": (gap(selected, "difference"), "age_band"),
    "fairness.equal_opportunity_difference.sex": (gap(recall, "difference"), "sex"),
    "fairness.equalised_odds_difference.sex": (
        both(gap(recall, "difference"), gap(false_alarms, "difference")), "sex"),
}


def bootstrap(figure, column):
    """Whole rows drawn anew: the outer ends of the percentile and the basic interval, and twice the rarer sign's share."""
    rng, group = np.random.default_rng(0), cases[f"{column}_after"].to_numpy()
    change = lambda at: (figure(y[at], after[at], score_after[at], group[at]) - figure(y[at], before[at], score_before[at], group[at]))
    observed = change(np.arange(len(y)))
    draws = np.array([change(rng.integers(len(y), size=len(y))) for _ in range(DRAWS)])
    low, high = np.quantile(draws, [ALPHA / 2, 1 - ALPHA / 2])
    return {
        "change": observed, "low": min(low, 2 * observed - high), "high": max(high, 2 * observed - low),
        "p": min(1, 2 * min((draws <= 0).mean(), (draws >= 0).mean())),
    }


right = lambda predicted: predicted == y
loss = lambda score: -(y * np.log(score) + (1 - y) * np.log1p(-score))
assert np.isclose(loss(score_after).mean(), log_loss(y, score_after))
values = {
    "exact": {
        "favourable": share(before == 1, after == 1),
        "performance.accuracy": share(right(before), right(after)),
        "performance.tpr": share(before[y == 1] == 1, after[y == 1] == 1),
        "performance.fpr": share(before[y == 0] == 1, after[y == 0] == 1),
        "performance.roc_auc": delong(),
        "performance.brier": paired_mean((score_after - y) ** 2 - (score_before - y) ** 2),
        "performance.log_loss": paired_mean(loss(score_after) - loss(score_before)),
    },
    "drawn": {name: bootstrap(*figure) for name, figure in FIGURES.items()},
}
packages = ["numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "MLstatkit"]
print(json.dumps({"versions": {name: version(name) for name in packages}, **values}, indent=1, default=float))
