//! Access tokens: who may call the API, found by their public prefix.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::At;
use super::{StoreError, Tx};
use crate::ids::{IssuerId, TokenId};

/// An access token, without its secret, which is kept nowhere.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct AccessToken {
    /// Its identifier.
    pub id: TokenId,
    /// The token it was given in exchange for.
    pub parent_id: Option<TokenId>,
    /// The one issuer it reaches; `None` is every issuer.
    pub issuer_id: Option<IssuerId>,
    /// The part it is found by.
    pub prefix: String,
    /// The SHA-256 hash of its secret.
    pub hash: Vec<u8>,
    /// What it is called; shown in the audit log.
    pub name: String,
    /// What it may do, separated by spaces.
    pub scopes: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was used last, to the hour.
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, parent_id, issuer_id, prefix, hash, name, scopes, created_at, expires_at, \
             last_used_at, revoked_at FROM access_tokens ",
            $rest
        )
    };
}

impl Tx {
    /// Enters a token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its prefix is taken; [`StoreError::Dangling`] when its issuer or
    /// its parent does not exist.
    pub async fn insert_token(&mut self, new: &AccessToken) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO access_tokens (id, parent_id, issuer_id, prefix, hash, name, \
                           scopes, created_at, expires_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(new.id).bind(new.parent_id).bind(new.issuer_id)
            .bind(&new.prefix).bind(&new.hash).bind(&new.name).bind(&new.scopes)
            .bind(At(new.created_at)).bind(new.expires_at.map(At))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// The token of that prefix, whether it still holds or not.
    pub async fn token_by_prefix(
        &mut self,
        prefix: &str,
    ) -> Result<Option<AccessToken>, StoreError> {
        const SQL: &str = select!("WHERE prefix = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(prefix).fetch_optional(connection).await)?)
    }

    /// A token.
    pub async fn token(&mut self, id: TokenId) -> Result<Option<AccessToken>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// The tokens people made (not those given in exchange), the first first: of one issuer, or all.
    pub async fn tokens(
        &mut self,
        issuer: Option<IssuerId>,
    ) -> Result<Vec<AccessToken>, StoreError> {
        const SQL: &str =
            select!("WHERE parent_id IS NULL AND ($1 IS NULL OR issuer_id = $1) ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// Revokes a token and those given in exchange for it; `false` when it is revoked already.
    pub async fn revoke_token(
        &mut self,
        id: TokenId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE access_tokens SET revoked_at = $2 \
                           WHERE (id = $1 OR parent_id = $1) AND revoked_at IS NULL";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Notes that a token was used.
    pub async fn token_used(&mut self, id: TokenId, at: OffsetDateTime) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE access_tokens SET last_used_at = $2 WHERE id = $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(At(at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Removes tokens given in exchange that ended before an instant.
    pub async fn purge_tokens(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        const SQL: &str =
            "DELETE FROM access_tokens WHERE parent_id IS NOT NULL AND expires_at < $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(At(before))
            .execute(connection).await.map(drop))?;
        Ok(())
    }
}
