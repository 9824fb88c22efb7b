//! The standards, and nothing else: values in, values out.
//!
//! No clock, no network, no disk, no randomness of its own: time and bytes are arguments, so that
//! everything here can be tested to the byte and read on its own. Read it in this order:
//!
//! 1. [`json`]: reading strangers' JSON strictly (RFC 8259, I-JSON).
//! 2. [`model`]: credentials, achievements, profiles and the rules they obey (Open Badges 3.0,
//!    Verifiable Credentials Data Model 2.0).
//! 3. [`canonical`]: JSON-LD 1.1 to RDF, RDF Dataset Canonicalization (RDFC-1.0), JCS (RFC 8785).
//! 4. [`did`] and [`keys`]: who signs and with what (DID Core, did:key, did:jwk, did:web,
//!    Controlled Identifiers 1.0: Multikey and JWK).
//! 5. [`proof`]: Data Integrity EdDSA cryptosuites, VC-JWT.
//! 6. [`status`]: Bitstring Status List 1.0, and reading 1EdTech revocation lists.
//! 7. [`baking`]: credentials inside PNG and SVG pictures.
//! 8. [`verify`]: all of it together: is this badge what it says, and what could not be told?

pub mod baking;
pub mod canonical;
pub mod did;
pub mod json;
pub mod keys;
pub mod model;
pub mod proof;
pub mod status;
pub mod verify;
