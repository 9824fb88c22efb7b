//! What was signed, stored byte for byte: from reserved to issued.

use std::collections::BTreeSet;
use std::fmt;

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;

use super::columns::{At, CHUNK};
use super::{StoreError, Tx};
use crate::ids::{CredentialId, KeyId};

/// A signed credential, as it was signed. It is served, baked and verified from these bytes and is
/// never written anew.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct Signed {
    /// The recipient as the credential names it (`urn:uuid:…`).
    pub subject_id: String,
    /// `awardedDate`.
    pub awarded_at: Option<OffsetDateTime>,
    /// `validFrom`.
    pub valid_from: OffsetDateTime,
    /// `validUntil`.
    pub valid_until: Option<OffsetDateTime>,
    /// When it was signed.
    pub issued_at: OffsetDateTime,
    /// The Ed25519 key of the proof and of `jwt_eddsa`.
    pub eddsa_key_id: KeyId,
    /// The P-256 key of `jwt_es256`, there when that is.
    pub es256_key_id: Option<KeyId>,
    /// The credential with its Data Integrity proof, as JSON.
    pub document: Vec<u8>,
    /// The credential as a JWT signed with EdDSA.
    pub jwt_eddsa: Option<String>,
    /// The credential as a JWT signed with ES256.
    pub jwt_es256: Option<String>,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("issued_at", &self.issued_at)
            .finish_non_exhaustive()
    }
}

/// A signed credential to be stored.
#[derive(Debug, Clone)]
pub struct NewSigned {
    /// The award it was reserved as.
    pub id: CredentialId,
    /// `Reserved::attempt`.
    pub attempt: i64,
    /// What was signed.
    pub signed: Signed,
}

impl Tx {
    /// Stores what was signed, and returns the awards that are issued by that. One that is missing
    /// in the answer was taken over by somebody else, is issued or is erased: what was signed for it
    /// must be thrown away.
    pub async fn complete(&mut self, new: &[NewSigned]) -> Result<Vec<CredentialId>, StoreError> {
        let mut issued = Vec::with_capacity(new.len());
        for chunk in new.chunks(CHUNK) {
            let taken = self.mark_issued(chunk).await?;
            let stored: Vec<_> = chunk.iter().filter(|new| taken.contains(&new.id)).collect();
            self.insert_signed(&stored).await?;
            issued.extend(stored.iter().map(|new| new.id));
        }
        Ok(issued)
    }

    async fn mark_issued(
        &mut self,
        new: &[NewSigned],
    ) -> Result<BTreeSet<CredentialId>, StoreError> {
        let ids: Vec<CredentialId> = on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "UPDATE credentials SET state = 'issued' \
                 WHERE state = 'reserved' AND (id, attempt) IN (",
            );
            sql.push_values(new, |mut row, new| {
                row.push_bind(new.id).push_bind(new.attempt);
            });
            sql.push(") RETURNING id");
            sql.build_query_scalar().fetch_all(connection).await
        })?;
        Ok(ids.into_iter().collect())
    }

    async fn insert_signed(&mut self, new: &[&NewSigned]) -> Result<(), StoreError> {
        if new.is_empty() {
            return Ok(());
        }
        on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new(
                "INSERT INTO signed_credentials (credential_id, subject_id, awarded_at, \
                 valid_from, valid_until, issued_at, eddsa_key_id, es256_key_id, document, \
                 jwt_eddsa, jwt_es256) ",
            );
            sql.push_values(new, |mut row, NewSigned { id, signed, .. }| {
                row.push_bind(*id).push_bind(&signed.subject_id)
                    .push_bind(signed.awarded_at.map(At)).push_bind(At(signed.valid_from))
                    .push_bind(signed.valid_until.map(At)).push_bind(At(signed.issued_at))
                    .push_bind(signed.eddsa_key_id).push_bind(signed.es256_key_id)
                    .push_bind(&signed.document)
                    .push_bind(&signed.jwt_eddsa).push_bind(&signed.jwt_es256);
            });
            sql.build().execute(connection).await.map(drop)
        })?;
        Ok(())
    }

    /// What was signed; `None` unless the award is issued.
    pub async fn signed(&mut self, id: CredentialId) -> Result<Option<Signed>, StoreError> {
        const SQL: &str = "SELECT subject_id, awarded_at, valid_from, valid_until, issued_at, \
                           eddsa_key_id, es256_key_id, document, jwt_eddsa, jwt_es256 \
                           FROM signed_credentials WHERE credential_id = $1";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }
}
