//! Which credentials hold, and which do not (conformance §8.4, §8.5).

use badgeons::openbadges::keys::KeyType;
use serde_json::{Value, json};

use super::holder::Holder;
use super::{EXAMPLES, V1, V2, on_site, with};

const PATH: &str = "/vc-api/credentials/verify";

/// A vc-di-eddsa vector that is signed with a did:key.
fn vector() -> Value {
    let text = include_str!("../vectors/vc-di-eddsa/eddsa-rdfc-2022/signedDataInt-didkey.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_published_credential_of_an_unknown_issuer_holds() {
    on_site(|site| async move {
        site.verify(&vector()).await.assert_verified();
    });
}

#[test]
fn options_may_be_missing_and_name_the_checks() {
    on_site(|site| async move {
        let issued = site.issued(&site.credential()).await;
        for (options, checks) in [
            (Value::Null, vec!["proof", "validity", "credentialStatus"]),
            (json!({}), vec!["proof", "validity", "credentialStatus"]),
            (
                json!({"checks": []}),
                vec!["proof", "validity", "credentialStatus"],
            ),
            (json!({"checks": ["proof"]}), vec!["proof"]),
            (
                json!({"checks": ["proof", "madeUp"], "madeUp": 7}),
                vec!["proof", "validity", "credentialStatus"],
            ),
        ] {
            let body = with(json!({"verifiableCredential": issued}), "/options", options);
            let answer = site.post(PATH, &body).await;
            answer.assert_verified();
            assert_eq!(answer.json()["checks"], json!(checks));
            assert_eq!(answer.json()["warnings"], json!([]));
        }
    });
}

#[test]
fn what_is_no_credential_is_refused() {
    on_site(|site| async move {
        let issued = site.issued(&site.credential()).await;
        for text in [
            "",
            "x",
            &issued.to_string(),
            "eyJhbGciOiJFZERTQSJ9.e30.c2ln",
        ] {
            site.verify(&json!(text))
                .await
                .assert_not_verified("PARSING_ERROR");
        }
        for nothing in [json!(7), json!([]), json!([issued])] {
            site.verify(&nothing)
                .await
                .assert_not_verified("PARSING_ERROR");
        }
        let missing = site.post(PATH, &json!({"options": {}})).await;
        assert_eq!(missing.status, 422);
        assert!(missing.json()["detail"].is_string());
        let other = json!({"type": ["NonconformingDocument"]});
        site.verify(&other)
            .await
            .assert_not_verified("MALFORMED_VALUE_ERROR");
    });
}

#[test]
fn without_a_sound_proof_nothing_holds() {
    on_site(|site| async move {
        let issued = site.issued(&site.credential()).await;
        let mut null = issued.clone();
        null["proof"] = Value::Null;
        let mut no_value = issued.clone();
        no_value["proof"]["proofValue"] = Value::Null;
        let value = issued["proof"]["proofValue"].as_str().unwrap();
        let proof =
            |member: &str, value: Value| with(issued.clone(), &format!("/proof/{member}"), value);
        for broken in [
            null,
            with(issued.clone(), "/proof", Value::Null),
            with(issued.clone(), "/proof", json!([])),
            with(issued.clone(), "/proof", json!("proof")),
            no_value,
            proof("type", Value::Null),
            proof("type", json!("UnknownProofType")),
            proof("cryptosuite", Value::Null),
            proof("cryptosuite", json!("UnknownCryptosuite")),
            proof("verificationMethod", Value::Null),
            proof("verificationMethod", json!("did:key:invalidVm")),
            proof("verificationMethod", json!(site.did)),
            proof("proofPurpose", Value::Null),
            proof("proofPurpose", json!("invalidPurpose")),
            proof("proofPurpose", json!("authentication")),
            proof("proofValue", Value::Null),
            proof("proofValue", json!(value[1..])),
            proof(
                "proofValue",
                json!(format!("z{}", bs58::encode([7; 64]).into_string())),
            ),
            proof("created", json!("invalidDate")),
            proof("created", json!("2026-11-01T00:00:00")),
            proof("created", json!("2026-11-02T00:00:00Z")),
            proof("expires", json!("2026-11-01T00:00:00")),
        ] {
            site.verify(&broken)
                .await
                .assert_not_verified("PROOF_VERIFICATION_ERROR");
        }
    });
}

#[test]
fn what_was_signed_for_something_else_does_not_hold() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let credential = with(site.credential(), "/issuer", json!(holder.did));
        for members in [
            json!({"cryptosuite": "UnknownCryptosuite"}),
            json!({"proofPurpose": "authentication"}),
            json!({"proofPurpose": null}),
            json!({"verificationMethod": null}),
            json!({"expires": "2026-11-02T00:00:00Z"}),
        ] {
            let signed = holder.signed(credential.clone(), &members);
            site.verify(&signed)
                .await
                .assert_not_verified("PROOF_VERIFICATION_ERROR");
        }
        let signed = holder.signed(
            credential.clone(),
            &json!({"proofPurpose": "authentication"}),
        );
        let body = |purpose| json!({"verifiableCredential": signed, "options": {"expectedProofPurpose": purpose}});
        site.post(PATH, &body("authentication"))
            .await
            .assert_verified();
        for purpose in ["assertionMethod", "madeUp"] {
            site.post(PATH, &body(purpose))
                .await
                .assert_not_verified("PROOF_VERIFICATION_ERROR");
        }
        let members = json!({"domain": "a.example", "challenge": "c"});
        let signed = holder.signed(credential, &members);
        let body = |options| json!({"verifiableCredential": signed, "options": options});
        site.post(
            PATH,
            &body(json!({"domain": "a.example", "challenge": "c"})),
        )
        .await
        .assert_verified();
        let other = site
            .post(
                PATH,
                &body(json!({"domain": "b.example", "challenge": "c"})),
            )
            .await;
        other.assert_not_verified("INVALID_DOMAIN_ERROR");
        let other = site
            .post(
                PATH,
                &body(json!({"domain": "a.example", "challenge": "d"})),
            )
            .await;
        other.assert_not_verified("INVALID_CHALLENGE_ERROR");
    });
}

#[test]
fn a_change_breaks_it() {
    on_site(|site| async move {
        let named = with(site.credential(), "/name", json!("Alumni"));
        for path in [
            "eddsa-rdfc-2022/credentials/issue",
            "eddsa-jcs-2022/credentials/issue",
        ] {
            let issued = site.issue_at(path, &named).await.json();
            for changed in [
                with(issued.clone(), "/name", json!("Other")),
                with(issued.clone(), "/name", Value::Null),
                with(issued.clone(), "/description", json!("Added")),
                with(
                    issued.clone(),
                    "/credentialSubject/id",
                    json!("did:example:other"),
                ),
                with(issued.clone(), "/issuer", json!("did:example:other")),
            ] {
                site.verify(&changed)
                    .await
                    .assert_not_verified("PROOF_VERIFICATION_ERROR");
            }
        }
    });
}

#[test]
fn undefined_words_hold_neither_before_signing_nor_after() {
    on_site(|site| async move {
        let issued = site.issued(&site.credential()).await;
        for added in [
            with(issued.clone(), "/undefined", json!("x")),
            with(issued.clone(), "/credentialSubject/undefined", json!("x")),
            with(
                issued.clone(),
                "/type",
                json!(["VerifiableCredential", "Undefined"]),
            ),
            with(
                issued.clone(),
                "/type",
                json!(["VerifiableCredential", "/relative"]),
            ),
            with(
                issued.clone(),
                "/@context",
                json!([V2, "https://example.org/not-pinned"]),
            ),
        ] {
            site.verify(&added)
                .await
                .assert_not_verified("PROOF_TRANSFORMATION_ERROR");
        }
    });
}

#[test]
fn a_meaning_that_no_reader_sees_does_not_hold() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let hidden = json!({
            "@context": [V2, {"end": {
                "@id": "https://www.w3.org/2018/credentials#validUntil",
                "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
            }}],
            "type": ["VerifiableCredential"],
            "issuer": holder.did,
            "credentialSubject": {"id": "did:example:subject"},
            "end": "2026-11-02T00:00:00Z",
        });
        let hidden = holder.signed(hidden, &json!({}));
        site.verify(&hidden)
            .await
            .assert_not_verified("PROOF_VERIFICATION_ERROR");
    });
}

#[test]
fn the_data_model_is_asked_of_what_is_signed_rightly() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let credential = with(site.credential(), "/issuer", json!(holder.did));
        let no_subject = with(credential.clone(), "/credentialSubject", Value::Null);
        let reversed = with(
            credential.clone(),
            "/validFrom",
            json!("2025-01-01T00:00:00Z"),
        );
        let reversed = with(reversed, "/validUntil", json!("2024-01-01T00:00:00Z"));
        for broken in [no_subject, reversed] {
            let signed = holder.signed(broken, &json!({}));
            site.verify(&signed)
                .await
                .assert_not_verified("MALFORMED_VALUE_ERROR");
        }
    });
}

#[test]
fn dates_are_judged_unless_only_the_proof_is_asked_for() {
    on_site(|site| async move {
        for (member, date) in [
            ("/validFrom", "2027-01-01T00:00:00Z"),
            ("/validUntil", "2026-11-22T00:00:00Z"),
        ] {
            let issued = site
                .issued(&with(site.credential(), member, json!(date)))
                .await;
            site.verify(&issued)
                .await
                .assert_not_verified("RANGE_ERROR");
            let body = json!({"verifiableCredential": issued, "options": {"checks": ["proof"]}});
            site.post(PATH, &body).await.assert_verified();
        }
        let old = with(
            site.credential_1_1(),
            "/expirationDate",
            json!("2026-11-22T00:00:00Z"),
        );
        let issued = site.issued(&old).await;
        site.verify(&issued)
            .await
            .assert_not_verified("RANGE_ERROR");
    });
}

#[test]
fn who_signed_need_not_be_the_issuer_and_that_is_said() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let signed = holder.signed(site.credential(), &json!({}));
        let answer = site.verify(&signed).await;
        answer.assert_verified();
        let warnings = &answer.json()["warnings"];
        assert!(
            warnings[0]["title"].as_str().unwrap().contains("issuer"),
            "{warnings}"
        );
    });
}

#[test]
fn a_status_of_an_unknown_kind_is_told_of() {
    on_site(|site| async move {
        let context = json!([V2, {"Own": "https://example.org/#Own"}]);
        let credential = with(site.credential(), "/@context", context);
        let credential = with(credential, "/credentialStatus", json!({"type": "Own"}));
        let answer = site.verify(&site.issued(&credential).await).await;
        answer.assert_verified();
        assert_eq!(answer.json()["warnings"][0]["pointer"], "/credentialStatus");
    });
}

#[test]
fn enveloped_credentials() {
    on_site(|site| async move {
        let credential = with(site.credential(), "/@context", json!([V2, EXAMPLES]));
        let path = "enveloped/credentials/issue";
        let enveloped = site.issue_at(path, &credential).await.json();
        assert_eq!(enveloped["@context"], V2);
        assert_eq!(enveloped["type"], "EnvelopedVerifiableCredential");
        let id = enveloped["id"].as_str().unwrap();
        assert!(id.starts_with("data:application/vc+jwt,"));
        site.verify(&enveloped).await.assert_verified();
        let mut last = id.to_owned();
        let end = if last.pop() == Some('A') { 'Q' } else { 'A' };
        last.push(end);
        for (member, value, kind) in [
            ("/@context", json!([]), "PARSING_ERROR"),
            ("/@context", json!([EXAMPLES]), "PARSING_ERROR"),
            ("/id", json!("https://example.org/1"), "PARSING_ERROR"),
            ("/id", json!(last), "_ERROR"),
            (
                "/type",
                json!("VerifiableCredential"),
                "MALFORMED_VALUE_ERROR",
            ),
            ("/type", Value::Null, "MALFORMED_VALUE_ERROR"),
        ] {
            let broken = with(enveloped.clone(), member, value);
            site.verify(&broken).await.assert_not_verified(kind);
        }
        let old = site.issue_at(path, &site.credential_1_1()).await;
        old.assert_refused("");
        let undefined = with(site.credential(), "/undefined", json!("x"));
        site.issue_at(path, &undefined)
            .await
            .assert_refused("/undefined");
        let signed = site.issued(&credential).await;
        assert_eq!(site.issue_at(path, &signed).await.status, 422);
    });
}

#[test]
fn a_jwt_holds_with_the_key_its_header_names_and_no_other() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::P256, 1);
        let credential = with(site.credential(), "/issuer", json!(holder.did));
        let enveloped = |jwt: String| {
            json!({
                "@context": V2,
                "type": "EnvelopedVerifiableCredential",
                "id": format!("data:application/vc+jwt,{jwt}"),
            })
        };
        let w3c = json!({"typ": "vc+jwt", "cty": "vc"});
        let good = enveloped(holder.jwt(&w3c, &credential));
        site.verify(&good).await.assert_verified();
        let other = Holder::new(KeyType::P256, 2);
        let forged = json!({"typ": "vc+jwt", "kid": other.method()});
        let forged = enveloped(holder.jwt(&forged, &credential));
        site.verify(&forged)
            .await
            .assert_not_verified("CRYPTOGRAPHIC_SECURITY_ERROR");
        let nameless = enveloped(holder.jwt(&json!({"typ": "vc+jwt", "kid": null}), &credential));
        site.verify(&nameless).await.assert_not_verified("_ERROR");
        let claims = with(credential.clone(), "/iss", json!("did:example:other"));
        let claims = enveloped(holder.jwt(&w3c, &claims));
        site.verify(&claims)
            .await
            .assert_not_verified("MALFORMED_VALUE_ERROR");
        let past = with(credential, "/exp", json!(1_700_000_000));
        let past = enveloped(holder.jwt(&w3c, &past));
        site.verify(&past).await.assert_not_verified("RANGE_ERROR");
    });
}

#[test]
fn a_credential_of_data_model_1_1_of_somebody_else_holds() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let old = with(site.credential_1_1(), "/issuer", json!(holder.did));
        let di = "https://w3id.org/security/data-integrity/v2";
        let old = with(old, "/@context", json!([V1, di]));
        let signed = holder.signed(old, &json!({}));
        site.verify(&signed).await.assert_verified();
    });
}
