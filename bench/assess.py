"""How fast predictions are counted by group: ours beside polars, duckdb and fairlearn, on the same files in one run.

    assess.py make ROWS DIR          writes ROWS rows as CSV and Parquet
    assess.py run TOOL FILE          one run of one tool; prints seconds and megabytes
    assess.py compare TALLY DIR ROWS...   makes, runs and prints the table; TALLY is our example program

Each tool counts rows by race, sex, age band, label and prediction, and by nothing else. Ours also digests the file,
checks that it is text, and sets out the report. Times leave out the start of the process and imports.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time

ATTRIBUTES = ["race", "sex", "age_band"]
BY = [*ATTRIBUTES, "y_true", "y_pred"]
RACES = ["African-American", "Asian", "Caucasian", "Hispanic", "Native American", "Other"]
AGES = ["18-24", "25-44", "45-64", "65+"]
REPEATS = int(os.environ.get("REPEATS", "3"))


def make(rows, directory):
    import numpy
    import polars
    import pyarrow.parquet

    random = numpy.random.default_rng(7)
    csv = open(f"{directory}/{rows}.csv", "wb")
    parquet, done = None, 0
    while done < rows:
        n = min(1_000_000, rows - done)
        score = numpy.round(random.random(n), 4)
        frame = polars.DataFrame({
            "id": numpy.arange(done, done + n),
            "y_true": (random.random(n) < score).astype("int64"),
            "y_pred": (score >= 0.5).astype("int64"),
            "y_score": score,
            "weight": numpy.round(random.random(n) * 3, 3),
            "race": numpy.array(RACES)[random.choice(len(RACES), n, p=[0.3, 0.05, 0.4, 0.15, 0.02, 0.08])],
            "sex": numpy.array(["Female", "Male"])[(random.random(n) < 0.6).astype(int)],
            "age_band": numpy.array(AGES)[random.choice(len(AGES), n)],
        })
        frame.write_csv(csv, include_header=done == 0)
        table = frame.to_arrow()
        names = [(f.name, "string" if "string" in str(f.type) else f.type) for f in table.schema]
        table = table.cast(pyarrow.schema([(name, pyarrow.string() if kind == "string" else kind) for name, kind in names]))
        parquet = parquet or pyarrow.parquet.ParquetWriter(f"{directory}/{rows}.parquet", table.schema)
        parquet.write_table(table)
        done += n
    csv.close()
    parquet.close()


def polars_scan(path):
    import polars

    return polars.scan_parquet(path) if path.endswith("parquet") else polars.scan_csv(path)


def run_polars(path):
    import polars

    return lambda: polars_scan(path).group_by(BY).agg(polars.len()).collect().height


def run_polars_streaming(path):
    import polars

    return lambda: polars_scan(path).group_by(BY).agg(polars.len()).collect(engine="streaming").height


def run_duckdb(path):
    import duckdb

    reader = "read_parquet" if path.endswith("parquet") else "read_csv"
    names = ", ".join(BY)
    return lambda: len(duckdb.sql(f"SELECT {names}, count(*) FROM {reader}('{path}') GROUP BY {names}").fetchall())


def run_fairlearn(path):
    import pandas
    from fairlearn.metrics import MetricFrame, count, false_positive_rate, selection_rate, true_positive_rate

    def go():
        read = pandas.read_parquet if path.endswith("parquet") else pandas.read_csv
        frame = read(path, **({"columns": BY} if path.endswith("parquet") else {"usecols": BY, "engine": "pyarrow"}))
        metrics = {"n": count, "sr": selection_rate, "tpr": true_positive_rate, "fpr": false_positive_rate}
        by = MetricFrame(metrics=metrics, y_true=frame.y_true, y_pred=frame.y_pred, sensitive_features=frame[ATTRIBUTES])
        return len(by.by_group)

    return go


def run(tool, path):
    go = globals()[f"run_{tool}"](path)
    start = time.perf_counter()
    go()
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def ours(tally, path, *more):
    command = [tally, path, "--protected", ",".join(ATTRIBUTES), *more]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = re.search(r"rows, ([\d.]+) s.*, (\d+) MB", said).groups()
    return float(seconds), float(megabytes)


def theirs(tool, path):
    said = subprocess.run([sys.executable, __file__, "run", tool, path], capture_output=True, text=True)
    return tuple(json.loads(said.stdout)) if said.returncode == 0 else None


def compare(tally, directory, sizes):
    scale = {"fairlearn": int(os.environ.get("FAIRLEARN_ROWS", "1000000"))}
    for rows in sizes:
        make_it = [sys.executable, __file__, "make", str(rows), directory]
        subprocess.run(make_it, check=True)
        for kind in ["csv", "parquet"]:
            path = f"{directory}/{rows}.{kind}"
            tools = {
                "ours": lambda: ours(tally, path),
                "polars": lambda: theirs("polars", path),
                "polars_streaming": lambda: theirs("polars_streaming", path),
                "duckdb": lambda: theirs("duckdb", path),
                "fairlearn": lambda: theirs("fairlearn", path),
                "ours, scores too": lambda: ours(tally, path, "--score", "y_score"),
                "ours, weights too": lambda: ours(tally, path, "--weight", "weight"),
            }
            if kind == "parquet":
                tools["decode (arrow-rs, one thread)"] = lambda: ours(tally, path, "--decode")
            best = {}
            # One round of all tools after the other, so that whatever else runs slows them alike.
            for _ in range(REPEATS):
                for tool, go in tools.items():
                    if rows <= scale.get(tool, rows) and (took := go()):
                        old = best.get(tool, (float("inf"), 0.0))
                        best[tool] = (min(old[0], took[0]), max(old[1], took[1]))
            base = best["ours"][0]
            print(f"\n{rows:,} rows, {kind}, {os.path.getsize(path) / 1e6:,.0f} MB")
            print(f"{'':32}{'seconds':>9}{'Mrows/s':>9}{'/ ours':>8}{'peak MB':>9}")
            for tool, (seconds, megabytes) in best.items():
                print(f"{tool:32}{seconds:9.3f}{rows / seconds / 1e6:9.1f}{seconds / base:8.2f}{megabytes:9.0f}")
            sys.stdout.flush()
            os.remove(path)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", rows, directory]:
            make(int(rows), directory)
        case ["run", tool, path]:
            run(tool, path)
        case ["compare", tally, directory, *sizes]:
            compare(tally, directory, [int(rows) for rows in sizes])
        case _:
            sys.exit(__doc__)
