//! Where a credential's status is told (`credentialStatus`).

use super::class::class;

/// The type of an entry in a [`Bitstring Status List`](https://www.w3.org/TR/vc-bitstring-status-list/).
pub const BITSTRING_STATUS_LIST_ENTRY: &str = "BitstringStatusListEntry";
/// The type of 1EdTech's list of revoked credentials.
pub const REVOCATION_LIST: &str = "1EdTechRevocationList";

class! {
    /// Where a credential's status is told: one object, whose members depend on its type.
    #[derive(Debug)]
    pub struct CredentialStatus {
        required {
            ;
            /// The status method.
            #[serde(rename = "type")]
            kind: String = Text,
        }
        optional {
            /// Which entry; the URL of the list itself for [`REVOCATION_LIST`].
            id: String = Uri,
            /// Bitstring: `revocation`, `suspension`, `refresh`, `message`.
            status_purpose: String = Text,
            /// Bitstring: the entry's place in the list, in decimal digits.
            status_list_index: String = Text,
            /// Bitstring: the URL of the list credential.
            status_list_credential: String = Uri,
        }
        many {}
    }
}

impl CredentialStatus {
    /// The entry at `index` of the status list credential at `list`.
    pub fn bitstring(list: &str, purpose: &str, index: u64) -> Self {
        Self {
            id: Some(format!("{list}#{index}")),
            status_purpose: Some(purpose.to_owned()),
            status_list_index: Some(index.to_string()),
            status_list_credential: Some(list.to_owned()),
            ..Self::new(BITSTRING_STATUS_LIST_ENTRY)
        }
    }
}
