"""Trains the two German credit models of the demonstration and writes them where the portal finds them.

Run it with the Python of the inference server, so that what is written is what is served:

    ~/.cache/countersign/mlserver/bin/python demo/train.py

It needs scikit-learn 1.9.1 (what mlserver-sklearn 1.7.1 brings) and is deterministic: a second run writes
the same bytes. `--check` writes nothing and exits 1 if the committed models are not what it would write.
"""

import hashlib
import io
import json
import pathlib
import sys

import joblib
import numpy
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

SKLEARN = "1.9.1"
SEED = 20240301
HERE = pathlib.Path(__file__).resolve().parent
FEATURES = 20
GOOD = "1"  # the last column of german.data: 1 good, 2 bad


def load():
    """Features as numbers (a code such as A43 becomes 43) and labels (1 = good credit), in file order."""
    rows = [line.split() for line in (HERE / "data" / "german.data").read_text().splitlines()]
    features = numpy.array([[float(cell.removeprefix("A")) for cell in row[:FEATURES]] for row in rows])
    labels = numpy.array([int(row[FEATURES] == GOOD) for row in rows])
    coded = [index for index in range(FEATURES) if rows[0][index].startswith("A")]
    return features, labels, coded


def models(coded):
    """Version number to an untrained pipeline that takes the twenty numbers as they come."""
    measured = [index for index in range(FEATURES) if index not in coded]

    def prepared(estimator, sparse):
        columns = ColumnTransformer(
            [
                ("coded", OneHotEncoder(handle_unknown="ignore", sparse_output=sparse), coded),
                ("measured", StandardScaler(), measured),
            ],
            sparse_threshold=1.0 if sparse else 0.0,
        )
        return make_pipeline(columns, estimator)

    return {
        1: prepared(LogisticRegression(C=1.0, max_iter=5000, random_state=SEED), sparse=True),
        2: prepared(HistGradientBoostingClassifier(max_iter=100, random_state=SEED), sparse=False),
    }


def request(applicant):
    """One Open Inference Protocol request that asks for the decision and both probabilities."""
    return {
        "inputs": [{"name": "applicant", "shape": [1, FEATURES], "datatype": "FP64", "data": applicant}],
        "outputs": [{"name": "predict"}, {"name": "predict_proba"}],
    }


def main(check):
    if sklearn.__version__ != SKLEARN:
        sys.exit(f"scikit-learn {SKLEARN} is needed, this is {sklearn.__version__}: use the inference server's Python.")

    features, labels, coded = load()
    trained = {version: model.fit(features, labels) for version, model in models(coded).items()}

    # The first applicant on whom the versions disagree: after a deployment or a rollback the answer shows which one serves.
    answers = [model.predict(features) for model in trained.values()]
    applicant = int(numpy.flatnonzero(answers[0] != answers[1])[0])

    stale = []
    for version, model in trained.items():
        folder = HERE / "models" / f"german-credit-{version}"
        folder.mkdir(parents=True, exist_ok=True)
        dumped = io.BytesIO()
        joblib.dump(model, dumped, compress=("zlib", 9))
        asked = json.dumps(request(features[applicant].tolist()), indent=2) + "\n"
        for name, content in {"model.joblib": dumped.getvalue(), "request.json": asked.encode()}.items():
            path = folder / name
            if check and (not path.exists() or path.read_bytes() != content):
                stale.append(str(path))
            if not check:
                path.write_bytes(content)
            print(f"{hashlib.sha256(content).hexdigest()}  {path.relative_to(HERE)}  {len(content)} bytes")
        print(f"applicant {applicant + 1} (truly {labels[applicant]}): {model.predict_proba(features[[applicant]])[0]}")

    if stale:
        sys.exit(f"Not what this program writes: {', '.join(stale)}")


if __name__ == "__main__":
    main("--check" in sys.argv[1:])
