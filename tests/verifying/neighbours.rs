//! One server, many issuers: whose a key is that lies beside the issuer's document, not in it.

use badgeons::openbadges::did::document::multikey_id;
use badgeons::openbadges::verify::{CheckId, Evidence, Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{
    Issuer, Online as _, badge, endorsement, expect, remarks, report, with, without,
};

const FAILED: [(CheckId, Outcome); 1] = [(CheckId::Issuer, Outcome::Fail)];
const WARNED: [(CheckId, Outcome); 1] = [(CheckId::Issuer, Outcome::Warning)];
const UNKNOWN: [(CheckId, Outcome); 1] = [(CheckId::Issuer, Outcome::Unknown)];

const SCHOOL: &str = "https://school.example/issuer";
const KEY: &str = "https://school.example/keys/1";

fn school() -> Issuer {
    Issuer::named(SCHOOL, 7)
}

/// What an https issuer without keys of its own answers.
fn profile() -> Value {
    json!({ "id": SCHOOL, "type": ["Profile"], "name": "School" })
}

/// A file that is only a key, as 1EdTech's validator wants it.
fn only_a_key(issuer: &Issuer, id: &str, controller: &str) -> Value {
    json!({
        "@context": "https://w3id.org/security/multikey/v1",
        "id": id,
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": issuer.public().to_multikey(),
    })
}

/// The document of somebody on a server, whose only key has this controller.
fn document_of(holder: &Issuer, controller: &str) -> Value {
    let method = holder.method();
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": holder.id,
        "verificationMethod": [only_a_key(holder, &method, controller)],
        "assertionMethod": [method],
    })
}

#[test]
fn a_neighbour_with_a_did_does_not_sign_for_the_issuer() {
    let alice = Issuer::named("did:web:host.example:users:alice", 7);
    let mallory = Issuer::named("did:web:host.example:users:mallory", 9);
    let forged = mallory.sign_as(&badge(&alice), &mallory.method());
    let neighbour = document_of(&mallory, &alice.id);
    let without_keys = json!({ "id": alice.id, "type": ["Profile"] });
    for own in [alice.document(), without_keys] {
        let evidence = Evidence::new()
            .with(mallory.address().as_str(), &neighbour)
            .with(alice.address().as_str(), &own);
        let told = expect(&forged, &evidence, Verdict::Invalid, &FAILED);
        assert!(told.contains("does not know this key"), "{told}");
    }
    let honest = alice.sign(&badge(&alice));
    let evidence = Evidence::new().with(alice.address().as_str(), &alice.document());
    expect(&honest, &evidence, Verdict::Valid, &[]);
}

#[test]
fn a_file_on_the_server_of_a_did_is_not_its_key() {
    let issuer = Issuer::web();
    let file = "https://badgeons.example/uploads/mallory.json";
    let thief = Issuer::did_key(9);
    let forged = thief.sign_as(&badge(&issuer), file);
    let key = only_a_key(&thief, file, &issuer.id);
    expect(
        &forged,
        &issuer.online().with(file, &key),
        Verdict::Invalid,
        &FAILED,
    );
}

#[test]
fn a_file_does_not_outweigh_the_keys_that_the_issuer_names() {
    let (school, thief) = (school(), Issuer::did_key(9));
    let file = "https://school.example/uploads/mallory.json";
    let forged = thief.sign_as(&badge(&school), file);
    let key = only_a_key(&thief, file, SCHOOL);
    let names_none_for_this = json!({ "id": SCHOOL, "type": ["Profile"], "authentication": [] });
    for own in [school.document(), names_none_for_this] {
        let evidence = Evidence::new().with(file, &key).with(SCHOOL, &own);
        let told = expect(&forged, &evidence, Verdict::Invalid, &FAILED);
        assert!(told.contains("does not know this key"), "{told}");
    }
}

#[test]
fn a_file_beside_an_issuer_that_names_no_key_counts_with_a_reservation() {
    let school = school();
    let signed = school.sign_as(&badge(&school), KEY);
    let key = only_a_key(&school, KEY, SCHOOL);
    let online = |own: &Value| Evidence::new().with(KEY, &key).with(SCHOOL, own);
    let told = expect(
        &signed,
        &online(&profile()),
        Verdict::ValidWithWarnings,
        &WARNED,
    );
    assert!(told.contains("could have made it"), "{told}");
    let others = only_a_key(&school, KEY, "https://other.example/issuer");
    let evidence = Evidence::new().with(KEY, &others);
    expect(&signed, &evidence, Verdict::Invalid, &FAILED);
    // Nobody says what kind of document it is, or whose.
    for own in [
        without(profile(), "/type"),
        with(profile(), "/id", json!("https://school.example/")),
        without(profile(), "/id"),
    ] {
        expect(&signed, &online(&own), Verdict::Undetermined, &UNKNOWN);
    }
    let unreachable = Evidence::new().with(KEY, &key).unreachable(SCHOOL);
    expect(&signed, &unreachable, Verdict::Undetermined, &UNKNOWN);
}

#[test]
fn a_file_that_says_it_was_given_up_does_not_count_beside_the_issuer() {
    let school = school();
    let signed = school.sign_as(&badge(&school), KEY);
    let revoked = with(
        only_a_key(&school, KEY, SCHOOL),
        "/revoked",
        json!("2026-11-22T00:00:00Z"),
    );
    let evidence = Evidence::new().with(KEY, &revoked).with(SCHOOL, &profile());
    expect(&signed, &evidence, Verdict::Invalid, &FAILED);
}

#[test]
fn what_is_no_plain_file_of_the_server_does_not_count_beside_the_issuer() {
    let (school, mallory) = (
        school(),
        Issuer::named("https://school.example/users/mallory", 9),
    );
    // A neighbour's own document, and a neighbour's profile that is a key as well.
    let forged = mallory.sign(&badge(&school));
    let bare = mallory.sign_as(&badge(&school), &mallory.id);
    let document = document_of(&mallory, SCHOOL);
    let both = with(
        only_a_key(&mallory, &mallory.id, SCHOOL),
        "/type",
        json!(["Profile", "Multikey"]),
    );
    // An address that shows what is put into it, or leads elsewhere.
    let echo = "https://school.example/echo?what=key";
    let echoed = mallory.sign_as(&badge(&school), echo);
    let key = only_a_key(&mallory, echo, SCHOOL);
    for (signed, address, document) in [
        (forged, mallory.id.as_str(), document),
        (bare, mallory.id.as_str(), both),
        (echoed, echo, key),
    ] {
        let evidence = Evidence::new()
            .with(address, &document)
            .with(SCHOOL, &profile());
        expect(&signed, &evidence, Verdict::Undetermined, &UNKNOWN);
    }
}

#[test]
fn another_server_is_not_the_issuers_be_it_one_port_away() {
    let (school, thief) = (school(), Issuer::did_key(9));
    for id in [
        "https://thief.example/keys/1",
        "https://school.example:8443/keys/1",
        "http://school.example/keys/1",
    ] {
        let forged = thief.sign_as(&badge(&school), id);
        let file = only_a_key(&thief, id, SCHOOL);
        for own in [school.document(), profile()] {
            let evidence = Evidence::new().with(id, &file).with(SCHOOL, &own);
            expect(&forged, &evidence, Verdict::Invalid, &FAILED);
        }
        let unreachable = Evidence::new().with(id, &file).unreachable(SCHOOL);
        expect(&forged, &unreachable, Verdict::Undetermined, &UNKNOWN);
    }
}

#[test]
fn a_key_elsewhere_counts_if_the_issuers_own_document_knows_it() {
    let (school, elsewhere) = (school(), Issuer::did_key(9));
    let id = "https://keys.example/keys/1";
    let signed = elsewhere.sign_as(&badge(&school), id);
    let file = only_a_key(&elsewhere, id, SCHOOL);
    let mut named = school.document();
    named["assertionMethod"]
        .as_array_mut()
        .unwrap()
        .push(json!(id));
    let online = |own: &Value| Evidence::new().with(id, &file).with(SCHOOL, own);
    expect(&signed, &online(&named), Verdict::Valid, &[]);

    let held = |method: Value| {
        let mut own = named.clone();
        own["verificationMethod"]
            .as_array_mut()
            .unwrap()
            .push(method);
        own
    };
    expect(&signed, &online(&held(file.clone())), Verdict::Valid, &[]);
    let another_key = only_a_key(&school, id, SCHOOL);
    let anothers = only_a_key(&elsewhere, id, "https://other.example/issuer");
    let revoked = with(file.clone(), "/revoked", json!("2026-11-20T00:00:00Z"));
    for method in [another_key, anothers, revoked] {
        let evidence = online(&held(method));
        expect(&signed, &evidence, Verdict::Invalid, &FAILED);
    }
    let since = with(file.clone(), "/revoked", json!("2026-11-22T00:00:00Z"));
    let evidence = online(&held(since));
    expect(&signed, &evidence, Verdict::ValidWithWarnings, &WARNED);
}

/// The school's P-256 key, with members of its own.
fn jwk(members: &Value) -> Value {
    let mut jwk = school().p256.public().to_jwk();
    jwk.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    jwk
}

fn jwt(kid: &str) -> String {
    let school = school();
    school.jwt(
        &json!({ "alg": "ES256", "kid": kid }),
        &school.claims(&badge(&school)),
    )
}

#[test]
fn a_jwts_key_beside_an_issuer_that_names_no_key_counts_with_a_reservation() {
    let set = json!({ "keys": [jwk(&json!({ "kid": KEY }))] });
    let claimed = json!({ "keys": [jwk(&json!({ "kid": KEY, "iss": SCHOOL }))] });
    for document in [jwk(&json!({})), set, claimed] {
        let evidence = Evidence::new().with(KEY, &document);
        let told = expect(
            jwt(KEY),
            &evidence.clone().with(SCHOOL, &profile()),
            Verdict::ValidWithWarnings,
            &WARNED,
        );
        assert!(told.contains("does not say that it is its key"), "{told}");
        let named = Issuer::named(SCHOOL, 8).document();
        expect(
            jwt(KEY),
            &evidence.with(SCHOOL, &named),
            Verdict::Invalid,
            &FAILED,
        );
    }
}

#[test]
fn the_servers_own_key_set_speaks_for_its_issuers() {
    let kid = "https://school.example/.well-known/jwks.json#1";
    let set = |members: Value| json!({ "keys": [jwk(&members)] });
    let online = |set: &Value| Evidence::new().with(kid, set).with(SCHOOL, &profile());
    let named = set(json!({ "kid": "1", "iss": SCHOOL }));
    expect(jwt(kid), &online(&named), Verdict::Valid, &[]);
    let unnamed = set(json!({ "kid": "1" }));
    let expected = Verdict::ValidWithWarnings;
    expect(jwt(kid), &online(&unnamed), expected, &WARNED);
    let anothers = set(json!({ "kid": "1", "iss": "https://school.example/other" }));
    let evidence = Evidence::new().with(kid, &anothers);
    expect(jwt(kid), &evidence, Verdict::Invalid, &FAILED);
}

#[test]
fn an_endorsement_with_a_key_that_nobody_names_says_so_and_vouches_for_nobody() {
    let (issuer, school) = (Issuer::web(), school());
    let achievement = "https://badgeons.example/achievements/1";
    let vouched = school.sign_as(&endorsement(achievement, &school), KEY);
    let creator = json!({ "id": SCHOOL, "type": ["Profile"], "name": "School" });
    let badge = with(
        badge(&issuer),
        "/credentialSubject/achievement/endorsement",
        json!([vouched]),
    );
    let signed = issuer.sign(&with(
        badge,
        "/credentialSubject/achievement/creator",
        creator,
    ));
    let evidence = issuer
        .online()
        .with(KEY, &only_a_key(&school, KEY, SCHOOL))
        .with(SCHOOL, &profile());
    let (verdict, found) = remarks(&report(&signed, &evidence));
    assert_eq!(verdict, Verdict::ValidWithWarnings);
    let expected = [
        (CheckId::Endorsements, Outcome::Warning),
        (CheckId::Creator, Outcome::Unknown),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_fragment_of_the_issuers_address_is_looked_up_there_and_nowhere_else() {
    let (school, thief) = (school(), Issuer::did_key(9));
    let method = multikey_id(SCHOOL, &thief.public()).unwrap();
    let forged = thief.sign_as(&badge(&school), &method);
    // The address answers with the thief's key instead of the issuer.
    let evidence = Evidence::new().with(SCHOOL, &only_a_key(&thief, &method, SCHOOL));
    expect(&forged, &evidence, Verdict::Undetermined, &UNKNOWN);
}
