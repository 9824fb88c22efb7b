//! The audit log: who did what, on what, when. Append-only, and without personal data.

use sqlx::{FromRow, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use super::columns::{At, CHUNK};
use super::{StoreError, Tx};
use crate::ids::AuditId;

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AuditEntry {
    /// Where it stands in the log; later is higher.
    pub position: i64,
    /// Its identifier.
    pub id: AuditId,
    /// When.
    pub at: OffsetDateTime,
    /// Who: `cli`, or the name of an access token; never a person's name or address.
    pub actor: String,
    /// What, as in `credential.issue`.
    pub action: String,
    /// What kind of thing it was done to, as in `credential`.
    pub object_kind: String,
    /// Which one, where there is one.
    pub object_id: Option<Uuid>,
}

/// An entry to be appended.
#[derive(Debug, Clone, Copy)]
pub struct NewAuditEntry<'a> {
    /// Its identifier.
    pub id: AuditId,
    /// Now.
    pub at: OffsetDateTime,
    /// Who: `cli`, or the name of an access token; never a person's name or address.
    pub actor: &'a str,
    /// What, as in `credential.issue`.
    pub action: &'a str,
    /// What kind of thing it was done to, as in `credential`.
    pub object_kind: &'a str,
    /// Which one, where there is one.
    pub object_id: Option<Uuid>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT position, id, at, actor, action, object_kind, object_id FROM audit ",
            $rest
        )
    };
}

impl Tx {
    /// Appends entries, in the transaction of what they tell.
    pub async fn append_audit(&mut self, entries: &[NewAuditEntry<'_>]) -> Result<(), StoreError> {
        for chunk in entries.chunks(CHUNK) {
            on_each!(self, connection => {
                let mut sql = QueryBuilder::<Db>::new(
                    "INSERT INTO audit (id, at, actor, action, object_kind, object_id) ",
                );
                sql.push_values(chunk, |mut row, entry| {
                    row.push_bind(entry.id).push_bind(At(entry.at)).push_bind(entry.actor)
                        .push_bind(entry.action).push_bind(entry.object_kind)
                        .push_bind(entry.object_id);
                });
                sql.build().execute(connection).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// At most `limit` entries, the latest first, before a position (for the next page).
    pub async fn audit(
        &mut self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = select!("WHERE position < $1 ORDER BY position DESC LIMIT $2");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit))
            .fetch_all(connection).await)?)
    }

    /// All that was done to one thing, the first first.
    pub async fn audit_of(&mut self, object: Uuid) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = select!("WHERE object_id = $1 ORDER BY position");
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(object).fetch_all(connection).await)?)
    }
}
