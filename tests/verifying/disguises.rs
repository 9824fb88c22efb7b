//! A proof over RDF covers the meaning of a badge, not the words it is written in. Whoever holds a
//! badge can write the same meaning in other words, under which readers overlook it: its last day,
//! its status. Such a badge must never be valid.

use badgeons::openbadges::verify::{CheckId, Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{Issuer, badge, endorsement, examined, expect, now, report, with, without};

const UNTIL: &str = "2026-11-22T00:00:00Z";
const DATE_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// A badge that has expired, signed.
fn expired(issuer: &Issuer) -> Value {
    issuer.sign(&with(badge(issuer), "/validUntil", json!(UNTIL)))
}

#[track_caller]
fn is_not_valid(disguised: &Value) {
    let report = report(disguised, &Issuer::web().online());
    let verdict = report.verdict;
    assert!(
        matches!(verdict, Verdict::Invalid | Verdict::Undetermined),
        "{:#?}",
        report.checks
    );
}

#[test]
fn a_last_day_under_its_full_name_is_not_overlooked() {
    let issuer = Issuer::web();
    let mut disguised = without(expired(&issuer), "/validUntil");
    disguised["https://www.w3.org/2018/credentials#validUntil"] =
        json!({ "@value": UNTIL, "@type": DATE_TIME });
    let expected = [
        (CheckId::Proof, Outcome::Unknown),
        (CheckId::Issuer, Outcome::Unknown),
    ];
    let told = expect(
        &disguised,
        &issuer.online(),
        Verdict::Undetermined,
        &expected,
    );
    assert!(told.contains("validUntil"), "{told}");
}

#[test]
fn a_last_day_under_another_name_is_not_overlooked() {
    let issuer = Issuer::web();
    let bare = without(expired(&issuer), "/validUntil");
    let date = |id: &str| json!({ "@id": id, "@type": DATE_TIME });
    for (context, name) in [
        (
            json!({ "end": date("https://www.w3.org/2018/credentials#validUntil") }),
            "end",
        ),
        (
            json!({ "c": "https://www.w3.org/2018/credentials#", "end": date("c:validUntil") }),
            "end",
        ),
        (
            json!({ "c": "https://www.w3.org/2018/credentials#valid", "c:Until": { "@type": DATE_TIME } }),
            "c:Until",
        ),
        (
            json!({ "@vocab": "https://www.w3.org/2018/credentials#valid", "Until": { "@type": DATE_TIME } }),
            "Until",
        ),
        (
            json!({ "OpenBadgeCredential": { "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential" } }),
            "end",
        ),
    ] {
        let mut disguised = bare.clone();
        disguised["@context"].as_array_mut().unwrap().push(context);
        disguised[name] = json!(UNTIL);
        is_not_valid(&disguised);
    }
}

#[test]
fn a_last_day_in_a_keyword_is_not_overlooked() {
    let issuer = Issuer::web();
    let bare = without(expired(&issuer), "/validUntil");
    let hidden = json!({ "id": bare["id"], "type": ["VerifiableCredential"], "validUntil": UNTIL });
    is_not_valid(&with(bare.clone(), "/@included", json!([hidden])));
    is_not_valid(&with(
        bare.clone(),
        "/@nest",
        json!({ "validUntil": UNTIL }),
    ));
    let mut aliased = bare;
    aliased["@context"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "more": "@included" }));
    aliased["more"] = json!([hidden]);
    is_not_valid(&aliased);
}

#[test]
fn a_last_day_on_another_mention_of_the_badge_is_not_overlooked() {
    let issuer = Issuer::web();
    let id = badge(&issuer)["id"].as_str().unwrap().to_owned();
    let vouched = Issuer::did_key(5).sign(&endorsement(&id, &Issuer::did_key(5)));
    let badge = with(badge(&issuer), "/validUntil", json!(UNTIL));
    let signed = issuer.sign(&with(badge, "/endorsement", json!([vouched])));
    let mut disguised = without(signed, "/validUntil");
    let mention = &mut disguised["endorsement"][0]["credentialSubject"];
    mention["type"] = json!(["EndorsementSubject", "VerifiableCredential"]);
    mention["validUntil"] = json!(UNTIL);
    is_not_valid(&disguised);
}

#[test]
fn a_hidden_status_is_not_overlooked() {
    let issuer = Issuer::web();
    let status = json!({
        "id": "https://badgeons.example/status/1#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://badgeons.example/status/1",
    });
    let signed = issuer.sign(&with(badge(&issuer), "/credentialStatus", status.clone()));
    assert_eq!(examined(&signed, &issuer.online()).needs.len(), 1);
    let mut disguised = without(signed, "/credentialStatus");
    disguised["https://www.w3.org/2018/credentials#credentialStatus"] = status;
    is_not_valid(&disguised);
}

/// The signature holds, and what it may hide is told.
#[track_caller]
fn is_seen_through(disguised: &Value) {
    is_not_valid(disguised);
    let report = report(disguised, &Issuer::web().online());
    let proof = report
        .checks
        .iter()
        .find(|check| check.id == CheckId::Proof);
    let told = &proof.unwrap().detail;
    assert!(told.contains("may be hidden"), "{told}");
}

/// Adds contexts to a signed badge, which a proof over RDF allows.
fn also(mut signed: Value, contexts: &[Value]) -> Value {
    let all = signed["@context"].as_array_mut().unwrap();
    all.extend_from_slice(contexts);
    signed
}

/// Renames a member of an object.
fn renamed(mut document: Value, object: &str, from: &str, to: &str) -> Value {
    let members = document
        .pointer_mut(object)
        .unwrap()
        .as_object_mut()
        .unwrap();
    let value = members.remove(from).unwrap();
    members.insert(to.to_owned(), value);
    document
}

#[test]
fn a_prefix_that_looks_like_a_scheme_is_no_disguise() {
    let issuer = Issuer::web();
    let context = json!({
        "tag": "https://www.w3.org/2018/credentials#",
        "foo": { "@id": "tag:validUntil", "@type": DATE_TIME },
    });
    is_seen_through(&also(
        renamed(expired(&issuer), "", "validUntil", "foo"),
        &[context],
    ));
}

#[test]
fn a_vocabulary_in_two_steps_is_no_disguise() {
    let issuer = Issuer::web();
    let contexts = [
        json!({ "p": "https://www.w3.org/2018/credentials#" }),
        json!({ "@vocab": "p:" }),
        json!({ "foo": { "@id": "validUntil", "@type": DATE_TIME } }),
    ];
    is_seen_through(&also(
        renamed(expired(&issuer), "", "validUntil", "foo"),
        &contexts,
    ));
}

#[test]
fn a_name_that_is_anothers_other_name_is_no_disguise() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    is_seen_through(&also(
        renamed(signed, "", "name", "k"),
        &[json!({ "k": "name" })],
    ));
}

#[test]
fn an_identifier_behind_a_prefix_is_no_disguise() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let id = signed["id"].as_str().unwrap().to_owned();
    let (scheme, rest) = id.split_once(':').unwrap();
    let disguised = with(
        signed.clone(),
        "/id",
        json!(format!("x:{}", rest.trim_start_matches('/'))),
    );
    let base = if rest.starts_with("//") {
        format!("{scheme}://")
    } else {
        format!("{scheme}:")
    };
    is_seen_through(&also(
        disguised,
        &[json!({ "x": { "@id": base, "@prefix": true } })],
    ));
}

#[test]
fn words_of_ones_own_are_no_disguise() {
    let issuer = Issuer::web();
    let mut own = badge(&issuer);
    own["@context"].as_array_mut().unwrap().push(json!({
        "id": "@id",
        "elm": "http://data.europa.eu/snb/model/elm/",
        "workload": "elm:volumeOfLearning",
        "Own": { "@id": "https://badgeons.example/terms#Own", "@context": { "step": "https://badgeons.example/terms#step" } },
        "jobTitle": "https://schema.org/jobTitle",
    }));
    own["credentialSubject"]["achievement"]["workload"] = json!("25 h");
    own["credentialSubject"]["achievement"]["jobTitle"] = json!("Animateur");
    let report = report(issuer.sign(&own), &issuer.online());
    assert_eq!(report.verdict, Verdict::Valid, "{:#?}", report.checks);
    assert_eq!(report.verified_at, now());
}
