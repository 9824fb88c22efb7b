//! did:jwk: the identifier is a JWK, base64url (did:jwk method specification).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::{Did, ResolveError, document_of_one_key};
use crate::openbadges::{json, keys::PublicKey};

/// The did:jwk of a key.
pub fn from_key(key: &PublicKey) -> Option<Did> {
    format!(
        "did:jwk:{}",
        URL_SAFE_NO_PAD.encode(key.to_jwk().to_string())
    )
    .parse()
    .ok()
}

/// The document of a did:jwk: one method, `did:jwk:…#0`.
pub fn document(did: &Did) -> Result<Value, ResolveError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(did.specific_id())
        .map_err(|_| ResolveError::NotAJwk)?;
    let jwk = json::parse(&bytes).map_err(|_| ResolveError::NotAJwk)?;
    // The method's own rule: a key that says it is for encryption has no relationship; nor for us.
    PublicKey::from_jwk(&jwk)?;
    let method = ("JsonWebKey", "publicKeyJwk", jwk);
    Ok(document_of_one_key(
        did,
        "0",
        "https://w3id.org/security/jwk/v1",
        method,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openbadges::did::{Purpose, find_method};
    use crate::openbadges::keys::KeyError;

    // The P-256 example of the did:jwk specification.
    const EXAMPLE: &str = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";

    #[test]
    fn the_key_of_the_published_example_is_found_under_0() {
        let did: Did = EXAMPLE.parse().unwrap();
        let document = document(&did).unwrap();
        let id = format!("{EXAMPLE}#0");
        let method = find_method(&document, &id, Purpose::AssertionMethod).unwrap();
        assert_eq!(
            method.key.to_jwk()["x"],
            "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0"
        );
        assert!(method.listed);
        assert!(find_method(&document, EXAMPLE, Purpose::AssertionMethod).is_err());
        let ours = from_key(&method.key).unwrap();
        assert_eq!(super::document(&ours).unwrap()["id"], ours.as_str());
    }

    #[test]
    fn a_did_jwk_without_a_usable_public_key_is_refused() {
        let did = |jwk: &str| {
            format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk))
                .parse()
                .unwrap()
        };
        assert_eq!(
            document(&"did:jwk:%7B%7D".parse().unwrap()),
            Err(ResolveError::NotAJwk)
        );
        let twice = r#"{"kty":"OKP","kty":"EC"}"#;
        assert_eq!(document(&did(twice)), Err(ResolveError::NotAJwk));
        let private = KeyError::PrivateMember { member: "k" };
        assert_eq!(
            document(&did(r#"{"kty":"oct","k":""}"#)),
            Err(private.into())
        );
    }
}
