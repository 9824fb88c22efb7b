//! The rows of a batch in parts, each issued as a whole by whoever holds it.
//!
//! A part is held for a time; who lets it go by without completing it (a crash, a stall) loses it to
//! whoever takes it up next. What comes of a part is stored together with its badges, once.

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;

use super::columns::At;
use super::{StoreError, Tx};
use crate::ids::BatchId;

/// Rows of a batch to be entered.
#[derive(Debug, Clone)]
pub struct NewPart {
    /// Its number in the batch, from 0.
    pub number: i64,
    /// The number of its first row in the file.
    pub first_row: u32,
    /// How many rows it has.
    pub row_count: u32,
    /// The rows, packed.
    pub rows: Vec<u8>,
}

/// A part that is held.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HeldPart {
    /// Its number in the batch.
    pub number: i64,
    /// Which taking-up of it this is; completing needs it.
    pub attempt: i64,
    /// How many rows it has.
    #[sqlx(try_from = "i64")]
    pub row_count: u32,
    /// The rows, packed.
    pub rows: Vec<u8>,
}

impl HeldPart {
    /// By whom it is held, without its rows.
    #[must_use]
    pub fn without_rows(&self) -> Self {
        Self {
            rows: Vec::new(),
            ..*self
        }
    }
}

/// A part, as it is read.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Part {
    /// Its number in the batch.
    pub number: i64,
    /// The rows, packed.
    pub rows: Vec<u8>,
    /// What became of them, packed; `None` while nothing has.
    pub report: Option<Vec<u8>>,
}

/// How many rows came out in which way, and how many badges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct PartCounts {
    /// Badges issued now (in a dry run: that would be).
    pub issued: i64,
    /// Badges that were issued before.
    pub already_issued: i64,
    /// Rows with a badge that was issued now, or counted with one.
    pub rows_issued: i64,
    /// Rows all of whose badges were issued before.
    pub rows_already: i64,
    /// Rows with something to correct.
    pub rows_to_correct: i64,
    /// Rows that lead to no badge though nothing in them is wrong.
    pub rows_set_aside: i64,
    /// Rows with a badge that breaks a rule.
    pub rows_refused: i64,
}

/// How far the parts of a batch have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Progress {
    /// How many parts there are.
    pub parts: i64,
    /// How many of them are done.
    pub parts_done: i64,
    /// How many rows there are.
    pub rows: i64,
    /// How many of them are dealt with.
    pub rows_done: i64,
    /// How those came out.
    #[sqlx(flatten)]
    pub counts: PartCounts,
}

/// Which rows to read: of parts with at least one such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsThat {
    /// All, dealt with or not.
    Are,
    /// Issued.
    WereIssued,
    /// Issued before.
    WereIssuedBefore,
    /// To be corrected.
    NeedCorrection,
    /// Set aside.
    WereSetAside,
    /// Refused.
    WereRefused,
    /// Not dealt with yet.
    Wait,
}

/// Rows that are forgotten.
const NOTHING: &[u8] = &[];

impl Tx {
    /// Enters a part.
    pub async fn insert_part(&mut self, of: BatchId, new: &NewPart) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO batch_parts (batch_id, number, first_row, row_count, rows) \
                           VALUES ($1, $2, $3, $4, $5)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(new.number).bind(i64::from(new.first_row))
            .bind(i64::from(new.row_count)).bind(&new.rows)
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// How many parts nobody holds.
    pub async fn waiting_parts(
        &mut self,
        of: BatchId,
        now: OffsetDateTime,
    ) -> Result<u32, StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => {
                "SELECT count(*) FROM batch_parts WHERE batch_id = $1 AND done = 0 \
                 AND (held_until IS NULL OR held_until < $2)"
            }
            Tx::Postgres(_) => {
                "SELECT count(*) FROM batch_parts WHERE batch_id = $1 AND NOT done \
                 AND (held_until IS NULL OR held_until < $2)"
            }
        };
        let count: i64 = on_each!(self, connection => sqlx::query_scalar(sql)
            .bind(of).bind(At(now)).fetch_one(connection).await)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Takes up to `limit` parts that nobody holds, and holds them until an instant.
    pub async fn hold_parts(
        &mut self,
        of: BatchId,
        limit: u32,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Vec<HeldPart>, StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => {
                "UPDATE batch_parts SET held_until = $3, attempt = attempt + 1 \
                 WHERE batch_id = $1 AND number IN (SELECT number FROM batch_parts \
                 WHERE batch_id = $1 AND done = 0 AND (held_until IS NULL OR held_until < $2) \
                 ORDER BY number LIMIT $4) RETURNING number, attempt, row_count, rows"
            }
            // Whoever else takes parts at this moment takes others. Materialized: as a subquery it may be asked
            // again for each row, and skip those that it locked itself before, past any limit.
            Tx::Postgres(_) => {
                "WITH free AS MATERIALIZED (SELECT number FROM batch_parts \
                 WHERE batch_id = $1 AND NOT done AND (held_until IS NULL OR held_until < $2) \
                 ORDER BY number LIMIT $4 FOR UPDATE SKIP LOCKED) \
                 UPDATE batch_parts SET held_until = $3, attempt = attempt + 1 \
                 WHERE batch_id = $1 AND number IN (SELECT number FROM free) \
                 RETURNING number, attempt, row_count, rows"
            }
        };
        Ok(on_each!(self, connection => sqlx::query_as(sql)
            .bind(of).bind(At(now)).bind(At(until)).bind(i64::from(limit))
            .fetch_all(connection).await)?)
    }

    /// Holds parts until another instant, or (`None`) lets them go, so that others take them up at once.
    pub async fn hold_until(
        &mut self,
        of: BatchId,
        held: &[HeldPart],
        until: Option<OffsetDateTime>,
    ) -> Result<(), StoreError> {
        if held.is_empty() {
            return Ok(());
        }
        // Whoever has a part locked completes it or lets it go: waiting for them, while they wait for another
        // of these parts, would stop both.
        let unlocked = match self {
            Tx::Sqlite(_) => "",
            Tx::Postgres(_) => " FOR NO KEY UPDATE SKIP LOCKED",
        };
        on_each!(self, connection => {
            let mut sql = QueryBuilder::<Db>::new("UPDATE batch_parts SET held_until = ");
            sql.push_bind(until.map(At)).push(" WHERE batch_id = ").push_bind(of)
                .push(" AND number IN (SELECT number FROM batch_parts WHERE report IS NULL \
                       AND batch_id = ").push_bind(of).push(" AND (number, attempt) IN (");
            sql.push_values(held, |mut row, part| {
                row.push_bind(part.number).push_bind(part.attempt);
            });
            sql.push(")").push(unlocked).push(")");
            sql.build().execute(connection).await.map(drop)
        })?;
        Ok(())
    }

    /// Notes what came of a part; `false` when somebody else took it up, or the batch is cancelled:
    /// nothing of this transaction may be kept then.
    pub async fn complete_part(
        &mut self,
        of: BatchId,
        part: &HeldPart,
        counts: &PartCounts,
        report: &[u8],
    ) -> Result<bool, StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => {
                "UPDATE batch_parts SET done = 1, held_until = NULL, issued = $4, \
                 already_issued = $5, rows_issued = $6, rows_already = $7, rows_to_correct = $8, \
                 rows_set_aside = $9, rows_refused = $10, report = $11 \
                 WHERE batch_id = $1 AND number = $2 AND attempt = $3 AND done = 0 AND length(rows) > 0 \
                 AND EXISTS (SELECT 1 FROM batches WHERE id = $1 AND state <> 'cancelled')"
            }
            // Whoever cancels the batch waits until this is kept, and then finds its badges.
            Tx::Postgres(_) => {
                "UPDATE batch_parts SET done = TRUE, held_until = NULL, issued = $4, \
                 already_issued = $5, rows_issued = $6, rows_already = $7, rows_to_correct = $8, \
                 rows_set_aside = $9, rows_refused = $10, report = $11 \
                 WHERE batch_id = $1 AND number = $2 AND attempt = $3 AND NOT done AND length(rows) > 0 \
                 AND EXISTS (SELECT 1 FROM batches WHERE id = $1 AND state <> 'cancelled' FOR SHARE)"
            }
        };
        let changed = on_each!(self, connection => sqlx::query(sql)
            .bind(of).bind(part.number).bind(part.attempt)
            .bind(counts.issued).bind(counts.already_issued)
            .bind(counts.rows_issued).bind(counts.rows_already)
            .bind(counts.rows_to_correct).bind(counts.rows_set_aside).bind(counts.rows_refused)
            .bind(report)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// How far the parts of a batch have come.
    pub async fn progress(&mut self, of: BatchId) -> Result<Progress, StoreError> {
        const SQL: &str = "SELECT count(*) AS parts, \
            count(report) AS parts_done, \
            CAST(coalesce(sum(row_count), 0) AS BIGINT) AS rows, \
            CAST(coalesce(sum(CASE WHEN report IS NULL THEN 0 ELSE row_count END), 0) AS BIGINT) \
                AS rows_done, \
            CAST(coalesce(sum(issued), 0) AS BIGINT) AS issued, \
            CAST(coalesce(sum(already_issued), 0) AS BIGINT) AS already_issued, \
            CAST(coalesce(sum(rows_issued), 0) AS BIGINT) AS rows_issued, \
            CAST(coalesce(sum(rows_already), 0) AS BIGINT) AS rows_already, \
            CAST(coalesce(sum(rows_to_correct), 0) AS BIGINT) AS rows_to_correct, \
            CAST(coalesce(sum(rows_set_aside), 0) AS BIGINT) AS rows_set_aside, \
            CAST(coalesce(sum(rows_refused), 0) AS BIGINT) AS rows_refused \
            FROM batch_parts WHERE batch_id = $1";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).fetch_one(connection).await)?)
    }

    /// Whether a batch has parts that are not done.
    pub async fn has_open_parts(&mut self, of: BatchId) -> Result<bool, StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => {
                "SELECT EXISTS (SELECT 1 FROM batch_parts WHERE batch_id = $1 AND done = 0)"
            }
            Tx::Postgres(_) => {
                "SELECT EXISTS (SELECT 1 FROM batch_parts WHERE batch_id = $1 AND NOT done)"
            }
        };
        Ok(on_each!(self, connection => sqlx::query_scalar(sql)
            .bind(of).fetch_one(connection).await)?)
    }

    /// The part at a number or after it that holds such rows.
    pub async fn part_from(
        &mut self,
        of: BatchId,
        number: i64,
        that: RowsThat,
    ) -> Result<Option<Part>, StoreError> {
        macro_rules! select {
            ($that:literal) => {
                concat!(
                    "SELECT number, rows, report FROM batch_parts \
                     WHERE batch_id = $1 AND number >= $2 AND length(rows) > 0 AND ",
                    $that,
                    " ORDER BY number LIMIT 1"
                )
            };
        }
        let sql = match that {
            RowsThat::Are => select!("row_count > 0"),
            RowsThat::WereIssued => select!("rows_issued > 0"),
            RowsThat::WereIssuedBefore => select!("rows_already > 0"),
            RowsThat::NeedCorrection => select!("rows_to_correct > 0"),
            RowsThat::WereSetAside => select!("rows_set_aside > 0"),
            RowsThat::WereRefused => select!("rows_refused > 0"),
            RowsThat::Wait => select!("report IS NULL"),
        };
        Ok(on_each!(self, connection => sqlx::query_as(sql)
            .bind(of).bind(number).fetch_optional(connection).await)?)
    }

    /// The part that holds a row of the file.
    pub async fn part_with(&mut self, of: BatchId, row: u32) -> Result<Option<Part>, StoreError> {
        const SQL: &str = "SELECT number, rows, report FROM batch_parts \
                           WHERE batch_id = $1 AND first_row <= $2 AND length(rows) > 0 \
                           ORDER BY number DESC LIMIT 1";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(of).bind(i64::from(row)).fetch_optional(connection).await)?)
    }

    /// Writes rows and report of a part anew, after something of it was erased.
    pub async fn rewrite_part(&mut self, of: BatchId, part: &Part) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE batch_parts SET rows = $3, report = $4 \
                           WHERE batch_id = $1 AND number = $2";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(part.number).bind(&part.rows).bind(&part.report)
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Forgets the rows of a batch and what became of each; how many there were of which kind stays, and so
    /// do its badges.
    pub async fn forget_parts(&mut self, of: BatchId) -> Result<u64, StoreError> {
        const SQL: &str = "UPDATE batch_parts SET rows = $2, \
                           report = CASE WHEN report IS NULL THEN NULL ELSE $2 END \
                           WHERE batch_id = $1 AND length(rows) > 0";
        Ok(on_each!(self, connection => sqlx::query(SQL)
            .bind(of).bind(NOTHING)
            .execute(connection).await.map(|done| done.rows_affected()))?)
    }
}
