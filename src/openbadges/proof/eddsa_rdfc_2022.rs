//! The cryptosuite `eddsa-rdfc-2022` (VC-DI-EDDSA §3.2): Ed25519 over RDFC-1.0.
//!
//! What is signed is the *meaning* of the credential as RDF, so that two texts of one meaning share
//! their proof: the order of members, the order of values in what is a set (`type`, `evidence` …),
//! one value alone or in an array, white space, `4.0` for `4`, and the two names of one class,
//! `AchievementCredential` and `OpenBadgeCredential`. Whatever changes the meaning breaks the proof.

use serde_json::{Map, Value};

use super::ProofError;
use super::data_integrity::{self, Input, ProofOptions, Suite};
use crate::openbadges::canonical::{self, Limits};
use crate::openbadges::keys::{Ed25519Secret, PublicKey};
use crate::openbadges::model::checked::Checked;

/// Signs a credential; what comes back is the credential with its proof.
pub fn sign(
    credential: Checked,
    options: &ProofOptions,
    key: &Ed25519Secret,
) -> Result<Value, ProofError> {
    data_integrity::sign(
        Suite::EddsaRdfc2022,
        credential.into_document(),
        options,
        key,
        |document, proof| transform_and_hash(document, proof, &Limits::ISSUE),
    )
}

/// Verifies a proof of this suite.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    verify_as(Suite::EddsaRdfc2022, document, proof, key)
}

/// Verifies a proof whose suite does the same steps under another name.
pub(super) fn verify_as(
    suite: Suite,
    document: &Value,
    proof: &Value,
    key: &PublicKey,
) -> Result<(), ProofError> {
    let mut input = Input::of(suite, document, proof)?;
    // §3.2.5 step 4: the proof is read under the document's @context, whatever it says of one itself.
    input.config.shift_remove("@context");
    let data = transform_and_hash(&input.document, &input.config, &Limits::VERIFY)?;
    input.verify(&data, key)
}

/// VC-DI-EDDSA §3.2.3–§3.2.5.
fn transform_and_hash(
    document: &Value,
    config: &Map<String, Value>,
    limits: &Limits,
) -> Result<[u8; 64], ProofError> {
    let canonical_document = canonical::canonicalize(document, limits)?;
    let canonical_proof = canonical_proof(document, config, limits)?;
    Ok(data_integrity::hash_data(
        canonical_proof.as_bytes(),
        canonical_document.as_bytes(),
    ))
}

/// §3.2.5: the proof, as it is read under the document's @context.
pub(super) fn canonical_proof(
    document: &Value,
    config: &Map<String, Value>,
    limits: &Limits,
) -> Result<String, ProofError> {
    let context = document.get("@context").unwrap_or(&Value::Null);
    Ok(canonical::canonicalize_with_context(
        context, config, limits,
    )?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openbadges::keys::{BadSignature, KeyType};
    use crate::openbadges::proof::{eddsa_jcs_2022, samples};

    fn signed() -> Value {
        let credential = samples::checked(samples::badge());
        sign(credential, &samples::options(), &samples::ed25519(1).0).unwrap()
    }

    fn verified(document: &Value, key: &PublicKey) -> Result<(), ProofError> {
        verify(document, &document["proof"], key)
    }

    #[test]
    fn what_is_signed_verifies_and_says_how() {
        let signed = signed();
        assert_eq!(verified(&signed, &samples::ed25519(1).1), Ok(()));
        let members: Vec<&String> = signed["proof"].as_object().unwrap().keys().collect();
        let order = [
            "type",
            "cryptosuite",
            "created",
            "verificationMethod",
            "proofPurpose",
            "proofValue",
        ];
        assert_eq!(members, order);
        assert_eq!(signed["proof"]["created"], "2026-11-23T10:00:00Z");
        assert_eq!(signed["proof"]["cryptosuite"], "eddsa-rdfc-2022");
        let unsecured = samples::badge();
        assert_eq!(
            verify(&unsecured, &signed["proof"], &samples::ed25519(1).1),
            Ok(())
        );
    }

    #[test]
    fn another_key_does_not_verify() {
        let refused = verified(&signed(), &samples::ed25519(2).1);
        assert_eq!(refused, Err(BadSignature.into()));
        let p256 = samples::secret(KeyType::P256, 1).public();
        assert_eq!(
            verified(&signed(), &p256),
            Err(ProofError::WrongKey { found: "ES256" })
        );
    }

    #[test]
    fn the_proof_of_another_document_does_not_verify() {
        let mut other = samples::badge();
        other["credentialSubject"]["creditsEarned"] = json!(0.75);
        let refused = verify(&other, &signed()["proof"], &samples::ed25519(1).1);
        assert_eq!(refused, Err(BadSignature.into()));
    }

    #[test]
    fn the_proof_of_another_suite_is_not_taken() {
        let (secret, public) = samples::ed25519(1);
        let credential = samples::checked(samples::badge());
        let mut jcs = eddsa_jcs_2022::sign(credential, &samples::options(), &secret).unwrap();
        let wrong = ProofError::WrongSuite {
            expected: Suite::EddsaRdfc2022,
            found: Suite::EddsaJcs2022,
        };
        assert_eq!(verified(&jcs, &public), Err(wrong));
        jcs["proof"]["cryptosuite"] = json!("eddsa-rdfc-2022");
        assert_eq!(verified(&jcs, &public), Err(BadSignature.into()));
    }

    #[test]
    fn a_context_in_the_proof_is_not_what_it_is_read_under() {
        let mut signed = signed();
        signed["proof"]["@context"] = json!("https://unknown.example/context");
        assert_eq!(verified(&signed, &samples::ed25519(1).1), Ok(()));
    }

    #[test]
    fn what_the_contexts_do_not_define_is_not_signed() {
        let mut undefined = samples::badge();
        undefined["credentialSubject"]["shoeSize"] = json!(42);
        let config = samples::options().unsigned_proof(Suite::EddsaRdfc2022);
        let refused = transform_and_hash(&undefined, &config, &Limits::ISSUE).unwrap_err();
        assert!(matches!(refused, ProofError::Canonical(_)), "{refused}");
        assert!(refused.to_string().contains("shoeSize"), "{refused}");
    }
}
