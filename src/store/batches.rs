//! Rosters that were imported, and what became of their rows.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::At;
use super::{StoreError, Tx};
use crate::ids::{BatchId, IssuerId};

/// A roster that was imported.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Batch {
    /// Its identifier here.
    pub id: BatchId,
    /// Who issues from it.
    pub issuer_id: IssuerId,
    /// SHA-256 of the file.
    #[sqlx(try_from = "Vec<u8>")]
    pub digest: [u8; 32],
    /// The file's name.
    pub name: String,
    /// When its import began.
    pub started_at: OffsetDateTime,
    /// When it ended; `None` while it runs, or when it was interrupted.
    pub finished_at: Option<OffsetDateTime>,
    /// What became of its rows.
    #[sqlx(flatten)]
    pub counts: BatchCounts,
}

/// How many rows came out in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromRow)]
pub struct BatchCounts {
    /// Issued by this import.
    #[sqlx(try_from = "i64")]
    pub issued: u32,
    /// Issued before.
    #[sqlx(try_from = "i64")]
    pub already_issued: u32,
    /// Not issued: something is to be corrected.
    #[sqlx(try_from = "i64")]
    pub to_correct: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, issuer_id, digest, name, started_at, finished_at, issued, already_issued, \
             to_correct FROM batches ",
            $rest
        )
    };
}

impl Tx {
    /// Enters a roster whose import begins.
    pub async fn insert_batch(
        &mut self,
        id: BatchId,
        issuer: IssuerId,
        digest: [u8; 32],
        name: &str,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO batches (id, issuer_id, digest, name, started_at) \
                           VALUES ($1, $2, $3, $4, $5)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(issuer).bind(digest.to_vec()).bind(name).bind(At(at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Notes that an import has ended, and how; `false` when it is unknown or had ended.
    pub async fn finish_batch(
        &mut self,
        id: BatchId,
        counts: BatchCounts,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE batches SET finished_at = $2, issued = $3, already_issued = $4, \
                           to_correct = $5 WHERE id = $1 AND finished_at IS NULL";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(At(at))
            .bind(i64::from(counts.issued)).bind(i64::from(counts.already_issued))
            .bind(i64::from(counts.to_correct))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// A roster.
    pub async fn batch(&mut self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// An issuer's rosters, the latest first.
    pub async fn batches(&mut self, issuer: IssuerId) -> Result<Vec<Batch>, StoreError> {
        const SQL: &str = select!("WHERE issuer_id = $1 ORDER BY position DESC");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }
}
