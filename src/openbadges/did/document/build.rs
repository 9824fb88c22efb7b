//! Writing our issuers' documents, as the 1EdTech validator and DID resolvers read them:
//! `assertionMethod` holds strings, each method's `controller` is the issuer's identifier, and a
//! method's identifier ends in the key itself (or its thumbprint).

use serde_json::{Value, json};

use crate::openbadges::keys::{KeyState, PublicKey};

/// A key of an issuer, and where it is in its life.
#[derive(Debug, Clone, Copy)]
pub struct PublishedKey<'a> {
    /// The key.
    pub key: &'a PublicKey,
    /// Its state.
    pub state: KeyState,
}

/// The identifier of a key published as a Multikey, `{controller}#z6Mk…`: what a Data Integrity
/// proof names as its `verificationMethod`. `None` for RSA.
pub fn multikey_id(controller: &str, key: &PublicKey) -> Option<String> {
    key.to_multikey()
        .map(|multibase| format!("{controller}#{multibase}"))
}

/// The identifier of a key published as a `JsonWebKey`, `{controller}#{thumbprint}`: what a
/// VC-JWT's header names as its `kid`. Only documents we [`build`] have it: a did:key's one method is
/// that of [`multikey_id`].
pub fn jwk_id(controller: &str, key: &PublicKey) -> String {
    format!("{controller}#{}", key.thumbprint())
}

/// An issuer's controller document: every key it ever signed with, so that old badges still verify.
///
/// An Ed25519 key is listed twice, as a Multikey for Data Integrity and as a `JsonWebKey` for
/// VC-JWT; the others as `JsonWebKey` only. A retired key is listed like an active one: `expires`
/// would make verifiers refuse what it signed in time. A compromised one is `revoked`, in its
/// Multikey form whatever its identifier, as the published context of `JsonWebKey` has no such term.
pub fn build(controller: &str, keys: &[PublishedKey<'_>]) -> Value {
    let methods: Vec<Value> = keys
        .iter()
        .flat_map(|key| methods(controller, *key))
        .collect();
    let ids: Vec<&Value> = methods
        .iter()
        .filter_map(|method| method.get("id"))
        .collect();
    json!({
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": controller,
        "assertionMethod": ids,
        "verificationMethod": methods,
    })
}

fn methods(controller: &str, published: PublishedKey<'_>) -> Vec<Value> {
    let key = published.key;
    let multikey = |id: String| {
        json!({
            "id": id,
            "type": "Multikey",
            "controller": controller,
            "publicKeyMultibase": key.to_multikey(),
        })
    };
    let data_integrity = match key {
        PublicKey::Ed25519(_) => multikey_id(controller, key),
        _ => None,
    };
    let jose = jwk_id(controller, key);
    match published.state {
        KeyState::Compromised { from } => data_integrity
            .into_iter()
            .chain([jose])
            .map(|id| {
                let mut method = multikey(id);
                if let Some(members) = method.as_object_mut() {
                    members.insert("revoked".into(), from.whole_seconds().to_string().into());
                }
                method
            })
            .collect(),
        KeyState::Active | KeyState::Retired { .. } => data_integrity
            .map(multikey)
            .into_iter()
            .chain([json!({
                "id": jose,
                "type": "JsonWebKey",
                "controller": controller,
                "publicKeyJwk": key.to_published_jwk(),
            })])
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openbadges::did::document::samples::{ISSUER, key};
    use crate::openbadges::did::{Purpose, find_method};
    use crate::openbadges::keys::KeyType;

    #[test]
    fn every_key_of_an_issuer_is_found_again_in_its_state() {
        let (ed25519, p256) = (key(KeyType::Ed25519, 1), key(KeyType::P256, 1));
        let (retired, stolen) = (key(KeyType::Ed25519, 2), key(KeyType::P256, 2));
        let since = "2026-11-01T00:00:00Z".parse().unwrap();
        let document = build(
            ISSUER,
            &[
                PublishedKey {
                    key: &ed25519,
                    state: KeyState::Active,
                },
                PublishedKey {
                    key: &p256,
                    state: KeyState::Active,
                },
                PublishedKey {
                    key: &retired,
                    state: KeyState::Retired { since },
                },
                PublishedKey {
                    key: &stolen,
                    state: KeyState::Compromised { from: since },
                },
            ],
        );
        assert_eq!(document["id"], ISSUER);
        assert!(
            document["assertionMethod"]
                .as_array()
                .unwrap()
                .iter()
                .all(Value::is_string)
        );
        for (id, expected, state) in [
            (
                multikey_id(ISSUER, &ed25519).unwrap(),
                &ed25519,
                KeyState::Active,
            ),
            (jwk_id(ISSUER, &ed25519), &ed25519, KeyState::Active),
            (jwk_id(ISSUER, &p256), &p256, KeyState::Active),
            (
                multikey_id(ISSUER, &retired).unwrap(),
                &retired,
                KeyState::Active,
            ),
            (
                jwk_id(ISSUER, &stolen),
                &stolen,
                KeyState::Compromised { from: since },
            ),
        ] {
            let method = find_method(&document, &id, Purpose::AssertionMethod).unwrap();
            assert_eq!(&method.key, expected);
            assert_eq!(method.controller.as_deref(), Some(ISSUER));
            assert_eq!((method.state(), method.listed), (state, true));
        }
    }
}
