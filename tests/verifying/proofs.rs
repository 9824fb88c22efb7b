//! The proof: is the badge as it was signed?

use badgeons::openbadges::canonical::{Limits, canonicalize};
use badgeons::openbadges::proof::data_integrity::hash_data;
use badgeons::openbadges::verify::{CheckId, Evidence, Outcome, Verdict};
use serde_json::{Value, json};

use super::world::{
    Issuer, Online as _, badge, endorsement, examined, expect, remarks, report, with,
    with_extensions, without,
};

const BROKEN: [(CheckId, Outcome); 2] = [
    (CheckId::Proof, Outcome::Fail),
    (CheckId::Issuer, Outcome::Unknown),
];

#[test]
fn a_changed_badge_does_not_hold() {
    let issuer = Issuer::web();
    for signed in [
        issuer.sign(&badge(&issuer)),
        issuer.sign_jcs(&badge(&issuer)),
    ] {
        let changed = with(signed, "/name", json!("Maître d'œuvre"));
        let told = expect(changed, &issuer.online(), Verdict::Invalid, &BROKEN);
        assert!(told.contains("changed after it was signed"), "{told}");
    }
}

#[test]
fn a_badge_without_a_proof_is_not_signed() {
    let issuer = Issuer::web();
    for unsigned in [badge(&issuer), with(badge(&issuer), "/proof", json!([]))] {
        let told = expect(unsigned, &Evidence::new(), Verdict::Invalid, &BROKEN);
        assert!(told.contains("not signed"), "{told}");
    }
}

#[test]
fn a_proof_for_another_purpose_or_out_of_date_does_not_hold() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    for (member, value, words) in [
        ("/proof/proofPurpose", "authentication", "authentication"),
        ("/proof/expires", "2026-11-23T09:59:59Z", "expired"),
        ("/proof/proofValue", "z", "proofValue"),
    ] {
        let told = expect(
            with(signed.clone(), member, json!(value)),
            &issuer.online(),
            Verdict::Invalid,
            &BROKEN,
        );
        assert!(told.contains(words), "{told}");
    }
    for member in [
        "/proof/proofPurpose",
        "/proof/verificationMethod",
        "/proof/proofValue",
    ] {
        expect(
            without(signed.clone(), member),
            &issuer.online(),
            Verdict::Invalid,
            &BROKEN,
        );
    }
}

#[test]
fn a_proof_of_an_unknown_kind_leaves_it_open() {
    let issuer = Issuer::web();
    let signed = with(
        issuer.sign(&badge(&issuer)),
        "/proof/cryptosuite",
        json!("ecdsa-sd-2023"),
    );
    let expected = [
        (CheckId::Proof, Outcome::Unknown),
        (CheckId::Issuer, Outcome::Unknown),
    ];
    let told = expect(signed, &issuer.online(), Verdict::Undetermined, &expected);
    assert!(told.contains("ecdsa-sd-2023"), "{told}");
}

#[test]
fn a_word_nobody_defines_breaks_the_proof_and_an_unknown_context_leaves_it_open() {
    let issuer = Issuer::web();
    let signed = issuer.sign(&badge(&issuer));
    let added = with(signed.clone(), "/credentialSubject/grade", json!("A+"));
    expect(added, &issuer.online(), Verdict::Invalid, &BROKEN);
    let mut unknown = signed;
    unknown["@context"]
        .as_array_mut()
        .unwrap()
        .push(json!("https://a.example/context"));
    let report = report(unknown, &issuer.online());
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(
        remarks(&report)
            .1
            .contains(&(CheckId::Proof, Outcome::Unknown))
    );
}

#[test]
fn every_proof_of_a_set_is_told_of_and_one_that_is_broken_spoils_it() {
    let issuer = Issuer::web();
    let witness = Issuer::did_key(9);
    let badge = badge(&issuer);
    let (first, jcs) = (
        issuer.sign(&badge)["proof"].clone(),
        issuer.sign_jcs(&badge)["proof"].clone(),
    );
    let third = witness.sign(&badge)["proof"].clone();
    let set = |proofs: &[&serde_json::Value]| with(badge.clone(), "/proof", json!(proofs));
    let sound = report(set(&[&first, &jcs, &third]), &issuer.online());
    assert_eq!(remarks(&sound), (Verdict::Valid, vec![]));
    let told: Vec<_> = sound
        .checks
        .iter()
        .filter(|check| check.id == CheckId::Proof)
        .collect();
    assert_eq!(
        told.iter()
            .map(|check| check.pointer.as_deref().unwrap())
            .collect::<Vec<_>>(),
        ["/proof/0", "/proof/1", "/proof/2"]
    );

    let forged = with(first.clone(), "/proofValue", third["proofValue"].clone());
    let expected = [(CheckId::Proof, Outcome::Fail)];
    expect(
        set(&[&first, &forged]),
        &issuer.online(),
        Verdict::Invalid,
        &expected,
    );

    let unknown = with(first.clone(), "/cryptosuite", json!("ecdsa-sd-2023"));
    let expected = [(CheckId::Proof, Outcome::Warning)];
    expect(
        set(&[&unknown, &first]),
        &issuer.online(),
        Verdict::ValidWithWarnings,
        &expected,
    );

    let expected = [(CheckId::Issuer, Outcome::Fail)];
    expect(
        set(&[&third]),
        &Evidence::new(),
        Verdict::Invalid,
        &expected,
    );
    let expected = [
        (CheckId::Proof, Outcome::Unknown),
        (CheckId::Issuer, Outcome::Unknown),
    ];
    expect(
        set(&[&unknown, &third]),
        &Evidence::new(),
        Verdict::Undetermined,
        &expected,
    );
}

#[test]
fn a_proof_that_is_none_of_the_badge_does_not_spoil_one_that_is() {
    let (issuer, witness) = (Issuer::web(), Issuer::did_key(9));
    let badge = badge(&issuer);
    let sound = issuer.sign(&badge)["proof"].clone();
    let login = with(sound.clone(), "/proofPurpose", json!("authentication"));
    let expired = with(sound.clone(), "/expires", json!("2026-11-23T09:59:59Z"));
    for beside in [login, expired] {
        let set = |proof: &Value| with(badge.clone(), "/proof", json!([proof, beside]));
        let expected = [(CheckId::Proof, Outcome::Warning)];
        let told = expect(
            set(&sound),
            &issuer.online(),
            Verdict::ValidWithWarnings,
            &expected,
        );
        assert!(told.contains("does not count for the badge"), "{told}");
        // Nor does a proof of somebody else make up for it.
        let expected = [
            (CheckId::Proof, Outcome::Fail),
            (CheckId::Issuer, Outcome::Fail),
        ];
        let others = witness.sign(&badge)["proof"].clone();
        expect(set(&others), &issuer.online(), Verdict::Invalid, &expected);
    }
}

/// A proof that builds on another (VC Data Integrity §4.5), beside it.
fn chained(issuer: &Issuer, previous: &Value) -> Value {
    let badge = badge(issuer);
    let proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-11-20T10:00:00Z",
        "verificationMethod": issuer.method(),
        "proofPurpose": "assertionMethod",
        "previousProof": previous["id"],
    });
    let covered = with(badge.clone(), "/proof", json!([previous]));
    let proof = signed_proof(issuer, &proof, &covered);
    with(badge, "/proof", json!([previous, proof]))
}

#[test]
fn a_proof_that_another_builds_on_is_not_overlooked() {
    let issuer = Issuer::web();
    let named = |proof: Value| {
        with(
            proof,
            "/id",
            json!("urn:uuid:6ba7b814-9dad-41d1-80b4-00c04fd430c8"),
        )
    };
    let first = issuer.sign(&badge(&issuer))["proof"].clone();
    let unknown = named(with(first.clone(), "/cryptosuite", json!("ecdsa-sd-2023")));
    let chain = chained(&issuer, &unknown);
    let expected = [(CheckId::Proof, Outcome::Unknown)];
    expect(&chain, &issuer.online(), Verdict::Undetermined, &expected);
    let expired = named(with(first, "/expires", json!("2026-11-23T09:59:59Z")));
    let expected = [(CheckId::Proof, Outcome::Fail)];
    let chain = chained(&issuer, &expired);
    expect(&chain, &issuer.online(), Verdict::Invalid, &expected);
}

#[test]
fn a_did_that_is_one_key_may_name_it_and_no_other_did_may() {
    let signed = |issuer: &Issuer| {
        let proof = json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-20T10:00:00Z",
            "verificationMethod": issuer.id,
            "proofPurpose": "assertionMethod",
        });
        let badge = badge(issuer);
        let proof = signed_proof(issuer, &proof, &badge);
        with(badge, "/proof", proof)
    };
    let expected = [
        (CheckId::Proof, Outcome::Warning),
        (CheckId::Issuer, Outcome::Warning),
    ];
    let told = expect(
        signed(&Issuer::did_key(1)),
        &Evidence::new(),
        Verdict::ValidWithWarnings,
        &expected,
    );
    assert!(told.contains("named in short"), "{told}");
    let expected = [
        (CheckId::Proof, Outcome::Unknown),
        (CheckId::Issuer, Outcome::Fail),
    ];
    let web = Issuer::web();
    expect(signed(&web), &web.online(), Verdict::Invalid, &expected);
}

#[test]
fn a_number_that_is_only_too_large_for_us_leaves_it_open() {
    let issuer = Issuer::web();
    let credits = "/credentialSubject/creditsEarned";
    for signed in [
        issuer.sign_jcs(&badge(&issuer)),
        issuer.sign(&badge(&issuer)),
    ] {
        let large = with(signed.clone(), credits, json!(9_007_199_254_740_993_u64));
        let expected = [
            (CheckId::Proof, Outcome::Unknown),
            (CheckId::Issuer, Outcome::Unknown),
        ];
        expect(large, &issuer.online(), Verdict::Undetermined, &expected);
        let exact = with(signed, credits, json!(9_007_199_254_740_992_u64));
        expect(exact, &issuer.online(), Verdict::Invalid, &BROKEN);
    }
}

#[test]
fn a_context_that_we_do_not_have_leaves_it_open() {
    let issuer = Issuer::web();
    let alias = "https://purl.imsglobal.org/spec/ob/v3p0/context.json";
    let signed = with(issuer.sign(&badge(&issuer)), "/@context/1", json!(alias));
    let expected = [
        (CheckId::Context, Outcome::Warning),
        (CheckId::Proof, Outcome::Unknown),
        (CheckId::Issuer, Outcome::Unknown),
    ];
    let told = expect(&signed, &issuer.online(), Verdict::Undetermined, &expected);
    assert!(told.contains(alias), "{told}");
}

#[test]
fn addresses_in_a_badge_nobody_signed_are_never_asked_for() {
    let issuer = Issuer::web();
    let trap = "https://intranet.example/";
    let mut badge = with_extensions(&badge(&issuer));
    badge = with(
        badge,
        "/credentialStatus",
        json!({ "id": trap, "type": "1EdTechRevocationList" }),
    );
    badge = with(
        badge,
        "/refreshService",
        json!({ "id": trap, "type": "1EdTechCredentialRefresh" }),
    );
    badge = with(
        badge,
        "/credentialSchema",
        json!([{ "id": trap, "type": "1EdTechJsonSchemaValidator2019" }]),
    );
    let signed = issuer.sign(&badge);
    let urls = |examination: &badgeons::openbadges::verify::Examination| {
        examination
            .needs
            .iter()
            .map(|need| need.url.to_string())
            .collect::<Vec<_>>()
    };

    let before = examined(&signed, &Evidence::new());
    assert_eq!(
        urls(&before),
        ["https://badgeons.example/.well-known/did.json"]
    );
    let after = examined(&signed, &issuer.online());
    assert_eq!(urls(&after), [trap]);
    let tampered = with(signed.clone(), "/name", json!("Autre"));
    assert_eq!(
        urls(&examined(&tampered, &issuer.online())),
        Vec::<String>::new()
    );
    let unsigned = without(signed, "/proof");
    assert_eq!(
        urls(&examined(&unsigned, &issuer.online())),
        Vec::<String>::new()
    );
    let stranger = Issuer::did_key(3).sign(&badge);
    assert_eq!(
        urls(&examined(&stranger, &Evidence::new())),
        Vec::<String>::new()
    );
    let unreachable = Evidence::new().unreachable("https://badgeons.example/.well-known/did.json");
    assert_eq!(
        urls(&examined(&tampered, &unreachable)),
        Vec::<String>::new()
    );
}

#[test]
fn while_documents_are_missing_the_verdict_stays_open() {
    let issuer = Issuer::web();
    let examination = examined(issuer.sign(&badge(&issuer)), &Evidence::new());
    assert_eq!(examination.report.verdict, Verdict::Undetermined);
    assert_eq!(examination.needs.len(), 1);
}

/// A proof with its value, made over a document by hand.
fn signed_proof(issuer: &Issuer, proof: &Value, document: &Value) -> Value {
    let canonical = |value: &Value| canonicalize(value, &Limits::VERIFY).unwrap().into_bytes();
    let config = with(proof.clone(), "/@context", document["@context"].clone());
    let signed = issuer
        .ed25519
        .sign(&hash_data(&canonical(&config), &canonical(document)))
        .unwrap();
    let value = format!("z{}", bs58::encode(signed).into_string());
    with(proof.clone(), "/proofValue", json!(value))
}

/// A credential of data model 2.0 in the words of 1.1, signed as drafts of 2023 had it.
fn signed_in_2023(issuer: &Issuer, modern: &Value) -> Value {
    let contexts = json!([
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://w3id.org/security/data-integrity/v1",
    ]);
    let old = with(without(modern.clone(), "/validFrom"), "/@context", contexts);
    let old = with(old, "/issuanceDate", json!("2023-11-20T10:00:00Z"));
    let proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-2022",
        "created": "2023-11-20T10:00:00Z",
        "verificationMethod": issuer.method(),
        "proofPurpose": "assertionMethod",
    });
    let proof = signed_proof(issuer, &proof, &old);
    with(old, "/proof", proof)
}

#[test]
fn an_old_badge_still_verifies_and_is_said_to_be_old() {
    let issuer = Issuer::web();
    let signed = signed_in_2023(&issuer, &badge(&issuer));
    let expected = [
        (CheckId::Context, Outcome::Warning),
        (CheckId::Proof, Outcome::Warning),
    ];
    let told = expect(
        &signed,
        &issuer.online(),
        Verdict::ValidWithWarnings,
        &expected,
    );
    assert!(told.contains("outdated"), "{told}");
    let expired = with(signed, "/expirationDate", json!("2024-01-01T00:00:00Z"));
    let report = report(expired, &issuer.online());
    let (verdict, found) = remarks(&report);
    assert_eq!(verdict, Verdict::Invalid);
    assert!(found.contains(&(CheckId::Validity, Outcome::Fail)));
}

#[test]
fn an_old_badge_may_carry_old_endorsements_wherever_they_stand() {
    let (issuer, witness) = (Issuer::web(), Issuer::did_key(5));
    let vouched = |of: &str| json!([signed_in_2023(&witness, &endorsement(of, &witness))]);
    let parent = "https://parent.example/";
    let mut badge = badge(&issuer);
    badge["issuer"]["parentOrg"] =
        json!({ "id": parent, "type": ["Profile"], "endorsement": vouched(parent) });
    badge["issuer"]["endorsement"] = vouched(&issuer.id);
    badge["endorsement"] = vouched(badge["id"].as_str().unwrap());
    let achievement = &mut badge["credentialSubject"]["achievement"];
    achievement["endorsement"] = vouched(achievement["id"].as_str().unwrap());
    let signed = signed_in_2023(&issuer, &badge);
    let expected = [
        (CheckId::Context, Outcome::Warning),
        (CheckId::Proof, Outcome::Warning),
    ];
    let told = expect(
        &signed,
        &issuer.online(),
        Verdict::ValidWithWarnings,
        &expected,
    );
    assert_eq!(told.matches("An endorsement holds").count(), 4, "{told}");
    // In a badge of today they hold as well, though no word may be given its old meaning inside it.
    let told = expect(
        issuer.sign_jwt(&badge),
        &issuer.online(),
        Verdict::ValidWithWarnings,
        &[(CheckId::Context, Outcome::Warning)],
    );
    assert_eq!(told.matches("An endorsement holds").count(), 4, "{told}");
    let mut altered = badge.clone();
    altered["endorsement"][0]["issuanceDate"] = json!("soon");
    let report = report(issuer.sign_jwt(&altered), &issuer.online());
    assert_eq!(report.verdict, Verdict::Invalid, "{:#?}", report.checks);
}
