//! Presentations: the holder's proof, and every credential in them (conformance §8.4).

use badgeons::openbadges::keys::KeyType;
use serde_json::{Value, json};

use super::holder::Holder;
use super::{Answer, EXAMPLES, Site, V2, on_site, with};

pub(super) const DOMAIN: &str = "github.com/w3c/vc-data-model-2.0-test-suite";
pub(super) const CHALLENGE: &str = "uChallenge";

async fn verify(site: &Site, presentation: &Value) -> Answer {
    asked(
        site,
        presentation,
        json!({"domain": DOMAIN, "challenge": CHALLENGE}),
    )
    .await
}

async fn asked(site: &Site, presentation: &Value, options: Value) -> Answer {
    let body = json!({"verifiablePresentation": presentation, "options": options});
    site.post("/vc-api/presentations/verify", &body).await
}

#[test]
fn presentations_hold_with_or_without_holder_credentials_and_id() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let ours = site.issued(&site.credential()).await;
        let bare = json!({"@context": [V2], "type": ["VerifiablePresentation"]});
        let credentials = json!([holder.credential(), ours]);
        for presentation in [
            bare.clone(),
            with(bare.clone(), "/id", json!("urn:uuid:1")),
            with(bare.clone(), "/holder", json!(holder.did)),
            with(bare.clone(), "/holder", json!({"id": holder.did})),
            with(
                bare.clone(),
                "/type",
                json!(["VerifiablePresentation", "https://example.org/#Own"]),
            ),
            with(
                bare.clone(),
                "/verifiableCredential",
                credentials[0].clone(),
            ),
            with(bare, "/verifiableCredential", credentials),
        ] {
            let presented = holder.presented(presentation);
            let answer = verify(&site, &presented).await;
            answer.assert_verified();
            assert_eq!(answer.json()["warnings"], json!([]));
        }
    });
}

#[test]
fn options_may_be_missing_and_are_answered_where_they_are_given() {
    on_site(|site| async move {
        let presented = Holder::new(KeyType::Ed25519, 1).presentation(&[]);
        let presented = with(presented, "/verifiableCredential", Value::Null);
        let presented = {
            let unsigned = with(presented, "/proof", Value::Null);
            Holder::new(KeyType::Ed25519, 1).presented(unsigned)
        };
        asked(&site, &presented, Value::Null)
            .await
            .assert_verified();
        asked(&site, &presented, json!({"checks": []}))
            .await
            .assert_verified();
        for (options, kind) in [
            (
                json!({"domain": "other.example", "challenge": CHALLENGE}),
                "INVALID_DOMAIN_ERROR",
            ),
            (
                json!({"domain": DOMAIN, "challenge": "other"}),
                "INVALID_CHALLENGE_ERROR",
            ),
            (
                json!({"expectedProofPurpose": "assertionMethod"}),
                "PROOF_VERIFICATION_ERROR",
            ),
        ] {
            asked(&site, &presented, options)
                .await
                .assert_not_verified(kind);
        }
        let none = site.post("/vc-api/presentations/verify", &json!({})).await;
        assert_eq!(none.status, 422);
    });
}

#[test]
fn what_is_no_presentation_is_refused() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let good = holder.presentation(&[holder.credential()]);
        verify(&site, &good).await.assert_verified();
        for (member, value, kind) in [
            ("/@context", Value::Null, "MALFORMED_VALUE_ERROR"),
            ("/@context", json!([EXAMPLES, V2]), "MALFORMED_VALUE_ERROR"),
            (
                "/@context",
                json!([V2, {"id": "https://example.org/"}]),
                "PROOF_TRANSFORMATION_ERROR",
            ),
            ("/@context", json!([V2, 7]), "MALFORMED_VALUE_ERROR"),
            (
                "/@context",
                json!([V2, "https ://example.org"]),
                "MALFORMED_VALUE_ERROR",
            ),
            (
                "/@context",
                json!([V2, "https://example.org/not-pinned"]),
                "PROOF_TRANSFORMATION_ERROR",
            ),
            ("/type", Value::Null, "MALFORMED_VALUE_ERROR"),
            (
                "/type",
                json!(["https://example.org/#Own"]),
                "MALFORMED_VALUE_ERROR",
            ),
            (
                "/verifiableCredential/0",
                json!("a.b.c"),
                "MALFORMED_VALUE_ERROR",
            ),
            (
                "/verifiableCredential/0/type",
                Value::Null,
                "MALFORMED_VALUE_ERROR",
            ),
            ("/proof", Value::Null, "PROOF_VERIFICATION_ERROR"),
            ("/proof/proofValue", json!("z7"), "PROOF_VERIFICATION_ERROR"),
            (
                "/proof/challenge",
                json!("other"),
                "INVALID_CHALLENGE_ERROR",
            ),
            (
                "/holder",
                json!("did:example:other"),
                "PROOF_VERIFICATION_ERROR",
            ),
        ] {
            let broken = with(good.clone(), member, value);
            let answer = verify(&site, &broken).await;
            answer.assert_not_verified(kind);
        }
        let other = json!({"type": ["NonconformingDocument"]});
        verify(&site, &other)
            .await
            .assert_not_verified("MALFORMED_VALUE_ERROR");
        verify(&site, &json!("x"))
            .await
            .assert_not_verified("MALFORMED_VALUE_ERROR");
        verify(&site, &holder.credential())
            .await
            .assert_not_verified("MALFORMED_VALUE_ERROR");
    });
}

#[test]
fn a_presentation_holds_with_its_holders_key_alone() {
    on_site(|site| async move {
        let (holder, thief) = (
            Holder::new(KeyType::Ed25519, 1),
            Holder::new(KeyType::Ed25519, 2),
        );
        let stolen = with(
            holder.presentation(&[holder.credential()]),
            "/proof",
            Value::Null,
        );
        let stolen = thief.presented(stolen);
        let answer = verify(&site, &stolen).await;
        answer.assert_not_verified("PROOF_VERIFICATION_ERROR");
        assert_eq!(answer.json()["problemDetails"][0]["pointer"], "/holder");
    });
}

#[test]
fn every_credential_in_it_must_hold() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let good = holder.credential();
        let bad = with(
            good.clone(),
            "/credentialSubject/alumniOf",
            json!("Another school"),
        );
        let answer = verify(&site, &holder.presentation(&[good, bad])).await;
        answer.assert_not_verified("PROOF_VERIFICATION_ERROR");
        let problems = answer.json()["problemDetails"].clone();
        assert_eq!(problems[0]["pointer"], "/verifiableCredential/1/proof");
    });
}

#[test]
fn a_presentation_holds_so_many_credentials() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let proofs = vec![holder.credential()["proof"].take(); 11];
        let heavy = with(holder.credential(), "/proof", proofs.into());
        for credentials in [vec![heavy; 3], vec![holder.credential(); 17]] {
            let good = holder.presentation(&[holder.credential()]);
            let many = with(good, "/verifiableCredential", credentials.into());
            let answer = verify(&site, &many).await;
            answer.assert_not_verified("MALFORMED_VALUE_ERROR");
            let detail = answer.json()["errors"].to_string();
            assert!(detail.contains("judged at once"), "{detail}");
        }
    });
}

#[test]
fn enveloped_credentials_are_presented_too() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let path = "enveloped/credentials/issue";
        let enveloped = site.issue_at(path, &site.credential()).await.json();
        let good = holder.presentation(std::slice::from_ref(&enveloped));
        verify(&site, &good).await.assert_verified();
        for (member, value, kind) in [
            ("/type", Value::Null, "MALFORMED_VALUE_ERROR"),
            (
                "/type",
                json!("VerifiableCredential"),
                "MALFORMED_VALUE_ERROR",
            ),
            ("/id", json!("data:application/vc+jwt,a.b.c"), "_ERROR"),
        ] {
            let at = format!("/verifiableCredential/0{member}");
            let broken = with(good.clone(), &at, value);
            verify(&site, &broken).await.assert_not_verified(kind);
        }
    });
}

/// A presentation in a JWT, of the old kind that the W3C's suite has: members in `vp`, and in it a
/// credential whose members are in `vc`.
fn old_style(holder: &Holder, issuer: &Holder) -> Value {
    let credential = json!({
        "iss": issuer.did,
        "sub": "did:example:alice",
        "vc": {
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": issuer.did,
            "credentialSubject": {"id": "did:example:alice", "name": "Alice"},
        },
    });
    json!({
        "iss": holder.did,
        "aud": "example.com",
        "nonce": "123456789",
        "vp": {
            "@context": [V2],
            "type": ["VerifiablePresentation"],
            "holder": holder.did,
            "verifiableCredential": [{
                "@context": V2,
                "type": "EnvelopedVerifiableCredential",
                "id": format!("data:application/jwt,{}", issuer.jwt(&json!({}), &credential)),
            }],
        },
    })
}

fn envelope(kind: &str, jwt: &str) -> Value {
    json!({
        "@context": V2,
        "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:{kind},{jwt}"),
    })
}

#[test]
fn an_enveloped_presentation_holds_and_what_it_should_not_have_is_said() {
    on_site(|site| async move {
        let (holder, issuer) = (
            Holder::new(KeyType::Ed25519, 1),
            Holder::new(KeyType::P256, 2),
        );
        let payload = old_style(&holder, &issuer);
        let options = json!({"challenge": "123456789", "domain": "example.com"});
        for kind in ["application/jwt", "application/vp+jwt"] {
            let jwt = holder.jwt(&json!({"typ": "JWT"}), &payload);
            let answer = asked(&site, &envelope(kind, &jwt), options.clone()).await;
            answer.assert_verified();
            let warnings = answer.json()["warnings"].as_array().unwrap().len();
            assert_eq!(warnings, 2, "vp and vc");
        }
        let mut members = payload["vp"].clone();
        members["nonce"] = json!("123456789");
        members["aud"] = json!(["other.example", "example.com"]);
        let jwt = holder.jwt(&json!({"typ": "vp+jwt"}), &members);
        let answer = asked(&site, &envelope("application/vp+jwt", &jwt), options).await;
        answer.assert_verified();
        assert_eq!(answer.json()["warnings"].as_array().unwrap().len(), 1, "vc");
    });
}

#[test]
fn an_enveloped_presentation_that_is_anothers_or_for_others_does_not_hold() {
    on_site(|site| async move {
        let (holder, issuer) = (
            Holder::new(KeyType::Ed25519, 1),
            Holder::new(KeyType::P256, 2),
        );
        let payload = old_style(&holder, &issuer);
        let plain = json!({"typ": "JWT"});
        let options = json!({"challenge": "123456789", "domain": "example.com"});
        let thief = Holder::new(KeyType::Ed25519, 3);
        let as_thief = with(payload.clone(), "/iss", json!(thief.did));
        for (jwt, kind) in [
            (
                holder.jwt(&plain, &with(payload.clone(), "/nonce", json!("1"))),
                "INVALID_CHALLENGE_ERROR",
            ),
            (
                holder.jwt(&plain, &with(payload.clone(), "/aud", json!("other"))),
                "INVALID_DOMAIN_ERROR",
            ),
            (
                holder.jwt(&plain, &with(payload.clone(), "/exp", json!(1_700_000_000))),
                "RANGE_ERROR",
            ),
            (
                holder.jwt(&plain, &with(payload.clone(), "/nbf", json!(1_900_000_000))),
                "RANGE_ERROR",
            ),
            (
                holder.jwt(&json!({"typ": "at+jwt"}), &payload),
                "CRYPTOGRAPHIC_SECURITY_ERROR",
            ),
            (thief.jwt(&plain, &payload), "CRYPTOGRAPHIC_SECURITY_ERROR"),
            (thief.jwt(&plain, &as_thief), "PROOF_VERIFICATION_ERROR"),
            (
                thief.jwt(&json!({"kid": holder.method()}), &payload),
                "CRYPTOGRAPHIC_SECURITY_ERROR",
            ),
            ("a.b.c".into(), "CRYPTOGRAPHIC_SECURITY_ERROR"),
        ] {
            let presented = envelope("application/vp+jwt", &jwt);
            asked(&site, &presented, options.clone())
                .await
                .assert_not_verified(kind);
        }
        let good = envelope("application/vp+jwt", &holder.jwt(&plain, &payload));
        for (member, value) in [
            ("/@context", json!([])),
            ("/id", json!("https://example.org/")),
        ] {
            let broken = with(good.clone(), member, value);
            asked(&site, &broken, options.clone())
                .await
                .assert_not_verified("PARSING_ERROR");
        }
    });
}
