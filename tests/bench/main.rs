//! Benchmarks, read as ratios to raw Ed25519 within one run.

fn main() {
    divan::main();
}
