//! Requests that must not be done twice, and their answers, by token and key.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::At;
use super::{StoreError, Tx};
use crate::ids::TokenId;

/// Which request: whose, and the keyed hash of the key it came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepeatKey {
    /// The lasting token it came with.
    pub token: TokenId,
    /// The keyed hash of its key.
    pub key: [u8; 32],
}

/// A request that came with a key.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Repeatable {
    /// The keyed hash of what was asked.
    #[sqlx(try_from = "Vec<u8>")]
    pub fingerprint: [u8; 32],
    /// Which taking-up of it this is.
    pub attempt: i64,
    /// When it began.
    pub begun_at: OffsetDateTime,
    /// What it was answered; `None` while it is under way.
    #[sqlx(flatten)]
    pub answer: AnswerColumns,
}

/// An answer's columns: all `None` while the request is under way.
#[derive(Clone, Default, PartialEq, Eq, FromRow)]
pub struct AnswerColumns {
    /// The HTTP status code.
    pub status: Option<i64>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Where what was made is.
    pub location: Option<String>,
    /// The body; `None` where it is not told twice.
    pub body: Option<Vec<u8>>,
}

impl fmt::Debug for AnswerColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerColumns")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Tx {
    /// Notes that a request begins; `false` when one with that key is there already.
    ///
    /// # Errors
    /// [`StoreError::Dangling`] when the token does not exist.
    pub async fn begin_repeatable(
        &mut self,
        of: RepeatKey,
        fingerprint: [u8; 32],
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO idempotency (token_id, key, fingerprint, attempt, begun_at) \
                           VALUES ($1, $2, $3, 1, $4) ON CONFLICT (token_id, key) DO NOTHING";
        let made = on_each!(self, connection => sqlx::query(SQL)
            .bind(of.token).bind(of.key.to_vec()).bind(fingerprint.to_vec()).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(made > 0)
    }

    /// A request by its key.
    pub async fn repeatable(&mut self, of: RepeatKey) -> Result<Option<Repeatable>, StoreError> {
        const SQL: &str = "SELECT fingerprint, attempt, begun_at, status, media_type, location, body \
                           FROM idempotency WHERE token_id = $1 AND key = $2";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of.token).bind(of.key.to_vec())
            .fetch_optional(connection).await)?)
    }

    /// Takes up a request that was left under way; `false` when somebody else did, or it was answered.
    pub async fn resume_repeatable(
        &mut self,
        of: RepeatKey,
        attempt: i64,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE idempotency SET attempt = attempt + 1, begun_at = $4 \
                           WHERE token_id = $1 AND key = $2 AND attempt = $3 AND status IS NULL";
        let taken = on_each!(self, connection => sqlx::query(SQL)
            .bind(of.token).bind(of.key.to_vec()).bind(attempt).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(taken > 0)
    }

    /// Keeps the answer; `false` when somebody else has taken the request up meanwhile.
    pub async fn answer_repeatable(
        &mut self,
        of: RepeatKey,
        attempt: i64,
        answer: &AnswerColumns,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE idempotency SET status = $4, media_type = $5, location = $6, \
                           body = $7 WHERE token_id = $1 AND key = $2 AND attempt = $3";
        let kept = on_each!(self, connection => sqlx::query(SQL)
            .bind(of.token).bind(of.key.to_vec()).bind(attempt)
            .bind(answer.status).bind(&answer.media_type).bind(&answer.location).bind(&answer.body)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(kept > 0)
    }

    /// Forgets a request that changed nothing, unless somebody else has taken it up meanwhile.
    pub async fn forget_repeatable(
        &mut self,
        of: RepeatKey,
        attempt: i64,
    ) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM idempotency \
                           WHERE token_id = $1 AND key = $2 AND attempt = $3 AND status IS NULL";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(of.token).bind(of.key.to_vec()).bind(attempt)
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Removes requests that began before an instant.
    pub async fn purge_repeatable(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM idempotency WHERE begun_at < $1";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(At(before))
            .execute(connection).await.map(drop))?;
        Ok(())
    }
}
