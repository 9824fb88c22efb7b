//! The status: revoked, suspended, noted, or not to be told.

use std::time::Duration;

use badgeons::openbadges::model::CredentialStatus;
use badgeons::openbadges::model::checked::Unsigned;
use badgeons::openbadges::status::{Bitstring, StatusList, StatusPurpose};
use badgeons::openbadges::verify::{CheckId, Evidence, Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{Issuer, Online as _, at, badge, expect, with, with_extensions, without};

const LIST: &str = "https://badgeons.example/status/1";
const UNKNOWN: [(CheckId, Outcome); 1] = [(CheckId::Status, Outcome::Unknown)];
const FAILED: [(CheckId, Outcome); 1] = [(CheckId::Status, Outcome::Fail)];
const WARNED: [(CheckId, Outcome); 1] = [(CheckId::Status, Outcome::Warning)];

fn entry(purpose: &StatusPurpose) -> Value {
    serde_json::to_value(CredentialStatus::bitstring(LIST, purpose.as_str(), 7)).unwrap()
}

/// A badge with a status of this purpose, signed.
fn badge_with(issuer: &Issuer, status: Value) -> Value {
    issuer.sign(&with(badge(issuer), "/credentialStatus", status))
}

/// The list of an issuer in which the badge's place is set or not, unsigned.
fn list(issuer: &Issuer, purpose: &StatusPurpose, set: bool) -> Value {
    let mut bits = Bitstring::new(1).unwrap();
    bits.set(7, set).unwrap();
    let Unsigned(list) = StatusList {
        id: LIST.into(),
        issuer: issuer.id.clone(),
        purpose: purpose.clone(),
        valid_from: at("2026-11-23T00:00:00Z"),
        valid_until: Some(at("2026-11-24T00:00:00Z")),
        ttl: Some(Duration::from_mins(5)),
        bits,
    }
    .to_credential();
    list
}

#[test]
fn a_badge_is_valid_until_its_issuer_says_otherwise() {
    let issuer = Issuer::web();
    for (purpose, set, verdict, expected, words) in [
        (
            StatusPurpose::Revocation,
            false,
            Verdict::Valid,
            &[][..],
            "not revoked",
        ),
        (
            StatusPurpose::Revocation,
            true,
            Verdict::Invalid,
            &FAILED,
            "was revoked",
        ),
        (
            StatusPurpose::Suspension,
            false,
            Verdict::Valid,
            &[],
            "not suspended",
        ),
        (
            StatusPurpose::Suspension,
            true,
            Verdict::Invalid,
            &FAILED,
            "is suspended",
        ),
        (
            StatusPurpose::Refresh,
            false,
            Verdict::Valid,
            &[],
            "Nothing is noted",
        ),
        (
            StatusPurpose::Refresh,
            true,
            Verdict::ValidWithWarnings,
            &WARNED,
            "newer version",
        ),
        (
            StatusPurpose::Other("exported".into()),
            true,
            Verdict::ValidWithWarnings,
            &WARNED,
            "exported",
        ),
    ] {
        let signed = badge_with(&issuer, entry(&purpose));
        let unsigned = list(&issuer, &purpose, set);
        let json = issuer.sign(&unsigned).to_string();
        let jwt = issuer.jwt(
            &json!({ "alg": "ES256", "kid": issuer.kid(), "typ": "vc+jwt" }),
            &unsigned,
        );
        for published in [json, jwt] {
            let told = expect(
                &signed,
                &issuer.online().with_text(LIST, &published),
                verdict,
                expected,
            );
            assert!(told.contains(words), "{told}");
        }
    }
}

#[test]
fn a_message_is_told_in_the_issuers_words() {
    let issuer = Issuer::web();
    let messages = json!([
        { "status": "0x0", "message": "En cours" },
        { "status": "0x1", "message": "À renouveler bientôt" },
    ]);
    let status = with(entry(&StatusPurpose::Message), "/statusMessage", messages);
    let published = issuer.sign(&list(&issuer, &StatusPurpose::Message, true));
    let evidence = issuer.online().with(LIST, &published);
    let told = expect(
        badge_with(&issuer, status),
        &evidence,
        Verdict::ValidWithWarnings,
        &WARNED,
    );
    assert!(told.contains("À renouveler bientôt"), "{told}");
}

#[test]
fn each_status_is_looked_up() {
    let issuer = Issuer::web();
    let second = with(
        with(
            entry(&StatusPurpose::Suspension),
            "/statusListCredential",
            json!("https://badgeons.example/status/2"),
        ),
        "/id",
        json!("https://badgeons.example/status/2#7"),
    );
    let signed = badge_with(&issuer, json!([entry(&StatusPurpose::Revocation), second]));
    let suspended = with(
        list(&issuer, &StatusPurpose::Suspension, true),
        "/id",
        json!("https://badgeons.example/status/2"),
    );
    let evidence = issuer
        .online()
        .with(
            LIST,
            &issuer.sign(&list(&issuer, &StatusPurpose::Revocation, false)),
        )
        .with(
            "https://badgeons.example/status/2",
            &issuer.sign(&suspended),
        );
    let report = super::world::report(signed, &evidence);
    let outcomes: Vec<_> = report
        .checks
        .iter()
        .filter(|c| c.id == CheckId::Status)
        .map(|c| c.outcome)
        .collect();
    assert_eq!(outcomes, [Outcome::Pass, Outcome::Fail]);
}

#[test]
fn a_list_that_cannot_be_had_or_relied_on_leaves_it_open() {
    let issuer = Issuer::web();
    let purpose = StatusPurpose::Revocation;
    let signed = badge_with(&issuer, entry(&purpose));
    let sound = list(&issuer, &purpose, false);
    let with_list = |list: &Value| issuer.online().with(LIST, list);
    let change =
        |pointer: &str, value: Value| with_list(&issuer.sign(&with(sound.clone(), pointer, value)));
    let stranger = Issuer::named("did:web:other.example", 9);
    for (evidence, words) in [
        (issuer.online().unreachable(LIST), "could not be fetched"),
        (with_list(&sound), "not signed"),
        (
            with_list(&without(issuer.sign(&sound), "/proof/proofValue")),
            "proofValue",
        ),
        (
            with_list(&with(
                issuer.sign(&sound),
                "/validFrom",
                json!("2026-11-22T00:00:00Z"),
            )),
            "changed after",
        ),
        (
            with_list(&stranger.sign(&sound)).unreachable(stranger.address().as_str()),
            "cannot be reached",
        ),
        (
            change("/validUntil", json!("2026-11-23T09:00:00Z")),
            "expired",
        ),
        (
            change("/validFrom", json!("2026-11-23T11:00:00Z")),
            "does not hold yet",
        ),
        (
            change("/id", json!("https://badgeons.example/status/9")),
            "another address",
        ),
        (
            change("/type", json!(["VerifiableCredential"])),
            "BitstringStatusListCredential",
        ),
        (
            change("/credentialSubject/statusPurpose", json!("suspension")),
            "not about",
        ),
        (
            change("/credentialSubject/encodedList", json!("uAAAA")),
            "gzip",
        ),
        (issuer.online().with_text(LIST, "hello"), "JSON"),
    ] {
        let told = expect(&signed, &evidence, Verdict::Undetermined, &UNKNOWN);
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_list_that_has_run_out_can_not_be_rewritten_to_last() {
    let issuer = Issuer::web();
    let purpose = StatusPurpose::Revocation;
    let signed = badge_with(&issuer, entry(&purpose));
    let old = with(
        list(&issuer, &purpose, false),
        "/validUntil",
        json!("2026-11-23T09:00:00Z"),
    );
    // The same statements to RDF, so that the proof holds.
    let in_a_list = with(
        issuer.sign(&old),
        "/validUntil",
        json!(["2026-11-23T09:00:00Z"]),
    );
    let in_an_object = with(
        issuer.sign(&old),
        "/validUntil",
        json!({ "@value": "2026-11-23T09:00:00Z" }),
    );
    for (published, words) in [
        (issuer.sign(&old), "expired"),
        (in_a_list, "validUntil"),
        (in_an_object, "validUntil"),
    ] {
        let evidence = issuer.online().with(LIST, &published);
        let told = expect(&signed, &evidence, Verdict::Undetermined, &UNKNOWN);
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_list_need_not_say_since_when_it_holds_but_what_it_says_must_be_readable() {
    let issuer = Issuer::web();
    let purpose = StatusPurpose::Revocation;
    let signed = badge_with(&issuer, entry(&purpose));
    let undated = without(list(&issuer, &purpose, false), "/validFrom");
    let header = json!({ "alg": "ES256", "kid": issuer.kid(), "typ": "vc+jwt" });
    let online = |list: &Value| {
        let jwt = issuer.jwt(&header, list);
        issuer.online().with_text(LIST, &jwt)
    };
    let endless = without(undated.clone(), "/validUntil");
    for sound in [&undated, &endless] {
        expect(&signed, &online(sound), Verdict::Valid, &[]);
        let evidence = issuer.online().with(LIST, &issuer.sign(sound));
        expect(&signed, &evidence, Verdict::Valid, &[]);
    }
    let expired = with(
        undated.clone(),
        "/validUntil",
        json!("2026-11-23T09:00:00Z"),
    );
    let of_jwt = with(endless, "/exp", json!(1_700_000_000));
    for (list, words) in [
        (
            with(undated.clone(), "/validFrom", json!("soon")),
            "validFrom",
        ),
        (with(undated, "/validUntil", json!(7)), "validUntil"),
        (expired, "expired"),
        (of_jwt, "exp"),
    ] {
        let told = expect(&signed, &online(&list), Verdict::Undetermined, &UNKNOWN);
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_list_is_held_to_the_rules_of_any_credential() {
    let issuer = Issuer::web();
    let purpose = StatusPurpose::Revocation;
    let signed = badge_with(&issuer, entry(&purpose));
    let sound = list(&issuer, &purpose, false);
    let header = json!({ "alg": "ES256", "kid": issuer.kid(), "typ": "vc+jwt" });
    for (pointer, value) in [
        ("/@context", json!(["https://example.org/context"])),
        ("/issuer", json!({ "id": issuer.id, "name": 7 })),
        ("/termsOfUse", json!([{}])),
    ] {
        let jwt = issuer.jwt(&header, &with(sound.clone(), pointer, value));
        let evidence = issuer.online().with_text(LIST, &jwt);
        let told = expect(&signed, &evidence, Verdict::Undetermined, &UNKNOWN);
        assert!(told.contains("breaks a rule"), "{told}");
    }
}

#[test]
fn a_place_that_is_named_as_the_whole_list_is_worth_a_word() {
    let issuer = Issuer::web();
    let purpose = StatusPurpose::Revocation;
    let named = with(entry(&purpose), "/id", json!(LIST));
    let header = json!({ "alg": "ES256", "kid": issuer.kid(), "typ": "JWT" });
    let claims = issuer.claims(&badge(&issuer));
    let signed = issuer.jwt(&header, &with(claims, "/credentialStatus", named));
    let online = |set| {
        let list = issuer.sign(&list(&issuer, &purpose, set));
        issuer.online().with(LIST, &list)
    };
    let warned = (CheckId::Structure, Outcome::Warning);
    expect(
        &signed,
        &online(false),
        Verdict::ValidWithWarnings,
        &[warned],
    );
    let revoked = [warned, (CheckId::Status, Outcome::Fail)];
    expect(&signed, &online(true), Verdict::Invalid, &revoked);
}

#[test]
fn a_place_beyond_the_list_leaves_it_open() {
    let issuer = Issuer::web();
    let status = with(
        entry(&StatusPurpose::Revocation),
        "/statusListIndex",
        json!("131072"),
    );
    let published = issuer.sign(&list(&issuer, &StatusPurpose::Revocation, false));
    let evidence = issuer.online().with(LIST, &published);
    let told = expect(
        badge_with(&issuer, status),
        &evidence,
        Verdict::Undetermined,
        &UNKNOWN,
    );
    assert!(told.contains("131072"), "{told}");
}

#[test]
fn a_list_of_another_publisher_counts_and_that_is_said() {
    let issuer = Issuer::web();
    let publisher = Issuer::did_key(9);
    let signed_list = publisher.sign(&list(&publisher, &StatusPurpose::Revocation, true));
    let evidence = issuer.online().with(LIST, &signed_list);
    let told = expect(
        badge_with(&issuer, entry(&StatusPurpose::Revocation)),
        &evidence,
        Verdict::Invalid,
        &FAILED,
    );
    assert!(told.contains(&publisher.id), "{told}");
}

#[test]
fn a_status_of_an_unknown_kind_leaves_it_open() {
    let issuer = Issuer::web();
    let jwt = issuer.sign_jwt(&with(
        badge(&issuer),
        "/credentialStatus",
        json!({ "id": LIST, "type": "urn:x:Status" }),
    ));
    let told = expect(jwt, &issuer.online(), Verdict::Undetermined, &UNKNOWN);
    assert!(told.contains("urn:x:Status"), "{told}");
}

/// A badge with 1EdTech's kind of status.
fn in_1edtechs_list(issuer: &Issuer) -> Value {
    let badge = with_extensions(&badge(issuer));
    issuer.sign(&with(
        badge,
        "/credentialStatus",
        json!({ "id": LIST, "type": "1EdTechRevocationList" }),
    ))
}

#[test]
fn a_badge_in_1edtechs_list_was_revoked() {
    let issuer = Issuer::web();
    let signed = in_1edtechs_list(&issuer);
    let list = |issuer: &str, revoked: Value| json!({ "id": LIST, "issuer": issuer, "revokedCredential": revoked });
    let online = |list: &Value| issuer.online().with(LIST, list);
    let this = json!([{ "id": badge(&issuer)["id"], "revocationReason": "Issued twice" }]);
    let told = expect(
        &signed,
        &online(&list(&issuer.id, this.clone())),
        Verdict::Invalid,
        &FAILED,
    );
    assert!(told.contains("Issued twice"), "{told}");
    let other = json!([{ "id": "urn:uuid:0" }]);
    expect(
        &signed,
        &online(&list(&issuer.id, other)),
        Verdict::Valid,
        &[],
    );
    expect(
        &signed,
        &online(&list("did:web:other.example", this)),
        Verdict::Undetermined,
        &UNKNOWN,
    );
    expect(
        &signed,
        &online(&json!({})),
        Verdict::Undetermined,
        &UNKNOWN,
    );
    expect(
        &signed,
        &issuer.online().unreachable(LIST),
        Verdict::Undetermined,
        &UNKNOWN,
    );
}

#[test]
fn a_status_is_not_looked_up_before_the_issuer_is_established() {
    let issuer = Issuer::web();
    let signed = badge_with(&issuer, entry(&StatusPurpose::Revocation));
    let examination = super::world::examined(signed, &Evidence::new());
    assert_eq!(examination.needs.len(), 1);
    assert_eq!(examination.needs[0].url, issuer.address());
}
