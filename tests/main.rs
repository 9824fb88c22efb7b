//! What users can do, tested as they do it: one binary, one module per capability.

#![allow(
    clippy::large_futures,
    reason = "a test has its thread's whole stack to itself"
)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

mod achievements;
mod api;
mod architecture;
mod audit;
mod baking;
mod batches;
mod bulk_cli;
mod canonicalization;
mod conformance;
mod drafts;
mod faults;
mod fetching;
mod harness;
mod holders;
mod house_rules;
mod idempotency;
mod images;
mod initialising;
mod issuing;
mod keys;
mod model;
mod nodes;
mod pages;
mod presenting;
mod printing;
mod profiles;
mod publishing;
mod registers;
mod renewing;
mod revoking;
mod rosters;
mod store;
mod texts;
mod transcript;
mod vc_api;
mod vendored;
mod verifying;
