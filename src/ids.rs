//! Identifiers: one type per thing, so that a credential's can't be given where an issuer's is meant.
//!
//! All are random UUIDs (version 4; version 8 where many begin alike), because a credential's identifier is part of its private link:
//! it must not be guessable from another one. They are minted from an [`Entropy`] and nothing else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entropy::{Entropy, NoEntropy};

/// Mints a random UUID (version 4).
pub fn random_uuid(entropy: &dyn Entropy) -> Result<Uuid, NoEntropy> {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// A text that should be an identifier and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{text}” is not an identifier; write it as in 6ba7b810-9dad-41d1-80b4-00c04fd430c8, with or without urn:uuid:"
)]
pub struct NotAnId {
    text: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Mints a new one.
            pub fn mint(entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
                random_uuid(entropy).map(Self)
            }

            /// Mints a new one that begins like others; 90 bits after that are random (version 8).
            pub fn mint_beginning(beginning: [u8; 4], entropy: &dyn Entropy) -> Result<Self, NoEntropy> {
                let mut bytes = [0; 16];
                entropy.fill(&mut bytes)?;
                if let Some(first) = bytes.first_chunk_mut() {
                    *first = beginning;
                }
                Ok(Self(uuid::Builder::from_custom_bytes(bytes).into_uuid()))
            }

            /// As a URN, `urn:uuid:…`: an identifier that needs no web server.
            pub fn urn(self) -> String {
                self.0.urn().to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text.trim()).map(Self).map_err(|_| NotAnId { text: text.into() })
            }
        }
    )*};
}

ids! {
    /// An organisation that issues.
    IssuerId
    /// A signing key.
    KeyId
    /// A badge class (Achievement), whatever its version.
    AchievementId
    /// One immutable version of a badge class.
    AchievementVersionId
    /// An issued badge (AchievementCredential).
    CredentialId
    /// The person or organisation a badge was issued to, as kept apart from the credential.
    RecipientId
    /// A bitstring status list.
    StatusListId
    /// A roster that was imported.
    BatchId
    /// An entry of the audit log.
    AuditId
    /// An access token.
    TokenId
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn an_id_reads_back_from_each_way_of_writing_it() {
        let id = CredentialId::mint(&SeededEntropy::new(1)).unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.urn().parse(), Ok(id));
        assert_eq!(id.0.get_version_num(), 4);
    }

    #[test]
    fn what_is_no_id_is_refused_with_an_example() {
        let error = "badge-1".parse::<CredentialId>().unwrap_err();
        assert!(error.to_string().contains("6ba7b810"));
    }
}
