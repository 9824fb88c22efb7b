//! Private keys: made from 32 bytes that somebody else drew, never shown, never copied, wiped.

use std::fmt;

use ed25519_dalek::Signer as _;
use josekit::jws::{ES256, JwsSigner as _, alg::ecdsa::EcdsaJwsSigner};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use zeroize::Zeroizing;

use super::{Algorithm, Ed25519Public, KeyError, PublicKey};

/// The kinds of key we sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Ed25519: Data Integrity proofs, and EdDSA VC-JWTs.
    Ed25519,
    /// P-256: ES256 VC-JWTs, which the 1EdTech validator reads.
    P256,
}

/// A private key. Has no `Clone`, and its `Debug` says only of which kind it is.
#[derive(Debug)]
pub enum SecretKey {
    /// Signs with Ed25519.
    Ed25519(Ed25519Secret),
    /// Signs with ES256.
    P256(P256Secret),
}

impl SecretKey {
    /// A key of the given kind from 32 random (or unsealed) bytes.
    ///
    /// # Errors
    /// [`KeyError::NotAScalar`] for the one draw in four thousand million that P-256 cannot use.
    pub fn from_bytes(kind: KeyType, bytes: &Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        match kind {
            KeyType::Ed25519 => Ok(Self::Ed25519(Ed25519Secret::from_bytes(bytes))),
            KeyType::P256 => P256Secret::from_bytes(bytes).map(Self::P256),
        }
    }

    /// The 32 bytes it was made from, for the keystore to seal.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        match self {
            Self::Ed25519(key) => key.to_bytes(),
            Self::P256(key) => key.to_bytes(),
        }
    }

    /// Of which kind it is.
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::P256(_) => KeyType::P256,
        }
    }

    /// The one algorithm it signs with.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
        }
    }

    /// The public key that verifies what this one signs.
    pub fn public(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::Ed25519(key.public()),
            Self::P256(key) => key.public().clone(),
        }
    }

    /// Signs a message with the key's one algorithm, as JWS wants the signature (for ECDSA, `r ‖ s`).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Ed25519(key) => Ok(key.sign(message).to_vec()),
            Self::P256(key) => key.sign(message),
        }
    }
}

/// An Ed25519 private key. Boxed, so that moving it leaves no copies behind.
pub struct Ed25519Secret(Box<ed25519_dalek::SigningKey>);

impl Ed25519Secret {
    /// From a 32-byte seed (RFC 8032 §5.1.5); any bytes will do, if nobody can guess them.
    pub fn from_bytes(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(Box::new(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    /// The seed.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public key.
    pub fn public(&self) -> Ed25519Public {
        Ed25519Public::of(&self.0)
    }

    /// Signs a message (pure Ed25519; the same message always has the same signature).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for Ed25519Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ed25519Secret(…)")
    }
}

/// A P-256 private key, ready to sign ES256.
pub struct P256Secret(Box<Parts>);

struct Parts {
    scalar: Zeroizing<[u8; 32]>,
    signer: EcdsaJwsSigner,
    public: PublicKey,
}

impl P256Secret {
    /// From a 32-byte big-endian scalar between 1 and the curve's order minus 1.
    pub fn from_bytes(scalar: &Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        let (pkcs8, point) = pkcs8_and_point(scalar)
            .map_err(|_| KeyError::Library {
                what: "derive a P-256 public key",
            })?
            .ok_or(KeyError::NotAScalar { kind: "P-256" })?;
        let signer = ES256
            .signer_from_der(pkcs8.as_slice())
            .map_err(|_| KeyError::Library {
                what: "read a P-256 private key",
            })?;
        let public = PublicKey::p256(&point)?;
        Ok(Self(Box::new(Parts {
            scalar: scalar.clone(),
            signer,
            public,
        })))
    }

    /// The scalar, big-endian.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.scalar.clone()
    }

    /// The public key.
    pub fn public(&self) -> &PublicKey {
        &self.0.public
    }

    /// Signs a message with ES256: 64 bytes, `r ‖ s`, different each time.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.signer.sign(message).map_err(|_| KeyError::Library {
            what: "sign with ES256",
        })
    }
}

impl fmt::Debug for P256Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P256Secret(…)")
    }
}

/// PKCS#8 as josekit reads it, and the public point; `None` if the bytes are no scalar of the curve.
type Derived = Option<(Zeroizing<Vec<u8>>, Vec<u8>)>;

fn pkcs8_and_point(scalar: &[u8; 32]) -> Result<Derived, openssl::error::ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let mut context = BigNumContext::new_secure()?;
    let mut order = BigNum::new()?;
    group.order(&mut order, &mut context)?;
    let mut number = BigNum::from_slice(scalar)?;
    number.set_const_time();
    let derived = if number.num_bits() == 0 || number >= order {
        None
    } else {
        let mut point = EcPoint::new(&group)?;
        point.mul_generator2(&group, &number, &mut context)?;
        let key = EcKey::from_private_components(&group, &number, &point)?;
        let pkcs8 = Zeroizing::new(PKey::from_ec_key(key)?.private_key_to_pkcs8()?);
        let form = PointConversionForm::UNCOMPRESSED;
        Some((pkcs8, point.to_bytes(&group, form, &mut context)?))
    };
    number.clear();
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(fill: u8) -> Zeroizing<[u8; 32]> {
        Zeroizing::new([fill; 32])
    }

    #[test]
    fn what_a_key_signs_its_public_key_verifies_and_another_does_not() {
        for kind in [KeyType::Ed25519, KeyType::P256] {
            let key = SecretKey::from_bytes(kind, &bytes(7)).unwrap();
            let other = SecretKey::from_bytes(kind, &bytes(8)).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert_eq!(signature.len(), 64);
            assert!(key.public().verify(b"message", &signature).is_ok());
            assert!(key.public().verify(b"massage", &signature).is_err());
            assert!(other.public().verify(b"message", &signature).is_err());
        }
    }

    #[test]
    fn a_key_comes_back_from_its_bytes() {
        for kind in [KeyType::Ed25519, KeyType::P256] {
            let key = SecretKey::from_bytes(kind, &bytes(9)).unwrap();
            assert_eq!(*key.to_bytes(), [9; 32]);
            assert_eq!(key.key_type(), kind);
        }
    }

    #[test]
    fn zero_and_the_order_of_the_curve_are_no_p256_key() {
        let order = b"\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\
            \xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51";
        let mut below = *order;
        below[31] -= 1;
        let refused = Err(KeyError::NotAScalar { kind: "P-256" });
        assert_eq!(P256Secret::from_bytes(&bytes(0)).map(drop), refused);
        assert_eq!(P256Secret::from_bytes(&bytes(0xff)).map(drop), refused);
        assert_eq!(
            P256Secret::from_bytes(&Zeroizing::new(*order)).map(drop),
            refused
        );
        assert!(P256Secret::from_bytes(&Zeroizing::new(below)).is_ok());
    }

    #[test]
    fn debug_shows_no_key_material() {
        for kind in [KeyType::Ed25519, KeyType::P256] {
            let text = format!("{:?}", SecretKey::from_bytes(kind, &bytes(0xab)).unwrap());
            assert!(
                text.len() < 40 && !text.contains("171") && !text.contains("ab"),
                "{text}"
            );
        }
    }
}
