//! What all Data Integrity proofs share: reading one, and the 64 bytes signed (VC Data Integrity 1.0
//! §4.2–§4.4, VC-DI-EDDSA §3.2.4, §3.3.4).
//!
//! A suite brings the canonical forms; everything before and after them is here.

mod base58;
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
    /// The proof's own name, a URL, by which others can build on it.
    pub id: Option<String>,
    /// The proofs it builds on, by name, where it is added to those a credential has; `None` for the
    /// first proof of a credential, which must have none then.
    pub joins: Option<Vec<String>>,
}

impl ProofOptions {
    /// The options of an ordinary proof.
    pub fn new(verification_method: impl Into<String>, created: Timestamp) -> Self {
        let verification_method = verification_method.into();
        Self {
            verification_method,
            created,
            id: None,
            joins: None,
        }
    }

    /// The same for a proof with a name.
    #[must_use]
    pub fn named(self, id: String) -> Self {
        Self {
            id: Some(id),
            ..self
        }
    }

    /// The same for a proof beside those a credential has, built on some of them: a set where it
    /// builds on none, else a chain (VC Data Integrity §4.3, §4.5).
    #[must_use]
    pub fn joining(self, previous: Vec<String>) -> Self {
        Self {
            joins: Some(previous),
            ..self
        }
    }

    /// The proof without its value, members in the order they are published.
    pub(super) fn unsigned_proof(&self, suite: Suite) -> Map<String, Value> {
        let mut proof = Map::with_capacity(8);
        let mut set = |member: &str, value: String| {
            proof.insert(member.into(), Value::String(value));
        };
        if let Some(id) = &self.id {
            set("id", id.clone());
        }
        set("type", "DataIntegrityProof".into());
        set("cryptosuite", suite.name().into());
        set("created", self.created.whole_seconds().to_string());
        set("verificationMethod", self.verification_method.clone());
        set("proofPurpose", Purpose::AssertionMethod.as_str().into());
        match self.joins.as_deref() {
            None | Some([]) => {}
            Some([one]) => set("previousProof", one.clone()),
            Some(several) => {
                proof.insert("previousProof".into(), several.into());
            }
        }
        proof
    }
}

/// The 64 bytes an EdDSA suite signs: the hash of the proof's canonical form, then the document's
/// (VC-DI-EDDSA §3.2.4: the proof comes first).
pub fn hash_data(canonical_proof: &[u8], canonical_document: &[u8]) -> [u8; 64] {
    with_proof_hash(hash(canonical_proof), canonical_document)
}

/// The same, of a proof whose canonical form was hashed before.
pub(super) fn with_proof_hash(proof_hash: [u8; 32], canonical_document: &[u8]) -> [u8; 64] {
    let mut data = [0; 64];
    let (proof, document) = data.split_at_mut(32);
    proof.copy_from_slice(&proof_hash);
    document.copy_from_slice(&hash(canonical_document));
    data
}

/// What both hashes are made with.
pub(super) fn hash(canonical: &[u8]) -> [u8; 32] {
    Sha256::digest(canonical).into()
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
    let is_secured = document.get("proof").is_some();
    if !document.is_object() || (is_secured && options.joins.is_none()) {
        return Err(ProofError::AlreadySecured);
    }
    let mut proofs = if is_secured {
        proof_set::proofs(&document)?.to_vec()
    } else {
        Vec::new()
    };
    let previous: Vec<&str> = options.joins.iter().flatten().map(|id| &**id).collect();
    let input = proof_set::input_document(&document, &previous)?;
    numbers::refuse_inexact_numbers(&input)?;
    let mut proof = options.unsigned_proof(suite);
    let data = hash(&input, &mut proof)?;
    let value = base58::multibase(&key.sign(&data));
    proof.insert("proofValue".into(), Value::String(value));
    drop(input);
    let mut proof = Value::Object(proof);
    if is_secured {
        proofs.push(proof);
        proof = proofs.into();
    }
    if let Some(members) = document.as_object_mut() {
        members.insert("proof".into(), proof);
    }
    // Not more than are looked at, and no name twice.
    proof_set::proofs(&document)?;
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
    fn a_proof_joins_others_only_where_that_is_meant() {
        let (secret, _) = samples::ed25519(1);
        let join = |document: Value, id: &str, previous: &[&str]| {
            let previous = previous.iter().map(|id| (*id).to_owned()).collect();
            let options = samples::options().named(id.into()).joining(previous);
            sign(
                Suite::EddsaJcs2022,
                document,
                &options,
                &secret,
                |input, _| {
                    let covers = input["proof"].as_array().map_or(0, Vec::len);
                    Ok([u8::try_from(covers).unwrap(); 64])
                },
            )
        };
        let first = join(samples::badge(), "urn:a", &[]).unwrap();
        assert!(first["proof"].is_object());
        let second = join(first, "urn:b", &["urn:a"]).unwrap();
        assert_eq!(second["proof"][1]["previousProof"], "urn:a");
        let third = join(second, "urn:c", &["urn:a", "urn:b"]).unwrap();
        assert_eq!(
            third["proof"][2]["previousProof"],
            json!(["urn:a", "urn:b"])
        );
        let made = |index: usize, covers| {
            let value = secret.sign(&[covers; 64]);
            DataIntegrityProof::read(&third["proof"][index])
                .unwrap()
                .value
                == value
        };
        assert!(made(0, 0) && made(1, 1) && made(2, 2));
        let twice = join(third.clone(), "urn:a", &[]);
        assert_eq!(twice, Err(ProofError::DuplicateId { id: "urn:a".into() }));
        let missing = join(third, "urn:d", &["urn:z"]);
        assert_eq!(
            missing,
            Err(ProofError::PreviousProof { id: "urn:z".into() })
        );
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
