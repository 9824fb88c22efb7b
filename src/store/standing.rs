//! Whether a badge still stands: revoked for good, suspended for a while, reinstated.
//!
//! The award's own row and its bits in status lists change together, here and nowhere else.

use std::fmt;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::columns::{At, text_column};
use super::{StatusPurpose, StoreError, Tx};
use crate::ids::{CredentialId, StatusListId};

/// Whether a badge still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Neither revoked nor suspended.
    Good,
    /// Suspended; it may be reinstated.
    Suspended,
    /// Revoked, for good.
    Revoked,
}

text_column!(Standing { Good = "good", Suspended = "suspended", Revoked = "revoked" });

impl Standing {
    pub(super) fn of(revoked: bool, suspended: bool) -> Self {
        match (revoked, suspended) {
            (true, _) => Self::Revoked,
            (false, true) => Self::Suspended,
            (false, false) => Self::Good,
        }
    }
}

/// What became of a badge's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// Withdrawn for good.
    Revoked,
    /// Withdrawn for a while.
    Suspended,
    /// The end of a suspension.
    Reinstated,
}

text_column!(Change { Revoked = "revoked", Suspended = "suspended", Reinstated = "reinstated" });

/// A change of a badge's standing.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct StandingChange {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub change: Change,
    /// Why, as a person wrote it; gone when the badge is erased.
    pub reason: Option<String>,
}

impl fmt::Debug for StandingChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandingChange")
            .field("at", &self.at)
            .field("change", &self.change)
            .finish_non_exhaustive()
    }
}

/// A badge's place in a status list, and what shows there.
#[derive(FromRow)]
struct Shown {
    list_id: StatusListId,
    list_index: i64,
    purpose: StatusPurpose,
    state: bool,
}

impl Tx {
    /// Revokes a badge for good, erased ones included (their holders still have them); `false` when
    /// it was never issued or is revoked already. Its award key stays taken: importing the roster
    /// again must not give it back ([`Tx::free_award_key`] does).
    pub async fn revoke(
        &mut self,
        id: CredentialId,
        reason: &str,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE credentials SET revoked_at = $2 \
                           WHERE id = $1 AND revoked_at IS NULL";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        self.changed(id, changed, Change::Revoked, reason, at).await
    }

    /// Suspends a badge; `false` when it is not issued, or suspended or revoked already.
    pub async fn suspend(
        &mut self,
        id: CredentialId,
        reason: &str,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE credentials SET suspended_at = $2 \
                           WHERE id = $1 AND state = 'issued' \
                           AND suspended_at IS NULL AND revoked_at IS NULL";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(At(at))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        self.changed(id, changed, Change::Suspended, reason, at)
            .await
    }

    /// Ends a suspension; `false` when there is none, or the badge is revoked.
    pub async fn reinstate(
        &mut self,
        id: CredentialId,
        reason: &str,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE credentials SET suspended_at = NULL \
                           WHERE id = $1 AND suspended_at IS NOT NULL AND revoked_at IS NULL";
        let changed = on_each!(self, connection => sqlx::query(SQL)
            .bind(id)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        self.changed(id, changed, Change::Reinstated, reason, at)
            .await
    }

    /// What became of a badge's standing, the first first.
    pub async fn standing_changes(
        &mut self,
        id: CredentialId,
    ) -> Result<Vec<StandingChange>, StoreError> {
        const SQL: &str = "SELECT at, change, reason FROM standing_changes \
                           WHERE credential_id = $1 ORDER BY position";
        Ok(on_each!(self, connection => sqlx::query_as(SQL)
            .bind(id).fetch_all(connection).await)?)
    }

    /// Gives an award's key free, so that the same award can be made again; `false` when it did already,
    /// is erased, or still stands. The key it has from then on is still the recipient's, and nobody else's.
    pub async fn free_award_key(&mut self, id: CredentialId) -> Result<bool, StoreError> {
        let sql = match self {
            Tx::Sqlite(_) => {
                "UPDATE credentials SET award_key = CAST(substr(award_key, 1, 16) || id AS BLOB) \
                 WHERE id = $1 AND revoked_at IS NOT NULL AND substr(award_key, 17) <> id"
            }
            Tx::Postgres(_) => {
                "UPDATE credentials SET award_key = substr(award_key, 1, 16) || uuid_send(id) \
                 WHERE id = $1 AND revoked_at IS NOT NULL AND substr(award_key, 17) <> uuid_send(id)"
            }
        };
        let changed = on_each!(self, connection => sqlx::query(sql)
            .bind(id)
            .execute(connection).await.map(|done| done.rows_affected()))?;
        Ok(changed > 0)
    }

    /// Records a change, where there is one, and shows it.
    async fn changed(
        &mut self,
        id: CredentialId,
        rows: u64,
        change: Change,
        reason: &str,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const WITHDRAWN: &str = "INSERT INTO withdrawn (issuer_id, position, revoked) \
                                 SELECT issuer_id, position, revoked_at IS NOT NULL \
                                 FROM credentials WHERE id = $1 ON CONFLICT (issuer_id, position) \
                                 DO UPDATE SET revoked = excluded.revoked";
        const REINSTATED: &str = "DELETE FROM withdrawn WHERE (issuer_id, position) = \
                                  (SELECT issuer_id, position FROM credentials WHERE id = $1)";
        // A tombstone keeps no free text: it may name somebody.
        const SQL: &str = "INSERT INTO standing_changes (credential_id, at, change, reason) \
                           SELECT id, $2, $3, CASE WHEN state = 'erased' THEN NULL ELSE $4 END \
                           FROM credentials WHERE id = $1";
        if rows == 0 {
            return Ok(false);
        }
        on_each!(self, connection => sqlx::query(SQL)
            .bind(id).bind(At(at)).bind(change).bind(reason)
            .execute(connection).await.map(drop))?;
        let listed = match change {
            Change::Revoked | Change::Suspended => WITHDRAWN,
            Change::Reinstated => REINSTATED,
        };
        on_each!(self, connection => sqlx::query(listed)
            .bind(id).execute(connection).await.map(drop))?;
        self.show_standing(id, at).await?;
        Ok(true)
    }

    /// Brings a credential's bits in line with its row.
    async fn show_standing(
        &mut self,
        id: CredentialId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        const ROW: &str = "SELECT revoked_at IS NOT NULL, suspended_at IS NOT NULL \
                           FROM credentials WHERE id = $1";
        // In the lists' order, so that two transactions never wait for each other.
        const PLACES: &str = "SELECT e.list_id, e.list_index, l.purpose, e.state \
                              FROM status_entries e JOIN status_lists l ON l.id = e.list_id \
                              WHERE e.credential_id = $1 ORDER BY e.list_id";
        const SHOW: &str = "UPDATE status_entries SET state = $3, changed_at = $4 \
                            WHERE list_id = $1 AND list_index = $2";
        const REVISE: &str = "UPDATE status_lists SET revision = revision + 1 WHERE id = $1";
        let (revoked, suspended): (bool, bool) = on_each!(self, connection =>
            sqlx::query_as(ROW).bind(id).fetch_one(connection).await)?;
        let places: Vec<Shown> = on_each!(self, connection =>
            sqlx::query_as(PLACES).bind(id).fetch_all(connection).await)?;
        let alone = places
            .iter()
            .all(|place| place.purpose != StatusPurpose::Suspension);
        for place in places {
            let state = match place.purpose {
                StatusPurpose::Suspension => suspended,
                // The schema of Open Badges 3.0 admits one credentialStatus; a suspension that shows
                // nowhere would be none.
                StatusPurpose::Revocation => revoked || (suspended && alone),
            };
            if state != place.state {
                on_each!(self, connection => sqlx::query(SHOW)
                    .bind(place.list_id).bind(place.list_index).bind(state).bind(At(at))
                    .execute(connection).await.map(drop))?;
                on_each!(self, connection => sqlx::query(REVISE)
                    .bind(place.list_id)
                    .execute(connection).await.map(drop))?;
            }
        }
        Ok(())
    }
}
