//! `/api/v1/batches`: badges issued from a spreadsheet, whatever its size.
//!
//! `receiving`: the file comes in; `told`: how a batch is told; `reading`: batches, reports and rows;
//! `following`: how far one is, as it happens; `files`: the organiser's sheet with what became of it, and the
//! badges; `steering`: pause, resume, cancel; `withdrawing`: revoke or erase all that it issued.
//!
//! Issuing itself goes on beside the server (`cli/serve.rs`), on any node, whoever is connected.

mod files;
mod following;
mod reading;
mod receiving;
mod steering;
mod told;
mod withdrawing;

pub(super) use files::*;
pub(super) use following::*;
pub(super) use reading::*;
pub(super) use receiving::*;
pub(super) use steering::*;
pub(super) use withdrawing::*;
