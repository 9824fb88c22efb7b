//! Badges as others write them: what we would not issue, and what is no reason to refuse.

use badgeons::openbadges::verify::{CheckId, Outcome, Recipient, Verdict};
use serde_json::{Value, json};

use super::world::{Issuer, badge, expect, with};

const WARNED: [(CheckId, Outcome); 1] = [(CheckId::Structure, Outcome::Warning)];
const REFUSED: [(CheckId, Outcome); 2] = [
    (CheckId::Structure, Outcome::Fail),
    (CheckId::Schema, Outcome::Fail),
];

/// The badge with a member, as a JWT: it covers words that RDF has none for.
fn signed_with(issuer: &Issuer, pointer: &str, value: Value) -> String {
    issuer.jwt(
        &json!({ "alg": "ES256", "kid": issuer.kid(), "typ": "JWT" }),
        &with(issuer.claims(&badge(issuer)), pointer, value),
    )
}

#[test]
fn a_web_address_in_short_is_worth_a_word_and_an_identifier_is_not_one() {
    let issuer = Issuer::web();
    let alignment = json!([{ "type": ["Alignment"], "targetName": "ESCO", "targetUrl": "esco" }]);
    for (pointer, value) in [
        ("/issuer/url", json!("www.school.example")),
        ("/credentialSubject/achievement/alignment", alignment),
    ] {
        let signed = signed_with(&issuer, pointer, value);
        let verdict = Verdict::ValidWithWarnings;
        expect(signed, &issuer.online(), verdict, &WARNED);
    }
    let by_proof = with(badge(&issuer), "/issuer/url", json!("www.school.example"));
    let verdict = Verdict::ValidWithWarnings;
    expect(issuer.sign(&by_proof), &issuer.online(), verdict, &WARNED);
    let signed = signed_with(&issuer, "/evidence/0/id", json!("www.school.example"));
    let (report, expected) = (
        super::world::report(signed, &issuer.online()),
        (CheckId::Structure, Outcome::Fail),
    );
    assert!(super::world::remarks(&report).1.contains(&expected));
}

#[test]
fn an_activity_is_dated_without_a_zone_and_nothing_else_is() {
    let issuer = Issuer::web();
    for member in ["activityStartDate", "activityEndDate"] {
        let pointer = format!("/credentialSubject/{member}");
        for date in ["2023-01-20T00:00:00", "2023-01-20T00:00:00.5", "2023-01-20"] {
            let signed = signed_with(&issuer, &pointer, json!(date));
            let verdict = Verdict::ValidWithWarnings;
            let told = expect(signed, &issuer.online(), verdict, &WARNED);
            assert!(told.contains("in which zone"), "{told}");
        }
        for date in ["2023-01-20T00:00:00Z", "2023-01-20T00:00:00+01:00"] {
            let signed = signed_with(&issuer, &pointer, json!(date));
            expect(signed, &issuer.online(), Verdict::Valid, &[]);
        }
        for date in [json!("20/01/2023"), json!("2023-01-32"), json!("")] {
            let signed = signed_with(&issuer, &pointer, date);
            expect(signed, &issuer.online(), Verdict::Invalid, &REFUSED);
        }
    }
    let signed = signed_with(&issuer, "/awardedDate", json!("2023-01-20T00:00:00"));
    expect(signed, &issuer.online(), Verdict::Invalid, &REFUSED);
}

#[test]
fn a_date_that_can_not_be_read_is_not_a_missing_one() {
    let issuer = Issuer::web();
    for (pointer, value) in [
        ("/validUntil", json!(["2026-11-22T00:00:00Z"])),
        ("/validUntil", json!("2026-13-01T00:00:00Z")),
        ("/validUntil", json!(7)),
    ] {
        let signed = signed_with(&issuer, pointer, value);
        let report = super::world::report(signed, &issuer.online());
        assert_eq!(report.verdict, Verdict::Invalid, "{:#?}", report.checks);
        let told = report.checks.iter().find(|check| {
            check.title.contains("clearly when") && check.pointer.as_deref() == Some(pointer)
        });
        assert_eq!(told.unwrap().outcome, Outcome::Fail);
    }
}

#[test]
fn a_recipient_who_is_a_mailbox_is_known_by_its_address() {
    let issuer = Issuer::web();
    let id = "mailto:a.durand@example.org";
    let signed = issuer.sign(&with(badge(&issuer), "/credentialSubject/id", json!(id)));
    let asked = |recipient: Recipient| {
        let mut evidence = issuer.online();
        evidence.recipient = Some(recipient);
        evidence
    };
    let address = |kind: &str, value: &str| {
        let (kind, value) = (kind.to_owned(), value.to_owned());
        asked(Recipient::Identifier { kind, value })
    };
    for evidence in [
        asked(Recipient::Id(id.into())),
        address("emailAddress", "a.durand@example.org"),
        address("emailAddress", " A.Durand@Example.org"),
        // The hashed one beside it.
        address("emailAddress", "a@example.com"),
    ] {
        expect(&signed, &evidence, Verdict::Valid, &[]);
    }
    let failed = [(CheckId::Recipient, Outcome::Fail)];
    for evidence in [
        asked(Recipient::Id("mailto:b.durand@example.org".into())),
        address("emailAddress", "durand@example.org"),
        address("name", "a.durand@example.org"),
    ] {
        expect(&signed, &evidence, Verdict::Invalid, &failed);
    }
}
