//! Verifying badges: each check with its failing twin, wrong in exactly that way and right
//! otherwise.

mod beside;
mod disguises;
mod hostile;
mod issuers;
mod jwts;
mod neighbours;
mod proofs;
mod statuses;
mod strangers;
mod tampering;
mod world;

use badgeons::openbadges::baking;
use badgeons::openbadges::verify::{
    CheckId, Evidence, Form, Outcome, Presented, Recipient, Verdict, verify,
};
use serde_json::json;

use world::{
    Issuer, badge, examined, expect, now, remarks, report, with, with_extensions, without,
};

#[test]
fn a_sound_badge_is_valid_in_every_form_it_comes_in() {
    let issuer = Issuer::web();
    let evidence = issuer.online();
    let badge = badge(&issuer);
    let json = issuer.sign(&badge).to_string();
    let jwt = issuer.sign_jwt(&badge);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>".as_bytes();
    let mut png = Vec::new();
    let mut writer = png::Encoder::new(&mut png, 1, 1).write_header().unwrap();
    writer.write_image_data(&[0]).unwrap();
    writer.finish().unwrap();
    let envelope = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{jwt}"),
    });
    for (form, bytes) in [
        (Form::Json, json.clone().into_bytes()),
        (Form::Json, issuer.sign_jcs(&badge).to_string().into_bytes()),
        (Form::Jwt, jwt.clone().into_bytes()),
        (Form::Json, envelope.to_string().into_bytes()),
        (Form::Svg, baking::bake(svg, &json).unwrap()),
        (Form::Svg, baking::bake(svg, &jwt).unwrap()),
        (Form::Png, baking::bake(&png, &json).unwrap()),
        (Form::Png, baking::bake(&png, &jwt).unwrap()),
    ] {
        let presented = Presented::read(&bytes);
        assert_eq!(presented.form(), form);
        assert_eq!(presented.credential_id(), badge["id"].as_str());
        assert_eq!(presented.issuer_id(), Some("did:web:badgeons.example"));
        let report = verify(&presented, &evidence, now());
        assert_eq!(
            remarks(&report),
            (Verdict::Valid, vec![]),
            "{:#?}",
            report.checks
        );
    }
}

#[test]
fn the_report_of_a_sound_badge_is_this_one() {
    let issuer = Issuer::web();
    let report = report(issuer.sign(&badge(&issuer)), &issuer.online());
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!("report_of_a_sound_badge", report);
    });
}

#[test]
fn what_is_no_badge_is_said_to_be_none() {
    for nothing in ["hello", "{", "<html/>", "7", "\u{89}PNG"] {
        expect(
            nothing,
            &Evidence::new(),
            Verdict::Invalid,
            &[(CheckId::Parse, Outcome::Fail)],
        );
    }
    let old = json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion" });
    for other in [old, json!([]), json!({ "type": "VerifiablePresentation" })] {
        let expected = [(CheckId::Parse, Outcome::Unknown)];
        expect(other, &Evidence::new(), Verdict::Undetermined, &expected);
    }
}

#[test]
fn a_missing_part_is_a_fault_of_structure() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&without(
        badge(&issuer),
        "/credentialSubject/achievement/name",
    ));
    let expected = [
        (CheckId::Structure, Outcome::Fail),
        (CheckId::Schema, Outcome::Fail),
    ];
    let told = expect(signed, &issuer.online(), Verdict::Invalid, &expected);
    assert!(told.contains("name"), "{told}");
}

#[test]
fn another_kind_of_credential_is_no_badge() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&with(
        badge(&issuer),
        "/type",
        json!(["VerifiableCredential"]),
    ));
    let report = report(signed, &issuer.online());
    assert_eq!(report.verdict, Verdict::Invalid);
    let told = report
        .checks
        .iter()
        .find(|check| check.pointer.as_deref() == Some("/type"))
        .unwrap();
    assert_eq!((told.id, told.outcome), (CheckId::Structure, Outcome::Fail));
}

#[test]
fn a_badge_without_an_issuer_can_be_nobodys() {
    let issuer = Issuer::web();
    let anonymous = without(issuer.sign(&badge(&issuer)), "/issuer");
    let examination = examined(anonymous, &Evidence::new());
    assert_eq!(examination.needs, []);
    let (verdict, remarks) = remarks(&examination.report);
    assert_eq!(verdict, Verdict::Invalid);
    assert!(remarks.contains(&(CheckId::Structure, Outcome::Fail)));
}

#[test]
fn a_value_that_only_the_schema_knows_is_a_fault_of_schema() {
    let issuer = Issuer::web();
    // The data model takes a text with its language, the schema does not.
    let name = json!({ "@value": "Animateur·rice de fresque", "@language": "fr" });
    let signed = issuer.sign(&with(
        badge(&issuer),
        "/credentialSubject/achievement/name",
        name,
    ));
    let expected = [(CheckId::Schema, Outcome::Fail)];
    expect(signed, &issuer.online(), Verdict::Invalid, &expected);
}

#[test]
fn a_schema_of_ones_own_is_not_run_and_that_is_said() {
    let issuer = Issuer::web();
    let schema = |id: &str| json!([{ "id": id, "type": "1EdTechJsonSchemaValidator2019" }]);
    let official = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";
    let badge = with_extensions(&badge(&issuer));
    let sound = issuer.sign(&with(badge.clone(), "/credentialSchema", schema(official)));
    expect(sound, &issuer.online(), Verdict::Valid, &[]);
    let own = with(
        badge,
        "/credentialSchema",
        json!([schema(official)[0], schema("https://a.example/s")[0]]),
    );
    let expected = [(CheckId::Schema, Outcome::Warning)];
    let told = expect(
        issuer.sign(&own),
        &issuer.online(),
        Verdict::ValidWithWarnings,
        &expected,
    );
    assert!(told.contains("https://a.example/s"), "{told}");
}

#[test]
fn an_older_context_is_as_good_and_none_is_a_fault() {
    let issuer = Issuer::web();
    let old = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json";
    let signed = issuer.sign(&with(
        without(badge(&issuer), "/awardedDate"),
        "/@context/1",
        json!(old),
    ));
    expect(signed, &issuer.online(), Verdict::Valid, &[]);
    // A JWT is no proof over meaning, so it holds without.
    let jwt = issuer.sign_jwt(&without(badge(&issuer), "/@context/1"));
    let expected = [
        (CheckId::Schema, Outcome::Fail),
        (CheckId::Context, Outcome::Fail),
        (CheckId::Context, Outcome::Warning),
    ];
    expect(jwt, &issuer.online(), Verdict::Invalid, &expected);
}

#[test]
fn a_badge_holds_from_its_first_day_to_its_last() {
    let issuer = Issuer::web();
    for (from, until, expected) in [
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:01Z", None),
        (
            "2026-11-23T10:00:01Z",
            "2027-01-01T00:00:00Z",
            Some("does not hold yet"),
        ),
        (
            "2025-01-01T00:00:00Z",
            "2026-11-23T09:59:59Z",
            Some("has expired"),
        ),
    ] {
        let badge = with(badge(&issuer), "/validFrom", json!(from));
        let badge = with(badge, "/validUntil", json!(until));
        for signed in [issuer.sign(&badge).to_string(), issuer.sign_jwt(&badge)] {
            match expected {
                None => {
                    expect(signed, &issuer.online(), Verdict::Valid, &[]);
                }
                Some(words) => {
                    let failed = [(CheckId::Validity, Outcome::Fail)];
                    let told = expect(signed, &issuer.online(), Verdict::Invalid, &failed);
                    assert!(told.contains(words), "{told}");
                }
            }
        }
    }
}

#[test]
fn whose_badge_it_is_is_answered_when_asked() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let asked = |value: &str| {
        let mut evidence = issuer.online();
        let (kind, value) = ("emailAddress".into(), value.into());
        evidence.recipient = Some(Recipient::Identifier { kind, value });
        evidence
    };
    expect(&signed, &asked("a@example.com"), Verdict::Valid, &[]);
    let failed = [(CheckId::Recipient, Outcome::Fail)];
    expect(&signed, &asked("b@example.com"), Verdict::Invalid, &failed);
}
