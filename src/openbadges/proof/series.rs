//! Many credentials of one achievement by one issuer, signed with `eddsa-rdfc-2022`.
//!
//! Such credentials say the same of achievement and issuer, and their proofs the same of key and
//! time. A [`Series`] prepares that once, from one of them. What comes out is what
//! [`eddsa_rdfc_2022::sign`] makes, byte for byte: each value is
//! compared with the one that was prepared, and a credential that has another is signed as ever.

use serde_json::{Map, Value};

use super::data_integrity::{self, ProofOptions, Suite};
use super::{ProofError, eddsa_rdfc_2022};
use crate::openbadges::canonical::{self, Limits, Prepared};
use crate::openbadges::keys::Ed25519Secret;
use crate::openbadges::model::checked::Checked;

/// The members that are the same in all credentials of a series, or may be.
const SHARED: [&str; 2] = ["issuer", "achievement"];

/// Signs many credentials of one achievement.
#[derive(Debug)]
pub struct Series {
    options: ProofOptions,
    prepared: Prepared,
    context: Value,
    proof: Map<String, Value>,
    proof_hash: [u8; 32],
}

impl Series {
    /// Prepares what the credentials of a series have in common with this one.
    ///
    /// # Errors
    /// Those of signing it.
    pub fn of(sample: &Checked, options: ProofOptions) -> Result<Self, ProofError> {
        let document = sample.document();
        let proof = options.unsigned_proof(Suite::EddsaRdfc2022);
        let canonical = eddsa_rdfc_2022::canonical_proof(document, &proof, &Limits::ISSUE)?;
        Ok(Self {
            options,
            prepared: Prepared::of(document, &SHARED, &Limits::ISSUE)?,
            context: context(document).clone(),
            proof,
            proof_hash: data_integrity::hash(canonical.as_bytes()),
        })
    }

    /// Signs a credential, of this series or not; what comes back is the credential with its proof.
    ///
    /// # Errors
    /// Those of [`eddsa_rdfc_2022::sign`].
    pub fn sign(&self, credential: Checked, key: &Ed25519Secret) -> Result<Value, ProofError> {
        data_integrity::sign(
            Suite::EddsaRdfc2022,
            credential.into_document(),
            &self.options,
            key,
            |document, proof| self.hash(document, proof),
        )
    }

    /// VC-DI-EDDSA §3.2.3–§3.2.5.
    fn hash(&self, document: &Value, proof: &Map<String, Value>) -> Result<[u8; 64], ProofError> {
        let canonical = canonical::canonicalize_prepared(document, &self.prepared, &Limits::ISSUE)?;
        let proof_hash = if *proof == self.proof && *context(document) == self.context {
            self.proof_hash
        } else {
            let canonical = eddsa_rdfc_2022::canonical_proof(document, proof, &Limits::ISSUE)?;
            data_integrity::hash(canonical.as_bytes())
        };
        Ok(data_integrity::with_proof_hash(
            proof_hash,
            canonical.as_bytes(),
        ))
    }
}

fn context(document: &Value) -> &Value {
    document.get("@context").unwrap_or(&Value::Null)
}
