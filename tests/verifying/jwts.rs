//! JWTs: whose key, which algorithm, and do the claims agree with the badge?

use badgeons::openbadges::verify::{CheckId, Evidence, Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{Issuer, Online as _, badge, expect, remarks, report, with, without};

const SCHOOL: &str = "https://school.example/issuer";
const FAILED: [(CheckId, Outcome); 1] = [(CheckId::Issuer, Outcome::Fail)];

fn school() -> Issuer {
    Issuer::named(SCHOOL, 7)
}

/// The school's P-256 key, with members of its own.
fn jwk(members: &Value) -> Value {
    let mut jwk = school().p256.public().to_jwk();
    jwk.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    jwk
}

fn signed_with(header: &Value) -> String {
    let school = school();
    school.jwt(header, &school.claims(&badge(&school)))
}

#[test]
fn a_key_on_a_strangers_server_is_not_whatever_it_says() {
    let kid = "https://thief.example/keys/1";
    let jwt = signed_with(&json!({ "alg": "ES256", "kid": kid }));
    for document in [jwk(&json!({})), jwk(&json!({ "iss": SCHOOL }))] {
        let other = Issuer::named(SCHOOL, 8).online().with(kid, &document);
        expect(&jwt, &other, Verdict::Invalid, &FAILED);
    }
}

#[test]
fn a_key_that_came_with_the_badge_is_the_issuers_only_if_the_issuer_says_so() {
    let jwt = signed_with(&json!({ "alg": "ES256", "jwk": jwk(&json!({})) }));
    let keys = "https://school.example/.well-known/jwks.json";
    let profile = json!({ "id": SCHOOL, "type": ["Profile"], "name": "School" });
    let set = |issuer: &str| json!({ "keys": [jwk(&json!({ "iss": issuer }))] });

    expect(&jwt, &school().online(), Verdict::Valid, &[]);
    let published = Evidence::new()
        .with(SCHOOL, &profile)
        .with(keys, &set(SCHOOL));
    expect(&jwt, &published, Verdict::Valid, &[]);

    let disowned = Issuer::named(SCHOOL, 8).online().unreachable(keys);
    expect(&jwt, &disowned, Verdict::Invalid, &FAILED);
    for silent in [
        Evidence::new()
            .with(SCHOOL, &profile)
            .with(keys, &set("https://other.example/issuer")),
        Evidence::new().with(SCHOOL, &profile).unreachable(keys),
        Evidence::new().unreachable(SCHOOL),
    ] {
        let expected = [(CheckId::Issuer, Outcome::Unknown)];
        let told = expect(&jwt, &silent, Verdict::Undetermined, &expected);
        assert!(told.contains("anybody could have made it"), "{told}");
    }
}

#[test]
fn a_bare_name_is_one_of_the_issuers_keys() {
    let kid = school().kid();
    let fragment = kid.split('#').nth(1).unwrap();
    for kid in [fragment.to_owned(), format!("#{fragment}")] {
        let jwt = signed_with(&json!({ "alg": "ES256", "kid": kid }));
        expect(&jwt, &school().online(), Verdict::Valid, &[]);
    }
}

#[test]
fn the_header_does_not_choose_the_algorithm() {
    let kid = school().kid();
    let expected = [
        (CheckId::Proof, Outcome::Fail),
        (CheckId::Issuer, Outcome::Unknown),
    ];
    let jwt = signed_with(&json!({ "alg": "RS256", "kid": kid }));
    expect(jwt, &school().online(), Verdict::Invalid, &expected);
    for algorithm in ["none", "HS256"] {
        let jwt = signed_with(&json!({ "alg": algorithm, "kid": kid }));
        expect(
            jwt,
            &Evidence::new(),
            Verdict::Invalid,
            &[(CheckId::Parse, Outcome::Fail)],
        );
    }
    let jwt = signed_with(&json!({ "alg": "ES256K", "kid": kid }));
    expect(
        jwt,
        &Evidence::new(),
        Verdict::Undetermined,
        &[(CheckId::Parse, Outcome::Unknown)],
    );
}

#[test]
fn a_header_without_a_key_names_nobody() {
    let jwt = signed_with(&json!({ "alg": "ES256" }));
    let expected = [
        (CheckId::Proof, Outcome::Unknown),
        (CheckId::Issuer, Outcome::Fail),
    ];
    expect(jwt, &Evidence::new(), Verdict::Invalid, &expected);
}

#[test]
fn a_forged_signature_does_not_hold() {
    let (school, thief) = (school(), Issuer::named(SCHOOL, 9));
    let forged = thief.jwt(
        &json!({ "alg": "ES256", "kid": school.kid() }),
        &school.claims(&badge(&school)),
    );
    let expected = [
        (CheckId::Proof, Outcome::Fail),
        (CheckId::Issuer, Outcome::Unknown),
    ];
    expect(forged, &school.online(), Verdict::Invalid, &expected);
}

#[test]
fn a_header_that_says_more_than_it_may_is_worth_a_word() {
    let kid = school().kid();
    let header = |typ: &str, member: &str| {
        let header = json!({ "alg": "ES256", "kid": kid, "typ": typ });
        with(header, &format!("/{member}"), json!("vc\u{1b}"))
    };
    let expected = [(CheckId::Claims, Outcome::Warning)];
    let told = expect(
        signed_with(&header("JWT", "cty\u{1b}")),
        &school().online(),
        Verdict::ValidWithWarnings,
        &expected,
    );
    assert!(told.contains("it has “cty” too"), "{told}");
    // The W3C's profile has more members.
    let jwt = signed_with(&header("vc+jwt", "cty"));
    expect(jwt, &school().online(), Verdict::Valid, &[]);
    for typ in ["JWT", "vc+jwt"] {
        let critical = with(header(typ, "exp"), "/crit", json!(["exp"]));
        expect(
            signed_with(&critical),
            &school().online(),
            Verdict::Invalid,
            &[(CheckId::Parse, Outcome::Fail)],
        );
    }
}

#[test]
fn each_claim_must_agree_with_the_badge() {
    let school = school();
    let header = json!({ "alg": "ES256", "kid": school.kid(), "typ": "JWT" });
    let badge = with(badge(&school), "/validUntil", json!("2027-01-01T00:00:00Z"));
    let claims = school.claims(&badge);
    expect(
        school.jwt(&header, &claims),
        &school.online(),
        Verdict::Valid,
        &[],
    );
    for (claim, other) in [
        ("/iss", json!("https://other.example/issuer")),
        ("/jti", json!("urn:uuid:0")),
        ("/sub", json!("urn:uuid:0")),
        ("/nbf", json!(1_700_000_000)),
        ("/exp", json!(1_900_000_000)),
        ("/nbf", json!("2026-11-20T10:00:00Z")),
    ] {
        let expected = [(CheckId::Claims, Outcome::Fail)];
        let jwt = school.jwt(&header, &with(claims.clone(), claim, other));
        expect(jwt, &school.online(), Verdict::Invalid, &expected);
    }
}

#[test]
fn in_the_w3cs_profile_claims_may_be_left_out_and_date_the_signature() {
    let school = school();
    let header = json!({ "alg": "ES256", "kid": school.kid(), "typ": "vc+jwt" });
    let bare = badge(&school);
    expect(
        school.jwt(&header, &bare),
        &school.online(),
        Verdict::Valid,
        &[],
    );
    let expired = with(bare, "/exp", json!(1_700_000_000));
    let expected = [(CheckId::Validity, Outcome::Fail)];
    expect(
        school.jwt(&header, &expired),
        &school.online(),
        Verdict::Invalid,
        &expected,
    );
}

/// The badge in data model 1.1.
fn old(issuer: &Issuer) -> Value {
    let badge = without(badge(issuer), "/validFrom");
    let badge = with(badge, "/issuanceDate", json!("2026-11-20T10:00:00Z"));
    with(
        badge,
        "/@context/0",
        json!("https://www.w3.org/2018/credentials/v1"),
    )
}

#[test]
fn a_badge_of_data_model_1_1_stands_in_its_own_claim() {
    let school = school();
    let header = json!({ "alg": "ES256", "kid": school.kid(), "typ": "JWT" });
    let bare = without(old(&school), "/issuer");
    let payload = json!({
        "iss": SCHOOL,
        "jti": bare["id"],
        "sub": bare["credentialSubject"]["id"],
        "nbf": 1_795_168_800,
        "vc": with(bare.clone(), "/issuer", json!({ "id": SCHOOL, "type": ["Profile"], "name": "School" })),
    });
    let report = report(school.jwt(&header, &payload), &school.online());
    let (verdict, found) = remarks(&report);
    assert_eq!(verdict, Verdict::ValidWithWarnings, "{:#?}", report.checks);
    assert!(found.contains(&(CheckId::Context, Outcome::Warning)));

    let foreign = with(
        payload.clone(),
        "/vc/@context/1",
        json!("https://example.org/context"),
    );
    let report = super::world::report(school.jwt(&header, &foreign), &school.online());
    let (verdict, found) = remarks(&report);
    assert_eq!(verdict, Verdict::Invalid, "{:#?}", report.checks);
    assert!(found.contains(&(CheckId::Context, Outcome::Fail)));
    assert!(found.contains(&(CheckId::Schema, Outcome::Fail)));

    let mixed = with(
        payload,
        "/vc/@context/0",
        json!("https://www.w3.org/ns/credentials/v2"),
    );
    let parse = [(CheckId::Parse, Outcome::Fail)];
    expect(
        school.jwt(&header, &mixed),
        &school.online(),
        Verdict::Invalid,
        &parse,
    );
    expect(
        school.jwt(&header, &old(&school)),
        &school.online(),
        Verdict::Invalid,
        &parse,
    );
}
