//! JSON text to canonical N-Quads, beside one raw Ed25519 signature.

use badgeons::openbadges::canonical::{Limits, canonicalize};
use divan::{Bencher, black_box};
use ed25519_dalek::{Signer as _, SigningKey};

/// Small, with results, and with all an issuer may say; `anon40` has forty anonymous objects,
/// `vocab_inline` a context of its own, which is processed each time.
const DOCUMENTS: [(&str, &str); 5] = [
    (
        "base",
        include_str!("../vectors/canonicalization/base.json"),
    ),
    (
        "results",
        include_str!("../vectors/canonicalization/results.json"),
    ),
    (
        "status_message",
        include_str!("../vectors/canonicalization/status_message.json"),
    ),
    (
        "vocab_inline",
        include_str!("../vectors/canonicalization/vocab_inline.json"),
    ),
    (
        "anon40",
        include_str!("../vectors/canonicalization/anon40.json"),
    ),
];

fn text(name: &str) -> &'static [u8] {
    let found = DOCUMENTS.iter().find(|(document, _)| *document == name);
    found.map_or(b"", |(_, text)| text.as_bytes())
}

#[divan::bench(args = DOCUMENTS.map(|(name, _)| name))]
fn json_to_nquads(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher.bench(|| {
        let document = badgeons::openbadges::json::parse(black_box(text)).ok()?;
        canonicalize(&document, &Limits::VERIFY).ok()
    });
}

#[divan::bench(args = DOCUMENTS.map(|(name, _)| name))]
fn json_only(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher.bench(|| badgeons::openbadges::json::parse(black_box(text)).ok());
}

#[divan::bench]
fn raw_ed25519_sign(bencher: Bencher) {
    let key = SigningKey::from_bytes(&[7; 32]);
    bencher.bench(|| key.sign(black_box(&[0; 64])));
}
