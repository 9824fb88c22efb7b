//! Signing keys: public in clear, private sealed by the keystore.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::{StoreError, Tx};
use crate::ids::{IssuerId, KeyId};

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// Ed25519: Data Integrity proofs, and JWTs with EdDSA.
    Ed25519,
    /// ECDSA on P-256: JWTs with ES256.
    P256,
}

text_column!(KeyAlgorithm { Ed25519 = "Ed25519", P256 = "P-256" });

/// A signing key.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct SigningKey {
    /// Its identifier here.
    pub id: KeyId,
    /// Who signs with it.
    pub issuer_id: IssuerId,
    /// What it signs with.
    pub algorithm: KeyAlgorithm,
    /// The public key as a Multikey (`z6Mk…`, `zDn…`).
    pub public_key: String,
    /// The private key, as `Keystore::seal` gave it.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stopped signing; what it signed before stays valid.
    pub retired_at: Option<OffsetDateTime>,
    /// From when on what it signed is worth nothing.
    pub compromised_from: Option<OffsetDateTime>,
}

impl SigningKey {
    /// Whether it signs: neither retired nor compromised.
    pub fn is_active(&self) -> bool {
        self.retired_at.is_none() && self.compromised_from.is_none()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .field("issuer_id", &self.issuer_id)
            .field("public_key", &self.public_key)
            .field("active", &self.is_active())
            .finish_non_exhaustive()
    }
}

/// The keys an issuer signs with: at most one of each algorithm.
#[derive(Debug, Default)]
pub struct ActiveKeys {
    /// That of Data Integrity proofs, and of JWTs with EdDSA.
    pub ed25519: Option<SigningKey>,
    /// That of JWTs with ES256.
    pub p256: Option<SigningKey>,
}

/// A key to be entered, active.
pub struct NewKey<'a> {
    /// Its identifier.
    pub id: KeyId,
    /// Who signs with it.
    pub issuer_id: IssuerId,
    /// What it signs with.
    pub algorithm: KeyAlgorithm,
    /// The public key as a Multikey.
    pub public_key: &'a str,
    /// The private key, as `Keystore::seal` gave it.
    pub sealed: &'a [u8],
    /// Now.
    pub created_at: OffsetDateTime,
}

impl fmt::Debug for NewKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, issuer_id, algorithm, public_key, sealed, created_at, retired_at, \
             compromised_from FROM signing_keys ",
            $rest
        )
    };
}

impl Tx {
    /// Enters a key that signs from now on. To rotate, retire the old one first, in the same
    /// transaction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the issuer has an active key of this algorithm.
    pub async fn insert_key(&mut self, key: &NewKey<'_>) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO signing_keys \
                           (id, issuer_id, algorithm, public_key, sealed, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(key.id).bind(key.issuer_id).bind(key.algorithm).bind(key.public_key)
            .bind(key.sealed.to_vec()).bind(At(key.created_at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Stops an active key from signing; `false` when there is no such active key.
    pub async fn retire_key(&mut self, id: KeyId, at: OffsetDateTime) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE signing_keys SET retired_at = $2 \
                           WHERE id = $1 AND retired_at IS NULL AND compromised_from IS NULL";
        self.change_key(SQL, id, at).await
    }

    /// Declares what a key signed from an instant on to be worth nothing; an earlier instant
    /// replaces a later one, never the reverse. `false` when nothing changed.
    pub async fn compromise_key(
        &mut self,
        id: KeyId,
        from: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE signing_keys SET compromised_from = $2 WHERE id = $1 \
                           AND (compromised_from IS NULL OR compromised_from > $2)";
        self.change_key(SQL, id, from).await
    }

    async fn change_key(
        &mut self,
        sql: &'static str,
        id: KeyId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let changed = on_each!(self, connection => sqlx::query(sql)
            .bind(id).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// A key.
    pub async fn key(&mut self, id: KeyId) -> Result<Option<SigningKey>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// All keys an issuer ever had, in the order they were made.
    pub async fn keys(&mut self, issuer: IssuerId) -> Result<Vec<SigningKey>, StoreError> {
        const SQL: &str = select!("WHERE issuer_id = $1 ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// The key an issuer signs with.
    pub async fn active_key(
        &mut self,
        issuer: IssuerId,
        algorithm: KeyAlgorithm,
    ) -> Result<Option<SigningKey>, StoreError> {
        let keys = self.active_keys(issuer).await?;
        Ok(match algorithm {
            KeyAlgorithm::Ed25519 => keys.ed25519,
            KeyAlgorithm::P256 => keys.p256,
        })
    }

    /// The keys an issuer signs with.
    pub async fn active_keys(&mut self, issuer: IssuerId) -> Result<ActiveKeys, StoreError> {
        const SQL: &str =
            select!("WHERE issuer_id = $1 AND retired_at IS NULL AND compromised_from IS NULL");
        let rows: Vec<SigningKey> = on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?;
        let mut keys = ActiveKeys::default();
        for key in rows {
            match key.algorithm {
                KeyAlgorithm::Ed25519 => keys.ed25519 = Some(key),
                KeyAlgorithm::P256 => keys.p256 = Some(key),
            }
        }
        Ok(keys)
    }
}
