//! What the tests share: the world they run in.
//!
//! - [`databases`]: one test body on SQLite and on PostgreSQL.
//! - [`app`]: an installation with a clock that stands still and known randomness; [`rows`] builds
//!   what a person types or writes into a sheet.
//! - [`sheets`]: the sample rosters, in each form people save them in.
//! - [`judging`]: what a report must say; [`outside`]: somebody else, who has only what we publish.
//! - [`web`]: its server, asked in process; [`documented`]: whether an answer is as its document says.
//! - [`binary`]: the `badgeons` command itself, as a child process.

pub(crate) mod app;
pub(crate) mod binary;
pub(crate) mod databases;
pub(crate) mod documented;
pub(crate) mod judging;
pub(crate) mod outside;
pub(crate) mod rows;
pub(crate) mod sheets;
pub(crate) mod web;
