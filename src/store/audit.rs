//! The audit log: who did what, on what, when. Append-only, and without personal data.
//!
//! Its entries are a chain. The hashes come from `services`, which has the key; here they are kept,
//! and the head is held so that one appends after the other, on however many nodes.

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{At, CHUNK};
use super::{StoreError, Tx};
use crate::ids::AuditId;

/// An entry of the audit log. All of it is hashed: a member added here belongs there too.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AuditEntry {
    /// Where it stands in the log: 1, 2, 3 … without gaps.
    pub number: i64,
    /// Its identifier.
    pub id: AuditId,
    /// When, to the microsecond.
    pub at: OffsetDateTime,
    /// Who: `cli`, or an access token; never a person's name or address.
    pub actor: String,
    /// What, as in `credential.issue`.
    pub action: String,
    /// What kind of thing it was done to, as in `credential`.
    pub object_kind: String,
    /// Which one, where there is one.
    pub object_id: Option<Uuid>,
    /// The request it came with, as the server's log names it.
    pub request: Option<String>,
    /// The keyed hash of all this and of the hash before it.
    #[sqlx(try_from = "Vec<u8>")]
    pub hash: [u8; 32],
}

/// Where the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct AuditHead {
    /// The number of the last entry; 0 before the first.
    pub number: i64,
    /// Its hash.
    #[sqlx(try_from = "Vec<u8>")]
    pub hash: [u8; 32],
    /// The keyed hash of these two: without the key nobody can say that the log ends earlier.
    #[sqlx(try_from = "Vec<u8>")]
    pub seal: [u8; 32],
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT number, id, at, actor, action, object_kind, object_id, request, hash FROM audit ",
            $rest
        )
    };
}

impl Tx {
    /// Begins the log.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is begun already.
    pub async fn insert_audit_head(&mut self, head: &AuditHead) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO audit_head (id, number, hash, seal) VALUES (1, $1, $2, $3)";
        on_each!(self, connection => sqlx::query(SQL)
            .bind(head.number).bind(head.hash.to_vec()).bind(head.seal.to_vec())
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// Where the log ends; `None` when it was never begun, or when somebody took it away.
    pub async fn audit_head(&mut self) -> Result<Option<AuditHead>, StoreError> {
        const SQL: &str = "SELECT number, hash, seal FROM audit_head";
        Ok(on_each!(self, connection => sqlx::query_as(SQL).fetch_optional(connection).await)?)
    }

    /// The same, held until this transaction ends: nobody else appends meanwhile. Hold it last: two
    /// that hold a row each and want the other's would wait for each other.
    pub async fn hold_audit_head(&mut self) -> Result<Option<AuditHead>, StoreError> {
        const SQL: &str = "UPDATE audit_head SET id = id RETURNING number, hash, seal";
        Ok(on_each!(self, connection => sqlx::query_as(SQL).fetch_optional(connection).await)?)
    }

    /// Appends entries after the head that is held, in the transaction of what they tell; `head` is
    /// the last of them.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the head was not held, and somebody else appended.
    pub async fn append_audit(
        &mut self,
        entries: &[AuditEntry],
        head: &AuditHead,
    ) -> Result<(), StoreError> {
        const MOVE: &str = "UPDATE audit_head SET number = $1, hash = $2, seal = $3";
        for chunk in entries.chunks(CHUNK) {
            on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "INSERT INTO audit \
                     (number, id, at, actor, action, object_kind, object_id, request, hash) ",
                );
                sql.push_values(chunk, |mut row, entry| {
                    row.push_bind(entry.number).push_bind(entry.id).push_bind(At(entry.at))
                        .push_bind(&entry.actor).push_bind(&entry.action)
                        .push_bind(&entry.object_kind).push_bind(entry.object_id)
                        .push_bind(&entry.request).push_bind(entry.hash.to_vec());
                });
                sql.build().execute(connection).await.map(drop)
            })?;
        }
        on_each!(self, connection => sqlx::query(MOVE)
            .bind(head.number).bind(head.hash.to_vec()).bind(head.seal.to_vec())
            .execute(connection).await.map(drop))?;
        Ok(())
    }

    /// At most `limit` entries, the latest first, before a number (for the next page).
    pub async fn audit(
        &mut self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = select!("WHERE number < $1 ORDER BY number DESC LIMIT $2");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit))
            .fetch_all(connection).await)?)
    }

    /// At most `limit` entries, the first first, after a number (for the next page).
    pub async fn audit_after(
        &mut self,
        number: i64,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = select!("WHERE number > $1 ORDER BY number LIMIT $2");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(number).bind(i64::from(limit))
            .fetch_all(connection).await)?)
    }

    /// All that was done to one thing, the first first.
    pub async fn audit_of(&mut self, object: Uuid) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = select!("WHERE object_id = $1 ORDER BY number");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(object).fetch_all(connection).await)?)
    }
}
