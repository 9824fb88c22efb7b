//! Public keys, decoded and checked once, so that using one costs a verification and nothing more.

use std::fmt;

use josekit::jws::alg::{ecdsa::EcdsaJwsVerifier, rsassa::RsassaJwsVerifier};
use josekit::jws::{ES256, ES384, JwsVerifier, RS256};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;

use super::{Algorithm, KeyError};

/// A signature that this key did not make of this message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match: the signed content was changed, or another key made it")]
pub struct BadSignature;

/// A public key. Every value is a valid point or modulus: the constructors check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// Verifies Ed25519.
    Ed25519(Ed25519Public),
    /// Verifies ES256.
    P256(EcPublic),
    /// Verifies ES384.
    P384(EcPublic),
    /// Verifies RS256.
    Rsa(RsaPublic),
}

impl PublicKey {
    /// A P-256 key from its SEC 1 point, compressed (33 bytes) or not (65 bytes).
    pub fn p256(point: &[u8]) -> Result<Self, KeyError> {
        EcPublic::from_sec1(&P256, point).map(Self::P256)
    }

    /// A P-384 key from its SEC 1 point, compressed (49 bytes) or not (97 bytes).
    pub fn p384(point: &[u8]) -> Result<Self, KeyError> {
        EcPublic::from_sec1(&P384, point).map(Self::P384)
    }

    /// The one algorithm this key verifies; a header that names another one is lying.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
            Self::P384(_) => Algorithm::Es384,
            Self::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// Verifies a signature in its JWS form with the key's one algorithm.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        match self {
            Self::Ed25519(key) => {
                key.verify(message, signature.try_into().map_err(|_| BadSignature)?)
            }
            Self::P256(key) | Self::P384(key) => key.verify(message, signature),
            Self::Rsa(key) => key.verify(message, signature),
        }
    }
}

/// An Ed25519 public key: a canonical encoding of a point that is not of small order.
#[derive(Clone, PartialEq, Eq)]
pub struct Ed25519Public(ed25519_dalek::VerifyingKey);

impl Ed25519Public {
    /// From its 32 bytes (RFC 8032 §5.1.5).
    ///
    /// Refuses what RFC 8032 §5.1.3 refuses and dalek lets pass: a second encoding of the same point
    /// (one key would have two names) and the small-order points, under which anybody can sign.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let refused = KeyError::NotAPoint { kind: "Ed25519" };
        let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(bytes) else {
            return Err(refused);
        };
        let canonical = ed25519_dalek::VerifyingKey::from(key.to_edwards());
        if key.is_weak() || canonical.as_bytes() != bytes {
            return Err(refused);
        }
        Ok(Self(key))
    }

    pub(super) fn of(secret: &ed25519_dalek::SigningKey) -> Self {
        Self(secret.verifying_key())
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Verifies a signature, strictly: no small-order points, no signature that could be written in
    /// another way (dalek's `verify_strict`).
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0
            .verify_strict(message, &signature)
            .map_err(|_| BadSignature)
    }
}

impl fmt::Debug for Ed25519Public {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Ed25519Public({})",
            super::multikey::encode_ed25519(self)
        )
    }
}

/// What distinguishes one NIST curve from another.
struct Curve {
    nid: Nid,
    name: &'static str,
    /// Bytes of a coordinate.
    width: usize,
    verifier: fn(&[u8]) -> Result<EcdsaJwsVerifier, josekit::JoseError>,
}

const P256: Curve = Curve {
    nid: Nid::X9_62_PRIME256V1,
    name: "P-256",
    width: 32,
    verifier: |der| ES256.verifier_from_der(der),
};
const P384: Curve = Curve {
    nid: Nid::SECP384R1,
    name: "P-384",
    width: 48,
    verifier: |der| ES384.verifier_from_der(der),
};

/// A public key on P-256 or P-384: a point of the curve, never its zero.
#[derive(Clone)]
pub struct EcPublic {
    x: Vec<u8>,
    y: Vec<u8>,
    verifier: EcdsaJwsVerifier,
}

impl EcPublic {
    fn from_sec1(curve: &Curve, point: &[u8]) -> Result<Self, KeyError> {
        let kind = curve.name;
        let compressed = curve.width.saturating_add(1);
        // SEC 1 §2.3.3: 02 or 03 and x, or 04 and both. OpenSSL also takes the hybrid form and zero.
        let expected = match point.first() {
            Some(2 | 3) => compressed,
            Some(4) => compressed.saturating_add(curve.width),
            _ => return Err(KeyError::NotAPoint { kind }),
        };
        if point.len() != expected {
            return Err(KeyError::Length {
                kind,
                expected,
                found: point.len(),
            });
        }
        let (uncompressed, der) =
            decode_point(curve.nid, point).map_err(|_| KeyError::NotAPoint { kind })?;
        let verifier = (curve.verifier)(&der).map_err(|_| KeyError::Library {
            what: "read a public key it just wrote",
        })?;
        let coordinates = uncompressed.get(1..).unwrap_or_default();
        let (x, y) = coordinates
            .split_at_checked(curve.width)
            .ok_or(KeyError::NotAPoint { kind })?;
        Ok(Self {
            x: x.to_vec(),
            y: y.to_vec(),
            verifier,
        })
    }

    /// The affine coordinates, big-endian, each as wide as the curve's field.
    pub fn coordinates(&self) -> (&[u8], &[u8]) {
        (&self.x, &self.y)
    }

    /// The point in compressed SEC 1 form, as Multikey writes it.
    pub fn compressed(&self) -> Vec<u8> {
        let odd = self.y.last().is_some_and(|byte| byte & 1 == 1);
        let mut bytes = vec![if odd { 3 } else { 2 }];
        bytes.extend_from_slice(&self.x);
        bytes
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        // r and s lie between 1 and the order: neither half is zero.
        let (r, s) = signature
            .split_at_checked(self.x.len())
            .ok_or(BadSignature)?;
        if s.len() != self.y.len() || [r, s].iter().any(|half| half.iter().all(|b| *b == 0)) {
            return Err(BadSignature);
        }
        self.verifier
            .verify(message, signature)
            .map_err(|_| BadSignature)
    }
}

impl PartialEq for EcPublic {
    fn eq(&self, other: &Self) -> bool {
        self.coordinates() == other.coordinates()
    }
}

impl Eq for EcPublic {}

impl fmt::Debug for EcPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "EcPublic({})",
            bs58::encode(self.compressed()).into_string()
        )
    }
}

/// The uncompressed point and its `SubjectPublicKeyInfo`, once it is known to be on the curve.
fn decode_point(curve: Nid, point: &[u8]) -> Result<(Vec<u8>, Vec<u8>), ErrorStack> {
    let group = EcGroup::from_curve_name(curve)?;
    let mut context = BigNumContext::new()?;
    let point = EcPoint::from_bytes(&group, point, &mut context)?;
    let key = EcKey::from_public_key(&group, &point)?;
    key.check_key()?;
    let bytes = point.to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context)?;
    Ok((bytes, PKey::from_ec_key(key)?.public_key_to_der()?))
}

/// An RSA public key of 2048 to 8192 bits.
#[derive(Clone)]
pub struct RsaPublic {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    verifier: RsassaJwsVerifier,
}

impl RsaPublic {
    /// From modulus and public exponent, big-endian.
    pub fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let (modulus, exponent) = (
            without_leading_zeros(modulus),
            without_leading_zeros(exponent),
        );
        let first_bits = modulus
            .first()
            .map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = modulus.len().saturating_mul(8).saturating_sub(first_bits);
        if !(2048..=8192).contains(&bits) {
            return Err(KeyError::RsaSize { bits });
        }
        // An exponent of 1 verifies anything; a long one makes each verification slow.
        let odd = exponent.last().is_some_and(|byte| byte & 1 == 1);
        if !odd || exponent == [1] || exponent.len() > 4 {
            return Err(KeyError::Member { member: "e" });
        }
        let failed = KeyError::Library {
            what: "read an RSA key",
        };
        let der = rsa_der(modulus, exponent).map_err(|_| failed.clone())?;
        let verifier = RS256.verifier_from_der(&der).map_err(|_| failed)?;
        Ok(Self {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
            verifier,
        })
    }

    /// Modulus and public exponent, big-endian, without leading zeros.
    pub fn components(&self) -> (&[u8], &[u8]) {
        (&self.modulus, &self.exponent)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.verifier
            .verify(message, signature)
            .map_err(|_| BadSignature)
    }
}

impl PartialEq for RsaPublic {
    fn eq(&self, other: &Self) -> bool {
        self.components() == other.components()
    }
}

impl Eq for RsaPublic {}

impl fmt::Debug for RsaPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublic({} bytes)", self.modulus.len())
    }
}

fn rsa_der(modulus: &[u8], exponent: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let (n, e) = (BigNum::from_slice(modulus)?, BigNum::from_slice(exponent)?);
    PKey::from_rsa(Rsa::from_public_components(n, e)?)?.public_key_to_der()
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::openbadges::keys::P256Secret;

    fn p256() -> P256Secret {
        P256Secret::from_bytes(&Zeroizing::new([3; 32])).unwrap()
    }

    #[test]
    fn small_order_points_are_no_keys() {
        let mut one = [0; 32];
        one[0] = 1;
        // y = 2^255 - 19 + 1: the point of y = 1 again, in an encoding RFC 8032 forbids.
        let mut again = [0xff; 32];
        (again[0], again[31]) = (0xee, 0x7f);
        for bytes in [[0; 32], one, again] {
            assert!(Ed25519Public::from_bytes(&bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_signature_that_can_be_written_in_two_ways_is_accepted_in_one() {
        let secret = crate::openbadges::keys::Ed25519Secret::from_bytes(&Zeroizing::new([1; 32]));
        let mut signature = secret.sign(b"message");
        assert!(secret.public().verify(b"message", &signature).is_ok());
        // s + the group's order: the same number modulo the order.
        let order = b"\xed\xd3\xf5\x5c\x1a\x63\x12\x58\xd6\x9c\xf7\xa2\xde\xf9\xde\x14\
            \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10";
        let mut carry = 0u16;
        for (byte, added) in signature[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(*added) + carry;
            *byte = u8::try_from(sum & 0xff).unwrap();
            carry = sum >> 8;
        }
        assert_eq!(
            secret.public().verify(b"message", &signature),
            Err(BadSignature)
        );
    }

    #[test]
    fn both_forms_of_a_point_are_one_key() {
        let PublicKey::P256(key) = p256().public().clone() else {
            unreachable!()
        };
        let (x, y) = key.coordinates();
        let uncompressed = [&[4], x, y].concat();
        assert_eq!(
            PublicKey::p256(&uncompressed),
            PublicKey::p256(&key.compressed())
        );
        let hybrid = [&[6 + (y[31] & 1)], x, y].concat();
        assert_eq!(
            PublicKey::p256(&hybrid),
            Err(KeyError::NotAPoint { kind: "P-256" })
        );
        let mut off_curve = uncompressed.clone();
        off_curve[64] ^= 1;
        assert_eq!(
            PublicKey::p256(&off_curve),
            Err(KeyError::NotAPoint { kind: "P-256" })
        );
        assert_eq!(
            PublicKey::p256(&uncompressed[..64]),
            Err(KeyError::Length {
                kind: "P-256",
                expected: 65,
                found: 64
            })
        );
        assert!(PublicKey::p384(&uncompressed).is_err());
        assert!(PublicKey::p256(&[0]).is_err());
    }

    #[test]
    fn malformed_ecdsa_signatures_are_refused_without_a_crash() {
        let key = p256().public().clone();
        let good = p256().sign(b"message").unwrap();
        assert!(key.verify(b"message", &good).is_ok());
        for signature in [
            vec![],
            vec![0; 63],
            vec![0; 64],
            vec![0xff; 64],
            [&[0; 32], &good[32..]].concat(),
            [&good[..32], &[0; 32]].concat(),
            good[..63].to_vec(),
            [&good[..], &[0]].concat(),
        ] {
            assert_eq!(
                key.verify(b"message", &signature),
                Err(BadSignature),
                "{signature:?}"
            );
        }
    }

    #[test]
    fn rsa_keys_are_bounded_in_both_directions() {
        let e = [1, 0, 1];
        assert_eq!(
            RsaPublic::from_components(&[0xff; 128], &e),
            Err(KeyError::RsaSize { bits: 1024 })
        );
        assert_eq!(
            RsaPublic::from_components(&[0xff; 1025], &e),
            Err(KeyError::RsaSize { bits: 8200 })
        );
        for e in [&[1][..], &[2], &[], &[1, 0, 0, 0, 1]] {
            let refused = Err(KeyError::Member { member: "e" });
            assert_eq!(RsaPublic::from_components(&[0xff; 256], e), refused);
        }
        let key = RsaPublic::from_components(&[0xff; 256], &e).unwrap();
        assert_eq!(
            RsaPublic::from_components(&[&[0][..], &[0xff; 256]].concat(), &e),
            Ok(key)
        );
    }
}
