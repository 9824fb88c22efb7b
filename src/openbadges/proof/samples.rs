//! A badge and keys for the tests of this folder.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::ProofOptions;
use crate::openbadges::keys::{Ed25519Secret, KeyType, PublicKey, SecretKey};
use crate::openbadges::model::checked::{Checked, Profile, Unsigned};
use crate::openbadges::model::rules;

pub(super) const METHOD: &str = "https://badgeons.example/issuers/1#key";

pub(super) fn badge() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:3f2f1c3e-95ab-4d5c-8f0c-1f8d8a3a0b11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": "https://badgeons.example/issuers/1",
            "type": ["Profile"],
            "name": "Badgeons le pays de Vannes",
        },
        "validFrom": "2026-11-23T10:00:00Z",
        "validUntil": "2029-11-23T10:00:00Z",
        "name": "Participant·e à la Fresque du climat",
        "credentialSubject": {
            "id": "urn:uuid:8d1b7a56-1f0e-4f0f-9d0c-5f6f5d1f5a22",
            "type": ["AchievementSubject"],
            "creditsEarned": 0.5,
            "achievement": {
                "id": "https://badgeons.example/achievements/fresque",
                "type": ["Achievement"],
                "name": "Fresque du climat",
                "description": "A passé trois heures à comprendre le climat.",
                "criteria": {"narrative": "Avoir suivi l’atelier jusqu’au bout."},
            },
        },
    })
}

pub(super) fn checked(document: Value) -> Checked {
    rules::check(Unsigned(document), Profile::OpenBadge).unwrap()
}

pub(super) fn ed25519(fill: u8) -> (Ed25519Secret, PublicKey) {
    let secret = Ed25519Secret::from_bytes(&Zeroizing::new([fill; 32]));
    let public = PublicKey::Ed25519(secret.public());
    (secret, public)
}

pub(super) fn secret(kind: KeyType, fill: u8) -> SecretKey {
    SecretKey::from_bytes(kind, &Zeroizing::new([fill; 32])).unwrap()
}

pub(super) fn options() -> ProofOptions {
    ProofOptions::new(METHOD, "2026-11-23T10:00:00.75Z".parse().unwrap())
}
