//! VC Data Integrity EdDSA Cryptosuites 1.0, appendix B.

use badgeons::openbadges::canonical::{self, Limits};
use badgeons::openbadges::keys::{Ed25519Secret, PublicKey, SecretKey};
use badgeons::openbadges::model::checked::Profile;
use badgeons::openbadges::proof::{
    self, DataIntegrityProof, ProofError, ProofOptions, Suite, data_integrity, eddsa_jcs_2022,
    eddsa_rdfc_2022, proof_set,
};
use serde_json::{Value, json};

use super::{checked, hex, parse, unsecured};

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../vectors/vc-di-eddsa/", $name))
    };
}

fn pair(pair: &Value) -> (Ed25519Secret, PublicKey) {
    let text = |member: &str| pair[member].as_str().unwrap();
    let SecretKey::Ed25519(secret) = SecretKey::from_multikey(text("privateKeyMultibase")).unwrap()
    else {
        panic!("the vectors' keys are Ed25519")
    };
    let public = PublicKey::from_multikey(text("publicKeyMultibase")).unwrap();
    assert_eq!(PublicKey::Ed25519(secret.public()), public);
    (secret, public)
}

fn keys() -> (Ed25519Secret, PublicKey) {
    pair(&parse(vector!("keyPair.json")))
}

/// The options a published proof was made with.
fn options(proof: &Value) -> ProofOptions {
    let read = DataIntegrityProof::read(proof).unwrap();
    ProofOptions::new(read.verification_method, read.created.unwrap())
}

fn proof_value(secret: &Ed25519Secret, data: &[u8; 64]) -> String {
    format!("z{}", bs58::encode(secret.sign(data)).into_string())
}

/// The proof as it is hashed: without its value, under the document's `@context`.
fn config(document: &Value, proof: &Value) -> Value {
    let mut config = proof.clone();
    config.as_object_mut().unwrap().shift_remove("proofValue");
    config["@context"] = document["@context"].clone();
    config
}

#[test]
fn b1_eddsa_rdfc_2022_canonical_forms_and_hashes() {
    let signed = parse(vector!("eddsa-rdfc-2022/signedDataInt.json"));
    let document = unsecured(&signed);
    let canonical_document = canonical::canonicalize(&document, &Limits::ISSUE).unwrap();
    let config = config(&document, &signed["proof"]);
    let canonical_proof = canonical::canonicalize(&config, &Limits::ISSUE).unwrap();
    assert_eq!(canonical_document, vector!("canonDoc.txt"));
    assert_eq!(
        canonical_proof,
        vector!("eddsa-rdfc-2022/proofCanonDataInt.txt")
    );
    let data = data_integrity::hash_data(canonical_proof.as_bytes(), canonical_document.as_bytes());
    assert_eq!(
        hex(&data),
        vector!("eddsa-rdfc-2022/combinedHashDataInt.txt")
    );
}

#[test]
fn b1_eddsa_rdfc_2022_proofs_are_reproduced_and_verify() {
    let (secret, public) = keys();
    for text in [
        vector!("eddsa-rdfc-2022/signedDataInt.json"),
        vector!("eddsa-rdfc-2022/signedDataInt-didkey.json"),
    ] {
        let published = parse(text);
        let credential = checked(unsecured(&published), Profile::Credential);
        let signed =
            eddsa_rdfc_2022::sign(credential, &options(&published["proof"]), &secret).unwrap();
        assert_eq!(signed, published);
        let suite = proof::verify(&published, &published["proof"], &public);
        assert_eq!(suite, Ok(Suite::EddsaRdfc2022));
    }
}

#[test]
fn b2_eddsa_rdfc_2022_signs_the_hash_of_the_proof_before_that_of_the_document() {
    let data = data_integrity::hash_data(
        vector!("eddsa-rdfc-2022/employ/proofCanonDataInt.txt").as_bytes(),
        vector!("eddsa-rdfc-2022/employ/canonDocDataInt.txt").as_bytes(),
    );
    let expected = vector!("eddsa-rdfc-2022/employ/sigBTC58DataInt.txt");
    assert_eq!(proof_value(&keys().0, &data), expected);
}

#[test]
fn b3_eddsa_jcs_2022_canonical_forms_and_hashes() {
    let document = unsecured(&parse(vector!("eddsa-jcs-2022/signedJCS.json")));
    let canonical_document = canonical::jcs(&document).unwrap();
    let canonical_proof = vector!("eddsa-jcs-2022/proofCanonJCS.txt").as_bytes();
    assert_eq!(
        canonical_document,
        vector!("eddsa-jcs-2022/canonDocJCS.txt").as_bytes()
    );
    assert_eq!(
        canonical::jcs(&parse(vector!("eddsa-jcs-2022/proofCanonJCS.txt"))).unwrap(),
        canonical_proof
    );
    let data = data_integrity::hash_data(canonical_proof, &canonical_document);
    assert_eq!(hex(&data), vector!("eddsa-jcs-2022/combinedHashJCS.txt"));
}

#[test]
fn b3_eddsa_jcs_2022_proofs_are_reproduced_and_verify() {
    let (secret, public) = keys();
    let published = parse(vector!("eddsa-jcs-2022/signedJCS.json"));
    let credential = checked(unsecured(&published), Profile::Credential);
    let signed = eddsa_jcs_2022::sign(credential, &options(&published["proof"]), &secret).unwrap();
    assert_eq!(signed, published);
    let suite = proof::verify(&published, &published["proof"], &public);
    assert_eq!(suite, Ok(Suite::EddsaJcs2022));
    let published = parse(vector!("eddsa-jcs-2022/signedJCS-without-context.json"));
    let suite = proof::verify(&published, &published["proof"], &public);
    assert_eq!(suite, Ok(Suite::EddsaJcs2022));
}

#[test]
fn ed25519_signature_2020_verifies_and_is_deprecated() {
    let (secret, public) = keys();
    let published = parse(vector!("Ed25519Signature2020/signedEdSig.json"));
    let suite = proof::verify(&published, &published["proof"], &public).unwrap();
    assert_eq!(suite, Suite::Ed25519Signature2020);
    assert!(suite.is_deprecated());
    let data = data_integrity::hash_data(
        vector!("Ed25519Signature2020/proofCanonEdSig.txt").as_bytes(),
        vector!("canonDoc.txt").as_bytes(),
    );
    assert_eq!(
        hex(&data),
        vector!("Ed25519Signature2020/combinedHashEdSig.txt")
    );
    let expected = vector!("Ed25519Signature2020/sigBTC58EdSig.txt");
    assert_eq!(proof_value(&secret, &data), expected);
}

fn chain() -> (Value, Vec<PublicKey>) {
    let pairs = parse(vector!("proof-set-chain/multiKeyPairs.json"));
    let keys = ["keyPair1", "keyPair2", "keyPair3", "keyPair3"];
    let keys = keys.iter().map(|name| pair(&pairs[name]).1).collect();
    (
        parse(vector!("proof-set-chain/signedProofChain2.json")),
        keys,
    )
}

#[test]
fn every_proof_of_the_published_chain_verifies() {
    let (document, keys) = chain();
    let proofs = proof_set::proofs(&document).unwrap();
    assert_eq!(proofs.len(), 4);
    for (proof, key) in proofs.iter().zip(&keys) {
        assert_eq!(
            proof::verify(&document, proof, key),
            Ok(Suite::EddsaRdfc2022)
        );
    }
}

#[test]
fn the_set_the_chain_begins_with_is_reproduced() {
    let (document, _) = chain();
    let pairs = parse(vector!("proof-set-chain/multiKeyPairs.json"));
    let canonical = |document: &Value| canonical::canonicalize(document, &Limits::ISSUE).unwrap();
    let credential = unsecured(&document);
    for (index, name) in ["keyPair1", "keyPair2"].into_iter().enumerate() {
        let published = &document["proof"][index];
        let proof = canonical(&config(&credential, published));
        let data = data_integrity::hash_data(proof.as_bytes(), canonical(&credential).as_bytes());
        let made = proof_value(&pair(&pairs[name]).0, &data);
        assert_eq!(published["proofValue"], made);
    }
}

#[test]
fn a_chain_breaks_when_a_proof_it_builds_on_changes_or_is_gone() {
    let (document, keys) = chain();
    let third = document["proof"][2].clone();
    let id = document["proof"][0]["id"].as_str().unwrap().to_owned();

    let mut gone = document.clone();
    gone["proof"].as_array_mut().unwrap().remove(0);
    let missing = Err(ProofError::PreviousProof { id: id.clone() });
    assert_eq!(proof::verify(&gone, &third, &keys[2]), missing);
    assert_eq!(
        proof::verify(&unsecured(&document), &third, &keys[2]).map(drop),
        Err(ProofError::NoProof)
    );

    let mut changed = document.clone();
    changed["proof"][0]["created"] = json!("2023-02-25T23:36:38Z");
    let refused = proof::verify(&changed, &third, &keys[2]);
    assert!(
        matches!(refused, Err(ProofError::Signature(_))),
        "{refused:?}"
    );
    assert!(
        proof::verify(&changed, &document["proof"][1], &keys[1]).is_ok(),
        "a set is not a chain"
    );

    let mut twice = document.clone();
    twice["proof"][1]["id"] = json!(id);
    assert_eq!(
        proof::verify(&twice, &third, &keys[2]),
        Err(ProofError::DuplicateId { id })
    );
}
