//! Open Badges 3.0 implementation guide, "Linked Data Proof Test Vector for Open Badges 3.0".

use badgeons::openbadges::canonical::{self, Limits};
use badgeons::openbadges::keys::{Ed25519Secret, PublicKey};
use badgeons::openbadges::model::checked::Profile;
use badgeons::openbadges::proof::{self, ProofOptions, Suite, data_integrity, eddsa_rdfc_2022};
use zeroize::Zeroizing;

use super::{checked, hex, parse, unsecured};

const SIGNED: &str = include_str!("../vectors/ob3-signing/signed-credential.json");
const METHOD: &str =
    "https://example.edu/issuers/565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi";

/// The guide's private key: the seed, before the public key it repeats.
fn secret() -> Ed25519Secret {
    let hex = "6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4";
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let seed: Vec<u8> = (0..64).step_by(2).map(byte).collect();
    Ed25519Secret::from_bytes(&Zeroizing::new(seed.try_into().unwrap()))
}

#[test]
fn canonical_forms_and_hashes() {
    let signed = parse(SIGNED);
    let document = unsecured(&signed);
    let mut config = signed["proof"].as_object().unwrap().clone();
    config.shift_remove("proofValue");
    let canonical_document = canonical::canonicalize(&document, &Limits::ISSUE).unwrap();
    let canonical_proof =
        canonical::canonicalize_with_context(&document["@context"], &config, &Limits::ISSUE)
            .unwrap();
    assert_eq!(
        canonical_document,
        include_str!("../vectors/ob3-signing/document-canon.txt")
    );
    assert_eq!(
        canonical_proof,
        include_str!("../vectors/ob3-signing/proof-canon.txt")
    );
    let data = data_integrity::hash_data(canonical_proof.as_bytes(), canonical_document.as_bytes());
    assert_eq!(
        hex(&data),
        "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19\
         87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
    );
}

#[test]
fn the_signed_credential_is_reproduced_and_verifies() {
    let published = parse(SIGNED);
    let public = PublicKey::Ed25519(secret().public());
    assert_eq!(public.to_multikey().as_deref(), METHOD.split('#').nth(1));
    let options = ProofOptions::new(METHOD, "2010-01-01T19:23:24Z".parse().unwrap());
    let credential = checked(unsecured(&published), Profile::OpenBadge);
    let signed = eddsa_rdfc_2022::sign(credential, &options, &secret()).unwrap();
    assert_eq!(signed, published);
    assert_eq!(
        proof::verify(&published, &published["proof"], &public),
        Ok(Suite::EddsaRdfc2022)
    );
    assert_eq!(
        parse(std::str::from_utf8(&proof::to_bytes(&signed)).unwrap()),
        published
    );
}
