//! Benchmarks, read as ratios to raw Ed25519 within one run.

mod bulk_signing;
mod canonicalization;
mod proofs;

/// What the program has too (`src/main.rs`).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    divan::main();
}
