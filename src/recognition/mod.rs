//! The collective's own rules: from soft recognition to micro-certification.
//!
//! What a badge of each kind takes and says ([`levels`], [`templates`], [`microcredential`]), who
//! gets one ([`roster`] and [`cec`] judge the rows of rosters), and how an [`award::Award`] becomes a
//! credential ([`mod@compose`]) and is renewed ([`renewal`]). Pure: rows and figures in, values out.
//!
//! Not here: reading files ([`spreadsheet`](crate::spreadsheet)), what any badge must satisfy
//! ([`openbadges::model`](crate::openbadges::model)), keeping and sending (services). Whatever the
//! association has yet to decide is a field of [`settings::Settings`] with a default.
//!
//! To add a kind of badge: one file in `templates/`. A rule about rows: `roster.rs` or `cec.rs`, with
//! its [`Correction`](entry::Correction).

pub mod activity;
pub mod ask;
pub mod award;
pub mod cec;
pub mod compose;
pub mod earlier;
pub mod email;
pub mod entry;
pub mod folding;
pub mod levels;
pub mod microcredential;
pub mod outcome;
pub mod renewal;
mod roles;
pub mod roster;
mod rows;
pub mod settings;
pub mod siret;
pub mod templates;
pub mod workshops;
