# The browser part, the server, and a throw-away database. Read by ./dev.
# shellcheck shell=bash

export CARGO_TARGET_DIR=$cache/target
browser_target=$cache/target-browser # another compiler, other features: kept apart, or each build would undo the other
site=$root/target/site
hashes=$root/target/site-hashes.txt
native=(--workspace --exclude frontend)

# Cargo tells the members of two checkouts apart by time only, and what it compiled knows where it was compiled: whoever
# comes after another checkout makes its own sources the newer ones.
claim() { # TARGET_DIRECTORY
  local owner=$1/checkout
  [ "$(cat "$owner" 2>/dev/null)" != "$root" ] || return 0
  mkdir -p "$1"
  find app crates server -name '*.rs' -exec touch {} +
  echo "$root" >"$owner"
}

# The verifier is a program of its own, for a worker: no page waits for it.
build_verifier() {
  RUSTUP_TOOLCHAIN=$browser_toolchain CARGO_TARGET_DIR=$browser_target \
    cargo build --locked --profile wasm-release --target "$wasm_target" --package verifier
  "$tools/bin/wasm-bindgen" --target web --no-typescript --out-dir "$site/verifier" \
    "$browser_target/$wasm_target/wasm-release/verifier.wasm"
  cp crates/verifier/web/worker.js "$site/verifier/"
}

build_frontend() {
  local key
  key=$(digest_of app crates/{assess,domain,frontend,ledger,verifier} style public tools/versions.sh Cargo.toml Cargo.lock)
  if [ -s "$hashes" ] && known "site$here" "$key"; then say "  unchanged since the last build"; return; fi
  set_up_system
  set_up_npm
  set_up_browser_toolchain
  claim "$browser_target"
  rm -f "$stamps/site$here"
  mkdir -p "$root/target"
  RUSTUP_TOOLCHAIN=$browser_toolchain CARGO_TARGET_DIR=$browser_target LEPTOS_STYLE_BUNDLE=true \
    LEPTOS_SITE_ROOT=$site LEPTOS_HASH_FILE_NAME=$hashes \
    cargo leptos build --release --frontend-only --cargo-locked
  build_verifier
  remember "site$here" "$key"
}

# The build that the tests use: a page takes milliseconds with it, and an optimised one takes three times as long to make.
build_server() { SQLX_OFFLINE=true cargo build --locked "${native[@]}" --bins; }
build_release() { SQLX_OFFLINE=true cargo build --release --locked --package server; }

# Starts a portal that knows where the browser part and the demonstration are. (Not exported: cargo would see a
# new LEPTOS_OUTPUT_NAME and compile Leptos again.)
portal=(env LEPTOS_ENV=PROD LEPTOS_OUTPUT_NAME=countersign "LEPTOS_SITE_ROOT=$site" LEPTOS_SITE_PKG_DIR=pkg
  LEPTOS_HASH_FILES=true "LEPTOS_HASH_FILE_NAME=$hashes" "COUNTERSIGN_DEMO=$root/demo")

# Tells tests and the portal where the inference server is.
use_mlserver() {
  if [ -x "$mlserver/bin/mlserver" ]; then export COUNTERSIGN_MLSERVER=${COUNTERSIGN_MLSERVER:-$mlserver/bin/mlserver}; fi
}

make_scratch() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/countersign-test.XXXXXX")
  chmod 755 "$scratch" # Postgres runs as another user when we are root
}

as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# Starts a database that nothing outside can reach and that forgets everything; sets DATABASE_URL. Once per run. With
# `durable` it takes as much care of what it is told, and as much time, as one that has to keep it.
database() { # [durable]
  [ -z "${postgres:-}" ] || return 0
  set_up_system
  postgres=$(postgres_directory)
  local data=$scratch/postgres socket=$scratch/socket hasty="-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
  if [ "${1:-}" = durable ]; then hasty=; fi
  mkdir -m 700 "$data" "$socket"
  if [ "$(id -u)" = 0 ]; then chown postgres: "$data" "$socket"; fi
  as_postgres "$postgres/initdb" --pgdata "$data" --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null
  as_postgres "$postgres/pg_ctl" --pgdata "$data" --wait --silent --log "$data/log" start --options "-k $socket \
    -c listen_addresses='' -c max_connections=300 $hasty"
  as_postgres "$postgres/createdb" --host "$socket" --username postgres countersign
  export DATABASE_URL="postgres://postgres@localhost/countersign?host=$socket"
}

stop_database() {
  [ ! -e "${scratch:-}/postgres/postmaster.pid" ] || as_postgres "$postgres/pg_ctl" --pgdata "$scratch/postgres" --mode immediate --silent stop || true
}
