//! Signing and verifying, beside raw Ed25519 in the same run: what counts is the ratio.
//!
//! `sign` starts at the checked credential and ends at the bytes that are stored; `verify` starts at a
//! stranger's bytes, read strictly. The badges are 1EdTech's signing example and the three founding
//! ones, as the tests issue them.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that fails has no time to report"
)]

use badgeons::openbadges::json;
use badgeons::openbadges::keys::{Ed25519Secret, KeyType, PublicKey, SecretKey};
use badgeons::openbadges::model::checked::{Checked, Profile, Unsigned};
use badgeons::openbadges::model::rules;
use badgeons::openbadges::proof::{
    self, ProofError, ProofOptions, eddsa_jcs_2022, eddsa_rdfc_2022, proof_set, vc_jwt,
};
use divan::{Bencher, black_box};
use ed25519_dalek::{Signer as _, Verifier as _};
use serde_json::Value;
use zeroize::Zeroizing;

/// Signed badges: JSON, or snapshots that hold it below their heading.
const BADGES: [(&str, &str); 4] = [
    (
        "1EdTech example",
        include_str!("../vectors/ob3-signing/signed-credential.json"),
    ),
    (
        "fresque",
        include_str!(
            "../issuing/snapshots/tests__issuing__whole_badges__a_facilitator_of_a_fresque.snap"
        ),
    ),
    (
        "CEC",
        include_str!(
            "../issuing/snapshots/tests__issuing__whole_badges__a_participant_of_the_whole_cec.snap"
        ),
    ),
    (
        "label",
        include_str!(
            "../issuing/snapshots/tests__issuing__whole_badges__a_label_of_an_organisation.snap"
        ),
    ),
];

const NAMES: [&str; 4] = [BADGES[0].0, BADGES[1].0, BADGES[2].0, BADGES[3].0];

/// A badge, checked and not yet signed.
fn checked(name: &str) -> Checked {
    let (_, text) = BADGES.iter().find(|(badge, _)| *badge == name).unwrap();
    let text = text.rsplit_once("---\n").map_or(*text, |(_, json)| json);
    let mut document: Value = json::parse(text.as_bytes()).unwrap();
    document.as_object_mut().unwrap().shift_remove("proof");
    rules::check(Unsigned(document), Profile::OpenBadge).unwrap()
}

const METHOD: &str = "https://badges.example.org/issuers/pays-de-vannes#key";

fn ed25519() -> Ed25519Secret {
    Ed25519Secret::from_bytes(&Zeroizing::new([1; 32]))
}

fn options() -> ProofOptions {
    ProofOptions::new(METHOD, "2026-11-23T10:00:00Z".parse().unwrap())
}

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

type Suite = fn(Checked, &ProofOptions, &Ed25519Secret) -> Result<Value, ProofError>;

fn sign_embedded(bencher: Bencher<'_, '_>, suite: Suite, badge: &str) {
    let (options, key) = (options(), ed25519());
    bencher
        .with_inputs(|| checked(badge))
        .bench_values(|badge| proof::to_bytes(&suite(badge, &options, &key).unwrap()));
}

fn verify_embedded(bencher: Bencher<'_, '_>, suite: Suite, badge: &str) {
    let key = ed25519();
    let public = PublicKey::Ed25519(key.public());
    let bytes = proof::to_bytes(&suite(checked(badge), &options(), &key).unwrap());
    bencher.bench(|| {
        let badge = json::parse(black_box(&bytes)).unwrap();
        let proofs = proof_set::proofs(&badge).unwrap();
        proof::verify(&badge, &proofs[0], &public).unwrap()
    });
}

#[divan::bench(args = NAMES)]
fn eddsa_rdfc_2022_sign(bencher: Bencher<'_, '_>, badge: &str) {
    sign_embedded(bencher, eddsa_rdfc_2022::sign, badge);
}

#[divan::bench(args = NAMES)]
fn eddsa_rdfc_2022_verify(bencher: Bencher<'_, '_>, badge: &str) {
    verify_embedded(bencher, eddsa_rdfc_2022::sign, badge);
}

#[divan::bench(args = NAMES)]
fn eddsa_jcs_2022_sign(bencher: Bencher<'_, '_>, badge: &str) {
    sign_embedded(bencher, eddsa_jcs_2022::sign, badge);
}

#[divan::bench(args = NAMES)]
fn eddsa_jcs_2022_verify(bencher: Bencher<'_, '_>, badge: &str) {
    verify_embedded(bencher, eddsa_jcs_2022::sign, badge);
}

fn secret(kind: KeyType) -> SecretKey {
    SecretKey::from_bytes(kind, &Zeroizing::new([1; 32])).unwrap()
}

fn sign_jwt(bencher: Bencher<'_, '_>, kind: KeyType, badge: &str) {
    let (badge, key) = (checked(badge), secret(kind));
    bencher.bench(|| vc_jwt::sign(black_box(&badge), &key, METHOD).unwrap());
}

fn verify_jwt(bencher: Bencher<'_, '_>, kind: KeyType, badge: &str) {
    let key = secret(kind);
    let public = key.public();
    let compact = vc_jwt::sign(&checked(badge), &key, METHOD).unwrap();
    bencher.bench(|| {
        let jws = vc_jwt::read(black_box(&compact)).unwrap();
        vc_jwt::verify(&jws, &public).unwrap();
        vc_jwt::credential(&jws.payload).unwrap()
    });
}

#[divan::bench(args = NAMES)]
fn vc_jwt_eddsa_sign(bencher: Bencher<'_, '_>, badge: &str) {
    sign_jwt(bencher, KeyType::Ed25519, badge);
}

#[divan::bench(args = NAMES)]
fn vc_jwt_eddsa_verify(bencher: Bencher<'_, '_>, badge: &str) {
    verify_jwt(bencher, KeyType::Ed25519, badge);
}

#[divan::bench(args = NAMES)]
fn vc_jwt_es256_sign(bencher: Bencher<'_, '_>, badge: &str) {
    sign_jwt(bencher, KeyType::P256, badge);
}

#[divan::bench(args = NAMES)]
fn vc_jwt_es256_verify(bencher: Bencher<'_, '_>, badge: &str) {
    verify_jwt(bencher, KeyType::P256, badge);
}
