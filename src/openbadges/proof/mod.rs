//! Proofs: what makes a credential more than a claim, and how that is checked.
//!
//! Here: Data Integrity proofs, one file per cryptosuite ([`eddsa_rdfc_2022`], [`eddsa_jcs_2022`],
//! and the [`legacy`] ones, verified only), what they share ([`data_integrity`]), several proofs on
//! one credential ([`proof_set`]), many credentials of one achievement ([`series`]), and credentials in a JWT ([`vc_jwt`] over [`jws`]).
//! Not here: keys ([`keys`](super::keys)), whose they are ([`did`](super::did)), and whether a proof
//! makes a badge valid ([`verify`](super::verify)).
//!
//! Specifications: VC Data Integrity 1.0 §4, VC Data Integrity EdDSA Cryptosuites 1.0 §3, Open Badges
//! 3.0 §8.2 and §8.3, RFC 7515. One more suite: one file, and its arm in [`verify`].
//!
//! Only a [`Checked`](super::model::checked::Checked) credential is signed, and what was signed is
//! kept as the bytes of [`to_bytes`]: never written again.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

pub mod data_integrity;
pub mod eddsa_jcs_2022;
pub mod eddsa_rdfc_2022;
pub mod jws;
pub mod legacy;
pub mod proof_set;
#[cfg(test)]
mod samples;
pub mod series;
pub mod vc_jwt;

use serde_json::Value;

pub use data_integrity::{DataIntegrityProof, ProofOptions, Suite};
pub use jws::{Jws, JwsError};
pub use series::Series;

use super::canonical;
use super::keys::{BadSignature, PublicKey};
use super::model::Timestamp;

/// Verifies one proof of a credential, by the suite it names, and says which one that was.
///
/// `document` is the secured credential (or the credential without its proofs); `proof` one of its
/// proofs; `key` the key of the proof's verification method. Whether that key is the issuer's, and
/// whether the proof is for this purpose and in time, are other questions: see
/// [`DataIntegrityProof`]. A proof that names previous ones also covers those, so that they must be
/// in `document`; each of them is to be verified by itself.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<Suite, ProofError> {
    let suite = Suite::of(proof)?;
    match suite {
        Suite::EddsaRdfc2022 => eddsa_rdfc_2022::verify(document, proof, key)?,
        Suite::EddsaJcs2022 => eddsa_jcs_2022::verify(document, proof, key)?,
        Suite::Ed25519Signature2020 => legacy::verify_ed25519_signature_2020(document, proof, key)?,
        Suite::Eddsa2022 => legacy::verify_eddsa_2022(document, proof, key)?,
    }
    Ok(suite)
}

/// The bytes of a secured credential, to be stored, served and baked as they are from now on.
pub fn to_bytes(secured: &Value) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "a value is JSON, and memory takes all that is written"
    )]
    serde_json::to_vec(secured).expect("JSON")
}

/// Why a proof was not made, or does not hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProofError {
    /// The credential has no proof, or its `proof` is nothing that could be one.
    #[error("the credential has no proof; whoever issued it did not sign it")]
    NoProof,
    /// More proofs than are worth anybody's time.
    #[error(
        "the credential has {found} proofs, more than the {} that are looked at",
        proof_set::MAX
    )]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// A member every proof needs.
    #[error("the proof has no “{member}”")]
    Missing {
        /// The member's name.
        member: &'static str,
    },
    /// A member that is not what it must be.
    #[error("the proof's “{member}” is not {expected}")]
    Malformed {
        /// The member's name.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A proof of a kind we do not know, which could therefore mean anything.
    #[error("proofs of the kind “{suite}” are not supported; ask the issuer for eddsa-rdfc-2022")]
    UnknownSuite {
        /// Its `cryptosuite`, or its `type`.
        suite: String,
    },
    /// Verified by a function of another suite.
    #[error("the proof is of the kind {found}, not {expected}")]
    WrongSuite {
        /// The suite of the function.
        expected: Suite,
        /// The suite of the proof.
        found: Suite,
    },
    /// Made for something else.
    #[error("the proof was made for “{found}”, not for {expected}")]
    WrongPurpose {
        /// What it should have been made for.
        expected: &'static str,
        /// What it was made for.
        found: String,
    },
    /// Its own date of expiry is past.
    #[error("the proof expired on {since}")]
    Expired {
        /// When it expired.
        since: Timestamp,
    },
    /// Made for another domain than the one that asked.
    #[error("the proof was made for another domain")]
    WrongDomain,
    /// Not the answer to the challenge that was given.
    #[error("the proof does not answer the challenge that was given")]
    WrongChallenge,
    /// The suite signs with Ed25519, and the key is of another kind.
    #[error("the proof needs an Ed25519 key, and its verification method holds an {found} key")]
    WrongKey {
        /// The algorithm of the key.
        found: &'static str,
    },
    /// An eddsa-jcs-2022 proof made under another `@context` than the credential has now.
    #[error("the proof was made under another @context; the credential was changed since")]
    Context,
    /// A number that two programs may read differently.
    #[error("the number at {pointer} is too large to mean the same everywhere; write it as text")]
    InexactNumber {
        /// Where, as a JSON pointer.
        pointer: String,
    },
    /// The document or the proof has no canonical form.
    #[error(transparent)]
    Canonical(#[from] canonical::Error),
    /// A previous proof is named and not there.
    #[error("the proof builds on the proof “{id}”, which is not there")]
    PreviousProof {
        /// The identifier it names.
        id: String,
    },
    /// Two proofs of one name: which one is meant is anybody's guess.
    #[error("two proofs are called “{id}”")]
    DuplicateId {
        /// The identifier they share.
        id: String,
    },
    /// What is to be signed is not one JSON object without a proof.
    #[error("only a credential without a proof can be signed; take the proof away first")]
    AlreadySecured,
    /// The signature is not of this key over this credential.
    #[error(transparent)]
    Signature(#[from] BadSignature),
}
