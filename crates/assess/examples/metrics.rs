//! Writes `docs/metrics.md`.

fn main() {
    print!("{}", assess::metrics::markdown());
}
