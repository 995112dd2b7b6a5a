# The steps of `./dev test`, in order. Read by ./dev.
# shellcheck shell=bash

steps=(format queries clippy clippy-browser tests browser-part wasm-size server end2end deny rules clean-tree)
wasm_limit_kb=150     # brotli, the largest module any page waits for
verifier_limit_kb=220 # and the verifier, which runs beside the page
passed=0

hint() {
  case $1 in
    format) echo "'cargo fmt --all' puts it right." ;;
    queries) echo "'./dev prepare' writes .sqlx anew; commit it." ;;
    wasm-size) echo "Does a page that could be an island ship as a whole?" ;;
    end2end) echo "Traces are in end2end/test-results: npx playwright show-trace FILE." ;;
    clean-tree) echo "A build or a test wrote into the checkout: commit it, ignore it, or stop it." ;;
    *) echo "'./dev test $1' repeats this step alone." ;;
  esac
}

check_format() { cargo fmt --all --check; }

# Migrations on an empty database, and every query against the result. Compiling queries anew is slow, so a pass is
# remembered for as long as nothing that can change it has changed.
check_queries() {
  set_up_sqlx
  database
  cargo sqlx migrate run --source migrations | tail -n 1
  local key
  key=$(digest_of migrations .sqlx app crates/backend server Cargo.lock)
  if known "queries$here" "$key"; then say "  no query and no migration has changed since the last check"; return; fi
  cargo sqlx prepare --check --workspace -- "${native[@]}" --all-targets | tee "$scratch/queries"
  if grep -q 'unused queries' "$scratch/queries"; then return 1; fi
  remember "queries$here" "$key"
}

check_clippy() { SQLX_OFFLINE=true cargo clippy --locked "${native[@]}" --all-targets -- --deny warnings; }

# By itself: together with the server, features would unify and the browser's code would not be what is checked.
# Clippy works only with its own compiler, so where that one has no wasm32 the same features are checked natively.
check_clippy_browser() {
  local target=()
  if compiles_for_the_browser; then target=(--target "$wasm_target"); fi
  cargo clippy --locked --package frontend "${target[@]}" -- --deny warnings
}

check_tests() {
  set_up_nextest
  set_up_mlserver
  set_up_object_stores
  database
  use_mlserver
  export OBJECT_STORES=$object_stores
  SQLX_OFFLINE=true count "s/.*tests* run: \([0-9]*\) passed.*/\1/p" cargo nextest run --locked "${native[@]}"
  if grep -rqs --include '*.rs' '^ *//[/!] ```$' app/src crates/*/src; then
    SQLX_OFFLINE=true cargo test --locked --quiet --doc "${native[@]}"
  fi
}

check_browser_part() { build_frontend; }

check_wasm_size() {
  wasm_within "$site/pkg" "$wasm_limit_kb"
  wasm_within "$site/verifier" "$verifier_limit_kb"
}

wasm_within() { # DIRECTORY LIMIT_IN_KB
  local module size
  module=$(find "$1" -name '*.wasm' -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
  [ -n "$module" ] || fail "there is no WebAssembly in $1" "'./dev test browser-part' builds it."
  size=$(brotli --quality=11 --stdout "$module" | wc -c)
  say "  ${1##*/}: $((size / 1000)) kB with brotli, of $2 allowed ($(($(stat -c %s "$module") / 1000)) kB plain)"
  [ "$size" -le $(($2 * 1000)) ]
}

# The same selection as for the tests, so that nothing is compiled twice.
check_server() { SQLX_OFFLINE=true cargo build --locked "${native[@]}" --bins --tests; }

check_end2end() {
  set_up_system chromium
  set_up_npm
  set_up_mlserver
  build_frontend
  check_server
  use_mlserver
  (cd end2end && npm run --silent check)
  # The portal under test runs its own private Postgres, as it does for a newcomer.
  count "s/^ *\([0-9]*\) passed.*/\1/p" "${portal[@]}" \
    env --unset DATABASE_URL COUNTERSIGN_PROGRAM="$CARGO_TARGET_DIR/debug/countersign" COUNTERSIGN_DATA="$scratch/portal" \
    npm run --silent --prefix end2end test
}

check_deny() {
  set_up_deny
  cargo deny --locked --log-level error check licenses bans sources
  say "  advisories are not checked: their database is not in a package registry"
}

check_rules() {
  cargo run --locked --quiet --package assess --features schema --example schema | diff - docs/report.schema.json ||
    fail "docs/report.schema.json is not what the types say" "cargo run -p assess --features schema --example schema > docs/report.schema.json"
  one_place_only 'cfg\(.*feature' app/src
  allowed_in server/src/private_postgres.rs AssertSqlSafe app/src crates server
}

check_clean_tree() {
  diff <(printf '%s' "$tree_before") <(printf '%s' "$(git status --porcelain)") >&2
}

one_place_only() { # PATTERN DIRECTORY
  local places
  places=$(grep -rnE --include '*.rs' "$1" "$2" || true)
  [ "$(grep -c . <<<"$places")" -le 1 ] || fail "more than one '$1' in $2" "$places"
}

allowed_in() { # FILE PATTERN DIRECTORY...
  local file=$1 pattern=$2 places
  shift 2
  places=$(grep -rnE --include '*.rs' "$pattern" "$@" | grep -v "^$file:" || true)
  [ -z "$places" ] || fail "'$pattern' outside $file" "$places"
}

# Runs a test runner and adds up what it says has passed.
count() { # SED_SCRIPT COMMAND...
  local script=$1 log=$scratch/count
  shift
  "$@" 2>&1 | tee "$log"
  passed=$((passed + $(sed -n "$script" "$log" | tail -n 1 | grep . || echo 0)))
}
