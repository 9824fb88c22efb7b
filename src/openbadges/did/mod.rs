//! Who signs: decentralized identifiers, and the documents that list an issuer's keys.
//!
//! Here: the parsed types [`Did`] and [`DidUrl`]; the methods [`key`] and [`jwk`], whose document
//! follows from the identifier itself, and [`web`], whose document is fetched from an https URL; and
//! [`document`], which writes our issuers' controller documents and finds a key in anybody's.
//! Not here: fetching ([`fetch`](crate::fetch)), and what a key is ([`keys`](super::keys)).
//!
//! Specifications: DID Core 1.0 §3 and §5, Controlled Identifiers 1.0 §2 and §3.3, did:key 0.9,
//! did:jwk, did:web. One more method: a file here, and its line in [`resolve`].

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

pub mod document;
pub mod jwk;
pub mod key;
mod syntax;
pub mod web;

use serde_json::{Value, json};

pub use document::{MethodError, Purpose, VerificationMethod, find_method};
pub use syntax::{Did, DidUrl, NotADid};

/// What it takes to have a DID's document.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// The identifier itself says it all.
    Document(Value),
    /// It is at this https URL; its `id` must be the DID.
    Fetch(url::Url),
}

/// Why a DID has no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// A method we do not know.
    #[error("the DID method “{method}” is not supported; did:key, did:jwk and did:web are")]
    UnknownMethod {
        /// The method's name.
        method: String,
    },
    /// A did:key or did:jwk that holds no key we can use.
    #[error(transparent)]
    Key(#[from] super::keys::KeyError),
    /// A did:jwk that is no base64url of a JSON document.
    #[error("the did:jwk is not the base64url form of a JWK")]
    NotAJwk,
    /// A did:web that names no web address.
    #[error(transparent)]
    Web(#[from] web::NotAWebDid),
}

/// The document of a DID, or where it is.
pub fn resolve(did: &Did) -> Result<Resolution, ResolveError> {
    match did.method() {
        "key" => key::document(did).map(Resolution::Document),
        "jwk" => jwk::document(did).map(Resolution::Document),
        "web" => Ok(Resolution::Fetch(web::document_url(did)?)),
        method => Err(ResolveError::UnknownMethod {
            method: method.into(),
        }),
    }
}

/// The document of a DID that is its own key: one method, for all that signatures are for. `key` is
/// the method's type, the member that holds the key, and the key.
fn document_of_one_key(
    did: &Did,
    fragment: &str,
    context: &str,
    (kind, member, key): (&str, &str, Value),
) -> Value {
    let id = format!("{did}#{fragment}");
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", context],
        "id": did,
        "verificationMethod": [{"id": id, "type": kind, "controller": did, member: key}],
        "authentication": [id],
        "assertionMethod": [id],
        "capabilityDelegation": [id],
        "capabilityInvocation": [id],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_method_says_what_it_takes() {
        let resolved = |text: &str| resolve(&text.parse().unwrap());
        let key = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        assert!(
            matches!(resolved(key), Ok(Resolution::Document(document)) if document["id"] == key)
        );
        let url = "https://badgeons.example/.well-known/did.json"
            .parse()
            .unwrap();
        assert_eq!(
            resolved("did:web:badgeons.example"),
            Ok(Resolution::Fetch(url))
        );
        let refused = ResolveError::UnknownMethod {
            method: "ion".into(),
        };
        assert_eq!(resolved("did:ion:EiClkZMDxPKqC9c"), Err(refused));
        assert_eq!(resolved("did:jwk:not-json"), Err(ResolveError::NotAJwk));
    }
}
