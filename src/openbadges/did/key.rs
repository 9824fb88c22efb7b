//! did:key: the identifier is the key (did:key method 0.9).

use serde_json::Value;

use super::{Did, ResolveError, document_of_one_key};
use crate::openbadges::keys::PublicKey;

/// The did:key of a key; `None` for RSA, which did:key does not hold.
pub fn from_key(key: &PublicKey) -> Option<Did> {
    format!("did:key:{}", key.to_multikey()?).parse().ok()
}

/// The key a did:key is.
pub fn public_key(did: &Did) -> Result<PublicKey, ResolveError> {
    Ok(PublicKey::from_multikey(did.specific_id())?)
}

/// The document of a did:key: one method, `did:key:z…#z…`.
pub fn document(did: &Did) -> Result<Value, ResolveError> {
    public_key(did)?;
    let multibase = did.specific_id();
    let method = ("Multikey", "publicKeyMultibase", multibase.into());
    Ok(document_of_one_key(
        did,
        multibase,
        "https://w3id.org/security/multikey/v1",
        method,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openbadges::did::{Purpose, find_method};
    use crate::openbadges::keys::KeyError;

    // The examples of the did:key specification, §2.1 and §6.
    const EXAMPLES: [&str; 4] = [
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
        "did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54",
    ];

    #[test]
    fn a_key_is_found_in_its_own_document_and_nowhere_else() {
        for text in EXAMPLES {
            let did: Did = text.parse().unwrap();
            let key = public_key(&did).unwrap();
            assert_eq!(from_key(&key).as_ref(), Some(&did));
            let document = document(&did).unwrap();
            let id = format!("{did}#{}", did.specific_id());
            let method = find_method(&document, &id, Purpose::AssertionMethod).unwrap();
            assert_eq!(
                (method.key, method.controller.as_deref()),
                (key, Some(text))
            );
            assert!(method.listed);
            assert!(find_method(&document, text, Purpose::AssertionMethod).is_err());
            assert!(find_method(&document, &format!("{did}#z"), Purpose::AssertionMethod).is_err());
        }
    }

    #[test]
    fn a_did_key_without_a_usable_key_is_refused() {
        for (text, error) in [
            ("did:key:u6Mk", KeyError::NotBase58),
            // X25519: agrees on keys, signs nothing.
            (
                "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",
                KeyError::UnknownMulticodec,
            ),
        ] {
            let did: Did = text.parse().unwrap();
            assert_eq!(document(&did), Err(ResolveError::Key(error)), "{text}");
        }
    }
}
