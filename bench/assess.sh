#!/usr/bin/env bash
# How fast predictions are counted by group, beside polars, duckdb and fairlearn from PyPI, in one run. Everything made is
# thrown away but the tools, which stay in the user's cache.
#
#   ROWS="1000000 10000000" REPEATS=3 FAIRLEARN_ROWS=1000000 bench/assess.sh    (100000000 takes 6 GB of disk for a while;
#   fairlearn is left out of files with more rows than FAIRLEARN_ROWS: it takes minutes)
set -euo pipefail
cd "$(dirname "$0")/.."

tools=${XDG_CACHE_HOME:-$HOME/.cache}/countersign/venv-speed
if [ ! -x "$tools/bin/python" ]; then
  python3 -m venv "$tools"
fi
"$tools/bin/pip" install --quiet polars duckdb fairlearn pyarrow pandas numpy

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cargo build -p assess --release --example tally
target=$(cargo metadata --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
# shellcheck disable=SC2086
"$tools/bin/python" bench/assess.py compare "$target/release/examples/tally" "$scratch" ${ROWS:-1000000 10000000}
