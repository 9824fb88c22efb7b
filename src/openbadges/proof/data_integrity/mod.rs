//! What all Data Integrity proofs share: reading one, and the 64 bytes signed (VC Data Integrity 1.0
//! §4.2–§4.4, VC-DI-EDDSA §3.2.4, §3.3.4).
//!
//! A suite brings the canonical forms; everything before and after them is here.

mod numbers;
mod read;

use std::borrow::Cow;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

pub use read::{DataIntegrityProof, Suite};

use super::{ProofError, proof_set};
use crate::openbadges::did::Purpose;
use crate::openbadges::keys::{Ed25519Secret, PublicKey};
use crate::openbadges::model::Timestamp;

/// What the signer says about a proof it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// The key, by the identifier the issuer's document lists it under.
    pub verification_method: String,
    /// When; written in whole seconds.
    pub created: Timestamp,
}

impl ProofOptions {
    /// The options of an ordinary proof.
    pub fn new(verification_method: impl Into<String>, created: Timestamp) -> Self {
        let verification_method = verification_method.into();
        Self {
            verification_method,
            created,
        }
    }

    /// The proof without its value, members in the order they are published.
    pub(super) fn unsigned_proof(&self, suite: Suite) -> Map<String, Value> {
        let mut proof = Map::with_capacity(8);
        let mut set = |member: &str, value: String| {
            proof.insert(member.into(), Value::String(value));
        };
        set("type", "DataIntegrityProof".into());
        set("cryptosuite", suite.name().into());
        set("created", self.created.whole_seconds().to_string());
        set("verificationMethod", self.verification_method.clone());
        set("proofPurpose", Purpose::AssertionMethod.as_str().into());
        proof
    }
}

/// The 64 bytes an EdDSA suite signs: the hash of the proof's canonical form, then the document's
/// (VC-DI-EDDSA §3.2.4: the proof comes first).
pub fn hash_data(canonical_proof: &[u8], canonical_document: &[u8]) -> [u8; 64] {
    let mut data = [0; 64];
    let (proof, document) = data.split_at_mut(32);
    proof.copy_from_slice(&Sha256::digest(canonical_proof));
    document.copy_from_slice(&Sha256::digest(canonical_document));
    data
}

/// Signs the document of a checked credential with a suite, which turns document and unsigned proof
/// into the 64 bytes (and may add to the proof what it publishes with it).
pub(super) fn sign(
    suite: Suite,
    mut document: Value,
    options: &ProofOptions,
    key: &Ed25519Secret,
    hash: impl FnOnce(&Value, &mut Map<String, Value>) -> Result<[u8; 64], ProofError>,
) -> Result<Value, ProofError> {
    if document
        .as_object()
        .is_none_or(|members| members.contains_key("proof"))
    {
        return Err(ProofError::AlreadySecured);
    }
    numbers::refuse_inexact_numbers(&document)?;
    let mut proof = options.unsigned_proof(suite);
    let data = hash(&document, &mut proof)?;
    let value = format!("z{}", bs58::encode(key.sign(&data)).into_string());
    proof.insert("proofValue".into(), Value::String(value));
    if let Some(members) = document.as_object_mut() {
        members.insert("proof".into(), Value::Object(proof));
    }
    Ok(document)
}

/// What a suite's own steps turn into the 64 bytes: the document as it was signed, and the proof
/// without its value.
pub(super) struct Input<'a> {
    pub(super) document: Cow<'a, Value>,
    pub(super) config: Map<String, Value>,
    signature: [u8; 64],
}

impl<'a> Input<'a> {
    /// Prepares a proof for its suite (VC-DI-EDDSA §3.2.2 steps 1–3).
    pub(super) fn of(suite: Suite, document: &'a Value, proof: &Value) -> Result<Self, ProofError> {
        let read = DataIntegrityProof::read(proof)?;
        if read.suite != suite {
            return Err(ProofError::WrongSuite {
                expected: suite,
                found: read.suite,
            });
        }
        let document = proof_set::input_document(document, &read.previous)?;
        numbers::refuse_inexact_numbers(&document)?;
        let members = read::object(proof)?
            .iter()
            .filter(|(member, _)| *member != "proofValue");
        let config = members
            .map(|(member, value)| (member.clone(), value.clone()))
            .collect();
        Ok(Self {
            document,
            config,
            signature: read.value,
        })
    }

    /// Whether the key signed these 64 bytes.
    pub(super) fn verify(&self, data: &[u8; 64], key: &PublicKey) -> Result<(), ProofError> {
        match key {
            PublicKey::Ed25519(key) => Ok(key.verify(data, &self.signature)?),
            other => Err(ProofError::WrongKey {
                found: other.algorithm().name(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openbadges::proof::samples;

    fn signed(document: Value) -> Result<Value, ProofError> {
        let (secret, _) = samples::ed25519(1);
        sign(
            Suite::EddsaJcs2022,
            document,
            &samples::options(),
            &secret,
            |_, _| Ok([7; 64]),
        )
    }

    #[test]
    fn a_document_is_signed_once() {
        let once = signed(samples::badge()).unwrap();
        let signature = samples::ed25519(1).0.sign(&[7; 64]);
        let read = DataIntegrityProof::read(&once["proof"]).unwrap();
        assert_eq!(read.value, signature);
        assert_eq!(signed(once), Err(ProofError::AlreadySecured));
        assert_eq!(signed(json!([])), Err(ProofError::AlreadySecured));
    }

    #[test]
    fn a_document_whose_numbers_are_not_exact_is_neither_signed_nor_verified() {
        let mut large = samples::badge();
        large["credentialSubject"]["creditsEarned"] = json!(9_007_199_254_740_993_u64);
        let pointer = "/credentialSubject/creditsEarned".to_owned();
        let refused = ProofError::InexactNumber { pointer };
        assert_eq!(signed(large.clone()), Err(refused.clone()));
        let proof = signed(samples::badge()).unwrap()["proof"].take();
        let input = Input::of(Suite::EddsaJcs2022, &large, &proof);
        assert_eq!(input.err(), Some(refused));
    }
}
