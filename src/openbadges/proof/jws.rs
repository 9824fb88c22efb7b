//! JWS in compact form (RFC 7515 §3.1, §7.1): three base64url parts, read strictly.
//!
//! The header is a stranger's word. It may name the key, and the algorithm must be the one that key
//! has; it never chooses: not `none`, not HMAC with a public key as the secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::openbadges::json::{self, JsonError};
use crate::openbadges::keys::{Algorithm, BadSignature, KeyError, PublicKey, SecretKey};

/// The longest text read: what [`json::MAX_BYTES`] become in base64, and room for the rest.
const MAX_CHARS: usize = json::MAX_BYTES / 3 * 4 + 64 * 1024;

/// A JWS, read and not yet verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Jws<'a> {
    /// Its protected header.
    pub header: Header,
    /// Its payload, a JSON object.
    pub payload: Value,
    signing_input: &'a str,
    signature: Vec<u8>,
}

/// The header's members that are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The algorithm it claims.
    pub algorithm: Algorithm,
    /// The URL of the key.
    pub kid: Option<String>,
    /// The key itself, which says nothing about whose it is.
    pub jwk: Option<PublicKey>,
    /// What the JWS says it is.
    pub typ: Option<String>,
    /// The first few members besides these, which Open Badges does not allow, by name.
    pub others: Vec<String>,
}

impl Header {
    /// Whether it says that it is of the W3C's profile (VC-JOSE-COSE §3.1.1), which has rules of its
    /// own.
    pub fn is_w3c(&self) -> bool {
        let typ = self.typ.as_deref();
        typ.is_some_and(|typ| typ.to_ascii_lowercase().contains("vc+"))
    }
}

/// Why a text is no JWS that can be verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than any credential.
    #[error("the signed text is longer than {MAX_CHARS} characters, the most that is read")]
    TooLarge,
    /// Not three parts, or none of base64url.
    #[error("this is no signed credential: {part} is not base64url between dots")]
    NotCompact {
        /// Which part.
        part: &'static str,
    },
    /// A part is not JSON with one meaning.
    #[error("{part} of the signed credential cannot be read: {source}")]
    Json {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        source: JsonError,
    },
    /// A part, or a member of the header, is not what it must be.
    #[error("“{member}” of the signed credential is missing or malformed")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// An algorithm that must not be used: `none`, HMAC, or one we do not know.
    #[error("the algorithm “{algorithm}” is refused; RS256, ES256, ES384 and EdDSA are accepted")]
    Algorithm {
        /// The header's word.
        algorithm: String,
    },
    /// The header says the rest of it must be understood, and we do not.
    #[error("the header has critical extensions, and none is supported")]
    Critical,
    /// The key in the header is none, or a private one.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The header names another algorithm than the key has.
    #[error("the header says {header}, but the key is for {key}")]
    WrongAlgorithm {
        /// The header's word.
        header: &'static str,
        /// What the key is for.
        key: &'static str,
    },
    /// The signature is not of this key over this text.
    #[error(transparent)]
    Signature(#[from] BadSignature),
}

impl<'a> Jws<'a> {
    /// Reads a compact JWS whose payload is a JSON object.
    pub fn read(compact: &'a str) -> Result<Self, JwsError> {
        if compact.len() > MAX_CHARS {
            return Err(JwsError::TooLarge);
        }
        let not_compact = |part| JwsError::NotCompact { part };
        let (signing_input, signature) = compact.rsplit_once('.').ok_or(not_compact("the text"))?;
        let (header, payload) = signing_input
            .split_once('.')
            .ok_or(not_compact("the text"))?;
        let header = read_header(&decode_object(header, "the header")?)?;
        let signature = decode(signature, "the signature")?;
        let payload = Value::Object(decode_object(payload, "the payload")?);
        Ok(Self {
            header,
            payload,
            signing_input,
            signature,
        })
    }

    /// Verifies the signature with a key, by the key's one algorithm (RFC 7515 §5.2 step 8).
    pub fn verify(&self, key: &PublicKey) -> Result<(), JwsError> {
        let (header, algorithm) = (self.header.algorithm, key.algorithm());
        if header != algorithm {
            return Err(JwsError::WrongAlgorithm {
                header: header.name(),
                key: algorithm.name(),
            });
        }
        Ok(key.verify(self.signing_input.as_bytes(), &self.signature)?)
    }
}

/// What a header we write says of its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// `typ: JWT`: Open Badges' profile, which allows nothing else beside the key (§8.2.2).
    Jwt,
    /// `typ: vc+jwt` and `cty: vc`: the W3C's (VC-JOSE-COSE §3.1.1).
    Credential,
}

/// Signs a JSON text as a compact JWS whose header has `alg`, `kid` and what it says of the payload.
pub(super) fn sign(
    payload: &[u8],
    key: &SecretKey,
    kid: &str,
    says: Says,
) -> Result<String, KeyError> {
    let algorithm = key.algorithm().name();
    let says = match says {
        Says::Jwt => r#""typ":"JWT""#,
        Says::Credential => r#""typ":"vc+jwt","cty":"vc""#,
    };
    let header = format!(
        r#"{{"alg":"{algorithm}","kid":{},{says}}}"#,
        Value::from(kid)
    );
    let mut compact = String::with_capacity(payload.len().saturating_mul(3) / 2);
    URL_SAFE_NO_PAD.encode_string(header, &mut compact);
    compact.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut compact);
    let signature = key.sign(compact.as_bytes())?;
    compact.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut compact);
    Ok(compact)
}

fn decode(text: &str, part: &'static str) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| JwsError::NotCompact { part })
}

fn decode_object(text: &str, part: &'static str) -> Result<Map<String, Value>, JwsError> {
    let bytes = decode(text, part)?;
    match json::parse(&bytes).map_err(|source| JwsError::Json { part, source })? {
        Value::Object(members) => Ok(members),
        _ => Err(JwsError::Member { member: part }),
    }
}

fn read_header(header: &Map<String, Value>) -> Result<Header, JwsError> {
    if header.contains_key("crit") || header.contains_key("b64") {
        return Err(JwsError::Critical);
    }
    let text = |member| match header.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(JwsError::Member { member }),
    };
    let algorithm = match text("alg")?.as_deref() {
        Some("EdDSA" | "Ed25519") => Algorithm::EdDsa,
        Some("ES256") => Algorithm::Es256,
        Some("ES384") => Algorithm::Es384,
        Some("RS256") => Algorithm::Rs256,
        Some(other) => {
            return Err(JwsError::Algorithm {
                algorithm: other.chars().take(32).collect(),
            });
        }
        None => return Err(JwsError::Member { member: "alg" }),
    };
    let allowed = ["alg", "kid", "jwk", "typ"];
    Ok(Header {
        algorithm,
        kid: text("kid")?,
        jwk: header.get("jwk").map(PublicKey::from_jwk).transpose()?,
        typ: text("typ")?,
        others: header
            .keys()
            .filter(|name| !allowed.contains(&name.as_str()))
            .take(8)
            .cloned()
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use josekit::jws::HS256;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::openbadges::keys::KeyType;
    use crate::openbadges::proof::samples::secret;

    const KID: &str = "https://badgeons.example/keys/1";

    fn b64(text: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The text with another header, its payload and its signature as they were.
    fn with_header(compact: &str, header: &Value) -> String {
        let (_, rest) = compact.split_once('.').unwrap();
        format!("{}.{rest}", b64(header.to_string()))
    }

    fn read_header_of(header: &Value) -> Result<Header, JwsError> {
        let compact = format!("{}.{}.", b64(header.to_string()), b64("{}"));
        Jws::read(&compact).map(|jws| jws.header)
    }

    #[test]
    fn what_is_signed_is_read_and_verifies() {
        for kind in [KeyType::Ed25519, KeyType::P256] {
            let key = secret(kind, 1);
            let compact = sign(br#"{"a":1}"#, &key, KID, Says::Jwt).unwrap();
            let jws = Jws::read(&compact).unwrap();
            assert_eq!(jws.payload, json!({"a": 1}));
            assert_eq!(jws.header.kid.as_deref(), Some(KID));
            assert_eq!(jws.header.typ.as_deref(), Some("JWT"));
            assert_eq!((jws.header.jwk.clone(), jws.header.others.len()), (None, 0));
            assert_eq!(jws.verify(&key.public()), Ok(()));
            let other = secret(kind, 2).public();
            assert_eq!(jws.verify(&other), Err(BadSignature.into()));
        }
    }

    #[test]
    fn no_algorithm_but_the_keys_own_is_ever_used() {
        let key = secret(KeyType::Ed25519, 1);
        let compact = sign(b"{}", &key, KID, Says::Jwt).unwrap();
        for (claimed, name) in [("ES256", "ES256"), ("RS256", "RS256"), ("ES384", "ES384")] {
            let forged = with_header(&compact, &json!({"alg": claimed, "kid": KID}));
            let refused = JwsError::WrongAlgorithm {
                header: name,
                key: "EdDSA",
            };
            assert_eq!(
                Jws::read(&forged).unwrap().verify(&key.public()),
                Err(refused)
            );
        }
        let p256 = secret(KeyType::P256, 1).public();
        let refused = JwsError::WrongAlgorithm {
            header: "EdDSA",
            key: "ES256",
        };
        assert_eq!(Jws::read(&compact).unwrap().verify(&p256), Err(refused));
    }

    #[test]
    fn none_is_no_algorithm() {
        for alg in ["none", "None", "NONE", "nOnE", ""] {
            let refused = JwsError::Algorithm {
                algorithm: alg.into(),
            };
            assert_eq!(read_header_of(&json!({"alg": alg})), Err(refused));
        }
        assert_eq!(
            read_header_of(&json!({})),
            Err(JwsError::Member { member: "alg" })
        );
        assert_eq!(
            read_header_of(&json!({"alg": ["EdDSA"]})),
            Err(JwsError::Member { member: "alg" })
        );
    }

    #[test]
    fn a_public_key_is_nobodys_hmac_secret() {
        let public = secret(KeyType::P256, 1).public();
        for secret in [public.to_jwk().to_string(), public.to_multikey().unwrap()] {
            let input = format!("{}.{}", b64(r#"{"alg":"HS256"}"#), b64("{}"));
            let signer = HS256.signer_from_bytes(secret.repeat(2)).unwrap();
            let mac = josekit::jws::JwsSigner::sign(&signer, input.as_bytes()).unwrap();
            let forged = format!("{input}.{}", b64(mac));
            let refused = JwsError::Algorithm {
                algorithm: "HS256".into(),
            };
            assert_eq!(Jws::read(&forged), Err(refused));
            // The same under a name that is accepted.
            let renamed = with_header(&forged, &json!({"alg": "ES256"}));
            let refused = Jws::read(&renamed).unwrap().verify(&public);
            assert_eq!(refused, Err(BadSignature.into()));
        }
    }

    #[test]
    fn what_must_be_understood_and_is_not_is_refused() {
        assert_eq!(
            read_header_of(&json!({"alg": "EdDSA", "crit": ["exp"]})),
            Err(JwsError::Critical)
        );
        assert_eq!(
            read_header_of(&json!({"alg": "EdDSA", "b64": false})),
            Err(JwsError::Critical)
        );
        let other = read_header_of(&json!({"alg": "EdDSA", "cty": "vc", "iss": "x"})).unwrap();
        assert_eq!(other.others, ["cty", "iss"]);
    }

    #[test]
    fn a_key_in_the_header_is_read_and_must_be_public() {
        let public = secret(KeyType::P256, 1).public();
        let mut jwk = public.to_jwk();
        let header = read_header_of(&json!({"alg": "ES256", "jwk": jwk})).unwrap();
        assert_eq!(header.jwk, Some(public));
        jwk["d"] = json!("AQ");
        let private = KeyError::PrivateMember { member: "d" };
        assert_eq!(
            read_header_of(&json!({"alg": "ES256", "jwk": jwk})),
            Err(private.into())
        );
        let malformed = Err(JwsError::Member { member: "kid" });
        assert_eq!(
            read_header_of(&json!({"alg": "ES256", "kid": 1})),
            malformed
        );
    }

    #[test]
    fn a_part_that_is_not_strictly_base64url_of_strict_json_is_refused() {
        let compact = sign(b"{}", &secret(KeyType::Ed25519, 1), KID, Says::Jwt).unwrap();
        let (input, signature) = compact.rsplit_once('.').unwrap();
        let (header, payload) = input.split_once('.').unwrap();
        assert!(Jws::read(&compact).is_ok());
        for spoilt in [
            String::new(),
            "a.b".into(),
            input.to_owned(),
            format!("{compact}."),
            format!("{compact}.x"),
            format!("{compact}="),
            format!("{compact}\n"),
            format!(" {compact}"),
            format!("{header}=.{payload}.{signature}"),
            format!("{header}.e30=.{signature}"),
            // `e31` is `{}` with bits that mean nothing set.
            format!("{header}.e31.{signature}"),
            format!("{header}.{payload}.{}+", &signature[1..]),
        ] {
            let refused = Jws::read(&spoilt);
            assert!(
                matches!(refused, Err(JwsError::NotCompact { .. })),
                "{spoilt}: {refused:?}"
            );
        }
        for payload in [r#"{"a":1,"a":2}"#, "{", "{} {}", "\u{feff}\u{feff}{}"] {
            let spoilt = format!("{header}.{}.{signature}", b64(payload));
            assert!(matches!(
                Jws::read(&spoilt),
                Err(JwsError::Json {
                    part: "the payload",
                    ..
                })
            ));
        }
        let list = format!("{header}.{}.{signature}", b64("[]"));
        assert_eq!(
            Jws::read(&list),
            Err(JwsError::Member {
                member: "the payload"
            })
        );
        let large = "A".repeat(MAX_CHARS + 1);
        assert_eq!(Jws::read(&large), Err(JwsError::TooLarge));
    }

    proptest! {
        #[test]
        fn never_panics(
            text in "[A-Za-z0-9_=. -]{0,60}",
            header in r#"\{("(alg|kid|jwk|typ)":("EdDSA"|"ES256"|1|\{\}),?){0,3}\}"#,
        ) {
            drop(Jws::read(&text));
            drop(Jws::read(&format!("{}.{text}", b64(header))));
        }
    }
}
