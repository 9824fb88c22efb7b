//! What happened to a badge after it was signed: revoked, suspended, replaced.
//!
//! W3C Bitstring Status List 1.0: the [`Bitstring`] itself, the [`StatusList`] credential we
//! publish (and [`PublishedList`], anybody's), the [`StatusEntry`] inside a badge, and
//! [`evaluate`], which says what the one means for the other. 1EdTech's [`RevocationList`],
//! deprecated since September 2025, is read and never written.
//!
//! What does not live here: fetching lists, and verifying the credential a list comes in, which is
//! [`verify`](super::verify); choosing free indexes, which the services do with their own
//! randomness.
//!
//! One more status method is one more file with its `read`, and a branch in
//! `verify/checks/status.rs`.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

mod bitstring;
mod entry;
mod list;
mod revocation_list;

pub use bitstring::{Bitstring, MAX_BYTES, MIN_ENTRIES};
pub use entry::{StatusEntry, StatusMessage, StatusPurpose, StatusResult, evaluate};
pub use list::{PublishedList, StatusList};
pub use revocation_list::{Revocation, RevocationList};

/// Why a status can't be told. The kinds are those of Bitstring Status List 1.0 §3.5.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// The list could not be had.
    #[error("the status list could not be fetched: {0}")]
    Retrieval(String),
    /// The list is not the issuer's, not of this purpose, or no list at all.
    #[error("the status list can't be relied on: {0}")]
    Verification(String),
    /// The list is so short that it gives away whose status is looked up.
    #[error(
        "the status list has {entries} entries, fewer than the {MIN_ENTRIES} that protect \
            people's privacy"
    )]
    ListLength {
        /// How many entries it has.
        entries: u64,
    },
    /// A member is not what the standard says it must be.
    #[error("the status information is malformed: {0}")]
    MalformedValue(String),
    /// The badge's place is beyond the end of the list.
    #[error("the badge has number {index} in a status list that is shorter than that")]
    Range {
        /// The badge's place.
        index: String,
    },
}

fn malformed(what: impl Into<String>) -> StatusError {
    StatusError::MalformedValue(what.into())
}
