#!/usr/bin/env bash
# A portal with a bank's years in it, under load: how long each page takes, which statements are slow, how fast the log is
# sealed and verified, how fast predictions are judged. Run by `./dev bench`; everything it makes is thrown away.
#
#   MODELS=10000 VERSIONS=10 ENTRIES=1000000 SECONDS_EACH=8 ROWS=1000000 ./dev bench
set -euo pipefail
# shellcheck source=tools/common.sh
source "$(dirname "$0")/../tools/common.sh"
# shellcheck source=tools/setup.sh
source "$root/tools/setup.sh"
# shellcheck source=tools/build.sh
source "$root/tools/build.sh"
cd "$root"

models=${MODELS:-10000} versions=${VERSIONS:-10} entries=${ENTRIES:-1000000} each=${SECONDS_EACH:-8} rows=${ROWS:-1000000}
slow_ms=10
url=http://127.0.0.1:${PORT:-3900}
program=$CARGO_TARGET_DIR/release/countersign

finish() {
  [ -z "${serving:-}" ] || kill "$serving" 2>/dev/null || true
  stop_database
  rm -rf "${scratch:-}"
}

countersign() {
  "${portal[@]}" env COUNTERSIGN_DATA="$scratch/portal" COUNTERSIGN_LISTEN="${url#http://}" COUNTERSIGN_LOG=warn "$program" "$@"
}

ask() { psql --quiet --tuples-only --no-align "$DATABASE_URL" "$@"; }

fill() {
  say "The demonstration …"
  countersign demo >/dev/null
  say "$models models of $versions versions, $entries entries …"
  psql --quiet --output /dev/null "$DATABASE_URL" -v models="$models" -v versions="$versions" -v entries="$entries" --file bench/seed.sql
}

serve() {
  countersign serve 2>"$scratch/portal.log" &
  serving=$!
  curl --silent --fail --retry 50 --retry-connrefused --retry-delay 1 "$url/readyz" >/dev/null
}

# The sequencer seals what was committed; then the log is recomputed as an auditor does.
seal() {
  local from=$SECONDS
  until [ "$(ask -c 'select count(*) from unsealed_entries')" = 0 ]; do sleep 1; done
  echo "sealed in about $((SECONDS - from)) s"
  ask -c 'vacuum analyze'
  /usr/bin/env time --format 'verified in %e s, %M kB at most' "$program" --data "$scratch/portal" verify >/dev/null
}

pages() {
  local release review evaluation
  release=$(ask -c "select max(id) from releases where state = 'open'")
  review=$(ask -c "select max(id) from reviews where release = $release")
  evaluation=$(ask -c "select max(id) from evaluations")
  ask -c "alter system set log_min_duration_statement = '${slow_ms}ms'" -c "select pg_reload_conf()" >/dev/null
  : >"$scratch/postgres/log"
  python3 bench/load.py "$url" grace@northbank.example countersigned-it "$each" \
    process=/healthz home=/ models=/models "models, by age=/models?sort=-created" \
    "models, deep page=/models?after=model-08000" "models, rare word=/models?q=model-04711" \
    "models, common word=/models?q=fraud" "models, all filters=/models?q=fraud&tier=limited&owner=tomas&environment=production" \
    "model=/models/model-04711" "version=/models/model-04711/versions/$versions" \
    "version, compared=/models/model-04711/versions/$versions?compare=1" \
    "releases=/releases" "release=/releases/$release" "reviews=/reviews" "review=/reviews/$review" \
    "report=/evaluations/$evaluation" "deployments=/deployments" "audit=/audit" \
    "audit, a model's=/audit?model=model-04711" "policies=/policies"
  echo "Statements over $slow_ms ms: $(grep -c 'duration:' "$scratch/postgres/log" || true)"
  grep -A1 'duration:' "$scratch/postgres/log" | sed -E 's/^.*duration: ([0-9.]+) ms +execute [^:]*: */\1 /; s/\s+/ /g' | cut -c 1-160 |
    awk '{ key = substr($0, index($0, " ") + 1); count[key]++; if ($1 > worst[key]) worst[key] = $1 } END { for (key in count) print count[key], "times, up to", worst[key], "ms:", key }' | sort -rn | head -20
}

# The golden file's people over and over, beside what reading the file at all takes.
predictions() {
  local file=$scratch/predictions.csv
  awk -v rows="$rows" 'NR == 1 { print; next } { line[NR - 1] = $0 } END { for (i = 0; i < rows; i++) print line[1 + i % (NR - 1)] }' \
    demo/predictions/german_lr.csv >"$file"
  echo "$rows rows, $(($(stat -c %s "$file") / 1000000)) MB:"
  /usr/bin/env time --format '  sha256sum %e s' sha256sum "$file" >/dev/null
  /usr/bin/env time --format '  assess    %e s, %M kB at most' "$program" assess "$file" \
    --label y_true --prediction y_pred --score y_score --protected sex,age_band --format json >/dev/null
}

have wrk || apt_packages wrk
/usr/bin/env time --version >/dev/null 2>&1 || apt_packages time
build_frontend
build_release
make_scratch
trap finish EXIT
database
fill
serve
seal
pages
predictions
