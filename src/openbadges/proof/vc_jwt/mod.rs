//! A credential in a JWT: Open Badges 3.0 §8.2 to make and to read, and to read also the W3C's
//! profile (`typ: vc+jwt`) and data model 1.1 (the `vc` claim).
//!
//! Made here: header `alg`, `kid`, `typ: JWT`; payload the credential's own members with `iss`,
//! `jti`, `nbf`, `sub` and `exp` after them, serialized once. Any other credential of data model 2.0
//! is [enveloped](envelop) as the W3C has it: `typ: vc+jwt`, and the credential as it is.

use serde_json::{Map, Value};

use super::jws::{self, Jws, JwsError, Says};
use crate::openbadges::keys::{KeyError, PublicKey, SecretKey};
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Checked;
use crate::openbadges::model::contexts::{self, CREDENTIALS_V1, CREDENTIALS_V2};

mod claims;

pub use claims::check_claims;

/// Claims of a JWT (RFC 7519 §4.1) that are no members of a credential.
const REGISTERED: [&str; 7] = ["iss", "sub", "nbf", "jti", "exp", "aud", "iat"];

/// Why a credential was not put in a JWT, or a JWT holds none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VcJwtError {
    /// It is no JWS we can verify.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A JWT of another kind: an access token is no badge, whoever signed it.
    #[error("the header says this is a “{typ}”, not a credential")]
    Type {
        /// The header's `typ`.
        typ: String,
    },
    /// The JWT needs a member that the credential does not have, or not in this form.
    #[error("a JWT needs the credential's {member}")]
    Member {
        /// Which member, and how.
        member: &'static str,
    },
    /// The credential has a member whose name is a claim's.
    #[error("“{claim}” is a claim of the JWT and can't be a member of the credential")]
    ReservedMember {
        /// The name.
        claim: &'static str,
    },
    /// `kid` must lead to the key.
    #[error("the key's identifier must be a URL or a DID URL")]
    Kid,
    /// Data model 2.0 puts the credential's members at the top, without `vc`.
    #[error("a credential of data model 2.0 must not be inside a “vc” claim")]
    VcClaimInV2,
    /// Data model 1.1 puts them in `vc`.
    #[error("a credential of data model 1.1 must be inside a “vc” claim")]
    NoVcClaimInV1,
}

/// Signs a credential as a JWT; `kid` is the URL (or DID URL) under which the public key is found.
pub fn sign(credential: &Checked, key: &SecretKey, kid: &str) -> Result<String, VcJwtError> {
    if url::Url::parse(kid).is_err() {
        return Err(VcJwtError::Kid);
    }
    let payload = payload(credential.document())?;
    Ok(jws::sign(payload.as_bytes(), key, kid, Says::Jwt)?)
}

/// Signs any credential of data model 2.0 as a JWT of the W3C's profile: the payload is the
/// credential, without a claim beside it (VC-JOSE-COSE §3.1.1).
pub fn envelop(credential: &Checked, key: &SecretKey, kid: &str) -> Result<String, VcJwtError> {
    if url::Url::parse(kid).is_err() {
        return Err(VcJwtError::Kid);
    }
    let document = credential.document();
    if contexts::first(document.get("@context")) == Some(CREDENTIALS_V1) {
        return Err(VcJwtError::NoVcClaimInV1);
    }
    let is_member = |claim: &&str| document.get(*claim).is_some();
    if let Some(claim) = REGISTERED.into_iter().chain(["vc", "vp"]).find(is_member) {
        return Err(VcJwtError::ReservedMember { claim });
    }
    let payload = document.to_string();
    Ok(jws::sign(payload.as_bytes(), key, kid, Says::Credential)?)
}

/// Reads a JWT that says it is a credential (or does not say what it is); nothing is verified yet.
pub fn read(compact: &str) -> Result<Jws<'_>, VcJwtError> {
    let jws = Jws::read(compact)?;
    if let Some(typ) = &jws.header.typ {
        // RFC 7515 §4.1.9: a media type, compared without regard to case; `application/` is left out.
        let lower = typ.to_ascii_lowercase();
        let short = lower.strip_prefix("application/").unwrap_or(&lower);
        if !matches!(short, "jwt" | "vc+jwt" | "vc+ld+jwt" | "vc+ld+json+jwt") {
            return Err(VcJwtError::Type {
                typ: typ.chars().take(64).collect(),
            });
        }
    }
    Ok(jws)
}

/// Verifies the signature with a key, by the key's one algorithm.
pub fn verify(jws: &Jws<'_>, key: &PublicKey) -> Result<(), VcJwtError> {
    Ok(jws.verify(key)?)
}

/// The credential a JWT holds, without the JWT's claims.
///
/// From a `vc` claim (data model 1.1 §6.3.1), what only a claim says is put in its member.
pub fn credential(payload: &Value) -> Result<Value, VcJwtError> {
    let payload = payload
        .as_object()
        .ok_or(VcJwtError::Member { member: "members" })?;
    let Some(vc) = payload.get("vc") else {
        if contexts::first(payload.get("@context")) == Some(CREDENTIALS_V1) {
            return Err(VcJwtError::NoVcClaimInV1);
        }
        let is_member = |(name, _): &(&String, &Value)| !REGISTERED.contains(&name.as_str());
        let members = payload.iter().filter(is_member);
        return Ok(Value::Object(
            members
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        ));
    };
    let mut members = vc
        .as_object()
        .ok_or(VcJwtError::Member { member: "members" })?
        .clone();
    if is_of_v2(vc) {
        return Err(VcJwtError::VcClaimInV2);
    }
    let claim = |name: &str| payload.get(name).cloned();
    let date = |name: &str| {
        let date = Timestamp::from_unix_seconds(numeric_date(payload.get(name)?)?)?;
        Some(Value::String(date.to_string()))
    };
    put_if_absent(&mut members, "id", claim("jti"));
    put_if_absent(&mut members, "issuanceDate", date("nbf"));
    put_if_absent(&mut members, "expirationDate", date("exp"));
    match members.get_mut("issuer") {
        Some(Value::Object(issuer)) => put_if_absent(issuer, "id", claim("iss")),
        _ => put_if_absent(&mut members, "issuer", claim("iss")),
    }
    if let Some(Value::Object(subject)) = members.get_mut("credentialSubject") {
        put_if_absent(subject, "id", claim("sub"));
    }
    Ok(Value::Object(members))
}

/// The same, but where a `vc` claim holds a credential of data model 2.0, that credential: no profile
/// allows it, some of the W3C's own tests have it, and it is signed like all of the payload.
pub(in crate::openbadges) fn credential_as_found(payload: &Value) -> Result<Value, VcJwtError> {
    match payload.get("vc").filter(|vc| is_of_v2(vc)) {
        Some(vc) => Ok(vc.clone()),
        None => credential(payload),
    }
}

fn is_of_v2(credential: &Value) -> bool {
    contexts::first(credential.get("@context")) == Some(CREDENTIALS_V2)
}

/// The credential's own members with the claims after them.
fn payload(document: &Value) -> Result<String, VcJwtError> {
    let missing = |member| VcJwtError::Member { member };
    let members = document.as_object().ok_or(missing("members"))?;
    let is_reserved = |claim: &&str| members.contains_key(*claim);
    if let Some(claim) = REGISTERED.into_iter().chain(["vc"]).find(is_reserved) {
        return Err(VcJwtError::ReservedMember { claim });
    }
    let text = |value: Option<&Value>, member| {
        value
            .filter(|value| value.is_string())
            .cloned()
            .ok_or(missing(member))
    };
    let seconds = |member: &str, expected| match members.get(member) {
        None => Ok(None),
        Some(value) => whole_seconds(value).map(Some).ok_or(missing(expected)),
    };
    let mut claims = Map::with_capacity(5);
    claims.insert("iss".into(), text(issuer_id(members), "issuer.id")?);
    claims.insert("jti".into(), text(members.get("id"), "id")?);
    let valid_from = seconds("validFrom", "validFrom in whole seconds")?;
    claims.insert("nbf".into(), valid_from.ok_or(missing("validFrom"))?.into());
    claims.insert(
        "sub".into(),
        text(subject_id(members), "credentialSubject.id")?,
    );
    if let Some(valid_until) = seconds("validUntil", "validUntil in whole seconds")? {
        claims.insert("exp".into(), valid_until.into());
    }
    // Both are objects with members: `{…}` and `{…}` become `{…,…}`, without copying the credential.
    let mut payload = document.to_string();
    payload.pop();
    payload.push(',');
    payload.push_str(Value::Object(claims).to_string().trim_start_matches('{'));
    Ok(payload)
}

fn put_if_absent(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        members.entry(name).or_insert(value);
    }
}

fn issuer_id(credential: &Map<String, Value>) -> Option<&Value> {
    match credential.get("issuer")? {
        Value::Object(issuer) => issuer.get("id"),
        issuer => Some(issuer),
    }
}

/// The subject's identifier; of several subjects, none is *the* subject.
fn subject_id(credential: &Map<String, Value>) -> Option<&Value> {
    match credential.get("credentialSubject")? {
        Value::Array(subjects) => match subjects.as_slice() {
            [subject] => subject.get("id"),
            _ => None,
        },
        subject => subject.get("id"),
    }
}

fn whole_seconds(value: &Value) -> Option<i64> {
    let instant: Timestamp = value.as_str()?.parse().ok()?;
    (instant == instant.whole_seconds()).then(|| instant.unix_seconds())
}

/// A `NumericDate` (RFC 7519 §2), of whole seconds as Open Badges has it.
fn numeric_date(value: &Value) -> Option<i64> {
    value.as_i64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openbadges::keys::{BadSignature, KeyType};
    use crate::openbadges::proof::samples;

    const KID: &str = "https://badgeons.example/issuers/1#key";

    fn sign_it(document: Value) -> Result<String, VcJwtError> {
        sign(
            &samples::checked(document),
            &samples::secret(KeyType::Ed25519, 1),
            KID,
        )
    }

    #[test]
    fn a_badge_becomes_a_jwt_with_its_claims_and_comes_back() {
        for kind in [KeyType::Ed25519, KeyType::P256] {
            let key = samples::secret(kind, 1);
            let compact = sign(&samples::checked(samples::badge()), &key, KID).unwrap();
            let jws = read(&compact).unwrap();
            assert_eq!(verify(&jws, &key.public()), Ok(()));
            let other = samples::secret(kind, 2).public();
            let refused = VcJwtError::Jws(BadSignature.into());
            assert_eq!(verify(&jws, &other), Err(refused));
            assert_eq!(credential(&jws.payload), Ok(samples::badge()));
            assert_eq!(jws.payload["iss"], samples::badge()["issuer"]["id"]);
            assert_eq!(jws.payload["jti"], samples::badge()["id"]);
            assert_eq!(
                jws.payload["sub"],
                samples::badge()["credentialSubject"]["id"]
            );
            assert_eq!(jws.payload["nbf"], 1_795_428_000);
            assert_eq!(jws.payload["exp"], 1_890_122_400);
        }
    }

    #[test]
    fn without_an_end_there_is_no_exp() {
        let mut endless = samples::badge();
        endless.as_object_mut().unwrap().shift_remove("validUntil");
        let compact = sign_it(endless).unwrap();
        assert!(read(&compact).unwrap().payload.get("exp").is_none());
    }

    #[test]
    fn a_member_the_claims_need_is_named() {
        let edited = |edit: &dyn Fn(&mut Value)| {
            let mut badge = samples::badge();
            edit(&mut badge);
            super::payload(&badge).unwrap_err()
        };
        let missing = |member| VcJwtError::Member { member };
        assert_eq!(
            edited(&|b| b["issuer"]["id"] = Value::Null),
            missing("issuer.id")
        );
        assert_eq!(edited(&|b| b["id"] = json!(1)), missing("id"));
        assert_eq!(
            edited(&|b| b["credentialSubject"] = json!({})),
            missing("credentialSubject.id")
        );
        assert_eq!(
            edited(&|b| b["validFrom"] = json!("2026-11-23T10:00:00.5Z")),
            missing("validFrom in whole seconds")
        );
        assert_eq!(
            edited(&|b| b["validUntil"] = json!("tomorrow")),
            missing("validUntil in whole seconds")
        );
        assert_eq!(
            edited(&|b| drop(b.as_object_mut().unwrap().shift_remove("validFrom"))),
            missing("validFrom")
        );
        assert_eq!(
            edited(&|b| b["sub"] = json!("x")),
            VcJwtError::ReservedMember { claim: "sub" }
        );
        assert_eq!(
            edited(&|b| b["vc"] = json!({})),
            VcJwtError::ReservedMember { claim: "vc" }
        );
    }

    #[test]
    fn a_key_is_named_by_a_url() {
        let key = samples::secret(KeyType::Ed25519, 1);
        let badge = samples::checked(samples::badge());
        assert!(sign(&badge, &key, "did:key:z6Mk#z6Mk").is_ok());
        for kid in ["", "key-1", "/keys/1"] {
            assert_eq!(sign(&badge, &key, kid), Err(VcJwtError::Kid));
        }
    }

    /// A JWT by its header and payload, whose signature nobody looks at here.
    fn unsigned(header: &Value, payload: &Value) -> String {
        use base64::Engine as _;
        let b64 = |value: &Value| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
        };
        format!("{}.{}.", b64(header), b64(payload))
    }

    #[test]
    fn only_what_says_it_is_a_credential_is_read() {
        for typ in ["JWT", "jwt", "vc+jwt", "vc+ld+jwt", "application/vc+jwt"] {
            assert!(
                read(&unsigned(&json!({"alg": "ES256", "typ": typ}), &json!({}))).is_ok(),
                "{typ}"
            );
        }
        assert!(read(&unsigned(&json!({"alg": "ES256"}), &json!({}))).is_ok());
        for typ in ["at+jwt", "vp+jwt", "logout+jwt", "JOSE", ""] {
            let compact = unsigned(&json!({"alg": "ES256", "typ": typ}), &json!({}));
            let refused = read(&compact);
            assert_eq!(refused, Err(VcJwtError::Type { typ: typ.into() }));
        }
    }

    #[test]
    fn a_credential_of_data_model_1_1_comes_out_of_its_claim() {
        let vc = json!({"@context": [CREDENTIALS_V1], "issuer": {"name": "I"}, "credentialSubject": {"type": []}});
        let payload = json!({
            "vc": vc, "iss": "https://i.example", "jti": "urn:1", "sub": "did:example:1",
            "nbf": 1_795_428_000, "exp": 1_890_122_400,
        });
        let expected = json!({
            "@context": [CREDENTIALS_V1],
            "issuer": {"name": "I", "id": "https://i.example"},
            "credentialSubject": {"type": [], "id": "did:example:1"},
            "id": "urn:1",
            "issuanceDate": "2026-11-23T10:00:00Z",
            "expirationDate": "2029-11-23T10:00:00Z",
        });
        assert_eq!(credential(&payload), Ok(expected));
        let text = json!({"vc": {"@context": CREDENTIALS_V1}, "iss": "https://i.example"});
        assert_eq!(credential(&text).unwrap()["issuer"], "https://i.example");
        let own = json!({"vc": {"@context": CREDENTIALS_V1, "id": "urn:2"}, "jti": "urn:1"});
        assert_eq!(
            credential(&own).unwrap()["id"],
            "urn:2",
            "what the member says is what counts"
        );
    }

    #[test]
    fn the_two_data_models_are_not_mixed() {
        let v2_inside = json!({"vc": {"@context": [CREDENTIALS_V2]}});
        assert_eq!(credential(&v2_inside), Err(VcJwtError::VcClaimInV2));
        let v1_outside = json!({"@context": [CREDENTIALS_V1]});
        assert_eq!(credential(&v1_outside), Err(VcJwtError::NoVcClaimInV1));
        assert!(credential(&json!({"vc": "text"})).is_err());
        assert!(credential(&json!([])).is_err());
    }
}
