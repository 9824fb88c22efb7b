//! A small world to verify in: issuers with keys, badges they sign, and documents on servers.

use std::fmt;

use badgeons::openbadges::did::document::{PublishedKey, build, jwk_id, multikey_id};
use badgeons::openbadges::did::{key as did_key, web};
use badgeons::openbadges::keys::{KeyState, KeyType, PublicKey, SecretKey};
use badgeons::openbadges::model::Timestamp;
use badgeons::openbadges::model::checked::{Checked, Profile, Unsigned};
use badgeons::openbadges::model::rules;
use badgeons::openbadges::proof::{ProofOptions, eddsa_jcs_2022, eddsa_rdfc_2022, vc_jwt};
use badgeons::openbadges::verify::{
    CheckId, Evidence, Examination, Fetched, LocalIssuer, Outcome, Presented, Report, Verdict,
    examine,
};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use url::Url;
use zeroize::Zeroizing;

/// The instant at which everything is judged.
pub(super) fn now() -> Timestamp {
    at("2026-11-23T10:00:00Z")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An issuer and its keys.
pub(super) struct Issuer {
    pub(super) id: String,
    pub(super) ed25519: SecretKey,
    pub(super) p256: SecretKey,
}

impl Issuer {
    /// An issuer whose identifier is its key.
    pub(super) fn did_key(seed: u8) -> Self {
        let ed25519 = secret(KeyType::Ed25519, seed);
        let id = did_key::from_key(&ed25519.public()).unwrap().to_string();
        Self {
            id,
            ed25519,
            p256: secret(KeyType::P256, seed),
        }
    }

    /// An issuer with this identifier.
    pub(super) fn named(id: &str, seed: u8) -> Self {
        Self {
            id: id.into(),
            ed25519: secret(KeyType::Ed25519, seed),
            p256: secret(KeyType::P256, seed),
        }
    }

    /// The issuer `did:web:badgeons.example`.
    pub(super) fn web() -> Self {
        Self::named("did:web:badgeons.example", 7)
    }

    pub(super) fn public(&self) -> PublicKey {
        self.ed25519.public()
    }

    /// The verification method of its Ed25519 key.
    pub(super) fn method(&self) -> String {
        multikey_id(&self.id, &self.public()).unwrap()
    }

    /// The identifier of its P-256 key, as a JWT names it.
    pub(super) fn kid(&self) -> String {
        jwk_id(&self.id, &self.p256.public())
    }

    /// Its controller document, in which the Ed25519 key is in this state.
    pub(super) fn document_with(&self, state: KeyState) -> Value {
        let (ed25519, p256) = (self.public(), self.p256.public());
        let keys = [
            PublishedKey {
                key: &ed25519,
                state,
            },
            PublishedKey {
                key: &p256,
                state: KeyState::Active,
            },
        ];
        build(&self.id, &keys)
    }

    pub(super) fn document(&self) -> Value {
        self.document_with(KeyState::Active)
    }

    /// Where its document is found.
    pub(super) fn address(&self) -> Url {
        if self.id.starts_with("did:web:") {
            web::document_url(&self.id.parse().unwrap()).unwrap()
        } else {
            Url::parse(&self.id).unwrap()
        }
    }

    /// Evidence with its document on its server.
    pub(super) fn online(&self) -> Evidence {
        Evidence::new().with(self.address().as_str(), &self.document())
    }

    /// Evidence in which it is an issuer of this installation, its Ed25519 key in this state.
    pub(super) fn local(&self, state: KeyState) -> Evidence {
        let mut evidence = Evidence::new();
        let keys = [(self.method(), state)].into();
        let document = self.document_with(state);
        evidence
            .issuers
            .insert(self.id.clone(), LocalIssuer { document, keys });
        evidence
    }

    /// Signs as by default: `eddsa-rdfc-2022`.
    pub(super) fn sign(&self, credential: &Value) -> Value {
        self.sign_as(credential, &self.method())
    }

    /// Signs in the name of another verification method.
    pub(super) fn sign_as(&self, credential: &Value, method: &str) -> Value {
        let options = ProofOptions::new(method, at("2026-11-20T10:00:00Z"));
        let SecretKey::Ed25519(key) = &self.ed25519 else {
            panic!()
        };
        eddsa_rdfc_2022::sign(checked(credential), &options, key).unwrap()
    }

    pub(super) fn sign_jcs(&self, credential: &Value) -> Value {
        let options = ProofOptions::new(self.method(), at("2026-11-20T10:00:00Z"));
        let SecretKey::Ed25519(key) = &self.ed25519 else {
            panic!()
        };
        eddsa_jcs_2022::sign(checked(credential), &options, key).unwrap()
    }

    pub(super) fn sign_jwt(&self, credential: &Value) -> String {
        vc_jwt::sign(&checked(credential), &self.p256, &self.kid()).unwrap()
    }

    /// A JWT of any header and payload, rightly signed with the P-256 key.
    pub(super) fn jwt(&self, header: &Value, payload: &Value) -> String {
        let input = format!(
            "{}.{}",
            BASE64.encode(header.to_string()),
            BASE64.encode(payload.to_string())
        );
        let signature = BASE64.encode(self.p256.sign(input.as_bytes()).unwrap());
        format!("{input}.{signature}")
    }

    /// The payload of a JWT in Open Badges' profile.
    pub(super) fn claims(&self, credential: &Value) -> Value {
        let jwt = self.sign_jwt(credential);
        serde_json::from_slice(&BASE64.decode(jwt.split('.').nth(1).unwrap()).unwrap()).unwrap()
    }
}

fn secret(kind: KeyType, seed: u8) -> SecretKey {
    SecretKey::from_bytes(kind, &Zeroizing::new([seed; 32])).unwrap()
}

/// Held to the rules of any credential only, so that twins that break those of badges can be
/// signed.
fn checked(credential: &Value) -> Checked {
    rules::check(Unsigned(credential.clone()), Profile::Credential)
        .unwrap_or_else(|f| panic!("{f:#?}"))
}

/// A sound badge of an issuer, unsigned.
pub(super) fn badge(issuer: &Issuer) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Animateur·rice de fresque",
        "issuer": { "id": issuer.id, "type": ["Profile"], "name": "Badgeons le pays de Vannes" },
        "validFrom": "2026-11-20T10:00:00Z",
        "awardedDate": "2026-11-19T10:00:00Z",
        "evidence": [{ "type": ["Evidence"], "id": "https://badgeons.example/evidence/1" }],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "id": "urn:uuid:6ba7b811-9dad-41d1-80b4-00c04fd430c8",
            "creditsEarned": 2.5,
            "identifier": [{
                "type": "IdentityObject",
                "hashed": true,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "emailAddress",
                "salt": "Kosher",
            }],
            "result": [{ "type": ["Result"], "value": "3" }],
            "achievement": {
                "id": "https://badgeons.example/achievements/1",
                "type": ["Achievement"],
                "achievementType": "Badge",
                "name": "Animateur·rice de fresque",
                "description": "Anime une fresque, seul·e ou à deux.",
                "criteria": { "narrative": "Avoir animé deux fresques." },
            },
        },
    })
}

/// With the context of 1EdTech's schema, status and refresh types.
pub(super) fn with_extensions(badge: &Value) -> Value {
    let extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
    let mut contexts = badge["@context"].clone();
    contexts.as_array_mut().unwrap().push(json!(extensions));
    with(badge.clone(), "/@context", contexts)
}

/// An endorsement of something by somebody, unsigned.
pub(super) fn endorsement(of: &str, by: &Issuer) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:6ba7b812-9dad-41d1-80b4-00c04fd430c8",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recommandation",
        "issuer": { "id": by.id, "type": ["Profile"], "name": "Université de Bretagne" },
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": of,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Très utile.",
        },
    })
}

/// With a member replaced; the last part of the pointer need not exist.
pub(super) fn with(mut value: Value, pointer: &str, member: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = member,
        Value::Object(members) => {
            members.insert(name.into(), member);
        }
        _ => panic!("nothing at {pointer}"),
    }
    value
}

pub(super) fn without(mut value: Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        Value::Object(members) => {
            members.shift_remove(name).unwrap();
        }
        _ => panic!("nothing at {pointer}"),
    }
    value
}

/// Puts documents on servers.
pub(super) trait Online: Sized {
    fn with(self, url: &str, document: &Value) -> Self;
    fn with_text(self, url: &str, text: &str) -> Self;
    fn unreachable(self, url: &str) -> Self;
}

impl Online for Evidence {
    fn with(self, url: &str, document: &Value) -> Self {
        self.with_text(url, &document.to_string())
    }

    fn with_text(mut self, url: &str, text: &str) -> Self {
        let fetched = Fetched::Document {
            media_type: "application/json".into(),
            body: text.into(),
        };
        self.insert(&Url::parse(url).unwrap(), fetched);
        self
    }

    fn unreachable(mut self, url: &str) -> Self {
        let fetched = Fetched::Failed {
            reason: "the server cannot be reached".into(),
        };
        self.insert(&Url::parse(url).unwrap(), fetched);
        self
    }
}

pub(super) fn examined(badge: impl fmt::Display, evidence: &Evidence) -> Examination {
    examine(
        &Presented::read(badge.to_string().as_bytes()),
        evidence,
        now(),
    )
}

/// The final report: nothing may be missing.
pub(super) fn report(badge: impl fmt::Display, evidence: &Evidence) -> Report {
    let examination = examined(badge, evidence);
    assert_eq!(examination.needs, [], "the test's evidence is not complete");
    examination.report
}

/// The checks that did not pass, in order, and the verdict.
pub(super) fn remarks(report: &Report) -> (Verdict, Vec<(CheckId, Outcome)>) {
    let passed = [Outcome::Pass, Outcome::NotApplicable];
    let remarks = report
        .checks
        .iter()
        .filter(|check| !passed.contains(&check.outcome))
        .map(|check| (check.id, check.outcome))
        .collect();
    (report.verdict, remarks)
}

/// Verifies, and asserts what did not pass and the verdict; gives the details, to look into.
#[track_caller]
pub(super) fn expect(
    badge: impl fmt::Display,
    evidence: &Evidence,
    verdict: Verdict,
    expected: &[(CheckId, Outcome)],
) -> String {
    let report = report(badge, evidence);
    assert_eq!(
        remarks(&report),
        (verdict, expected.to_vec()),
        "{:#?}",
        report.checks
    );
    let details = report
        .checks
        .iter()
        .map(|check| format!("{}. {}", check.title, check.detail));
    details.collect::<Vec<_>>().join("\n")
}
