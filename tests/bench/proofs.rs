//! Signing and verifying, beside raw Ed25519 in the same run: what counts is the ratio.
//!
//! `sign` starts at the checked credential and ends at the bytes that are stored; `verify` starts at a
//! stranger's bytes, read strictly.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that fails has no time to report"
)]

use badgeons::openbadges::json;
use badgeons::openbadges::keys::{Ed25519Secret, KeyType, PublicKey, SecretKey};
use badgeons::openbadges::model::checked::{Checked, Profile, Unsigned};
use badgeons::openbadges::model::rules;
use badgeons::openbadges::proof::{
    self, ProofOptions, eddsa_jcs_2022, eddsa_rdfc_2022, proof_set, vc_jwt,
};
use divan::{Bencher, black_box};
use ed25519_dalek::{Signer as _, Verifier as _};
use serde_json::Value;
use zeroize::Zeroizing;

const SIGNED: &str = include_str!("../vectors/ob3-signing/signed-credential.json");
const METHOD: &str =
    "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

/// 1EdTech's signing example, checked and not yet signed.
fn signing_example() -> Checked {
    let mut document: Value = json::parse(SIGNED.as_bytes()).unwrap();
    document.as_object_mut().unwrap().shift_remove("proof");
    rules::check(Unsigned(document), Profile::OpenBadge).unwrap()
}

fn ed25519() -> Ed25519Secret {
    Ed25519Secret::from_bytes(&Zeroizing::new([1; 32]))
}

fn secret(kind: KeyType) -> SecretKey {
    SecretKey::from_bytes(kind, &Zeroizing::new([1; 32])).unwrap()
}

fn options() -> ProofOptions {
    ProofOptions::new(METHOD, "2026-11-23T10:00:00Z".parse().unwrap())
}

type Sign = fn(Checked, &ProofOptions, &Ed25519Secret) -> Result<Value, proof::ProofError>;

fn raw_key() -> (ed25519_dalek::SigningKey, ed25519_dalek::Signature) {
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let signature = key.sign(&[7; 64]);
    (key, signature)
}

#[divan::bench]
fn raw_ed25519_sign(bencher: Bencher<'_, '_>) {
    let (key, _) = raw_key();
    bencher.bench(|| key.sign(black_box(&[7; 64])));
}

#[divan::bench]
fn raw_ed25519_verify(bencher: Bencher<'_, '_>) {
    let (key, signature) = raw_key();
    let key = key.verifying_key();
    bencher.bench(|| key.verify(black_box(&[7; 64]), &signature));
}

#[divan::bench]
fn raw_ed25519_verify_strict(bencher: Bencher<'_, '_>) {
    let (key, signature) = raw_key();
    let key = key.verifying_key();
    bencher.bench(|| key.verify_strict(black_box(&[7; 64]), &signature));
}

const SUITES: [(&str, Sign); 2] = [
    ("eddsa-rdfc-2022", eddsa_rdfc_2022::sign),
    ("eddsa-jcs-2022", eddsa_jcs_2022::sign),
];

fn suite(name: &str) -> Sign {
    SUITES.iter().find(|(suite, _)| *suite == name).unwrap().1
}

#[divan::bench(args = SUITES.map(|(name, _)| name))]
fn data_integrity_sign(bencher: Bencher<'_, '_>, name: &str) {
    let (sign, options, key) = (suite(name), options(), ed25519());
    bencher
        .with_inputs(signing_example)
        .bench_values(|badge| proof::to_bytes(&sign(badge, &options, &key).unwrap()));
}

#[divan::bench(args = SUITES.map(|(name, _)| name))]
fn data_integrity_verify(bencher: Bencher<'_, '_>, name: &str) {
    let key = ed25519();
    let public = PublicKey::Ed25519(key.public());
    let bytes = proof::to_bytes(&suite(name)(signing_example(), &options(), &key).unwrap());
    bencher.bench(|| {
        let badge = json::parse(black_box(&bytes)).unwrap();
        let proofs = proof_set::proofs(&badge).unwrap();
        proof::verify(&badge, &proofs[0], &public).unwrap()
    });
}

const KINDS: [KeyType; 2] = [KeyType::Ed25519, KeyType::P256];

#[divan::bench(args = KINDS)]
fn vc_jwt_sign(bencher: Bencher<'_, '_>, kind: KeyType) {
    let (badge, key) = (signing_example(), secret(kind));
    bencher.bench(|| vc_jwt::sign(black_box(&badge), &key, METHOD).unwrap());
}

#[divan::bench(args = KINDS)]
fn vc_jwt_verify(bencher: Bencher<'_, '_>, kind: KeyType) {
    let key = secret(kind);
    let public = key.public();
    let compact = vc_jwt::sign(&signing_example(), &key, METHOD).unwrap();
    bencher.bench(|| {
        let jws = vc_jwt::read(black_box(&compact)).unwrap();
        vc_jwt::verify(&jws, &public).unwrap();
        vc_jwt::credential(&jws.payload).unwrap()
    });
}
