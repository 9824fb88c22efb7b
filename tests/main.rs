//! What users can do, tested as they do it: one binary, one module per capability.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

mod canonicalization;
mod fetching;
