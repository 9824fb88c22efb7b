//! JSON-LD to canonical N-Quads, against the bytes everyone else computes (`vectors/canonicalization`).
