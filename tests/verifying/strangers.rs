//! Badges as others write them: what we would not issue, and what is no reason to refuse.

use badgeons::openbadges::verify::{Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{Issuer, badge, with};

/// The badge with a member, as a JWT: it covers words that RDF has none for.
fn signed_with(issuer: &Issuer, pointer: &str, value: Value) -> String {
    issuer.jwt(
        &json!({ "alg": "ES256", "kid": issuer.kid(), "typ": "JWT" }),
        &with(issuer.claims(&badge(issuer)), pointer, value),
    )
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
