//! Whatever is held out, verifying ends soon, asks for little, and never panics.

use badgeons::openbadges::verify::{Evidence, MAX_NEEDS, Presented, Verdict, examine};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::world::{Issuer, badge, endorsement, examined, now, with};

/// Any JSON, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z:/#.]{0,12}".prop_map(Value::from),
        Just(json!("VerifiableCredential")),
        Just(json!("https://www.w3.org/ns/credentials/v2")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-z@]{1,6}|id|type|proof|issuer", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

const MEMBERS: [&str; 16] = [
    "/@context",
    "/type",
    "/id",
    "/issuer",
    "/issuer/id",
    "/validFrom",
    "/credentialSubject",
    "/credentialSubject/achievement",
    "/credentialStatus",
    "/refreshService",
    "/endorsement",
    "/endorsementJwt",
    "/proof",
    "/proof/verificationMethod",
    "/proof/created",
    "/credentialSchema",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_badge_with_anything_anywhere_is_judged(member in 0..MEMBERS.len(), value in any_json(), jwt: bool) {
        let issuer = Issuer::web();
        let hostile = with(issuer.sign(&badge(&issuer)), MEMBERS[member], value);
        let text = if jwt {
            issuer.jwt(&json!({ "alg": "ES256", "kid": issuer.kid() }), &hostile)
        } else {
            hostile.to_string()
        };
        let examination = examine(&Presented::read(text.as_bytes()), &issuer.online(), now());
        prop_assert!(examination.needs.len() <= MAX_NEEDS);
    }

    #[test]
    fn any_document_of_an_issuer_is_judged(document in any_json()) {
        let issuer = Issuer::web();
        let evidence = super::world::Online::with(Evidence::new(), issuer.address().as_str(), &document);
        let report = examined(issuer.sign(&badge(&issuer)), &evidence).report;
        prop_assert!(matches!(report.verdict, Verdict::Invalid | Verdict::Undetermined));
    }
}

#[test]
fn a_badge_with_a_thousand_endorsements_asks_for_few_documents() {
    let issuer = Issuer::web();
    let vouched: Vec<Value> = (0..1_000)
        .map(|n| {
            let by = Issuer::named(&format!("did:web:e{n}.example"), 1);
            let endorsement = endorsement(&issuer.id, &by);
            let proof = json!({
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-rdfc-2022",
                "verificationMethod": by.method(),
                "proofPurpose": "assertionMethod",
                "proofValue": issuer.sign(&badge(&issuer))["proof"]["proofValue"],
            });
            with(endorsement, "/proof", proof)
        })
        .take(100)
        .collect();
    let badge = with(badge(&issuer), "/issuer/endorsement", json!(vouched));
    let needs = examined(issuer.sign_jwt(&badge), &issuer.online()).needs;
    assert!((1..=MAX_NEEDS).contains(&needs.len()), "{}", needs.len());
}

#[test]
fn a_badge_with_many_proofs_is_not_tried_forever() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let many = with(
        signed.clone(),
        "/proof",
        json!(vec![signed["proof"].clone(); 10_000]),
    );
    let report = examined(many, &issuer.online()).report;
    assert_eq!(report.verdict, Verdict::Undetermined);
}

#[test]
fn a_name_cannot_speak_to_the_terminal() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&with(
        badge(&issuer),
        "/name",
        json!("\u{1b}]0;pwned\u{7}Badge\n\u{202e}"),
    ));
    let report = examined(signed, &issuer.online()).report;
    assert_eq!(report.credential.unwrap().name.unwrap(), "]0;pwned Badge");
}
