//! The issuer: is the one who signed the one who issued, with a key that counts?

use badgeons::openbadges::did::document::multikey_id;
use badgeons::openbadges::keys::KeyState;
use badgeons::openbadges::verify::{CheckId, Evidence, Outcome, Registered, Standing, Verdict};
use serde_json::{Value, json};

use super::world::{Issuer, Online as _, at, badge, expect, with, without};

const NO_KEY: [(CheckId, Outcome); 2] = [
    (CheckId::Proof, Outcome::Unknown),
    (CheckId::Issuer, Outcome::Unknown),
];
const DISOWNED: [(CheckId, Outcome); 2] = [
    (CheckId::Proof, Outcome::Unknown),
    (CheckId::Issuer, Outcome::Fail),
];
const FAILED: [(CheckId, Outcome); 1] = [(CheckId::Issuer, Outcome::Fail)];
const WARNED: [(CheckId, Outcome); 1] = [(CheckId::Issuer, Outcome::Warning)];

const SCHOOL: &str = "https://school.example/issuer";

#[test]
fn a_key_that_nobody_vouches_for_is_nobody_in_particular() {
    let issuer = Issuer::did_key(1);
    let signed = issuer.sign(&badge(&issuer));
    let told = expect(
        signed,
        &Evidence::new(),
        Verdict::ValidWithWarnings,
        &WARNED,
    );
    assert!(told.contains("not known here"), "{told}");
}

#[test]
fn an_issuer_that_cannot_be_reached_leaves_it_open() {
    let issuer = Issuer::web();
    let evidence = Evidence::new().unreachable(issuer.address().as_str());
    let told = expect(
        issuer.sign(&badge(&issuer)),
        &evidence,
        Verdict::Undetermined,
        &NO_KEY,
    );
    assert!(told.contains("the server cannot be reached"), "{told}");
    let evidence = Evidence::new().with_text(issuer.address().as_str(), "<html>404</html>");
    expect(
        issuer.sign(&badge(&issuer)),
        &evidence,
        Verdict::Undetermined,
        &NO_KEY,
    );
}

#[test]
fn a_kind_of_did_that_is_not_known_leaves_it_open() {
    let issuer = Issuer::named("did:ion:EiClkZMDxPKqC9c", 7);
    expect(
        issuer.sign(&badge(&issuer)),
        &Evidence::new(),
        Verdict::Undetermined,
        &NO_KEY,
    );
}

#[test]
fn a_key_that_the_issuer_does_not_list_is_not_its_own() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let document = issuer.document();
    let others = Issuer::named(&issuer.id, 8).document();
    let only_login = with(
        without(document.clone(), "/assertionMethod"),
        "/authentication",
        json!([issuer.method()]),
    );
    let of_another = with(document.clone(), "/id", json!("did:web:other.example"));
    for document in [others, only_login, of_another] {
        let evidence = Evidence::new().with(issuer.address().as_str(), &document);
        expect(&signed, &evidence, Verdict::Invalid, &DISOWNED);
    }
    let foreign = with(
        document,
        "/verificationMethod/0/controller",
        json!("did:web:other.example"),
    );
    let evidence = Evidence::new().with(issuer.address().as_str(), &foreign);
    expect(&signed, &evidence, Verdict::Invalid, &FAILED);
}

#[test]
fn a_badge_signed_by_another_is_not_its_issuers() {
    let (issuer, thief) = (Issuer::web(), Issuer::did_key(9));
    let told = expect(
        thief.sign(&badge(&issuer)),
        &Evidence::new(),
        Verdict::Invalid,
        &FAILED,
    );
    assert!(told.contains("Somebody else signed"), "{told}");
}

#[test]
fn a_key_written_into_an_address_counts_for_nothing() {
    let school = Issuer::named(SCHOOL, 7);
    let thief = Issuer::did_key(9);
    let method = multikey_id(SCHOOL, &thief.public()).unwrap();
    let forged = thief.sign_as(&badge(&school), &method);
    expect(&forged, &school.online(), Verdict::Invalid, &DISOWNED);
    let profile = json!({ "id": SCHOOL, "type": ["Profile"], "name": "School" });
    expect(
        &forged,
        &Evidence::new().with(SCHOOL, &profile),
        Verdict::Invalid,
        &DISOWNED,
    );
    expect(
        &forged,
        &Evidence::new().unreachable(SCHOOL),
        Verdict::Undetermined,
        &NO_KEY,
    );
}

#[test]
fn an_issuer_with_a_web_address_lists_its_keys_there() {
    let school = Issuer::named(SCHOOL, 7);
    expect(
        school.sign(&badge(&school)),
        &school.online(),
        Verdict::Valid,
        &[],
    );
}

#[test]
fn a_key_that_was_withdrawn_counts_for_what_it_signed_before_on_the_signers_word() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let online = |from: &str| {
        let document = issuer.document_with(KeyState::Compromised { from: at(from) });
        Evidence::new().with(issuer.address().as_str(), &document)
    };
    expect(
        &signed,
        &online("2026-11-21T00:00:00Z"),
        Verdict::ValidWithWarnings,
        &WARNED,
    );
    expect(
        &signed,
        &online("2026-11-20T10:00:00Z"),
        Verdict::Invalid,
        &FAILED,
    );
}

/// Evidence of our own: the key in a state, the badge registered at an instant.
fn ours(issuer: &Issuer, state: KeyState, recorded: Option<&str>, signature: &Value) -> Evidence {
    let mut evidence = issuer.local(state);
    let registered = recorded.map_or(Registered::Unknown, |recorded| Registered::Known {
        recorded: at(recorded),
        signatures: vec![signature.as_str().unwrap().into()],
        standing: Standing::Good,
    });
    evidence
        .register
        .insert(badge(issuer)["id"].as_str().unwrap().into(), registered);
    evidence
}

#[test]
fn our_own_issuers_need_no_network() {
    for issuer in [Issuer::web(), Issuer::did_key(1), Issuer::named(SCHOOL, 7)] {
        let signed = issuer.sign(&badge(&issuer));
        expect(
            &signed,
            &issuer.local(KeyState::Active),
            Verdict::Valid,
            &[],
        );
        let known = ours(
            &issuer,
            KeyState::Active,
            Some("2026-11-20T10:00:01Z"),
            &signed["proof"]["proofValue"],
        );
        let told = expect(&signed, &known, Verdict::Valid, &[]);
        assert!(told.contains("own register"), "{told}");
    }
}

#[test]
fn what_the_register_has_withdrawn_is_not_valid_even_where_the_badge_names_no_list() {
    let issuer = Issuer::did_key(1);
    let signed = issuer.sign(&badge(&issuer));
    let mut evidence = ours(
        &issuer,
        KeyState::Active,
        Some("2026-11-20T10:00:01Z"),
        &signed["proof"]["proofValue"],
    );
    for (withdrawn, word) in [
        (Standing::Suspended, "for a time"),
        (Standing::Revoked, "for good"),
    ] {
        for registered in evidence.register.values_mut() {
            if let Registered::Known { standing, .. } = registered {
                *standing = withdrawn;
            }
        }
        let failed = [(CheckId::Status, Outcome::Fail)];
        let told = expect(&signed, &evidence, Verdict::Invalid, &failed);
        assert!(told.contains(word), "{told}");
    }
}

#[test]
fn a_badge_of_ours_that_the_register_does_not_know_is_worth_a_warning() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let unknown = ours(&issuer, KeyState::Active, None, &Value::Null);
    expect(&signed, &unknown, Verdict::ValidWithWarnings, &WARNED);
    let another = ours(
        &issuer,
        KeyState::Active,
        Some("2026-11-20T10:00:01Z"),
        &json!("zOther"),
    );
    expect(&signed, &another, Verdict::ValidWithWarnings, &WARNED);
}

#[test]
fn what_a_retired_key_signed_in_time_stands() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let retired = |since: &str| KeyState::Retired { since: at(since) };
    expect(
        &signed,
        &issuer.local(retired("2026-11-21T00:00:00Z")),
        Verdict::Valid,
        &[],
    );
    expect(
        &signed,
        &issuer.local(retired("2026-11-20T00:00:00Z")),
        Verdict::Invalid,
        &FAILED,
    );
    let known = ours(
        &issuer,
        retired("2026-11-20T00:00:00Z"),
        Some("2026-11-20T10:00:01Z"),
        &signed["proof"]["proofValue"],
    );
    expect(&signed, &known, Verdict::Valid, &[]);
}

#[test]
fn with_a_lost_key_only_what_the_register_had_before_stands() {
    let issuer = Issuer::web();
    // The proof says 20 November; a thief could have written that on any later day.
    let signed = issuer.sign(&badge(&issuer));
    let value = signed["proof"]["proofValue"].clone();
    let lost = KeyState::Compromised {
        from: at("2026-11-21T00:00:00Z"),
    };
    let ours = |recorded, value: &Value| ours(&issuer, lost, recorded, value);
    expect(
        &signed,
        &ours(Some("2026-11-20T10:00:01Z"), &value),
        Verdict::Valid,
        &[],
    );
    for (recorded, value) in [
        (None, &Value::Null),
        (Some("2026-11-22T00:00:00Z"), &value),
        (
            Some("2026-11-20T10:00:01Z"),
            &json!("zAnotherBadgeOfThisId"),
        ),
    ] {
        let told = expect(&signed, &ours(recorded, value), Verdict::Invalid, &FAILED);
        assert!(told.contains("compromised"), "{told}");
    }
    expect(&signed, &issuer.local(lost), Verdict::Invalid, &FAILED);
}
