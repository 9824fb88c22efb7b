//! Proof sets and proof chains (VC Data Integrity §4.3, §4.5; conformance §2.11, §8.5).

use badgeons::openbadges::keys::KeyType;
use serde_json::{Value, json};

use super::holder::Holder;
use super::{Answer, Site, V1, V2, on_site, with};

/// A proof set of two, a proof over both, and one over that, by three keys none of which is the
/// issuer's: published with VC-DI-EDDSA.
fn published() -> Value {
    let text = include_str!("../vectors/vc-di-eddsa/proof-set-chain/signedProofChain2.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_published_chain_holds() {
    on_site(|site| async move {
        let answer = site.verify(&published()).await;
        answer.assert_verified();
        let warnings = answer.json()["warnings"].clone();
        assert!(
            warnings[0]["title"].as_str().unwrap().contains("issuer"),
            "{warnings}"
        );
    });
}

#[test]
fn the_published_chain_does_not_hold_with_a_link_changed_or_gone() {
    on_site(|site| async move {
        let mut gone = published();
        gone["proof"].as_array_mut().unwrap().remove(0);
        let value = published()["proof"][1]["proofValue"].clone();
        let twice = published()["proof"][0]["id"].clone();
        for broken in [
            gone,
            with(
                published(),
                "/proof/0/created",
                json!("2023-02-25T23:36:38Z"),
            ),
            with(published(), "/proof/0/proofValue", value),
            with(published(), "/proof/0/id", Value::Null),
            with(published(), "/proof/1/id", twice),
            with(
                published(),
                "/proof/2/previousProof",
                json!("urn:uuid:missing"),
            ),
            with(
                published(),
                "/proof/2/previousProof",
                json!(["urn:uuid:missing"]),
            ),
            with(published(), "/proof/2/previousProof", json!(456_321)),
            with(published(), "/proof/2/previousProof", Value::Null),
            with(
                published(),
                "/proof/3/previousProof",
                json!("urn:uuid:missing"),
            ),
        ] {
            site.verify(&broken)
                .await
                .assert_not_verified("PROOF_VERIFICATION_ERROR");
        }
    });
}

#[test]
fn every_proof_of_a_set_must_hold() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let set = holder.signed(site.issued(&site.credential()).await, &json!({}));
        site.verify(&set).await.assert_verified();
        for index in [0, 1] {
            let at = format!("/proof/{index}/created");
            let broken = with(set.clone(), &at, json!("2026-11-02T00:00:00Z"));
            site.verify(&broken)
                .await
                .assert_not_verified("PROOF_VERIFICATION_ERROR");
        }
    });
}

/// The suite's fixtures write a context as a context document, and are signed over what jsonld.js
/// reads in it.
fn wrapped(context: &str, holder: &Holder, previous: &Value) -> Value {
    let own = json!({
        "AlumniCredential": "https://www.example.org/AlumniCredential",
        "alumniOf": "https://www.example.org/alumniOf",
    });
    let contexts = |own: Value| match context {
        V1 => json!([V1, "https://w3id.org/security/data-integrity/v2", own]),
        _ => json!([V2, own]),
    };
    let mut read = json!({
        "@context": contexts(own.clone()),
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "issuer": "https://vc.example/issuers/5678",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    });
    if context == V1 {
        read["issuanceDate"] = json!("2023-01-01T00:00:00Z");
    }
    let mut written = with(
        read.clone(),
        "/@context",
        contexts(json!({ "@context": own })),
    );
    let first = holder.proof_as_read(&written, &read, &json!({"id": "urn:uuid:1"}));
    written["proof"] = json!([first]);
    let second = json!({ "previousProof": previous });
    let second = holder.proof_as_read(&written, &read, &second);
    written["proof"] = json!([first, second]);
    written
}

#[test]
fn a_context_written_as_a_document_is_read_as_the_suites_library_does() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        for context in [V1, V2] {
            for previous in [json!("urn:uuid:1"), json!(["urn:uuid:1"])] {
                let chain = wrapped(context, &holder, &previous);
                site.verify(&chain).await.assert_verified();
                let changed = with(chain.clone(), "/credentialSubject/alumniOf", json!("Other"));
                site.verify(&changed)
                    .await
                    .assert_not_verified("PROOF_VERIFICATION_ERROR");
                let last = chain["@context"].as_array().unwrap().len() - 1;
                // Beside the inner one there would be two ways to read it.
                let beside = format!("/@context/{last}/name");
                let two = with(chain, &beside, json!("https://www.example.org/name"));
                site.verify(&two)
                    .await
                    .assert_not_verified("PROOF_TRANSFORMATION_ERROR");
            }
        }
    });
}

async fn chained(site: &Site, credential: &Value, previous: Value) -> Answer {
    let body = json!({"credential": credential, "options": {"previousProof": previous}});
    site.post("/vc-api/eddsa-rdfc-2022/credentials/issue", &body)
        .await
}

#[test]
fn a_proof_is_made_over_previous_ones() {
    on_site(|site| async move {
        let first = site.issued(&site.credential()).await;
        let one = first["proof"]["id"].clone();
        let second = chained(&site, &first, one.clone()).await.json();
        assert_eq!(second["proof"][0], first["proof"]);
        assert_eq!(second["proof"][1]["previousProof"], one);
        let two = second["proof"][1]["id"].clone();
        let third = chained(&site, &second, json!([one, two])).await.json();
        assert_eq!(third["proof"][2]["previousProof"], json!([one, two]));
        site.verify(&third).await.assert_verified();
        let broken = with(
            third,
            "/proof/0/proofValue",
            second["proof"][1]["proofValue"].clone(),
        );
        site.verify(&broken)
            .await
            .assert_not_verified("PROOF_VERIFICATION_ERROR");
    });
}

#[test]
fn a_proof_joins_anothers_as_a_set() {
    on_site(|site| async move {
        let holder = Holder::new(KeyType::Ed25519, 1);
        let theirs = holder.signed(site.credential(), &json!({}));
        for path in [
            "eddsa-rdfc-2022/credentials/issue",
            "eddsa-jcs-2022/credentials/issue",
        ] {
            let set = site.issue_at(path, &theirs).await.json();
            assert_eq!(set["proof"][0], theirs["proof"]);
            assert!(set["proof"][1].get("previousProof").is_none());
            site.verify(&set).await.assert_verified();
        }
    });
}

#[test]
fn no_proof_is_built_on_what_is_missing_or_does_not_hold() {
    on_site(|site| async move {
        let first = site.issued(&site.credential()).await;
        let id = first["proof"]["id"].clone();
        chained(&site, &site.credential(), id.clone())
            .await
            .assert_refused("");
        chained(&site, &first, json!("urn:uuid:missing"))
            .await
            .assert_refused("");
        chained(&site, &first, json!([id, "urn:uuid:missing"]))
            .await
            .assert_refused("");
        assert_eq!(chained(&site, &first, json!(7)).await.status, 422);
        let broken = with(first.clone(), "/name", json!("Other"));
        chained(&site, &broken, id).await.assert_refused("/proof");
        let odd = with(first, "/proof", json!("proof"));
        site.issue(&odd).await.assert_refused("/proof");
    });
}
