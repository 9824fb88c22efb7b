//! The one row about this installation: by which value its master key is recognised.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::At;
use super::{StoreError, Tx};

/// This installation.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Installation {
    /// `Keystore::check_value` of the master key it was made with.
    #[sqlx(try_from = "Vec<u8>")]
    pub key_check: [u8; 32],
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Tx {
    /// The installation; `None` before it was made.
    pub async fn installation(&mut self) -> Result<Option<Installation>, StoreError> {
        const SQL: &str = "SELECT key_check, created_at FROM installation";
        Ok(on_each!(self, connection => sqlx::query_as(SQL).fetch_optional(connection).await)?)
    }

    /// Notes the master key's check value, once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one already.
    pub async fn insert_installation(
        &mut self,
        key_check: [u8; 32],
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO installation (id, key_check, created_at) VALUES (1, $1, $2)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(key_check.to_vec()).bind(At(at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }
}
