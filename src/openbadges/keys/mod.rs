//! Keys: what signs, what verifies, how a key is written down, and how long it may be believed.
//!
//! Here: private keys that leave no trace ([`signing`]), public keys decoded once and checked
//! ([`verifying`]), their two written forms ([`multikey`], [`jwk`]) and their life ([`keyring`]).
//! Not here: whose key it is ([`did`](super::did)), what is signed ([`proof`](super::proof)), and
//! how private keys are kept on disk ([`keystore`](crate::keystore)).
//!
//! Specifications: Controlled Identifiers 1.0 §2.2 (Multikey, `JsonWebKey`), RFC 7517, 7518, 7638 and
//! 8037 (JWK), RFC 8032 (Ed25519). A key has one algorithm, and nothing outside the key chooses it.
//!
//! One more kind of key: a variant of [`PublicKey`] with its type in [`verifying`], its prefix in
//! [`multikey`], its members in [`jwk`]; the compiler names the rest.

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

pub mod jwk;
pub mod keyring;
pub mod multikey;
pub mod signing;
pub mod verifying;

pub use keyring::{KeyState, Objection};
pub use signing::{Ed25519Secret, KeyType, P256Secret, SecretKey};
pub use verifying::{BadSignature, EcPublic, Ed25519Public, PublicKey, RsaPublic};

/// The JWS name of the one algorithm a key signs and verifies with (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032), `EdDSA` in JOSE.
    EdDsa,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// As a JOSE header's `alg` says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
        }
    }
}

/// Why something is no key we can use. Never holds the key itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not multibase base58btc (`z…`), or has no length a key can have.
    #[error("the key is not written in base58btc multibase; it should begin with z")]
    NotBase58,
    /// The multicodec prefix is none of those we know.
    #[error("the Multikey is of a kind that is not supported; Ed25519, P-256 and P-384 are")]
    UnknownMulticodec,
    /// The prefix is known, the number of bytes after it is not right.
    #[error("the {kind} key has {found} bytes and should have {expected}")]
    Length {
        /// Which kind of key.
        kind: &'static str,
        /// How many bytes it should have.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The bytes are no point of the curve, or one that every forger knows.
    #[error("the {kind} key is not a valid point of its curve")]
    NotAPoint {
        /// Which kind of key.
        kind: &'static str,
    },
    /// The bytes are no scalar of the curve (zero, or not below its order): draw others.
    #[error("these bytes are no {kind} private key; draw others")]
    NotAScalar {
        /// Which kind of key.
        kind: &'static str,
    },
    /// A JWK member is missing or is not what it should be.
    #[error("the JWK's member “{member}” is missing or malformed")]
    Member {
        /// The member's name.
        member: &'static str,
    },
    /// The JWK's `kty` and `crv` are of a kind we do not use, or the key may not verify signatures.
    #[error("the JWK is of a kind that is not supported: {what}")]
    UnsupportedJwk {
        /// What is not supported.
        what: &'static str,
    },
    /// A private or symmetric member in what should be a public key.
    #[error("the JWK publishes its private part (“{member}”); that key belongs to everybody now")]
    PrivateMember {
        /// The member's name.
        member: &'static str,
    },
    /// An RSA key whose size we do not trust, or would pay too much for.
    #[error("the RSA key has {bits} bits; between 2048 and 8192 are accepted")]
    RsaSize {
        /// Its modulus's size.
        bits: usize,
    },
    /// The cryptographic library failed where it has no reason to.
    #[error("the cryptographic library could not {what}")]
    Library {
        /// What was asked of it.
        what: &'static str,
    },
}
