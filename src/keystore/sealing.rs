//! Private keys sealed with XChaCha20-Poly1305.
//!
//! A sealed key is `version (1 byte) | nonce (24) | ciphertext and tag`. Its label (issuer, key,
//! algorithm) is authenticated with it: whoever can write to the database still can't make one
//! issuer sign with another's key, or a key be used with another algorithm. The nonce is random; at
//! 192 bits it never repeats.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::{Keystore, KeystoreError};
use crate::entropy::Entropy;
use crate::ids::{IssuerId, KeyId};

/// The format written today.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// What a sealed key is for; it opens under this label and no other.
#[derive(Debug, Clone, Copy)]
pub struct KeyLabel<'a> {
    /// The organisation that signs with it.
    pub issuer: IssuerId,
    /// The key's own identifier.
    pub key: KeyId,
    /// The algorithm, as the store names it: `Ed25519` or `P-256`.
    pub algorithm: &'a str,
}

impl Keystore {
    /// Seals a private key's bytes.
    ///
    /// # Errors
    /// [`KeystoreError::Entropy`] when there is no randomness for the nonce.
    pub fn seal(
        &self,
        label: &KeyLabel<'_>,
        secret: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeystoreError> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce)?;
        let associated = label.associated_data(VERSION);
        let sealed = self
            .cipher()
            .encrypt(
                &nonce.into(),
                Payload {
                    msg: secret,
                    aad: &associated,
                },
            )
            .map_err(|_| KeystoreError::DoesNotOpen)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Keystore::seal`] made under the same label.
    ///
    /// # Errors
    /// [`KeystoreError::DoesNotOpen`] when key, label or bytes differ; [`KeystoreError::UnknownFormat`].
    pub fn unseal(
        &self,
        label: &KeyLabel<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
        let (version, rest) = sealed.split_first().ok_or(KeystoreError::DoesNotOpen)?;
        if *version != VERSION {
            return Err(KeystoreError::UnknownFormat);
        }
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE>()
            .ok_or(KeystoreError::DoesNotOpen)?;
        let associated = label.associated_data(VERSION);
        self.cipher()
            .decrypt(
                nonce.into(),
                Payload {
                    msg: ciphertext,
                    aad: &associated,
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| KeystoreError::DoesNotOpen)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.sealing).into())
    }
}

impl KeyLabel<'_> {
    /// Only the last part varies in length, so no two labels give the same bytes.
    fn associated_data(&self, version: u8) -> Vec<u8> {
        [
            &[version],
            self.issuer.0.as_bytes().as_slice(),
            self.key.0.as_bytes(),
            self.algorithm.as_bytes(),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::keystore::MasterKey;

    fn keystore(seed: u64) -> Keystore {
        Keystore::new(&MasterKey::generate(&SeededEntropy::new(seed)).unwrap())
    }

    fn label() -> KeyLabel<'static> {
        let ids = SeededEntropy::new(9);
        KeyLabel {
            issuer: IssuerId::mint(&ids).unwrap(),
            key: KeyId::mint(&ids).unwrap(),
            algorithm: "Ed25519",
        }
    }

    #[test]
    fn a_sealed_key_opens_and_shows_nothing_of_itself() {
        let (keystore, secret) = (keystore(1), [0x5a; 32]);
        let sealed = keystore
            .seal(&label(), &secret, &SeededEntropy::new(2))
            .unwrap();
        assert_eq!(
            keystore.unseal(&label(), &sealed).unwrap().as_slice(),
            secret
        );
        assert!(!sealed.windows(4).any(|window| window == [0x5a; 4]));
        assert_eq!(sealed.len(), 1 + 24 + 32 + 16);
    }

    #[test]
    fn the_same_key_is_never_sealed_to_the_same_bytes() {
        let (keystore, entropy) = (keystore(1), SeededEntropy::new(2));
        let one = keystore.seal(&label(), &[7; 32], &entropy).unwrap();
        assert_ne!(one, keystore.seal(&label(), &[7; 32], &entropy).unwrap());
    }

    #[test]
    fn under_another_label_or_master_key_it_does_not_open() {
        let sealed = keystore(1)
            .seal(&label(), &[7; 32], &SeededEntropy::new(2))
            .unwrap();
        let ids = SeededEntropy::new(10);
        let others = [
            KeyLabel {
                issuer: IssuerId::mint(&ids).unwrap(),
                ..label()
            },
            KeyLabel {
                key: KeyId::mint(&ids).unwrap(),
                ..label()
            },
            KeyLabel {
                algorithm: "P-256",
                ..label()
            },
        ];
        for other in others {
            let error = keystore(1).unseal(&other, &sealed).unwrap_err();
            assert!(matches!(error, KeystoreError::DoesNotOpen), "{other:?}");
        }
        let error = keystore(2).unseal(&label(), &sealed).unwrap_err();
        assert!(matches!(error, KeystoreError::DoesNotOpen));
    }

    #[test]
    fn a_newer_format_is_not_taken_for_damage() {
        let mut sealed = keystore(1)
            .seal(&label(), &[7; 32], &SeededEntropy::new(2))
            .unwrap();
        sealed[0] = 2;
        let error = keystore(1).unseal(&label(), &sealed).unwrap_err();
        assert!(matches!(error, KeystoreError::UnknownFormat));
    }

    proptest! {
        #[test]
        fn any_changed_bit_keeps_it_shut(position in 8..(73 * 8usize)) {
            let keystore = keystore(1);
            let mut sealed = keystore.seal(&label(), &[7; 32], &SeededEntropy::new(2)).unwrap();
            sealed[position / 8] ^= 1 << (position % 8);
            prop_assert!(keystore.unseal(&label(), &sealed).is_err());
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(keystore(1).unseal(&label(), &bytes).is_err());
        }
    }
}
