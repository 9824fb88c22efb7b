//! The server, asked as partners, verifiers and operators ask it.
//!
//! - [`tokens`], [`exchanging`]: who may call; [`access`]: who may call what, for every operation of the
//!   OpenAPI document; [`document`]: that document.
//! - [`issuing`], [`listing`], [`withdrawing`]: a badge from the request to its end.
//! - [`batches`]: a spreadsheet of any size, and what becomes of it.
//! - [`badges`], [`publications`]: what the world reads; [`verifications`]: anybody's badge, judged.
//! - [`requests`]: what all requests have in common; [`watching`]: what operators see.

mod access;
mod badges;
mod batches;
mod checking;
mod document;
mod exchanging;
mod issuing;
mod listing;
mod publications;
mod requests;
mod samples;
mod tokens;
mod verifications;
mod watching;
mod withdrawing;
