//! Organisations that issue.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::At;
use super::{StoreError, Tx};
use crate::ids::IssuerId;

/// An organisation that issues badges.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Issuer {
    /// Its identifier here.
    pub id: IssuerId,
    /// Its short name in addresses and commands, unique.
    pub slug: String,
    /// What credentials name as their issuer: a DID or an https address, unique.
    pub public_id: String,
    /// Its Profile (Open Badges 3.0), as JSON text.
    pub profile: String,
    /// When it was entered.
    pub created_at: OffsetDateTime,
    /// When its profile last changed.
    pub updated_at: OffsetDateTime,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, slug, public_id, profile, created_at, updated_at FROM issuers ",
            $rest
        )
    };
}

impl Tx {
    /// Enters an issuer.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its slug or public identifier is taken.
    pub async fn insert_issuer(&mut self, issuer: &Issuer) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO issuers (id, slug, public_id, profile, created_at, updated_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(issuer.id).bind(&issuer.slug).bind(&issuer.public_id).bind(&issuer.profile)
            .bind(At(issuer.created_at)).bind(At(issuer.updated_at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Replaces an issuer's profile; `false` when there is no such issuer.
    pub async fn update_issuer_profile(
        &mut self,
        id: IssuerId,
        profile: &str,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE issuers SET profile = $2, updated_at = $3 WHERE id = $1";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(profile).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// An issuer.
    pub async fn issuer(&mut self, id: IssuerId) -> Result<Option<Issuer>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// An issuer by its short name.
    pub async fn issuer_by_slug(&mut self, slug: &str) -> Result<Option<Issuer>, StoreError> {
        const SQL: &str = select!("WHERE slug = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(slug).fetch_optional(connection).await)?)
    }

    /// An issuer by the DID or address that credentials name.
    pub async fn issuer_by_public_id(
        &mut self,
        public_id: &str,
    ) -> Result<Option<Issuer>, StoreError> {
        const SQL: &str = select!("WHERE public_id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(public_id).fetch_optional(connection).await)?)
    }

    /// All issuers, in the order they were entered.
    pub async fn issuers(&mut self) -> Result<Vec<Issuer>, StoreError> {
        const SQL: &str = select!("ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL).fetch_all(connection).await)?)
    }

    /// One change of an issuer's keys or profile at a time. SQLite has one writer anyway.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the issuer does not exist.
    pub async fn lock_issuer(&mut self, issuer: IssuerId) -> Result<(), StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => "SELECT 1 FROM issuers WHERE id = $1",
            // NO KEY: rows that name the issuer can still be entered by others.
            Tx::Postgres(_) => "SELECT 1 FROM issuers WHERE id = $1 FOR NO KEY UPDATE",
        };
        on_each!(self, connection => sqlx::query(sql)
            .bind(issuer).fetch_optional(connection).await.map(|row| row.map(drop)))?
        .ok_or_else(|| StoreError::Dangling {
            table: "issuers".into(),
        })
    }
}
