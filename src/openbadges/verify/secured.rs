//! A credential with what secures it: embedded proofs, or the JWS around it.
//!
//! Every credential that is judged comes through here: the badge itself, its newer version, status
//! lists, endorsements. What is read is one meaning of the bytes that were signed; members that a
//! signature does not cover do not exist here.

use serde_json::Value;

use super::needs::shown;
use crate::openbadges::json;
use crate::openbadges::keys::KeyError;
use crate::openbadges::model::contexts::{
    self, CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES, is_open_badges,
};
use crate::openbadges::model::many::items;
use crate::openbadges::model::rules::is_compact_jws;
use crate::openbadges::proof::vc_jwt::{self, VcJwtError};
use crate::openbadges::proof::{Jws, JwsError};

/// A credential and what secures it.
#[derive(Clone)]
pub(super) struct Secured {
    /// The credential as signed; for a JWT without the registered claims.
    pub(super) credential: Value,
    pub(super) envelope: Envelope,
}

#[derive(Clone)]
pub(super) enum Envelope {
    /// Proofs inside the credential.
    Embedded,
    /// The credential is the payload; the text is kept as it was signed.
    Jws {
        /// The compact JWS.
        compact: String,
    },
}

/// Why something is no credential that can be judged here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// It is broken, or something else altogether.
    #[error("{0}")]
    Unreadable(String),
    /// It may well be a good badge, of a kind that is not judged here.
    #[error("{0}")]
    NotHandled(String),
}

impl Secured {
    /// Reads a credential, as JSON or as a compact JWS.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > json::MAX_BYTES {
            return Err(Refusal::NotHandled(format!(
                "it has {} bytes, more than the {} that are read",
                bytes.len(),
                json::MAX_BYTES
            )));
        }
        if let Ok(text) = std::str::from_utf8(bytes)
            && is_compact_jws(text.trim())
        {
            return Self::from_jws(text.trim());
        }
        let value = json::parse(bytes).map_err(|error| {
            if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[' | b'"')) {
                return Refusal::Unreadable("it is neither JSON nor a JWT".into());
            }
            Refusal::Unreadable(format!(
                "it is not sound JSON: {}",
                shown(&error.to_string())
            ))
        })?;
        Self::from_value(value)
    }

    /// From a JSON value: a credential, or one that is enveloped in a `data:` URL.
    pub(super) fn from_value(value: Value) -> Result<Self, Refusal> {
        match &value {
            Value::String(text) if is_compact_jws(text) => return Self::from_jws(text),
            Value::Array(_) => {
                return Err(Refusal::NotHandled(
                    "it is a list; verify each of its badges on its own".into(),
                ));
            }
            Value::Object(_) => {}
            _ => return Err(Refusal::Unreadable("it is not a JSON object".into())),
        }
        let is = |name: &str| items(value.get("type")).iter().any(|found| found == name);
        if is("VerifiablePresentation") {
            return Err(Refusal::NotHandled(
                "it is a presentation, which holds badges; verify each of its badges on its own"
                    .into(),
            ));
        }
        if is("EnvelopedVerifiableCredential") {
            return Self::from_envelope(&value);
        }
        if is_open_badges_2(&value) {
            return Err(Refusal::NotHandled(OPEN_BADGES_2.into()));
        }
        Ok(Self {
            credential: value,
            envelope: Envelope::Embedded,
        })
    }

    /// From a compact JWS. Nothing in it is believed yet.
    pub(super) fn from_jws(compact: &str) -> Result<Self, Refusal> {
        let jws = vc_jwt::read(compact).map_err(|error| refuse_jwt(&error))?;
        if is_open_badges_2(&jws.payload) {
            return Err(Refusal::NotHandled(OPEN_BADGES_2.into()));
        }
        let credential = vc_jwt::credential(&jws.payload).map_err(|error| refuse_jwt(&error))?;
        Ok(Self {
            credential,
            envelope: Envelope::Jws {
                compact: compact.to_owned(),
            },
        })
    }

    /// VCDM 2.0 §4.13: the credential is the JWT in the `id`, and nothing beside it counts.
    fn from_envelope(value: &Value) -> Result<Self, Refusal> {
        enveloped(value, &["application/vc+jwt", "application/jwt"]).and_then(Self::from_jws)
    }

    /// The same, also where the JWT holds a credential of data model 2.0 in a `vc` claim.
    pub(super) fn from_any_envelope(value: &Value) -> Result<Self, Refusal> {
        let compact = enveloped(value, &["application/vc+jwt", "application/jwt"])?;
        let jws = vc_jwt::read(compact).map_err(|error| refuse_jwt(&error))?;
        let credential =
            vc_jwt::credential_as_found(&jws.payload).map_err(|error| refuse_jwt(&error))?;
        Ok(Self {
            credential,
            envelope: Envelope::Jws {
                compact: compact.to_owned(),
            },
        })
    }

    /// The JWT around it, read; none for embedded proofs.
    pub(super) fn jws(&self) -> Option<Result<Jws<'_>, JwsError>> {
        match &self.envelope {
            Envelope::Jws { compact } => Some(Jws::read(compact)),
            Envelope::Embedded => None,
        }
    }

    /// Whether it follows data model 1.1, which was current until 2025.
    pub(super) fn is_version_1(&self) -> bool {
        is_version_1(&self.credential)
    }

    /// The credential and the endorsements in it in the words of data model 2.0, to hold them to
    /// today's schema and rules. Never to verify a signature.
    pub(super) fn modern(&self) -> Value {
        let mut modern = self.credential.clone();
        modernize(&mut modern);
        modernize_endorsements(&mut modern);
        modern
    }
}

/// The JWT in the `data:` URL that an envelope has as its `id`.
pub(super) fn enveloped<'a>(value: &'a Value, kinds: &[&str]) -> Result<&'a str, Refusal> {
    if contexts::first(value.get("@context")) != Some(CREDENTIALS_V2) {
        return Err(Refusal::Unreadable(
            "it is an envelope whose context is not that of Verifiable Credentials 2.0".into(),
        ));
    }
    let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
    let content = id
        .strip_prefix("data:")
        .and_then(|data| data.split_once(','));
    content
        .filter(|(kind, jwt)| kinds.contains(kind) && is_compact_jws(jwt))
        .map(|(_, jwt)| jwt)
        .ok_or_else(|| {
            Refusal::NotHandled("it is an envelope around something else than a JWT".into())
        })
}

fn is_version_1(credential: &Value) -> bool {
    contexts::first(credential.get("@context")) == Some(CREDENTIALS_V1)
}

fn modernize(credential: &mut Value) {
    if !is_version_1(credential) {
        return;
    }
    let Some(members) = credential.as_object_mut() else {
        return;
    };
    for (old, new) in [
        ("issuanceDate", "validFrom"),
        ("expirationDate", "validUntil"),
    ] {
        if let Some(value) = members.remove(old) {
            members.insert(new.into(), value);
        }
    }
    let Some(contexts) = members.get_mut("@context").and_then(Value::as_array_mut) else {
        return;
    };
    let mut contexts = contexts.iter_mut();
    if let Some(first) = contexts.next() {
        *first = CREDENTIALS_V2.into();
    }
    // Only what is Open Badges' in some version: a badge without it has no Open Badges context.
    if let Some(second) = contexts.next()
        && second.as_str().is_some_and(is_open_badges)
    {
        *second = OPEN_BADGES.into();
    }
}

/// Wherever an endorsement stands: on the badge, its achievement, a profile, or on what an
/// endorsement holds.
fn modernize_endorsements(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(modernize_endorsements),
        Value::Object(members) => {
            for (name, member) in members {
                if name == "endorsement" {
                    match &mut *member {
                        Value::Array(items) => items.iter_mut().for_each(modernize),
                        one => modernize(one),
                    }
                }
                modernize_endorsements(member);
            }
        }
        _ => {}
    }
}

/// Said of badges of the version before.
pub(super) const OPEN_BADGES_2: &str = "it is an Open Badges 2.0 badge, and only version 3.0 is \
    verified here so far; its issuer can verify it";

/// A JWT that is refused: broken or forbidden, or beyond this software.
fn refuse_jwt(error: &VcJwtError) -> Refusal {
    let why = format!("its JWT is refused: {}", shown(&error.to_string()));
    let is_beyond_us = match error {
        // “none” and the algorithms with a shared secret prove nothing, whoever supports them.
        VcJwtError::Jws(JwsError::Algorithm { algorithm }) => {
            !algorithm.eq_ignore_ascii_case("none") && !algorithm.starts_with("HS")
        }
        VcJwtError::Jws(JwsError::Key(KeyError::UnsupportedJwk { .. })) => true,
        _ => false,
    };
    if is_beyond_us {
        Refusal::NotHandled(why)
    } else {
        Refusal::Unreadable(why)
    }
}

fn is_open_badges_2(value: &Value) -> bool {
    let contexts = [
        "https://w3id.org/openbadges/v2",
        "https://w3id.org/openbadges/v1",
    ];
    items(value.get("@context"))
        .iter()
        .any(|context| contexts.iter().any(|known| context == known))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(value: Value) -> Refusal {
        Secured::from_value(value).err().unwrap()
    }

    #[test]
    fn what_holds_several_badges_or_none_is_refused_in_words() {
        assert!(matches!(refusal(json!([{}])), Refusal::NotHandled(why) if why.contains("list")));
        let presentation =
            json!({ "type": ["VerifiablePresentation"], "verifiableCredential": [{}] });
        assert!(
            matches!(refusal(presentation), Refusal::NotHandled(why) if why.contains("presentation"))
        );
        assert!(matches!(refusal(json!(7)), Refusal::Unreadable(_)));
        assert!(matches!(
            Secured::read(b"hello"),
            Err(Refusal::Unreadable(why)) if why == "it is neither JSON nor a JWT"
        ));
        assert!(matches!(
            Secured::read(b" {\"id\": }"),
            Err(Refusal::Unreadable(why)) if why.contains("sound JSON")
        ));
        let huge = vec![b' '; json::MAX_BYTES + 1];
        assert!(
            matches!(Secured::read(&huge), Err(Refusal::NotHandled(why)) if why.contains("bytes"))
        );
    }

    #[test]
    fn an_open_badges_2_assertion_is_recognised() {
        let assertion =
            json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion" });
        assert!(matches!(refusal(assertion), Refusal::NotHandled(why) if why.contains("2.0")));
    }

    #[test]
    fn an_envelope_must_be_one_around_a_jwt() {
        let envelope = |context: Value, id: &str| {
            refusal(
                json!({ "@context": context, "type": "EnvelopedVerifiableCredential", "id": id }),
            )
        };
        let v2 = json!([CREDENTIALS_V2]);
        assert!(matches!(envelope(v2, "urn:uuid:1"), Refusal::NotHandled(_)));
        let unread = envelope(json!([]), "data:application/vc+jwt,a.b.c");
        assert!(matches!(unread, Refusal::Unreadable(why) if why.contains("context")));
    }

    #[test]
    fn an_old_badge_is_told_in_todays_words() {
        let old = json!({
            "@context": [CREDENTIALS_V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "urn:x"],
            "issuanceDate": "2023-01-01T00:00:00Z",
            "expirationDate": "2024-01-01T00:00:00Z",
        });
        let old = Secured::from_value(old).ok().unwrap();
        assert!(old.is_version_1());
        let expected = json!({
            "@context": [CREDENTIALS_V2, OPEN_BADGES, "urn:x"],
            "validFrom": "2023-01-01T00:00:00Z",
            "validUntil": "2024-01-01T00:00:00Z",
        });
        assert_eq!(old.modern(), expected);
    }

    #[test]
    fn only_open_badges_own_context_becomes_todays() {
        let second = |url: &str| {
            let old = json!({ "@context": [CREDENTIALS_V1, url] });
            let modern = Secured::from_value(old).ok().unwrap().modern();
            modern["@context"][1].as_str().unwrap().to_owned()
        };
        for known in [
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        ] {
            assert_eq!(second(known), OPEN_BADGES);
        }
        for other in [
            "https://w3id.org/security/data-integrity/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json.evil",
        ] {
            assert_eq!(second(other), other);
        }
    }

    #[test]
    fn endorsements_are_told_in_todays_words_wherever_they_stand() {
        let old =
            || json!({ "@context": [CREDENTIALS_V1], "issuanceDate": "2023-01-01T00:00:00Z" });
        let mut inside = old();
        inside["issuer"] = json!({ "parentOrg": { "endorsement": old() } });
        let badge = json!({
            "@context": [CREDENTIALS_V2],
            "issuanceDate": "kept",
            "credentialSubject": { "achievement": { "endorsement": [inside, "text", { "issuanceDate": "kept" }] } },
        });
        let modern = Secured::from_value(badge).ok().unwrap().modern();
        assert_eq!(modern["issuanceDate"], "kept");
        let endorsement = &modern["credentialSubject"]["achievement"]["endorsement"];
        for found in [
            &endorsement[0],
            &endorsement[0]["issuer"]["parentOrg"]["endorsement"],
        ] {
            assert_eq!(found["validFrom"], "2023-01-01T00:00:00Z", "{found}");
            assert_eq!(found["@context"][0], CREDENTIALS_V2);
        }
        assert_eq!(endorsement[2]["issuanceDate"], "kept");
    }
}
