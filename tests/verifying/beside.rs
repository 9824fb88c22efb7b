//! What stands beside a badge: newer versions, endorsements, its designer.

use badgeons::openbadges::verify::{CheckId, Evidence, Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{
    Issuer, Online as _, badge, endorsement, examined, expect, with, with_extensions,
};

const LATEST: &str = "https://badgeons.example/badges/1/latest";
const ACHIEVEMENT: &str = "https://badgeons.example/achievements/1";

/// A badge that can be renewed, unsigned.
fn renewable(issuer: &Issuer) -> Value {
    let badge = with_extensions(&badge(issuer));
    let badge = with(badge, "/validUntil", json!("2026-11-22T00:00:00Z"));
    with(
        badge,
        "/refreshService",
        json!({ "id": LATEST, "type": "1EdTechCredentialRefresh" }),
    )
}

fn renewed(issuer: &Issuer) -> Value {
    let newer = with(
        renewable(issuer),
        "/validFrom",
        json!("2026-11-21T00:00:00Z"),
    );
    with(newer, "/validUntil", json!("2027-11-21T00:00:00Z"))
}

#[test]
fn a_renewed_badge_is_judged_in_its_newer_version() {
    let issuer = Issuer::web();
    let old = issuer.sign(&renewable(&issuer));
    let evidence = issuer
        .online()
        .with(LATEST, &issuer.sign(&renewed(&issuer)));
    let expected = [(CheckId::Refresh, Outcome::Warning)];
    expect(&old, &evidence, Verdict::ValidWithWarnings, &expected);
    let report = examined(&old, &evidence).report;
    let until = report.credential.unwrap().valid_until.unwrap().to_string();
    assert_eq!(until, "2027-11-21T00:00:00Z");
    let evidence = issuer.online().with(LATEST, &old);
    expect(
        &old,
        &evidence,
        Verdict::Invalid,
        &[(CheckId::Validity, Outcome::Fail)],
    );
}

#[test]
fn what_is_no_newer_version_of_this_badge_changes_nothing() {
    let issuer = Issuer::web();
    let old = issuer.sign(&renewable(&issuer));
    let newer = renewed(&issuer);
    let stranger = Issuer::did_key(9);
    let by_stranger = stranger.sign(&with(newer.clone(), "/issuer/id", json!(stranger.id)));
    let another = issuer.sign(&with(newer.clone(), "/id", json!("urn:uuid:0")));
    let forged = with(
        issuer.sign(&newer),
        "/validUntil",
        json!("2030-01-01T00:00:00Z"),
    );
    let expected = [
        (CheckId::Validity, Outcome::Fail),
        (CheckId::Refresh, Outcome::Unknown),
    ];
    for answer in [by_stranger, another, forged, newer, json!("hello")] {
        expect(
            &old,
            &issuer.online().with(LATEST, &answer),
            Verdict::Invalid,
            &expected,
        );
    }
    expect(
        &old,
        &issuer.online().unreachable(LATEST),
        Verdict::Invalid,
        &expected,
    );
}

#[test]
fn a_newer_version_is_not_asked_for_an_even_newer_one() {
    let issuer = Issuer::web();
    let further = "https://badgeons.example/badges/1/further";
    let newer = issuer.sign(&with(
        renewed(&issuer),
        "/refreshService/id",
        json!(further),
    ));
    let evidence = issuer.online().with(LATEST, &newer);
    assert_eq!(
        examined(issuer.sign(&renewable(&issuer)), &evidence).needs,
        []
    );
}

fn endorsed(issuer: &Issuer, endorsement: &Value) -> Value {
    issuer.sign(&with(
        badge(issuer),
        "/credentialSubject/achievement/endorsement",
        json!([endorsement]),
    ))
}

#[test]
fn an_endorsement_is_verified_like_a_badge() {
    let issuer = Issuer::web();
    let university = Issuer::named("did:web:university.example", 5);
    let evidence = issuer
        .online()
        .with(university.address().as_str(), &university.document());
    let vouched = endorsement(ACHIEVEMENT, &university);
    let told = expect(
        endorsed(&issuer, &university.sign(&vouched)),
        &evidence,
        Verdict::Valid,
        &[],
    );
    assert!(told.contains("Université de Bretagne"), "{told}");
    assert!(told.contains("Très utile."), "{told}");

    let unreachable = issuer.online().unreachable(university.address().as_str());
    let signed = endorsed(&issuer, &university.sign(&vouched));
    let expected = [(CheckId::Endorsements, Outcome::Unknown)];
    expect(&signed, &unreachable, Verdict::ValidWithWarnings, &expected);
}

#[test]
fn an_endorsement_that_does_not_hold_is_told_with_its_reason_and_leaves_the_badge_alone() {
    let issuer = Issuer::web();
    let university = Issuer::named("did:web:university.example", 5);
    let evidence = issuer
        .online()
        .with(university.address().as_str(), &university.document());
    let vouched = endorsement(ACHIEVEMENT, &university);
    let comment = "/credentialSubject/endorsementComment";
    let changed = with(university.sign(&vouched), comment, json!("Indispensable."));
    let ended = with(
        vouched.clone(),
        "/validUntil",
        json!("2026-02-01T00:00:00Z"),
    );
    let elsewhere = endorsement("https://other.example/achievements/9", &university);
    let unverified = [(CheckId::Endorsements, Outcome::Warning)];
    // What needs no key to be seen is a remark about the badge itself as well.
    let seen = [(CheckId::Structure, Outcome::Warning), unverified[0]];
    let by_stranger = Issuer::did_key(9).sign(&vouched);
    for (broken, expected, why) in [
        (vouched, &seen[..], "The badge is not signed."),
        (changed, &unverified, "The signature does not hold."),
        (
            university.sign(&ended),
            &unverified,
            "It held until 2026-02-01",
        ),
        (
            university.sign(&elsewhere),
            &seen,
            "stands on something else",
        ),
        (by_stranger, &unverified, "the key belongs to did:key:z6Mk"),
    ] {
        let badge = endorsed(&issuer, &broken);
        let told = expect(badge, &evidence, Verdict::ValidWithWarnings, expected);
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn an_endorsement_is_held_to_its_schema_and_its_dates_in_every_form() {
    let (issuer, witness) = (
        Issuer::web(),
        Issuer::named("did:web:university.example", 5),
    );
    let header = json!({ "alg": "ES256", "kid": witness.kid(), "typ": "vc+jwt" });
    let evidence = issuer
        .online()
        .with(witness.address().as_str(), &witness.document());
    let told = |vouched: &Value| {
        let badge = with(
            badge(&issuer),
            "/endorsementJwt",
            json!([witness.jwt(&header, vouched)]),
        );
        let report = examined(issuer.sign_jwt(&badge), &evidence).report;
        let mut told = report.checks.into_iter();
        let of_jwt = told
            .find(|check| check.id == CheckId::Endorsements)
            .unwrap();
        (of_jwt.outcome, of_jwt.detail)
    };
    let sound = endorsement(badge(&issuer)["id"].as_str().unwrap(), &witness);
    assert_eq!(told(&sound).0, Outcome::Pass);
    let past = "2026-02-01T00:00:00Z";
    for (pointer, value, words) in [
        ("/awardedDate", json!({ "en": past }), "not a text"),
        ("/name", json!({ "in French": "Avis" }), "schema describes"),
        ("/validUntil", json!([past]), "validUntil"),
        ("/validUntil", json!(past), "held until"),
    ] {
        let (outcome, detail) = told(&with(sound.clone(), pointer, value));
        assert_eq!(outcome, Outcome::Warning, "{pointer}: {detail}");
        assert!(detail.contains(words), "{words}: {detail}");
    }
}

#[test]
fn an_endorsement_is_not_asked_for_a_newer_version_and_that_is_said() {
    let (issuer, witness) = (Issuer::web(), Issuer::did_key(5));
    let vouched = with_extensions(&endorsement(ACHIEVEMENT, &witness));
    let service = json!({ "id": LATEST, "type": "1EdTechCredentialRefresh" });
    let vouched = witness.sign(&with(vouched, "/refreshService", service));
    let told = expect(
        endorsed(&issuer, &vouched),
        &issuer.online(),
        Verdict::Valid,
        &[],
    );
    assert!(told.contains("which was not asked"), "{told}");
}

#[test]
fn endorsements_are_found_wherever_they_stand_also_as_jwts() {
    let issuer = Issuer::web();
    let witness = Issuer::did_key(5);
    let kid = format!("{}#{}", witness.id, witness.public().to_multikey().unwrap());
    let badge = badge(&issuer);
    let parent = json!({ "id": "https://parent.example/", "type": ["Profile"], "name": "Parent" });
    let badge = with(badge, "/issuer/parentOrg", parent);
    let mut signed = badge.clone();
    for (place, of) in [
        ("", badge["id"].as_str().unwrap()),
        ("/issuer", issuer.id.as_str()),
        ("/issuer/parentOrg", "https://parent.example/"),
        ("/credentialSubject/achievement", ACHIEVEMENT),
    ] {
        let vouched = witness.sign(&endorsement(of, &witness));
        signed = with(signed, &format!("{place}/endorsement"), json!([vouched]));
    }
    let vouched = endorsement(ACHIEVEMENT, &witness);
    let jwt = witness.jwt(&json!({ "alg": "ES256", "kid": kid }), &vouched);
    signed = with(
        signed,
        "/credentialSubject/achievement/endorsementJwt",
        json!([jwt]),
    );
    let report = examined(issuer.sign_jwt(&signed), &issuer.online()).report;
    let told: Vec<_> = report
        .checks
        .iter()
        .filter(|check| check.id == CheckId::Endorsements)
        .map(|check| (check.outcome, check.pointer.clone().unwrap()))
        .collect();
    let pass = |pointer: &str| (Outcome::Pass, pointer.to_owned());
    assert_eq!(
        told,
        [
            pass("/endorsement/0"),
            pass("/credentialSubject/achievement/endorsement/0"),
            // Signed with a key that the witness's did:key is not.
            (
                Outcome::Warning,
                "/credentialSubject/achievement/endorsementJwt/0".into()
            ),
            pass("/issuer/endorsement/0"),
            pass("/issuer/parentOrg/endorsement/0"),
        ],
        "{:#?}",
        report.checks
    );
}

#[test]
fn endorsements_in_a_badge_nobody_signed_are_not_looked_up() {
    let issuer = Issuer::web();
    let university = Issuer::named("did:web:university.example", 5);
    let signed = endorsed(
        &issuer,
        &university.sign(&endorsement(ACHIEVEMENT, &university)),
    );
    let examination = examined(&signed, &Evidence::new());
    assert_eq!(examination.needs.len(), 1);
    let tampered = with(signed, "/name", json!("Autre"));
    assert_eq!(examined(tampered, &issuer.online()).needs, []);
}

#[test]
fn a_designer_is_the_issuers_word_unless_the_designer_vouches() {
    let issuer = Issuer::web();
    let designer = Issuer::named("did:web:fresque.example", 5);
    let by = |id: &str| json!({ "id": id, "type": ["Profile"], "name": "La Fresque" });
    let creator = "/credentialSubject/achievement/creator";
    let own = issuer.sign(&with(badge(&issuer), creator, by(&issuer.id)));
    expect(own, &issuer.online(), Verdict::Valid, &[]);

    let named = with(badge(&issuer), creator, by(&designer.id));
    let expected = [(CheckId::Creator, Outcome::Unknown)];
    let told = expect(
        issuer.sign(&named),
        &issuer.online(),
        Verdict::ValidWithWarnings,
        &expected,
    );
    assert!(told.contains("did:web:fresque.example"), "{told}");

    let vouched = designer.sign(&endorsement(ACHIEVEMENT, &designer));
    let vouched = with(
        named,
        "/credentialSubject/achievement/endorsement",
        json!([vouched]),
    );
    let evidence = issuer
        .online()
        .with(designer.address().as_str(), &designer.document());
    expect(issuer.sign(&vouched), &evidence, Verdict::Valid, &[]);
}
