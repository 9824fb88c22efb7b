//! The keys an issuer signs with: made, rotated, retired, and the day one is known to be stolen.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::issuers::Issuer;
use super::{Error, Services};
use crate::ids::{IssuerId, KeyId};
use crate::keystore::KeyLabel;
use crate::openbadges::keys::{KeyError, KeyState, KeyType, PublicKey, SecretKey};
use crate::openbadges::model::Timestamp;
use crate::store::{KeyAlgorithm, NewKey, SigningKey, Tx};

/// A new key, with its private part still open.
pub(super) struct KeyPair {
    pub(super) id: KeyId,
    pub(super) secret: SecretKey,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A key, as it is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeySummary {
    /// Its identifier here.
    #[schema(value_type = String, format = Uuid)]
    pub id: KeyId,
    /// Who signs with it.
    pub issuer: String,
    /// What it signs with: `EdDSA` or `ES256`.
    pub algorithm: String,
    /// The public key, as Multikey.
    pub public: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Where it is in its life.
    #[serde(flatten)]
    pub state: State,
}

/// Where a key is in its life, with its dates.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It signs.
    Active,
    /// It signs no more; what it signed stands.
    Retired {
        /// Since when.
        #[schema(value_type = String, format = DateTime)]
        since: Timestamp,
    },
    /// Somebody else may hold it.
    Compromised {
        /// From when on.
        #[schema(value_type = String, format = DateTime)]
        from: Timestamp,
    },
}

impl KeySummary {
    /// Where it is in its life, in words.
    pub fn state_in_words(&self) -> String {
        match self.state {
            State::Active => "active".into(),
            State::Retired { since } => format!("retired since {since}"),
            State::Compromised { from } => format!("compromised from {from}"),
        }
    }
}

impl Services {
    /// All keys an issuer ever had.
    pub async fn keys(&self, issuer: Option<&str>) -> Result<Vec<KeySummary>, Error> {
        let issuer = self.issuer(issuer).await?;
        let rows = self.store.glance().await?.keys(issuer.id).await?;
        Ok(rows.iter().map(|row| summary(&issuer, row)).collect())
    }

    /// Makes new keys and retires those in use; badges signed before stay valid.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the issuer's identity is its key: a new key would be somebody else.
    pub async fn rotate_keys(&self, issuer: Option<&str>) -> Result<Vec<KeySummary>, Error> {
        let issuer = self.issuer(issuer).await?;
        if issuer.is_its_key() {
            return Err(Error::Conflict(format!(
                "{} has no public address: its identity is its key ({}), and a new key would be \
                 another issuer. Give the installation an https address (--public-url) and make an \
                 issuer there",
                issuer.summary().name,
                issuer.profile.id
            )));
        }
        let fresh = [
            self.new_key(issuer.id, KeyType::Ed25519)?,
            self.new_key(issuer.id, KeyType::P256)?,
        ];
        let now = self.world.clock.now();
        let mut tx = self.store.write().await?;
        let mut retired = tx.keys(issuer.id).await?;
        retired.retain(SigningKey::is_active);
        for key in &retired {
            tx.retire_key(key.id, now).await?;
        }
        let retired: Vec<_> = retired
            .iter()
            .map(|key| (self.actor.as_ref(), Some(key.id.0)))
            .collect();
        self.audit_all(&mut tx, "key.retire", "key", &retired)
            .await?;
        for key in &fresh {
            self.enter_key(&mut tx, issuer.id, key).await?;
        }
        tx.commit().await?;
        self.keys(Some(&issuer.slug)).await
    }

    /// Stops a key from signing; what it signed stays valid.
    ///
    /// # Errors
    /// [`Error::Conflict`] for the key that signs an issuer's status lists: without one, nobody could
    /// be told any more that a badge was revoked.
    pub async fn retire_key(&self, key: &str) -> Result<Vec<KeySummary>, Error> {
        let id = key_id(key)?;
        let mut tx = self.store.write().await?;
        let (issuer, row) = self.owner(&mut tx, id).await?;
        let signs_lists = row.algorithm == KeyAlgorithm::Ed25519 && row.is_active();
        if signs_lists && !issuer.is_its_key() {
            return Err(Error::Conflict(
                "this key signs the issuer's status lists, which badges issued before name; rotate it \
                 (`badgeons keys rotate`, or keys/rotate of the API) and a new one takes its place. To \
                 issue no more, archive the badges or revoke the tokens"
                    .into(),
            ));
        }
        if !tx.retire_key(id, self.world.clock.now()).await? {
            return Err(Error::Conflict(
                "this key signs no more already; nothing changed".into(),
            ));
        }
        self.audit(&mut tx, "key.retire", "key", Some(id.0)).await?;
        tx.commit().await?;
        self.keys(Some(&issuer.slug)).await
    }

    /// Notes that somebody else may hold a key since then: what it signed later is not valid. A new
    /// key takes its place at once, unless the issuer's identity is its key.
    ///
    /// # Errors
    /// [`Error::Refused`] for an instant to come; [`Error::Conflict`] when an earlier one is noted.
    pub async fn key_compromised(
        &self,
        key: &str,
        from: Timestamp,
    ) -> Result<Vec<KeySummary>, Error> {
        let id = key_id(key)?;
        if from > self.world.now() {
            return Err(Error::Refused(format!(
                "{from} is still to come; give the day it was lost"
            )));
        }
        let mut tx = self.store.write().await?;
        let (issuer, _) = self.owner(&mut tx, id).await?;
        // One change of its keys at a time.
        tx.lock_issuer(issuer.id).await?;
        let row = tx
            .key(id)
            .await?
            .ok_or_else(|| Error::not_found("key", key))?;
        if !tx.compromise_key(id, from.instant()).await? {
            return Err(Error::Conflict(
                "an earlier date is noted for this key already; it can't be made later".into(),
            ));
        }
        // What it signed of them is worth nothing: they are signed anew.
        tx.renew_status_lists(issuer.id).await?;
        self.audit(&mut tx, "key.compromised", "key", Some(id.0))
            .await?;
        if !issuer.is_its_key() && row.is_active() {
            let fresh = self.new_key(issuer.id, key_type_of(row.algorithm))?;
            self.enter_key(&mut tx, issuer.id, &fresh).await?;
        }
        tx.commit().await?;
        self.keys(Some(&issuer.slug)).await
    }

    pub(super) fn new_key(&self, _issuer: IssuerId, kind: KeyType) -> Result<KeyPair, Error> {
        let entropy = self.world.entropy.as_ref();
        let id = KeyId::mint(entropy)?;
        loop {
            let mut bytes = Zeroizing::new([0; 32]);
            entropy.fill(bytes.as_mut_slice())?;
            match SecretKey::from_bytes(kind, &bytes) {
                Ok(secret) => return Ok(KeyPair { id, secret }),
                // One draw in four thousand million is no scalar of P-256; draw again.
                Err(KeyError::NotAScalar { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(super) async fn enter_key(
        &self,
        tx: &mut Tx,
        issuer: IssuerId,
        key: &KeyPair,
    ) -> Result<(), Error> {
        let algorithm = algorithm_of(key.secret.key_type());
        let label = KeyLabel {
            issuer,
            key: key.id,
            algorithm: algorithm.as_str(),
        };
        let secret = key.secret.to_bytes();
        let sealed = self
            .keystore
            .seal(&label, secret.as_slice(), self.world.entropy.as_ref())?;
        let public_key = multikey(&key.secret.public())?;
        tx.insert_key(&NewKey {
            id: key.id,
            issuer_id: issuer,
            algorithm,
            public_key: &public_key,
            sealed: &sealed,
            created_at: self.world.clock.now(),
        })
        .await?;
        self.audit(tx, "key.create", "key", Some(key.id.0)).await
    }

    /// A key, and whose it is.
    async fn owner(&self, tx: &mut Tx, id: KeyId) -> Result<(Issuer, SigningKey), Error> {
        let not_found = || Error::not_found("key", id.to_string());
        let key = tx.key(id).await?.ok_or_else(not_found)?;
        if !self.actor.reaches(key.issuer_id) {
            return Err(not_found());
        }
        let issuer = tx.issuer(key.issuer_id).await?.ok_or_else(not_found)?;
        Ok((Issuer::from_row(&issuer)?, key))
    }

    /// Opens the private part of a key.
    pub(super) fn unseal(&self, row: &SigningKey) -> Result<SecretKey, Error> {
        let label = KeyLabel {
            issuer: row.issuer_id,
            key: row.id,
            algorithm: row.algorithm.as_str(),
        };
        let opened = self.keystore.unseal(&label, &row.sealed)?;
        let bytes: [u8; 32] = opened.as_slice().try_into().map_err(|_| {
            Error::KeyUnavailable("a sealed key has not the 32 bytes of a key".into())
        })?;
        Ok(SecretKey::from_bytes(
            key_type_of(row.algorithm),
            &Zeroizing::new(bytes),
        )?)
    }
}

/// What the standards call the state of a stored key.
pub(super) fn state_of(row: &SigningKey) -> KeyState {
    match (row.compromised_from, row.retired_at) {
        (Some(from), _) => KeyState::Compromised { from: from.into() },
        (None, Some(since)) => KeyState::Retired {
            since: since.into(),
        },
        (None, None) => KeyState::Active,
    }
}

fn summary(issuer: &Issuer, row: &SigningKey) -> KeySummary {
    KeySummary {
        id: row.id,
        issuer: issuer.slug.clone(),
        algorithm: match row.algorithm {
            KeyAlgorithm::Ed25519 => "EdDSA".into(),
            KeyAlgorithm::P256 => "ES256".into(),
        },
        public: row.public_key.clone(),
        created_at: Timestamp::from(row.created_at).whole_seconds(),
        state: match state_of(row) {
            KeyState::Active => State::Active,
            KeyState::Retired { since } => State::Retired {
                since: since.whole_seconds(),
            },
            KeyState::Compromised { from } => State::Compromised { from },
        },
    }
}

fn algorithm_of(kind: KeyType) -> KeyAlgorithm {
    match kind {
        KeyType::Ed25519 => KeyAlgorithm::Ed25519,
        KeyType::P256 => KeyAlgorithm::P256,
    }
}

fn key_type_of(algorithm: KeyAlgorithm) -> KeyType {
    match algorithm {
        KeyAlgorithm::Ed25519 => KeyType::Ed25519,
        KeyAlgorithm::P256 => KeyType::P256,
    }
}

fn multikey(public: &PublicKey) -> Result<String, Error> {
    public
        .to_multikey()
        .ok_or_else(|| Error::KeyUnavailable("this kind of key has no Multikey form".into()))
}

fn key_id(text: &str) -> Result<KeyId, Error> {
    text.parse().map_err(|_| Error::not_found("key", text))
}
