//! Status lists as credentials: `BitstringStatusListCredential` (Bitstring Status List 1.0 §2.2).

use std::time::Duration;

use serde_json::{Value, json};

use super::{Bitstring, StatusError, StatusPurpose, malformed};
use crate::openbadges::model::Timestamp;
use crate::openbadges::model::checked::Unsigned;
use crate::openbadges::model::contexts::CREDENTIALS_V2;
use crate::openbadges::model::many::items;

/// A status list we publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// Its URL, which entries name as `statusListCredential`.
    pub id: String,
    /// The id of the issuer who signs it.
    pub issuer: String,
    /// What it is about; one list, one purpose.
    pub purpose: StatusPurpose,
    /// From when on this edition holds.
    pub valid_from: Timestamp,
    /// Until when it holds: a list somebody kept from before a revocation must run out.
    pub valid_until: Option<Timestamp>,
    /// How long it may be kept before it is fetched again.
    pub ttl: Option<Duration>,
    /// The statuses.
    pub bits: Bitstring,
}

impl StatusList {
    /// The credential to sign. Issuer and purpose are plain texts: the W3C's suite expects the one,
    /// 1EdTech's validator the other.
    pub fn to_credential(&self) -> Unsigned {
        let mut subject = json!({
            "id": format!("{}#list", self.id),
            "type": "BitstringStatusList",
            "statusPurpose": self.purpose.as_str(),
            "encodedList": self.bits.encode(),
        });
        if let (Some(subject), Some(ttl)) = (subject.as_object_mut(), self.ttl) {
            subject.insert(
                "ttl".into(),
                u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).into(),
            );
        }
        let mut credential = json!({
            "@context": [CREDENTIALS_V2],
            "id": self.id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.issuer,
            "validFrom": self.valid_from.to_string(),
        });
        if let Some(credential) = credential.as_object_mut() {
            if let Some(until) = self.valid_until {
                credential.insert("validUntil".into(), until.to_string().into());
            }
            credential.insert("credentialSubject".into(), subject);
        }
        Unsigned(credential)
    }
}

/// A status list somebody published, read from its credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedList {
    /// What it is about: one purpose, or several.
    pub purposes: Vec<StatusPurpose>,
    /// The statuses.
    pub bits: Bitstring,
    /// How long it may be kept before it is fetched again.
    pub ttl: Option<Duration>,
}

impl PublishedList {
    /// Reads a list credential found at `url`. Its proof and validity period are the caller's to
    /// check.
    ///
    /// # Errors
    /// [`StatusError::Verification`] when it is no list credential or names another URL as its own,
    /// [`StatusError::MalformedValue`] and [`StatusError::ListLength`] for its content.
    pub fn read(credential: &Value, url: &str) -> Result<Self, StatusError> {
        let unreliable = |why: &str| StatusError::Verification(why.to_owned());
        for wanted in ["VerifiableCredential", "BitstringStatusListCredential"] {
            if !texts(credential.get("type")).any(|name| name == wanted) {
                return Err(StatusError::Verification(format!(
                    "its type is not {wanted}"
                )));
            }
        }
        // A list signed for one URL must not answer for another.
        if credential.get("id").is_some_and(|id| id != url) {
            return Err(unreliable("it says that it belongs to another address"));
        }
        let subject = credential
            .get("credentialSubject")
            .filter(|subject| texts(subject.get("type")).any(|name| name == "BitstringStatusList"))
            .ok_or_else(|| unreliable("it holds no BitstringStatusList"))?;
        let purposes: Vec<_> = texts(subject.get("statusPurpose"))
            .map(StatusPurpose::from)
            .collect();
        if purposes.is_empty() {
            return Err(malformed(
                "statusPurpose of the list must be a text or several",
            ));
        }
        let encoded = subject
            .get("encodedList")
            .and_then(Value::as_str)
            .ok_or_else(|| malformed("encodedList must be a text"))?;
        let ttl = match subject.get("ttl") {
            None => None,
            Some(ttl) => Some(
                ttl.as_u64()
                    .ok_or_else(|| malformed("ttl must be a whole number"))?,
            ),
        };
        Ok(Self {
            purposes,
            bits: Bitstring::decode(encoded)?,
            ttl: ttl.map(Duration::from_millis),
        })
    }
}

/// The texts of a member that is one text or an array of them.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    items(value).iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://badges.example/status/3";

    fn list() -> StatusList {
        let mut bits = Bitstring::new(1).unwrap();
        bits.set(7, true).unwrap();
        StatusList {
            id: URL.into(),
            issuer: "did:web:badges.example".into(),
            purpose: StatusPurpose::Suspension,
            valid_from: "2026-11-23T10:00:00Z".parse().unwrap(),
            valid_until: Some("2026-11-30T10:00:00Z".parse().unwrap()),
            ttl: Some(Duration::from_mins(5)),
            bits,
        }
    }

    fn with(pointer: &str, value: Value) -> Result<PublishedList, StatusError> {
        let mut credential = list().to_credential().0;
        *credential.pointer_mut(pointer).unwrap() = value;
        PublishedList::read(&credential, URL)
    }

    #[test]
    fn a_list_is_the_credential_of_the_standard() {
        let mut credential = list().to_credential().0;
        let encoded = credential["credentialSubject"]["encodedList"].take();
        assert!(encoded.as_str().unwrap().starts_with('u'));
        assert_eq!(
            credential,
            json!({
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "id": URL,
                "type": ["VerifiableCredential", "BitstringStatusListCredential"],
                "issuer": "did:web:badges.example",
                "validFrom": "2026-11-23T10:00:00Z",
                "validUntil": "2026-11-30T10:00:00Z",
                "credentialSubject": {
                    "id": "https://badges.example/status/3#list",
                    "type": "BitstringStatusList",
                    "statusPurpose": "suspension",
                    "encodedList": null,
                    "ttl": 300_000,
                },
            })
        );
    }

    #[test]
    fn what_is_published_is_read_back() {
        let published = PublishedList::read(&list().to_credential().0, URL).unwrap();
        let list = list();
        let expected = PublishedList {
            purposes: vec![list.purpose],
            bits: list.bits,
            ttl: list.ttl,
        };
        assert_eq!(published, expected);
    }

    #[test]
    fn a_list_may_have_several_purposes() {
        let published = with(
            "/credentialSubject/statusPurpose",
            json!(["revocation", "x"]),
        )
        .unwrap();
        assert_eq!(published.purposes, ["revocation".into(), "x".into()]);
    }

    #[test]
    fn what_is_no_list_of_this_address_is_refused() {
        for (pointer, value) in [
            ("/type", json!(["VerifiableCredential"])),
            ("/type", json!(["BitstringStatusListCredential"])),
            ("/id", json!("https://badges.example/status/4")),
            ("/credentialSubject", json!([])),
            ("/credentialSubject/type", json!("StatusList2021")),
        ] {
            assert!(
                matches!(with(pointer, value), Err(StatusError::Verification(_))),
                "{pointer}"
            );
        }
    }

    #[test]
    fn malformed_content_is_named() {
        for (pointer, value) in [
            ("/credentialSubject/statusPurpose", json!(1)),
            ("/credentialSubject/encodedList", json!(null)),
            ("/credentialSubject/encodedList", json!("H4sI")),
            ("/credentialSubject/ttl", json!("300")),
        ] {
            assert!(
                matches!(with(pointer, value), Err(StatusError::MalformedValue(_))),
                "{pointer}"
            );
        }
    }
}
