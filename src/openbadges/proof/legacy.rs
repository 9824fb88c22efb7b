//! Suites of badges issued until about 2023, verified and never made: `Ed25519Signature2020` and the
//! cryptosuite `eddsa-2022`. Sound, but withdrawn: [`Suite::is_deprecated`] tells the verifier to say
//! so.

use serde_json::{Value, json};

use super::data_integrity::{self, Input, Suite};
use super::{ProofError, eddsa_rdfc_2022};
use crate::openbadges::canonical::{self, Limits};
use crate::openbadges::keys::PublicKey;

/// The context that gives an `Ed25519Signature2020` its terms.
const ED25519_2020: &str = "https://w3id.org/security/suites/ed25519-2020/v1";

/// Verifies a proof of type `Ed25519Signature2020` (the Community Group report of that name, §3).
pub fn verify_ed25519_signature_2020(
    document: &Value,
    proof: &Value,
    key: &PublicKey,
) -> Result<(), ProofError> {
    let mut input = Input::of(Suite::Ed25519Signature2020, document, proof)?;
    input.config.shift_remove("@context");
    // The suite's own context defines every term of the proof, with the same IRIs as any context a
    // signer may have used; the credential's need not define them (credentials/v2 does not).
    let context = json!(ED25519_2020);
    let canonical_proof =
        canonical::canonicalize_with_context(&context, &input.config, &Limits::VERIFY)?;
    let canonical_document = canonical::canonicalize(&input.document, &Limits::VERIFY)?;
    let data = data_integrity::hash_data(canonical_proof.as_bytes(), canonical_document.as_bytes());
    input.verify(&data, key)
}

/// Verifies a proof of the cryptosuite `eddsa-2022`: the steps of `eddsa-rdfc-2022`, under the name
/// it had in drafts.
pub fn verify_eddsa_2022(
    document: &Value,
    proof: &Value,
    key: &PublicKey,
) -> Result<(), ProofError> {
    eddsa_rdfc_2022::verify_as(Suite::Eddsa2022, document, proof, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openbadges::keys::BadSignature;
    use crate::openbadges::proof::{self, samples};

    /// A badge of 2023: data model 1.1, with the proof its contexts give.
    fn badge(suite_context: &str) -> Value {
        json!({
            "@context": [
                "https://www.w3.org/2018/credentials/v1",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
                suite_context,
            ],
            "id": "urn:uuid:3f2f1c3e-95ab-4d5c-8f0c-1f8d8a3a0b11",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": "https://badgeons.example/issuers/1", "type": ["Profile"]},
            "issuanceDate": "2023-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:1", "type": ["AchievementSubject"]},
        })
    }

    /// Signs as the suites of the time did, since we sign with them no more.
    fn signed(mut document: Value, mut proof: Value) -> Value {
        proof["created"] = json!("2023-01-01T00:00:00Z");
        proof["verificationMethod"] = json!(samples::METHOD);
        proof["proofPurpose"] = json!("assertionMethod");
        let canonical = |value: &Value| canonical::canonicalize(value, &Limits::VERIFY).unwrap();
        let mut config = proof.clone();
        config["@context"] = document["@context"].clone();
        let data = data_integrity::hash_data(
            canonical(&config).as_bytes(),
            canonical(&document).as_bytes(),
        );
        let value = bs58::encode(samples::ed25519(1).0.sign(&data)).into_string();
        proof["proofValue"] = json!(format!("z{value}"));
        document["proof"] = proof;
        document
    }

    fn samples_of_both() -> [(Value, Suite); 2] {
        let suite_2020 = json!({"type": "Ed25519Signature2020"});
        let suite_2022 = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-2022"});
        let data_integrity = "https://w3id.org/security/data-integrity/v1";
        [
            (
                signed(badge(ED25519_2020), suite_2020),
                Suite::Ed25519Signature2020,
            ),
            (signed(badge(data_integrity), suite_2022), Suite::Eddsa2022),
        ]
    }

    #[test]
    fn badges_of_data_model_1_1_verify_and_their_suite_is_deprecated() {
        for (signed, suite) in samples_of_both() {
            let verified = proof::verify(&signed, &signed["proof"], &samples::ed25519(1).1);
            assert_eq!(verified, Ok(suite));
            assert!(suite.is_deprecated());
        }
    }

    #[test]
    fn another_key_or_another_document_does_not_verify() {
        for (mut signed, _) in samples_of_both() {
            let refused = proof::verify(&signed, &signed["proof"], &samples::ed25519(2).1);
            assert_eq!(refused, Err(BadSignature.into()));
            signed["issuanceDate"] = json!("2023-01-02T00:00:00Z");
            let refused = proof::verify(&signed, &signed["proof"], &samples::ed25519(1).1);
            assert_eq!(refused, Err(BadSignature.into()));
        }
    }

    #[test]
    fn renaming_a_proof_to_the_current_suite_does_not_make_it_one() {
        let [_, (mut signed, _)] = samples_of_both();
        signed["proof"]["cryptosuite"] = json!("eddsa-rdfc-2022");
        let refused = proof::verify(&signed, &signed["proof"], &samples::ed25519(1).1);
        assert_eq!(refused, Err(BadSignature.into()));
    }
}
