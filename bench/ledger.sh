#!/usr/bin/env bash
# What the audit log costs: changes of 32 writers with their entries beside the same changes without, entries that the
# sequencer integrates in a second, and a whole log recomputed, its reader held to one core. On a Postgres that writes to
# disk as an installation's does; everything made is thrown away.
#
#   SECONDS_EACH=20 ENTRIES=1000000 bench/ledger.sh
set -euo pipefail
# shellcheck source=tools/common.sh
source "$(dirname "$0")/../tools/common.sh"
# shellcheck source=tools/setup.sh
source "$root/tools/setup.sh"
# shellcheck source=tools/build.sh
source "$root/tools/build.sh"
cd "$root"

each=${SECONDS_EACH:-20} entries=${ENTRIES:-1000000}
ledger=$CARGO_TARGET_DIR/release/examples/ledger

finish() {
  stop_database
  rm -rf "${scratch:-}"
}

set_up_sqlx
SQLX_OFFLINE=true cargo build --release --locked --package backend --example ledger
make_scratch
trap finish EXIT
database durable
cargo sqlx migrate run --source migrations | tail -n 1
"$ledger" "$DATABASE_URL" writers "$each"
"$ledger" "$DATABASE_URL" seal
psql --quiet --output /dev/null "$DATABASE_URL" -v models=10000 -v versions=10 -v entries="$entries" --file bench/entries.sql
psql --quiet "$DATABASE_URL" --command 'vacuum analyze'
"$ledger" "$DATABASE_URL" seal
psql --quiet "$DATABASE_URL" --command 'vacuum analyze'
taskset --cpu-list 0 "$ledger" "$DATABASE_URL" verify
