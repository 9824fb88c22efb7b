//! Door comment to be written by the owner of this folder.

pub mod checked;
pub mod rules;
mod timestamp;

pub use timestamp::{NotATimestamp, Timestamp};
