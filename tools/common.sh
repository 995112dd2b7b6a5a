# Read by ./dev and the programs in tools/: places, progress lines and stamps.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${COUNTERSIGN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/countersign}
tools=$cache/tools
mlserver=$cache/mlserver
object_stores=$cache/object-stores
stamps=$tools/stamps
mkdir -p "$stamps" "$tools/bin"
export PATH="$tools/bin:$root/end2end/node_modules/.bin:$PATH"

# shellcheck source=tools/versions.sh
source "$root/tools/versions.sh"

say() { printf '%s\n' "$@" >&2; } # a line for each argument
fail() { say "" "✗ $1" "${@:2}"; exit 1; }
have() { command -v "$1" >/dev/null; }

# A digest of every file under the places that exist.
digest_of() { { find "$@" -type f -print0 2>/dev/null || true; } | sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-16; }

# What was done before, and for which version or digest of its inputs. `here` tells checkouts apart.
here=${root//\//-}
known() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }
remember() { printf '%s' "$2" >"$stamps/$1"; }

# Sets something up unless that was done before: `once NAME VERSION COMMAND...`.
once() {
  local name=$1 version=$2 from=$SECONDS
  shift 2
  if known "$name" "$version"; then return; fi
  say "  setting up $name $version"
  "$@" </dev/null
  remember "$name" "$version"
  say "  $name is ready after $((SECONDS - from)) s"
}

# Runs a command that reaches a package registry up to three times: mirrors have their moments.
patiently() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return
    say "  attempt $attempt failed: $*"
    sleep $((attempt * 3))
  done
  return 1
}

# Whether a toolchain, by default the one in use, has the standard library for WebAssembly.
compiles_for_the_browser() { # [+TOOLCHAIN]
  local directory
  directory=$(rustc "$@" --print target-libdir --target "$wasm_target" 2>/dev/null) || return 1
  compgen -G "$directory/libstd-*.rlib" >/dev/null
}
