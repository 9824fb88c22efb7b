//! Rosters on their way: what was asked for, and how far each has come. Their rows are in
//! [`super::batch_parts`].

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::{StoreError, Tx};
use crate::ids::{BatchId, CredentialId, IssuerId};

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchState {
    /// Its rows are being read; nothing is issued yet.
    Receiving,
    /// Its rows are being issued.
    Running,
    /// Somebody had it wait.
    Paused,
    /// Somebody ended it before its end; what was issued stays.
    Cancelled,
    /// Every row was dealt with.
    Done,
}

text_column!(BatchState {
    Receiving = "receiving",
    Running = "running",
    Paused = "paused",
    Cancelled = "cancelled",
    Done = "done",
});

/// A roster on its way.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Batch {
    /// Where it stands in the order of entry; the cursor of a listing.
    pub position: i64,
    /// Its identifier here.
    pub id: BatchId,
    /// Who issues from it.
    pub issuer_id: IssuerId,
    /// SHA-256 of the file.
    #[sqlx(try_from = "Vec<u8>")]
    pub digest: [u8; 32],
    /// The file's name.
    pub name: String,
    /// How far it has come.
    pub state: BatchState,
    /// Whether it only tells what would happen.
    pub dry_run: bool,
    /// What is to be made of its rows, as `services` writes it.
    pub asked: Option<String>,
    /// How its rows are understood, as `services` writes it.
    pub reading: Option<String>,
    /// Who asked for it, and in which request, as the audit log names them.
    pub actor: Option<String>,
    /// That request.
    pub request: Option<String>,
    /// Why it waits though nobody had it wait.
    pub trouble: Option<String>,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it ended; `None` while it has not.
    pub finished_at: Option<OffsetDateTime>,
}

/// A roster to be entered.
#[derive(Debug, Clone)]
pub struct NewBatch<'a> {
    /// Its identifier here.
    pub id: BatchId,
    /// Who issues from it.
    pub issuer: IssuerId,
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// The file's name.
    pub name: &'a str,
    /// Whether it only tells what would happen.
    pub dry_run: bool,
    /// What is to be made of its rows.
    pub asked: &'a str,
    /// Who asks for it.
    pub actor: &'a str,
    /// In which request.
    pub request: Option<&'a str>,
    /// Now.
    pub at: OffsetDateTime,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT position, id, issuer_id, digest, name, state, dry_run, asked, reading, actor, \
             request, trouble, started_at, finished_at FROM batches ",
            $rest
        )
    };
}

impl Tx {
    /// Enters a roster whose rows are being read.
    pub async fn insert_batch(&mut self, new: &NewBatch<'_>) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO batches (id, issuer_id, digest, name, state, dry_run, asked, \
                           actor, request, started_at) \
                           VALUES ($1, $2, $3, $4, 'receiving', $5, $6, $7, $8, $9)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(new.id).bind(new.issuer).bind(new.digest.as_slice()).bind(new.name)
            .bind(new.dry_run).bind(new.asked).bind(new.actor).bind(new.request).bind(At(new.at))
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Has the rows of a batch issued, now that they are all there; `false` when it is not being received.
    pub async fn start_batch(&mut self, id: BatchId, reading: &str) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE batches SET state = 'running', reading = $2 \
                           WHERE id = $1 AND state = 'receiving'";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(reading)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Brings a batch from one state to another; `false` when it is in none of the states it can come
    /// from.
    pub async fn move_batch(
        &mut self,
        id: BatchId,
        from: &[BatchState],
        to: BatchState,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE batches SET state = $3, trouble = NULL, finished_at = \
                           CASE WHEN $3 IN ('done', 'cancelled') THEN $4 ELSE finished_at END \
                           WHERE id = $1 AND state = $2";
        for state in from {
            let changed = on_each!(self, connection => sqlx::query(SQL)
                .bind(id).bind(*state).bind(to).bind(At(at))
                .execute(connection).await.map(|done| done.rows_affected()))?;
            if changed > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes why a batch that runs does not get on, or (`None`) that it does again.
    pub async fn trouble_batch(
        &mut self,
        id: BatchId,
        trouble: Option<&str>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE batches SET trouble = $2 \
                           WHERE id = $1 AND coalesce(trouble, '') <> coalesce($2, '')";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(trouble).execute(connection).await.map(drop))?;
        Ok(())
    }

    /// A batch.
    pub async fn batch(&mut self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        const SQL: &str = select!("WHERE id = $1");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_optional(connection).await)?)
    }

    /// At most `limit` batches of an issuer, or of all, the latest first, before a position.
    pub async fn batches(
        &mut self,
        issuer: Option<IssuerId>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Batch>, StoreError> {
        const SQL: &str = select!(
            "WHERE position < $1 AND ($2 IS NULL OR issuer_id = $2) ORDER BY position DESC LIMIT $3"
        );
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(before.unwrap_or(i64::MAX)).bind(issuer).bind(i64::from(limit))
            .fetch_all(connection).await)?)
    }

    /// The batches in that state, the first first.
    pub async fn batches_in(&mut self, state: BatchState) -> Result<Vec<Batch>, StoreError> {
        const SQL: &str = select!("WHERE state = $1 ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(state).fetch_all(connection).await)?)
    }

    /// Batches that ended before an instant and whose rows are still there.
    pub async fn batches_to_forget(
        &mut self,
        before: OffsetDateTime,
    ) -> Result<Vec<BatchId>, StoreError> {
        const SQL: &str = "SELECT id FROM batches WHERE finished_at < $1 AND EXISTS \
                           (SELECT 1 FROM batch_parts WHERE batch_id = batches.id AND length(rows) > 0) \
                           ORDER BY position";
        Ok(on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(At(before)).fetch_all(connection).await)?)
    }

    /// The batches of an issuer whose rows are still there.
    pub async fn batches_with_rows(
        &mut self,
        issuer: IssuerId,
    ) -> Result<Vec<BatchId>, StoreError> {
        const SQL: &str = "SELECT id FROM batches WHERE issuer_id = $1 AND EXISTS \
                           (SELECT 1 FROM batch_parts WHERE batch_id = batches.id AND length(rows) > 0) \
                           ORDER BY position";
        Ok(on_each!(self, connection => sqlx::query_scalar(SQL)
            .bind(issuer).fetch_all(connection).await)?)
    }

    /// At most `limit` badges of a batch, the first first, after a position: each with its position.
    pub async fn badges_of_batch(
        &mut self,
        id: BatchId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, CredentialId)>, StoreError> {
        const SQL: &str = "SELECT position, id FROM credentials \
                           WHERE batch_id = $1 AND position > $2 ORDER BY position LIMIT $3";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).bind(after).bind(i64::from(limit))
            .fetch_all(connection).await)?)
    }
}
