//! JSON Web Keys, public ones only: RFC 7517, RFC 7518 §6, RFC 8037 §2; thumbprints of RFC 7638.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{EcPublic, Ed25519Public, KeyError, PublicKey, RsaPublic};

/// Members that only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The longest member decoded: an 8192-bit modulus has 1366 characters.
const MAX_CHARS: usize = 2048;

impl PublicKey {
    /// As a JWK with its required members and nothing else.
    pub fn to_jwk(&self) -> Value {
        match self {
            Self::Ed25519(key) => json!({"kty": "OKP", "crv": "Ed25519", "x": b64(key.as_bytes())}),
            Self::P256(key) => ec_jwk("P-256", key),
            Self::P384(key) => ec_jwk("P-384", key),
            Self::Rsa(key) => {
                let (n, e) = key.components();
                json!({"kty": "RSA", "n": b64(n), "e": b64(e)})
            }
        }
    }

    /// As a JWK to publish: also named by its thumbprint, and saying what it is for.
    pub fn to_published_jwk(&self) -> Value {
        let mut jwk = self.to_jwk();
        if let Some(members) = jwk.as_object_mut() {
            members.insert("kid".into(), self.thumbprint().into());
            members.insert("use".into(), "sig".into());
            members.insert("alg".into(), self.algorithm().name().into());
        }
        jwk
    }

    /// From a JWK, whose other members (`kid`, `iss`, `x5c` …) are left alone.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        let jwk = jwk.as_object().ok_or(KeyError::Member { member: "kty" })?;
        if let Some(member) = PRIVATE.into_iter().find(|member| jwk.contains_key(*member)) {
            return Err(KeyError::PrivateMember { member });
        }
        let curve = jwk.get("crv").and_then(Value::as_str);
        let key = match (text(jwk, "kty")?, curve) {
            ("OKP", Some("Ed25519")) => {
                let x = bytes(jwk, "x")?;
                let x = x
                    .as_slice()
                    .try_into()
                    .map_err(|_| KeyError::Member { member: "x" })?;
                Self::Ed25519(Ed25519Public::from_bytes(x)?)
            }
            ("EC", Some("P-256")) => Self::p256(&point(jwk)?)?,
            ("EC", Some("P-384")) => Self::p384(&point(jwk)?)?,
            ("RSA", _) => Self::Rsa(RsaPublic::from_components(
                &bytes(jwk, "n")?,
                &bytes(jwk, "e")?,
            )?),
            _ => {
                return Err(KeyError::UnsupportedJwk {
                    what: "its kty and crv",
                });
            }
        };
        check_intended_use(jwk, &key)?;
        Ok(key)
    }

    /// The RFC 7638 thumbprint: SHA-256 of the required members, base64url.
    pub fn thumbprint(&self) -> String {
        // The members in lexicographic order, without white space; none needs an escape (§3.3).
        let canonical = match self {
            Self::Ed25519(key) => {
                format!(
                    r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
                    b64(key.as_bytes())
                )
            }
            Self::P256(key) => ec_thumbprint("P-256", key),
            Self::P384(key) => ec_thumbprint("P-384", key),
            Self::Rsa(key) => {
                let (n, e) = key.components();
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, b64(e), b64(n))
            }
        };
        b64(&Sha256::digest(canonical))
    }
}

fn ec_jwk(curve: &str, key: &EcPublic) -> Value {
    let (x, y) = key.coordinates();
    json!({"kty": "EC", "crv": curve, "x": b64(x), "y": b64(y)})
}

fn ec_thumbprint(curve: &str, key: &EcPublic) -> String {
    let (x, y) = key.coordinates();
    format!(
        r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#,
        b64(x),
        b64(y)
    )
}

/// A key may say what it is for (RFC 7517 §4.2–§4.4); then it must be for what we do with it.
fn check_intended_use(jwk: &Map<String, Value>, key: &PublicKey) -> Result<(), KeyError> {
    if jwk.get("use").is_some_and(|value| value != "sig") {
        return Err(KeyError::UnsupportedJwk {
            what: "it is not for signatures (“use”)",
        });
    }
    let operations = jwk.get("key_ops");
    let verifies = |ops: &Value| {
        ops.as_array()
            .is_some_and(|ops| ops.iter().any(|op| op == "verify"))
    };
    if operations.is_some_and(|ops| !verifies(ops)) {
        return Err(KeyError::UnsupportedJwk {
            what: "it may not verify (“key_ops”)",
        });
    }
    // RFC 9864 renames EdDSA with this curve to Ed25519.
    let named = |alg: &Value| {
        alg == key.algorithm().name() || (matches!(key, PublicKey::Ed25519(_)) && alg == "Ed25519")
    };
    if jwk.get("alg").is_some_and(|alg| !named(alg)) {
        return Err(KeyError::UnsupportedJwk {
            what: "it is for another algorithm (“alg”)",
        });
    }
    Ok(())
}

fn text<'a>(jwk: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, KeyError> {
    jwk.get(member)
        .and_then(Value::as_str)
        .ok_or(KeyError::Member { member })
}

fn bytes(jwk: &Map<String, Value>, member: &'static str) -> Result<Vec<u8>, KeyError> {
    let text = text(jwk, member)?;
    if text.len() > MAX_CHARS {
        return Err(KeyError::Member { member });
    }
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| KeyError::Member { member })
}

/// The uncompressed SEC 1 point; a coordinate must have its full width (RFC 7518 §6.2.1.2).
fn point(jwk: &Map<String, Value>) -> Result<Vec<u8>, KeyError> {
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    if x.len() != y.len() {
        return Err(KeyError::Member { member: "y" });
    }
    Ok([&[4], x.as_slice(), y.as_slice()].concat())
}

fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // RFC 8037 appendix A.2, A.3.
    fn rfc8037() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    // RFC 7517 appendix A.1, with the RSA key of RFC 7638 §3.1.
    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})
    }

    fn rsa() -> Value {
        json!({"kty": "RSA", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"})
    }

    #[test]
    fn public_keys_come_and_go_unchanged() {
        for jwk in [rfc8037(), ec(), rsa()] {
            let key = PublicKey::from_jwk(&jwk).unwrap();
            assert_eq!(key.to_jwk(), jwk);
            assert_eq!(PublicKey::from_jwk(&key.to_published_jwk()), Ok(key));
        }
    }

    #[test]
    fn thumbprints_are_those_of_the_rfcs() {
        let thumbprint = |jwk| PublicKey::from_jwk(&jwk).unwrap().thumbprint();
        assert_eq!(
            thumbprint(rfc8037()),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
        assert_eq!(
            thumbprint(rsa()),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
    }

    fn with(mut jwk: Value, member: &str, value: impl Into<Value>) -> Value {
        jwk[member] = value.into();
        jwk
    }

    #[test]
    fn a_private_member_is_refused_whatever_the_rest_is() {
        for member in PRIVATE {
            let refused = Err(KeyError::PrivateMember { member });
            assert_eq!(PublicKey::from_jwk(&with(rsa(), member, "AA")), refused);
        }
        let hmac = json!({"kty": "oct", "k": "AA"});
        assert_eq!(
            PublicKey::from_jwk(&hmac),
            Err(KeyError::PrivateMember { member: "k" })
        );
    }

    #[test]
    fn a_key_meant_for_something_else_is_refused() {
        for (member, good, bad) in [
            ("use", json!("sig"), json!("enc")),
            ("key_ops", json!(["verify"]), json!(["deriveKey"])),
            ("alg", json!("ES256"), json!("ES384")),
        ] {
            assert!(
                PublicKey::from_jwk(&with(ec(), member, good)).is_ok(),
                "{member}"
            );
            let refused = PublicKey::from_jwk(&with(ec(), member, bad));
            assert!(
                matches!(refused, Err(KeyError::UnsupportedJwk { .. })),
                "{member}"
            );
        }
        assert!(PublicKey::from_jwk(&with(rfc8037(), "alg", "EdDSA")).is_ok());
        assert!(PublicKey::from_jwk(&with(rfc8037(), "alg", "Ed25519")).is_ok());
        assert!(PublicKey::from_jwk(&with(rsa(), "alg", "HS256")).is_err());
    }

    #[test]
    fn each_malformed_member_is_named() {
        let refused = |jwk| PublicKey::from_jwk(&jwk).unwrap_err();
        let member = |member| KeyError::Member { member };
        assert_eq!(refused(json!("key")), member("kty"));
        assert_eq!(refused(json!({})), member("kty"));
        assert_eq!(refused(with(ec(), "x", 1)), member("x"));
        assert_eq!(refused(with(ec(), "y", "AAAA")), member("y"));
        let padded = format!("{}=", ec()["x"].as_str().unwrap());
        assert_eq!(refused(with(ec(), "x", padded)), member("x"));
        assert_eq!(refused(with(rfc8037(), "x", "AAAA")), member("x"));
        assert_eq!(refused(with(rsa(), "e", "A A")), member("e"));
        assert_eq!(
            refused(with(rsa(), "n", "AQAB")),
            KeyError::RsaSize { bits: 17 }
        );
        let wrong_curve = refused(with(ec(), "crv", "secp256k1"));
        assert!(matches!(wrong_curve, KeyError::UnsupportedJwk { .. }));
        let off_curve = with(ec(), "y", ec()["x"].clone());
        assert_eq!(refused(off_curve), KeyError::NotAPoint { kind: "P-256" });
    }

    proptest! {
        #[test]
        fn never_panics(
            kty in "OKP|EC|RSA|oct|.{0,3}",
            crv in "Ed25519|P-256|P-384|.{0,3}",
            x in "[A-Za-z0-9_-]{0,90}",
            y in "[A-Za-z0-9_=-]{0,90}",
        ) {
            drop(PublicKey::from_jwk(&json!({"kty": kty, "crv": crv, "x": x, "y": y, "n": x, "e": y})));
        }
    }
}
