//! What must be fetched before a badge can be judged, and the desk where checks ask for it.
//!
//! Checks do not fetch: they ask the [`Desk`], which hands out what is there and notes what is not.
//! Keys come first: the issuer's address, and the `kid` or `verificationMethod` of each proof, are
//! asked for whoever wrote them, since nothing is known before. Every other address in a badge is
//! asked for only once its issuer is known to have signed it: a verifier that fetches first and
//! verifies later does errands for strangers. Even so a stranger may have chosen any of them, so
//! whoever fetches guards their own network. The number of addresses is bounded.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::evidence::{Evidence, Fetched, without_fragment};
use crate::openbadges::json;
use crate::openbadges::model::Timestamp;
pub(super) use crate::openbadges::model::legible::shown;

/// The most addresses one badge may have asked for.
pub const MAX_NEEDS: usize = 24;

/// Why a document is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To learn an issuer's keys: a DID document, a profile, a key.
    Key,
    /// To learn whether the badge was withdrawn.
    Status,
    /// To learn whether there is a newer version.
    Refresh,
}

impl Purpose {
    /// The media types that are taken, as an HTTP `Accept` header.
    pub const fn accept(self) -> &'static str {
        match self {
            Self::Key => {
                "application/did+ld+json, application/did+json, application/ld+json, \
                 application/jwk-set+json, application/jwk+json, application/json"
            }
            Self::Status | Self::Refresh => {
                "application/vc, application/vc+jwt, application/vc+ld+json, application/ld+json, \
                 application/json, application/jwt, text/plain"
            }
        }
    }
}

/// A document that must be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Where; without fragment. A stranger chose it: whatever fetches it must guard itself.
    pub url: Url,
    /// The media types that are taken, as an HTTP `Accept` header.
    pub accept: &'static str,
    /// What for.
    pub purpose: Purpose,
}

/// Why a document is not there, as a clause that ends a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Absent {
    #[error("{0} has not been fetched yet")]
    NotYet(String),
    #[error("{address} could not be had ({reason})")]
    Failed { address: String, reason: String },
    #[error("“{0}” is no address that can be fetched")]
    NotAnAddress(String),
    #[error("the badge asks for more than {MAX_NEEDS} documents")]
    TooMany,
    #[error("what {address} answers can't be read ({reason})")]
    Unreadable { address: String, reason: String },
}

/// Hands out evidence to checks, and notes what is missing.
pub(super) struct Desk<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) now: Timestamp,
    asked: BTreeSet<Url>,
    needs: Vec<Need>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(evidence: &'a Evidence, now: Timestamp) -> Self {
        Self {
            evidence,
            now,
            asked: BTreeSet::new(),
            needs: Vec::new(),
        }
    }

    /// The document at an address, whatever its fragment.
    pub(super) fn document(&mut self, address: &str, purpose: Purpose) -> Result<&'a [u8], Absent> {
        let url = Url::parse(address)
            .ok()
            .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            .map(without_fragment)
            .ok_or_else(|| Absent::NotAnAddress(shown(address)))?;
        if !self.asked.contains(&url) {
            if self.asked.len() >= MAX_NEEDS {
                return Err(Absent::TooMany);
            }
            self.asked.insert(url.clone());
            if self.evidence.get(&url).is_none() {
                self.needs.push(Need {
                    url: url.clone(),
                    accept: purpose.accept(),
                    purpose,
                });
            }
        }
        match self.evidence.get(&url) {
            Some(Fetched::Document { body, .. }) => Ok(body),
            Some(Fetched::Failed { reason }) => Err(Absent::Failed {
                address: shown(url.as_str()),
                reason: shown(reason),
            }),
            None => Err(Absent::NotYet(shown(url.as_str()))),
        }
    }

    /// The JSON document at an address.
    pub(super) fn json(&mut self, address: &str, purpose: Purpose) -> Result<Value, Absent> {
        json::parse(self.document(address, purpose)?).map_err(|error| Absent::Unreadable {
            address: shown(address),
            reason: error.to_string(),
        })
    }

    pub(super) fn into_needs(self) -> Vec<Need> {
        self.needs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_missing_is_noted_once_whatever_the_fragment() {
        let evidence = Evidence::new();
        let mut desk = Desk::new(&evidence, now());
        for address in [
            "https://a.example/did.json#1",
            "https://a.example/did.json#2",
        ] {
            assert!(matches!(
                desk.document(address, Purpose::Key),
                Err(Absent::NotYet(_))
            ));
        }
        let needs = desk.into_needs();
        assert_eq!(needs.len(), 1);
        assert_eq!(needs[0].url.as_str(), "https://a.example/did.json");
        assert!(needs[0].accept.contains("application/did+json"));
    }

    #[test]
    fn what_is_there_is_handed_out_and_a_failure_says_why() {
        let mut evidence = Evidence::new();
        let url = |text: &str| Url::parse(text).unwrap();
        let body = b"{}".to_vec();
        let media_type = "application/json".to_owned();
        evidence.insert(
            &url("https://a.example/#x"),
            Fetched::Document { media_type, body },
        );
        evidence.insert(
            &url("https://b.example/"),
            Fetched::Failed {
                reason: "status 404".into(),
            },
        );
        let mut desk = Desk::new(&evidence, now());
        assert_eq!(
            desk.json("https://a.example/", Purpose::Key),
            Ok(serde_json::json!({}))
        );
        let error = desk
            .document("https://b.example/", Purpose::Key)
            .unwrap_err();
        assert!(error.to_string().contains("status 404"), "{error}");
        assert_eq!(desk.into_needs(), []);
    }

    #[test]
    fn only_web_addresses_are_asked_for_and_only_so_many() {
        let evidence = Evidence::new();
        let mut desk = Desk::new(&evidence, now());
        for address in [
            "file:///etc/passwd",
            "data:,{}",
            "urn:uuid:1",
            "did.json",
            "",
        ] {
            assert!(matches!(
                desk.document(address, Purpose::Status),
                Err(Absent::NotAnAddress(_))
            ));
        }
        for number in 0..MAX_NEEDS {
            let _ = desk.document(&format!("https://a.example/{number}"), Purpose::Status);
        }
        let more = desk.document("https://a.example/more", Purpose::Status);
        assert_eq!(more, Err(Absent::TooMany));
        let known = desk.document("https://a.example/0", Purpose::Status);
        assert!(matches!(known, Err(Absent::NotYet(_))));
        assert_eq!(desk.into_needs().len(), MAX_NEEDS);
    }
}
