//! Private keys sealed at rest, and what else needs the master key.
//!
//! One master key of 32 bytes ([`MasterKey`]) lies in `keys/master.key` or in the environment. Five
//! keys are derived from it, one for each use, so that none tells anything about another: sealing
//! private keys (XChaCha20-Poly1305), looking up people without storing their address in
//! an index (HMAC-SHA256), chaining the audit log (the same), holders' links (the same), and recognising the master key itself. Key material is wiped from memory
//! and never shown.
//!
//! Not here: signing (`openbadges::proof`), and where the sealed keys lie (`store`).

mod error;
mod master_key;
mod sealing;

use std::fmt;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use error::KeystoreError;
pub use master_key::{FILE_NAME, MasterKey};
pub use sealing::KeyLabel;

use crate::config::database::SecretText;

/// Everything that is done with the master key.
pub struct Keystore {
    sealing: Zeroizing<[u8; 32]>,
    index: Zeroizing<[u8; 32]>,
    chain: Zeroizing<[u8; 32]>,
    holders: Zeroizing<[u8; 32]>,
    check: [u8; 32],
}

impl Keystore {
    /// A keystore under this master key.
    pub fn new(master: &MasterKey) -> Self {
        Self {
            sealing: derive(master, b"badgeons/1 seal private keys"),
            index: derive(master, b"badgeons/1 blind index"),
            chain: derive(master, b"badgeons/1 audit chain"),
            holders: derive(master, b"badgeons/1 holders' links"),
            check: *derive(master, b"badgeons/1 recognise the master key"),
        }
    }

    /// The keystore of an installation: the key given by the environment, else the one in `keys_dir`.
    ///
    /// # Errors
    /// [`KeystoreError::Missing`] when there is neither; the others when the one there is can't be used.
    pub fn open(keys_dir: &Path, given: Option<&SecretText>) -> Result<Self, KeystoreError> {
        let master = match given {
            Some(text) => MasterKey::parse(text.expose())?,
            None => MasterKey::read(keys_dir)?.ok_or_else(|| KeystoreError::Missing {
                path: keys_dir.join(FILE_NAME),
            })?,
        };
        Ok(Self::new(&master))
    }

    /// A value that tells this master key from any other and reveals nothing about it; kept in the
    /// database.
    pub fn check_value(&self) -> [u8; 32] {
        self.check
    }

    /// Makes sure that this is the master key the database was made with.
    ///
    /// # Errors
    /// [`KeystoreError::WrongMasterKey`]; nothing must be read or written then.
    pub fn recognise(&self, check_value: [u8; 32]) -> Result<(), KeystoreError> {
        if self.check == check_value {
            Ok(())
        } else {
            Err(KeystoreError::WrongMasterKey)
        }
    }

    /// The keyed hash under which `value` is looked up: whoever has the database but not the master
    /// key can't find out whose it is by trying addresses. Values of different kinds begin with the
    /// name of their kind.
    pub fn blind_index(&self, value: &[u8]) -> [u8; 32] {
        keyed_hash(&self.index, &[value])
    }

    /// The keyed hash by which one entry of the audit log holds on to the one before: whoever can
    /// write to the database but has not the master key can't make a chain of their own.
    pub fn chain(&self, link: &[u8]) -> [u8; 32] {
        keyed_hash(&self.chain, &[link])
    }

    /// What makes the holder's link to a badge theirs: nobody without the master key can make one, and
    /// the database holds none.
    pub fn holder_secret(&self, of: &[u8]) -> [u8; 32] {
        keyed_hash(&self.holders, &[of])
    }
}

impl fmt::Debug for Keystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keystore(…)")
    }
}

/// HKDF-Expand (RFC 5869 §2.3) of one block: the master key is uniform, so no extraction is needed.
fn derive(master: &MasterKey, info: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(keyed_hash(master.bytes(), &[info, &[1]]))
}

fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a short key up with zeros (RFC 2104 §2); doing so here leaves nothing to fail.
    let mut block = Zeroizing::new([0; 64]);
    block
        .iter_mut()
        .zip(key)
        .for_each(|(target, byte)| *target = *byte);
    let mut hash = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn keystore(seed: u64) -> Keystore {
        Keystore::new(&MasterKey::generate(&SeededEntropy::new(seed)).unwrap())
    }

    #[test]
    fn another_master_key_is_recognised_as_another() {
        let ours = keystore(1);
        assert!(keystore(1).recognise(ours.check_value()).is_ok());
        assert!(matches!(
            keystore(2).recognise(ours.check_value()),
            Err(KeystoreError::WrongMasterKey)
        ));
    }

    #[test]
    fn a_blind_index_depends_on_the_value_and_on_the_key() {
        let (one, two) = (keystore(1), keystore(2));
        assert_eq!(
            one.blind_index(b"a@example.org"),
            keystore(1).blind_index(b"a@example.org")
        );
        assert_ne!(
            one.blind_index(b"a@example.org"),
            one.blind_index(b"b@example.org")
        );
        assert_ne!(
            one.blind_index(b"a@example.org"),
            two.blind_index(b"a@example.org")
        );
    }

    #[test]
    fn a_holders_link_is_made_with_this_master_key_alone() {
        let (one, two) = (keystore(1), keystore(2));
        assert_eq!(one.holder_secret(b"a"), keystore(1).holder_secret(b"a"));
        assert_ne!(one.holder_secret(b"a"), one.holder_secret(b"b"));
        assert_ne!(one.holder_secret(b"a"), two.holder_secret(b"a"));
    }

    #[test]
    fn each_use_has_its_own_key() {
        let one = keystore(1);
        assert_ne!(*one.sealing, *one.index);
        assert_ne!(*one.sealing, one.check);
        assert_ne!(*one.index, one.check);
        for other in [&*one.sealing, &*one.index, &one.check] {
            assert_ne!(&*one.chain, other);
            assert_ne!(&*one.holders, other);
        }
        assert_ne!(one.holders, one.chain);
    }

    #[test]
    fn a_derived_key_is_hkdf_expand() {
        // RFC 5869 §2.3 by hand: T(1) = HMAC(PRK, info | 0x01), for PRK = 32 bytes of 0x2a.
        let master = MasterKey::parse(&"2a".repeat(32)).unwrap();
        let mut by_hand = Hmac::<Sha256>::new_from_slice(&[0x2a; 32]).unwrap();
        by_hand.update(b"label\x01");
        assert_eq!(
            derive(&master, b"label").as_slice(),
            by_hand.finalize().into_bytes().as_slice()
        );
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", keystore(1)), "Keystore(…)");
    }
}
