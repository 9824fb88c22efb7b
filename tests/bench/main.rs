//! Benchmarks, read as ratios to raw Ed25519 within one run.

mod canonicalization;
mod proofs;

fn main() {
    divan::main();
}
