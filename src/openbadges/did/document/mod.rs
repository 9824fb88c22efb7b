//! Controller documents: the list of an issuer's keys, ours to write and anybody's to read.
//!
//! [`build()`] writes ours, [`find_method`] finds a key in anybody's. Not here: fetching them, and
//! judging whose key it should be ([`verify`](crate::openbadges::verify)).
//!
//! Specifications: Controlled Identifiers 1.0 §2 and §3.3, DID Core 1.0 §5.

mod build;
mod find;

pub use build::{PublishedKey, build, jwk_id, multikey_id};
pub use find::{MethodError, VerificationMethod, find_method, lists};

/// What a key may be used for (a verification relationship, Controlled Identifiers 1.0 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To make claims: credentials.
    AssertionMethod,
    /// To prove who one is: presentations.
    Authentication,
}

impl Purpose {
    /// As `proofPurpose` and as the member of a controller document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }
}

#[cfg(test)]
mod samples {
    use zeroize::Zeroizing;

    use crate::openbadges::keys::{KeyType, PublicKey, SecretKey};

    pub(super) const ISSUER: &str = "did:web:badgeons.example:issuers:7";

    pub(super) fn key(kind: KeyType, fill: u8) -> PublicKey {
        SecretKey::from_bytes(kind, &Zeroizing::new([fill; 32]))
            .unwrap()
            .public()
    }
}
