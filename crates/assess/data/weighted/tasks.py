"""Writes weighted/tasks.json: what Python's libraries say of the other tasks' files, each row with a weight.

The weight of a row is (7919 id mod 13) / 4, so that four times as many repeated rows say the same: that is asked where a
library takes no weights.

pip install numpy pandas scipy scikit-learn; then, from crates/assess/data:
python weighted/tasks.py > weighted/tasks.json
"""

import json
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from scipy import stats
from sklearn import metrics

warnings.simplefilter("ignore")
entries = {}


def read(name):
    table = pd.read_csv(f"predictions/{name}.csv", keep_default_na=False)
    table["w"] = (table.id * 7919 % 13) / 4
    return table


def repeated(table):
    return table.loc[table.index.repeat((table.w * 4).astype(int))]


def note(of, figures):
    for name, value in figures.items():
        if np.isfinite(value):
            entries[f"{of}.{name}"] = float(value)


def by_group(task, table, figures, columns=("race", "sex")):
    note(f"{task}.overall", figures(table))
    for column in columns:
        groups = {name: figures(rows) for name, rows in table.groupby(column)}
        for name, found in groups.items():
            note(f"{task}.{column}={name}", found)
        yield column, groups


def gap(groups, name):
    values = [found[name] for found in groups.values() if np.isfinite(found[name])]
    return max(values) - min(values)


classes = ["none", "nonviolent", "violent"]


def of_classes(rows):
    y, said, w = rows.y_true, rows.y_pred, rows.w
    found = {
        "accuracy": metrics.accuracy_score(y, said, sample_weight=w),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, said, sample_weight=w),
        "mcc": metrics.matthews_corrcoef(y, said, sample_weight=w),
        "kappa": metrics.cohen_kappa_score(y, said, labels=classes, sample_weight=w),
    }
    for name in ("precision", "recall", "f1"):
        score = getattr(metrics, f"{name}_score")
        args = dict(labels=classes, sample_weight=w, zero_division=np.nan)
        for average in ("macro", "weighted", "micro"):
            found[f"{name}_{average}"] = score(y, said, average=average, **args)
        for label, value in zip(classes, score(y, said, average=None, **args)):
            found[f"{name}.{label}"] = value
    for label in classes:
        found[f"base_rate.{label}"] = np.average(y == label, weights=w)
        found[f"selection_rate.{label}"] = np.average(said == label, weights=w)
    return found


table = read("compas_multiclass")
for column, groups in by_group("multiclass", table, of_classes):
    names = ["accuracy", "f1_macro"] + [f"{kind}.{label}" for kind in ("selection_rate", "recall") for label in classes]
    for name in names:
        kind, _, label = name.partition(".")
        note(f"multiclass.{column}", {f"{kind}_difference{'.' if label else ''}{label}": gap(groups, name)})


def shares(rows):
    scores = rows[[f"y_score_{label}" for label in classes]].to_numpy()
    return scores / scores.sum(axis=1, keepdims=True)


many = repeated(table)
for average in ("macro", "weighted"):
    auc = metrics.roc_auc_score(table.y_true, shares(table), multi_class="ovr", average=average, sample_weight=table.w)
    # With one class against another scikit-learn takes no weights.
    pairs = metrics.roc_auc_score(many.y_true, shares(many), multi_class="ovo", average=average)
    note("multiclass.overall", {f"roc_auc_ovr_{average}": auc, f"roc_auc_ovo_{average}": pairs})
loss = metrics.log_loss(table.y_true, shares(table), labels=classes, sample_weight=table.w)
note("multiclass.overall", {"log_loss": loss})


def of_numbers(rows):
    y, said, w = rows.y_true, rows.y_pred, rows.w
    mse = metrics.mean_squared_error(y, said, sample_weight=w)
    (a, b), (_, c) = np.cov(y, said, aweights=w, bias=True)
    many = repeated(rows)
    return {
        "mae": metrics.mean_absolute_error(y, said, sample_weight=w),
        "mse": mse,
        "rmse": mse**0.5,
        "r2": metrics.r2_score(y, said, sample_weight=w),
        "medae": metrics.median_absolute_error(y, said, sample_weight=w),
        "max_error": metrics.max_error(y[w > 0], said[w > 0]),
        "mean_error_pred_minus_true": np.average(said - y, weights=w),
        "mean_prediction": np.average(said, weights=w),
        "explained_variance": metrics.explained_variance_score(y, said, sample_weight=w),
        "pearson": b / (a * c) ** 0.5,
        "spearman": stats.spearmanr(many.y_true, many.y_pred).statistic,
    }


for column, groups in by_group("regression", read("law_regression"), of_numbers):
    for name in ("mae", "rmse", "medae", "mean_error_pred_minus_true"):
        note(f"regression.{column}", {f"{name}_difference": gap(groups, name)})


def of_ranks(rows):
    y, score, w = rows.y_true, rows.y_score, rows.w
    bins = np.minimum(np.searchsorted(np.arange(11) / 10, score, side="right") - 1, 9)
    off = np.bincount(bins, weights=w * (score - y), minlength=10)
    return {
        "roc_auc": metrics.roc_auc_score(y, score, sample_weight=w),
        "average_precision": metrics.average_precision_score(y, score, sample_weight=w),
        "brier": metrics.brier_score_loss(y, score, sample_weight=w),
        "log_loss": metrics.log_loss(y, score, sample_weight=w),
        "mean_score": np.average(score, weights=w),
        "calibration_error": np.abs(off).sum() / w.sum(),
    }


table = read("compas")
for column, groups in by_group("ranking", table, of_ranks):
    note(f"ranking.{column}", {"roc_auc_difference": gap(groups, "roc_auc")})


def of_top(rows):
    y, taken, w = rows.y_true, rows.taken, rows.w
    args = dict(sample_weight=w, zero_division=np.nan)
    return {
        "selection_rate": np.average(taken, weights=w),
        "precision": metrics.precision_score(y, taken, **args),
        "recall": metrics.recall_score(y, taken, **args),
    }


for percent in (5, 20):
    rows = table.sort_values("y_score", ascending=False, kind="stable")
    rows["taken"] = np.arange(len(rows)) < len(rows) * percent // 100
    for column, groups in by_group(f"top_{percent}_percent", rows, of_top):
        note(f"top_{percent}_percent.{column}", {"selection_rate_difference": gap(groups, "selection_rate")})

libraries = ("numpy", "pandas", "scipy", "scikit-learn")
answer = {"versions": {name: version(name) for name in libraries}, "entries": entries}
print(json.dumps(answer, indent=1))
