//! What can go wrong with keys at rest, in words for whoever runs the installation.

use std::path::PathBuf;

use crate::config::MASTER_KEY;
use crate::entropy::NoEntropy;

/// A key that can't be used. Never holds key material.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// Neither the file nor the environment has a master key.
    #[error(
        "there is no master key: {} does not exist and {MASTER_KEY} is not set; \
         `badgeons init` makes one for a new installation, an old one needs its own back",
        path.display()
    )]
    Missing {
        /// Where the file should be.
        path: PathBuf,
    },
    /// A master key is there already, and is never overwritten.
    #[error("{} exists already and is never overwritten: private keys may be sealed with it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner can read the file.
    #[error(
        "{path} can be read by others than its owner; run `chmod 600 {path}`, \
         and make a new key if somebody may have seen it",
        path = path.display()
    )]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder can't be read or written.
    #[error("{} can't be used: {reason}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// The text is no key.
    #[error("the master key is not 32 bytes written as 64 hexadecimal digits or as base64")]
    NotAKey,
    /// The database was made with another master key.
    #[error(
        "this master key is not the one the database was made with; nothing was touched. \
         Give back the right `master.key` (or {MASTER_KEY})"
    )]
    WrongMasterKey,
    /// A sealed key does not open.
    #[error(
        "a sealed private key does not open: it was altered, belongs to another issuer, \
         or was sealed under another master key"
    )]
    DoesNotOpen,
    /// Sealed by a newer version of this program.
    #[error("a private key was sealed by a newer version of badgeons; use that version")]
    UnknownFormat,
    /// No randomness, no key.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}
