//! Finding the key a proof names, in documents of many shapes.

use serde_json::{Map, Value};

use super::Purpose;
use crate::openbadges::keys::{KeyError, KeyState, PublicKey};
use crate::openbadges::model::Timestamp;

/// A verification method: a key with its identifier and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationMethod {
    /// Its identifier, exactly as the proof names it.
    pub id: String,
    /// Who controls it, if the document says so (a JWK says it in `iss`).
    pub controller: Option<String>,
    /// The key.
    pub key: PublicKey,
    /// Whether the controller's own document lists it for the purpose. A document that is only the
    /// key can claim any controller: ask the controller's document with [`lists`] before believing.
    pub listed: bool,
    /// From when on it must not be believed.
    pub revoked: Option<Timestamp>,
    /// Until when it is used.
    pub expires: Option<Timestamp>,
}

impl VerificationMethod {
    /// The same two dates as a state of the key.
    pub fn state(&self) -> KeyState {
        match (self.revoked, self.expires) {
            (Some(from), _) => KeyState::Compromised { from },
            (None, Some(since)) => KeyState::Retired { since },
            (None, None) => KeyState::Active,
        }
    }
}

/// Why a document gives no key for a proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// No method of exactly that identifier.
    #[error("the issuer's document has no key “{id}”")]
    NotFound {
        /// The identifier looked for.
        id: String,
    },
    /// Several different methods of that identifier.
    #[error(
        "the issuer's document has several keys called “{id}”; which one counts is anybody's guess"
    )]
    Ambiguous {
        /// The identifier looked for.
        id: String,
    },
    /// The method is there, but not for this.
    #[error("the issuer's document does not list “{id}” under {purpose}")]
    NotForPurpose {
        /// The identifier looked for.
        id: String,
        /// The relationship it should be listed under.
        purpose: &'static str,
    },
    /// The method says it in no way we know, or in two ways that differ.
    #[error(
        "“{id}” holds no key in a form that is supported; publicKeyMultibase and publicKeyJwk are"
    )]
    NoKey {
        /// The identifier looked for.
        id: String,
    },
    /// The method holds something that is no good key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A date that cannot be read can neither be ignored.
    #[error("“{member}” of the key is not a date and time with its zone")]
    Date {
        /// `revoked` or `expires`.
        member: &'static str,
    },
}

/// Finds a key by its identifier in a document fetched for it.
///
/// Reads controller documents (methods listed or embedded, one or many), documents that are only a
/// Multikey or an `Ed25519VerificationKey2020`, a bare JWK and a JWK set. In a controller document
/// the method must be listed for the purpose. The caller vouches that the document came from where
/// its `id` says.
pub fn find_method(
    document: &Value,
    method_id: &str,
    purpose: Purpose,
) -> Result<VerificationMethod, MethodError> {
    let not_found = || MethodError::NotFound {
        id: method_id.into(),
    };
    let members = document.as_object().ok_or_else(not_found)?;
    if members.contains_key("keys") {
        return from_jwk_set(members, method_id);
    }
    if members.contains_key("kty") {
        return bare_jwk(document, method_id);
    }
    let own_id = members
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_it = |method: &&Value| {
        let id = method.get("id").and_then(Value::as_str);
        id.is_some_and(|id| names(id, own_id, method_id))
    };
    if !members.contains_key("verificationMethod") && !members.contains_key(purpose.as_str()) {
        return read_method(
            Some(document).filter(is_it).ok_or_else(not_found)?,
            method_id,
        );
    }
    let mut found = one_or_many(members.get("verificationMethod"))
        .chain(one_or_many(members.get(purpose.as_str())))
        .filter(is_it);
    let first = found.next().ok_or_else(not_found)?;
    if found.any(|other| other != first) {
        return Err(MethodError::Ambiguous {
            id: method_id.into(),
        });
    }
    let mut method = read_method(first, method_id)?;
    if !lists(document, method_id, purpose) {
        let purpose = purpose.as_str();
        return Err(MethodError::NotForPurpose {
            id: method_id.into(),
            purpose,
        });
    }
    method.listed = method.controller.as_deref() == Some(own_id);
    Ok(method)
}

/// Whether a controller document lists a method for a purpose, by name or embedded.
pub fn lists(document: &Value, method_id: &str, purpose: Purpose) -> bool {
    let own_id = document
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    one_or_many(document.get(purpose.as_str())).any(|entry| {
        let id = entry
            .as_str()
            .or_else(|| entry.get("id").and_then(Value::as_str));
        id.is_some_and(|id| names(id, own_id, method_id))
    })
}

/// Whether an identifier in a document, which may be `#fragment` for short, is the one looked for.
fn names(id: &str, own_id: &str, method_id: &str) -> bool {
    id == method_id
        || (id.starts_with('#') && !own_id.is_empty() && method_id.strip_prefix(own_id) == Some(id))
}

fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let items: &[Value] = match value {
        Some(Value::Array(items)) => items,
        Some(item) => std::slice::from_ref(item),
        None => &[],
    };
    items.iter()
}

fn read_method(method: &Value, id: &str) -> Result<VerificationMethod, MethodError> {
    for member in [
        "secretKeyMultibase",
        "privateKeyMultibase",
        "secretKeyJwk",
        "privateKeyJwk",
    ] {
        if method.get(member).is_some() {
            return Err(KeyError::PrivateMember { member }.into());
        }
    }
    let multibase = method.get("publicKeyMultibase").and_then(Value::as_str);
    let key = match (multibase, method.get("publicKeyJwk")) {
        (Some(text), None) => PublicKey::from_multikey(text)?,
        (None, Some(jwk)) => PublicKey::from_jwk(jwk)?,
        (Some(text), Some(jwk)) => {
            let key = PublicKey::from_multikey(text)?;
            if PublicKey::from_jwk(jwk)? != key {
                return Err(MethodError::NoKey { id: id.into() });
            }
            key
        }
        (None, None) => return Err(MethodError::NoKey { id: id.into() }),
    };
    Ok(VerificationMethod {
        id: id.into(),
        controller: method
            .get("controller")
            .and_then(Value::as_str)
            .map(str::to_owned),
        key,
        listed: false,
        revoked: date(method, "revoked")?,
        expires: date(method, "expires")?,
    })
}

fn date(method: &Value, member: &'static str) -> Result<Option<Timestamp>, MethodError> {
    let Some(value) = method.get(member) else {
        return Ok(None);
    };
    let date = value.as_str().and_then(|text| text.parse().ok());
    date.map(Some).ok_or(MethodError::Date { member })
}

/// A JWK set: the member whose `kid` is the identifier looked for, or its fragment.
fn from_jwk_set(set: &Map<String, Value>, id: &str) -> Result<VerificationMethod, MethodError> {
    let fragment = id.split_once('#').map(|(_, fragment)| fragment);
    let is_it = |jwk: &&Value| {
        let kid = jwk.get("kid").and_then(Value::as_str);
        kid.is_some() && (kid == Some(id) || kid == fragment)
    };
    let mut found = one_or_many(set.get("keys")).filter(is_it);
    let jwk = found
        .next()
        .ok_or_else(|| MethodError::NotFound { id: id.into() })?;
    if found.any(|other| other != jwk) {
        return Err(MethodError::Ambiguous { id: id.into() });
    }
    bare_jwk(jwk, id)
}

fn bare_jwk(jwk: &Value, id: &str) -> Result<VerificationMethod, MethodError> {
    Ok(VerificationMethod {
        id: id.into(),
        controller: jwk.get("iss").and_then(Value::as_str).map(str::to_owned),
        key: PublicKey::from_jwk(jwk)?,
        listed: false,
        revoked: None,
        expires: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::openbadges::did::document::samples::{ISSUER, key};
    use crate::openbadges::did::document::{PublishedKey, build, multikey_id};
    use crate::openbadges::keys::KeyType;

    fn find(document: &Value, id: &str) -> Result<VerificationMethod, MethodError> {
        find_method(document, id, Purpose::AssertionMethod)
    }

    /// A controller document with one method, to be spoilt.
    fn document() -> Value {
        build(
            ISSUER,
            &[PublishedKey {
                key: &key(KeyType::Ed25519, 1),
                state: KeyState::Active,
            }],
        )
    }

    fn id() -> String {
        multikey_id(ISSUER, &key(KeyType::Ed25519, 1)).unwrap()
    }

    #[test]
    fn the_identifier_must_match_exactly() {
        for wrong in [
            ISSUER.to_owned(),
            format!("{} ", id()),
            id().to_lowercase(),
            "#".into(),
            String::new(),
        ] {
            assert_eq!(
                find(&document(), &wrong),
                Err(MethodError::NotFound { id: wrong })
            );
        }
    }

    #[test]
    fn a_method_that_is_not_listed_for_the_purpose_is_refused() {
        let refused = |purpose| Err(MethodError::NotForPurpose { id: id(), purpose });
        let mut unlisted = document();
        unlisted["assertionMethod"] = json!([format!("{ISSUER}#other")]);
        assert_eq!(find(&unlisted, &id()), refused("assertionMethod"));
        let other_purpose = find_method(&document(), &id(), Purpose::Authentication);
        assert_eq!(other_purpose, refused("authentication"));
    }

    #[test]
    fn embedded_methods_short_names_and_single_values_are_read() {
        let multibase = key(KeyType::Ed25519, 1).to_multikey().unwrap();
        let method = json!({
            "id": id(), "type": "Ed25519VerificationKey2020", "controller": ISSUER,
            "publicKeyMultibase": multibase,
        });
        let mut short = method.clone();
        short["id"] = json!(format!("#{multibase}"));
        for document in [
            json!({"id": ISSUER, "assertionMethod": [method]}),
            json!({"id": ISSUER, "assertionMethod": method}),
            json!({"id": ISSUER, "assertionMethod": id(), "verificationMethod": method}),
            json!({"id": ISSUER, "assertionMethod": [short["id"]], "verificationMethod": [short]}),
        ] {
            assert!(find(&document, &id()).unwrap().listed, "{document}");
        }
        let elsewhere = json!({"id": "did:web:other.example", "assertionMethod": [short["id"]], "verificationMethod": [short]});
        assert_eq!(
            find(&elsewhere, &id()),
            Err(MethodError::NotFound { id: id() })
        );
    }

    #[test]
    fn a_key_alone_is_read_but_not_believed_about_its_controller() {
        let public = key(KeyType::P256, 1);
        let url = "https://badgeons.example/keys/1";
        let multikey = json!({
            "id": url, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": public.to_multikey(),
        });
        let mut jwk = public.to_jwk();
        jwk["iss"] = json!(ISSUER);
        let mut in_set = jwk.clone();
        in_set["kid"] = json!(url);
        for document in [
            multikey.clone(),
            jwk,
            json!({"keys": [{"kid": "other"}, in_set]}),
        ] {
            let method = find(&document, url).unwrap();
            assert_eq!(
                (&method.key, method.controller.as_deref()),
                (&public, Some(ISSUER))
            );
            assert!(!method.listed, "{document}");
        }
        let other = "https://badgeons.example/keys/2";
        assert!(find(&multikey, other).is_err());
    }

    #[test]
    fn a_document_of_somebody_else_that_lists_a_key_as_the_issuers_is_not_believed() {
        let mut foreign = document();
        foreign["id"] = json!("did:web:evil.example");
        assert!(!find(&foreign, &id()).unwrap().listed);
        assert!(find(&document(), &id()).unwrap().listed);
    }

    #[test]
    fn a_key_of_a_set_is_chosen_by_name_only() {
        let mut jwk = key(KeyType::P256, 1).to_jwk();
        jwk["kid"] = json!("key-1");
        let set = json!({"keys": [jwk]});
        assert!(find(&set, "https://badgeons.example/keys#key-1").is_ok());
        for id in [
            "https://badgeons.example/keys#key-2",
            "https://badgeons.example/keys",
        ] {
            assert_eq!(find(&set, id), Err(MethodError::NotFound { id: id.into() }));
        }
        assert!(
            find(
                &json!({"keys": [key(KeyType::P256, 1).to_jwk()]}),
                "https://x.example"
            )
            .is_err()
        );
    }

    #[test]
    fn two_different_keys_of_one_name_are_refused() {
        let mut twice = document();
        let mut other = twice["verificationMethod"][0].clone();
        twice["verificationMethod"]
            .as_array_mut()
            .unwrap()
            .push(other.clone());
        assert!(
            find(&twice, &id()).is_ok(),
            "the same method twice is one method"
        );
        other["publicKeyMultibase"] = json!(key(KeyType::Ed25519, 9).to_multikey());
        twice["verificationMethod"]
            .as_array_mut()
            .unwrap()
            .push(other);
        assert_eq!(
            find(&twice, &id()),
            Err(MethodError::Ambiguous { id: id() })
        );
    }

    #[test]
    fn a_method_whose_key_cannot_be_trusted_is_refused() {
        let spoilt = |member: &str, value: Value| {
            let mut document = document();
            document["verificationMethod"][0][member] = value;
            find(&document, &id())
        };
        let other = key(KeyType::Ed25519, 9).to_jwk();
        let same = key(KeyType::Ed25519, 1).to_jwk();
        assert!(spoilt("publicKeyJwk", same).is_ok());
        assert_eq!(
            spoilt("publicKeyJwk", other),
            Err(MethodError::NoKey { id: id() })
        );
        assert_eq!(
            spoilt("publicKeyMultibase", Value::Null),
            Err(MethodError::NoKey { id: id() })
        );
        assert_eq!(
            spoilt("publicKeyMultibase", json!("z")),
            Err(KeyError::UnknownMulticodec.into())
        );
        let private = KeyError::PrivateMember {
            member: "secretKeyMultibase",
        };
        assert_eq!(
            spoilt("secretKeyMultibase", json!("z3u2")),
            Err(private.into())
        );
        for member in ["revoked", "expires"] {
            assert!(spoilt(member, json!("2026-11-01T00:00:00Z")).is_ok());
            for bad in [json!("soon"), json!(1), Value::Null] {
                assert_eq!(spoilt(member, bad), Err(MethodError::Date { member }));
            }
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let words = prop::sample::select(vec![
            "id",
            "verificationMethod",
            "assertionMethod",
            "keys",
            "kty",
            "kid",
            "#a",
            "x#a",
            "x",
            "revoked",
            "publicKeyMultibase",
            "publicKeyJwk",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            words.clone().prop_map(Value::from),
            any::<i32>().prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::hash_map(words.clone(), inner, 0..5).prop_map(|members| {
                    Value::Object(
                        members
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), value))
                            .collect(),
                    )
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn never_panics(document in any_json()) {
            for id in ["x#a", "x", "#a", ""] {
                drop(find(&document, id));
            }
        }
    }
}
