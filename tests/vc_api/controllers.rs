//! Whose a key is: its controller's own document says it, and nothing else does (Controlled
//! Identifiers §3.3; conformance §9.5, 55).

use badgeons::openbadges::keys::KeyType;
use badgeons::openbadges::verify::generic::{Asked, Judgement, examine_credential};
use badgeons::openbadges::verify::{Evidence, Fetched};
use serde_json::{Value, json};
use url::Url;

use super::holder::Holder;
use super::{V2, with};

const SCHOOL: &str = "did:web:school.example";
const KEY: &str = "did:web:school.example#1";

/// The document of the school, whose key is the holder's.
fn document(holder: &Holder) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": SCHOOL,
        "verificationMethod": [{
            "id": KEY,
            "type": "Multikey",
            "controller": SCHOOL,
            "publicKeyMultibase": holder.did.trim_start_matches("did:key:"),
        }],
        "assertionMethod": [KEY],
    })
}

/// What is said of the school's credential, signed with the key at `method`, when the web has these
/// documents and nothing else.
fn judged(holder: &Holder, method: &str, web: &[(&str, Value)]) -> Judgement {
    let credential = json!({
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": SCHOOL,
        "credentialSubject": {"id": "did:example:subject"},
    });
    let credential = holder.signed(credential, &json!({"verificationMethod": method}));
    let now = "2026-11-23T10:00:00Z".parse().unwrap();
    let mut evidence = Evidence::new();
    loop {
        let examined = examine_credential(&credential, &Asked::default(), &evidence, now);
        if examined.needs.is_empty() {
            return examined.judgement;
        }
        assert!(
            !examined.judgement.is_verified(),
            "what is not known yet holds"
        );
        for need in examined.needs {
            let found = web
                .iter()
                .find(|(url, _)| Url::parse(url).unwrap() == need.url);
            let fetched = match found {
                Some((_, document)) => Fetched::Document {
                    media_type: "application/json".into(),
                    body: document.to_string().into_bytes(),
                },
                None => Fetched::Failed {
                    reason: "nobody is there".into(),
                },
            };
            evidence.insert(&need.url, fetched);
        }
    }
}

const DID_JSON: &str = "https://school.example/.well-known/did.json";

#[test]
fn a_key_that_its_controllers_document_lists_holds() {
    let holder = Holder::new(KeyType::Ed25519, 1);
    let judgement = judged(&holder, KEY, &[(DID_JSON, document(&holder))]);
    assert!(judgement.is_verified(), "{judgement:?}");
    assert!(judgement.warnings.is_empty(), "{judgement:?}");
}

#[test]
fn a_key_that_is_not_listed_or_another_or_lost_or_not_there_does_not() {
    let holder = Holder::new(KeyType::Ed25519, 1);
    let good = document(&holder);
    let other = document(&Holder::new(KeyType::Ed25519, 2));
    let method = |member: &str, value: &str| {
        with(
            good.clone(),
            &format!("/verificationMethod/0/{member}"),
            json!(value),
        )
    };
    for document in [
        with(good.clone(), "/assertionMethod", json!([])),
        with(
            with(good.clone(), "/assertionMethod", Value::Null),
            "/authentication",
            json!([KEY]),
        ),
        with(good.clone(), "/id", json!("did:web:other.example")),
        method("controller", "did:web:other.example"),
        method("revoked", "2026-10-01T00:00:00Z"),
        method("revoked", "2026-11-20T00:00:00Z"),
        method("expires", "2026-10-01T00:00:00Z"),
        other,
    ] {
        let judgement = judged(&holder, KEY, &[(DID_JSON, document.clone())]);
        assert!(!judgement.is_verified(), "{document}");
    }
    assert!(!judged(&holder, KEY, &[]).is_verified());
}

#[test]
fn anybody_can_name_a_controller_and_only_the_controller_can_agree() {
    let holder = Holder::new(KeyType::Ed25519, 1);
    let place = "https://keys.example/1";
    let key = json!({
        "@context": "https://w3id.org/security/multikey/v1",
        "id": place,
        "type": "Multikey",
        "controller": SCHOOL,
        "publicKeyMultibase": holder.did.trim_start_matches("did:key:"),
    });
    let refused = judged(
        &holder,
        place,
        &[(place, key.clone()), (DID_JSON, document(&holder))],
    );
    assert!(!refused.is_verified());
    let agreed = with(document(&holder), "/assertionMethod", json!([KEY, place]));
    let judgement = judged(&holder, place, &[(place, key), (DID_JSON, agreed)]);
    assert!(judgement.is_verified(), "{judgement:?}");
}
