//! Reading 1EdTech revocation lists (`1EdTechRevocationList`), which older badges name.
//!
//! The list is a plain JSON document without a signature of its own, and its entries stand under
//! `revokedCredential` or `revokedCredentials`, depending on the age of the software that wrote it.

use serde_json::Value;

use super::{StatusError, malformed};
use crate::openbadges::model::many::items;

/// The credentials an issuer withdrew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// Whose list it says it is.
    pub issuer: Option<String>,
    revoked: Vec<Revocation>,
}

/// One withdrawn credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The credential's `id`.
    pub id: String,
    /// Why, in the issuer's words.
    pub reason: Option<String>,
}

impl RevocationList {
    /// Reads a list.
    ///
    /// # Errors
    /// [`StatusError::MalformedValue`] when it is none, or an entry names no credential: a list read
    /// by halves would call a revoked badge valid.
    pub fn read(document: &Value) -> Result<Self, StatusError> {
        let issuer = document.get("issuer");
        let issuer = issuer.map(|issuer| issuer.get("id").unwrap_or(issuer));
        let mut revoked = Vec::new();
        let mut found = false;
        for member in ["revokedCredential", "revokedCredentials"] {
            let entries = document.get(member);
            found |= entries.is_some_and(|entries| !entries.is_null());
            for entry in items(entries) {
                revoked.extend(read_entry(entry)?);
            }
        }
        if !found {
            return Err(malformed(
                "the revocation list has no member revokedCredential",
            ));
        }
        Ok(Self {
            issuer: issuer.and_then(Value::as_str).map(str::to_owned),
            revoked,
        })
    }

    /// The withdrawal of a credential, if it is withdrawn.
    pub fn revocation_of(&self, credential_id: &str) -> Option<&Revocation> {
        self.revoked.iter().find(|entry| entry.id == credential_id)
    }
}

/// An entry; `None` when it says that its credential is *not* revoked.
fn read_entry(entry: &Value) -> Result<Option<Revocation>, StatusError> {
    let id = entry
        .get("id")
        .or(Some(entry))
        .and_then(Value::as_str)
        .ok_or_else(|| malformed("an entry of the revocation list names no credential"))?;
    let revoked = match entry.get("revoked") {
        None => true,
        Some(Value::Bool(revoked)) => *revoked,
        Some(_) => {
            return Err(malformed(
                "“revoked” in the revocation list must be true or false",
            ));
        }
    };
    let reason = entry
        .get("revocationReason")
        .and_then(Value::as_str)
        .map(str::to_owned);
    Ok(revoked.then(|| Revocation {
        id: id.to_owned(),
        reason,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_names_of_the_member_are_read() {
        for member in ["revokedCredential", "revokedCredentials"] {
            let list = RevocationList::read(&json!({
                "id": "https://badges.example/revocations/1",
                "issuer": "https://badges.example/issuer",
                member: [
                    { "id": "urn:uuid:1", "revocationReason": "Issued twice" },
                    { "id": "urn:uuid:2", "revoked": false },
                    { "id": "urn:uuid:3", "revoked": true },
                ],
            }))
            .unwrap();
            assert_eq!(
                list.issuer.as_deref(),
                Some("https://badges.example/issuer")
            );
            let first = list.revocation_of("urn:uuid:1").unwrap();
            assert_eq!(first.reason.as_deref(), Some("Issued twice"));
            assert_eq!(list.revocation_of("urn:uuid:2"), None);
            assert!(list.revocation_of("urn:uuid:3").is_some());
            assert_eq!(list.revocation_of("urn:uuid:4"), None);
        }
    }

    #[test]
    fn an_empty_list_is_a_list_and_another_document_is_not() {
        let list = RevocationList::read(&json!({ "revokedCredential": [] })).unwrap();
        assert_eq!(list.revocation_of("urn:uuid:1"), None);
        for other in [
            json!({}),
            json!([]),
            json!({ "revokedCredential": null }),
            json!({ "revokedCredential": [{ "revoked": true }] }),
            json!({ "revokedCredential": [{ "id": "urn:uuid:1", "revoked": "no" }] }),
        ] {
            assert!(matches!(
                RevocationList::read(&other),
                Err(StatusError::MalformedValue(_))
            ));
        }
    }
}
