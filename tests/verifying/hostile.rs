//! Whatever is held out, verifying ends soon, asks for little, and never panics.

use badgeons::openbadges::model::CredentialStatus;
use badgeons::openbadges::verify::{
    CheckId, CheckResult, Evidence, Examination, MAX_NEEDS, Presented, Verdict, examine,
};
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

/// What a report says of a check, each result by its title and detail.
fn told(examination: &Examination, id: CheckId) -> Vec<String> {
    let of_it = |check: &&CheckResult| check.id == id;
    let checks = examination.report.checks.iter().filter(of_it);
    checks
        .map(|check| format!("{}. {}", check.title, check.detail))
        .collect()
}

/// An endorsement by somebody who has to be asked for their key.
fn vouched(number: usize, of: &str) -> Value {
    let by = Issuer::named(&format!("did:web:e{number}.example"), 1);
    by.sign(&endorsement(of, &by))
}

#[test]
fn of_a_hundred_endorsements_sixteen_are_verified_and_that_is_said() {
    let issuer = Issuer::web();
    let endorsements: Vec<Value> = (0..100).map(|n| vouched(n, &issuer.id)).collect();
    let badge = with(badge(&issuer), "/issuer/endorsement", json!(endorsements));
    let examination = examined(issuer.sign_jwt(&badge), &issuer.online());
    assert_eq!(examination.needs.len(), 16);
    let told = told(&examination, CheckId::Endorsements);
    assert_eq!(told.len(), 16 + 1);
    assert_eq!(
        told[16],
        "Not every endorsement was verified. The badge has 100 endorsements; 16 were verified."
    );
}

#[test]
fn of_organisations_within_organisations_eight_are_looked_at() {
    let issuer = Issuer::web();
    let organisation = |level: usize| {
        let id = format!("https://parent{level}.example/");
        let endorsement = vouched(level, &id);
        json!({ "id": id, "type": ["Profile"], "endorsement": [endorsement] })
    };
    let parents = (0..20)
        .rev()
        .map(organisation)
        .reduce(|inner, outer| with(outer, "/parentOrg", inner));
    let badge = with(badge(&issuer), "/issuer/parentOrg", parents.unwrap());
    let examination = examined(issuer.sign_jwt(&badge), &issuer.online());
    // The issuer is the first of the eight.
    assert_eq!(told(&examination, CheckId::Endorsements).len(), 7);
    assert_eq!(examination.needs.len(), 7);
}

#[test]
fn of_a_dozen_statuses_eight_are_looked_up_and_that_is_said() {
    let issuer = Issuer::web();
    let statuses: Vec<Value> = (0..12)
        .map(|n| {
            let list = format!("https://status{n}.example/");
            json!(CredentialStatus::bitstring(&list, "revocation", 7))
        })
        .collect();
    let badge = with(badge(&issuer), "/credentialStatus", json!(statuses));
    let examination = examined(issuer.sign_jwt(&badge), &issuer.online());
    assert_eq!(examination.needs.len(), 8);
    let told = told(&examination, CheckId::Status);
    assert_eq!(told.len(), 8 + 1);
    assert_eq!(
        told[8],
        "Not every status was looked up. The badge names 12 statuses; 8 were looked up."
    );
}

#[test]
fn of_a_dozen_faults_eight_are_told_and_the_others_counted() {
    let issuer = Issuer::web();
    let tags = json!(vec![7; 12]);
    let badge = with(badge(&issuer), "/credentialSubject/achievement/tag", tags);
    let examination = examined(issuer.sign_jwt(&badge), &issuer.online());
    let told = told(&examination, CheckId::Structure);
    assert_eq!(told.len(), 8 + 1);
    assert_eq!(told[8], "There is more. 4 more findings are not listed.");
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
