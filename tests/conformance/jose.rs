//! JOSE vectors of RFC 7515 and RFC 8037, and josekit as the second opinion on what we sign and read.

use badgeons::openbadges::keys::{KeyType, PublicKey, SecretKey};
use badgeons::openbadges::model::checked::Profile;
use badgeons::openbadges::proof::vc_jwt;
use badgeons::openbadges::proof::{Jws, JwsError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwk::Jwk;
use josekit::jwk::alg::ed::EdCurve;
use josekit::jws::{self, ES256, ES384, EdDSA, JwsHeader, JwsSigner, JwsVerifier, RS256};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{checked, parse, unsecured};

const BADGE: &str = include_str!("../vectors/ob3-signing/signed-credential.json");
const KID: &str = "https://example.edu/keys/1";

fn key(jwk: &Value) -> PublicKey {
    PublicKey::from_jwk(jwk).unwrap()
}

/// RFC 7515 appendix A.2.
fn rs256() -> (&'static str, PublicKey) {
    let compact = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let jwk = json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"});
    (compact, key(&jwk))
}

/// RFC 7515 appendix A.3.
fn es256() -> (&'static str, PublicKey) {
    let compact = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let jwk = json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    (compact, key(&jwk))
}

#[test]
fn rfc_7515_a2_and_a3_verify_each_with_its_own_key() {
    let (rsa, ec) = (rs256(), es256());
    for (compact, public) in [&rsa, &ec] {
        let jws = Jws::read(compact).unwrap();
        assert_eq!(jws.payload["iss"], "joe");
        assert_eq!(jws.verify(public), Ok(()));
    }
    let refused = JwsError::WrongAlgorithm {
        header: "RS256",
        key: "ES256",
    };
    assert_eq!(Jws::read(rsa.0).unwrap().verify(&ec.1), Err(refused));
}

#[test]
fn a_changed_payload_does_not_verify() {
    for (compact, public) in [rs256(), es256()] {
        let changed = compact.replace("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqaW0i");
        let jws = Jws::read(&changed).unwrap();
        assert_eq!(jws.payload["iss"], "jim");
        assert!(matches!(jws.verify(&public), Err(JwsError::Signature(_))));
    }
}

#[test]
fn rfc_8037_a4_is_reproduced_and_verifies() {
    let input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let seed = URL_SAFE_NO_PAD
        .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
        .unwrap();
    let secret =
        SecretKey::from_bytes(KeyType::Ed25519, &Zeroizing::new(seed.try_into().unwrap())).unwrap();
    let signed = secret.sign(input.as_bytes()).unwrap();
    assert_eq!(URL_SAFE_NO_PAD.encode(&signed), signature);
    assert!(secret.public().verify(input.as_bytes(), &signed).is_ok());
}

fn secret(kind: KeyType) -> SecretKey {
    SecretKey::from_bytes(kind, &Zeroizing::new([5; 32])).unwrap()
}

fn josekit_jwk(jwk: &Value) -> Jwk {
    Jwk::from_bytes(jwk.to_string()).unwrap()
}

#[test]
fn josekit_verifies_what_we_sign() {
    for kind in [KeyType::Ed25519, KeyType::P256] {
        let key = secret(kind);
        let badge = checked(unsecured(&parse(BADGE)), Profile::OpenBadge);
        let compact = vc_jwt::sign(&badge, &key, KID).unwrap();
        let jwk = josekit_jwk(&key.public().to_jwk());
        let verifier: Box<dyn JwsVerifier> = match kind {
            KeyType::Ed25519 => Box::new(EdDSA.verifier_from_jwk(&jwk).unwrap()),
            KeyType::P256 => Box::new(ES256.verifier_from_jwk(&jwk).unwrap()),
        };
        let (payload, header) = jws::deserialize_compact(&compact, &*verifier).unwrap();
        assert_eq!(header.claims_set().len(), 3);
        assert_eq!(
            (header.key_id(), header.token_type()),
            (Some(KID), Some("JWT"))
        );
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(payload["name"], "Teamwork Badge");
        assert_eq!(payload["nbf"], 1_262_304_000);
        let changed = compact.replacen(".e", ".f", 1);
        assert!(jws::deserialize_compact(&changed, &*verifier).is_err());
    }
}

/// A signer of josekit's for every algorithm we accept, with its public key.
fn signers() -> Vec<(Box<dyn JwsSigner>, Jwk)> {
    let ed25519 = EdDSA.generate_key_pair(EdCurve::Ed25519).unwrap();
    let (p256, p384) = (
        ES256.generate_key_pair().unwrap(),
        ES384.generate_key_pair().unwrap(),
    );
    let rsa = RS256.generate_key_pair(2048).unwrap();
    vec![
        (
            Box::new(
                EdDSA
                    .signer_from_jwk(&ed25519.to_jwk_private_key())
                    .unwrap(),
            ),
            ed25519.to_jwk_public_key(),
        ),
        (
            Box::new(ES256.signer_from_jwk(&p256.to_jwk_private_key()).unwrap()),
            p256.to_jwk_public_key(),
        ),
        (
            Box::new(ES384.signer_from_jwk(&p384.to_jwk_private_key()).unwrap()),
            p384.to_jwk_public_key(),
        ),
        (
            Box::new(RS256.signer_from_jwk(&rsa.to_jwk_private_key()).unwrap()),
            rsa.to_jwk_public_key(),
        ),
    ]
}

#[test]
fn we_verify_what_josekit_signs_with_its_key_and_no_other() {
    let signers = signers();
    let public = |jwk: &Jwk| key(&serde_json::from_str(&jwk.to_string()).unwrap());
    let mut header = JwsHeader::new();
    header.set_token_type("JWT");
    for (signer, jwk) in &signers {
        let compact = jws::serialize_compact(br#"{"id":"urn:1"}"#, &header, &**signer).unwrap();
        let jws = vc_jwt::read(&compact).unwrap();
        for (_, other) in &signers {
            assert_eq!(vc_jwt::verify(&jws, &public(other)).is_ok(), other == jwk);
        }
    }
}
