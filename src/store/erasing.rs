//! Erasing: the personal data goes, and that an award was made stays.
//!
//! Erasing is not revoking: the holder's own copy still verifies, and its places in status lists
//! stay taken, so that it can still be revoked.

use time::{OffsetDateTime, Time};

use super::columns::At;
use super::{StoreError, Tx};
use crate::ids::CredentialId;

impl Tx {
    /// Erases an award: recipient, signed bytes, award key, activity,
    /// reasons, what its holder decided and asks for. What stays is the identifier, the badge class, the month, the standing and the places in status lists.
    /// `false` when it does not exist or is erased already.
    pub async fn erase(
        &mut self,
        id: CredentialId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const ERASE: &str = "UPDATE credentials SET state = 'erased', erased_at = $2, \
                             reserved_at = $3, award_key = NULL, batch_id = NULL, \
                             activity = NULL, activity_folded = NULL \
                             WHERE id = $1 AND state <> 'erased'";
        const FORGET_REASONS: &str =
            "UPDATE standing_changes SET reason = NULL WHERE credential_id = $1";
        const FORGET: &str = "DELETE FROM signed_credentials WHERE credential_id = $1";
        const FORGET_JWTS: &str = "DELETE FROM credential_jwts WHERE credential_id = $1";
        let Some(credential) = self.credential(id).await? else {
            return Ok(false);
        };
        let changed = on_each!(self, connection => sqlx::query(ERASE)
            .bind(id).bind(At(at)).bind(At(month(credential.reserved_at)))
            .execute(connection).await.map(|done| done.rows_affected()))?;
        if changed == 0 {
            return Ok(false);
        }
        on_each!(self, connection => sqlx::query(FORGET)
            .bind(id).execute(connection).await.map(drop))?;
        on_each!(self, connection => sqlx::query(FORGET_JWTS)
            .bind(id).execute(connection).await.map(drop))?;
        on_each!(self, connection => sqlx::query(FORGET_REASONS)
            .bind(id).execute(connection).await.map(drop))?;
        self.delete_recipient(id).await?;
        self.delete_holder(id).await?;
        Ok(true)
    }
}

fn month(instant: OffsetDateTime) -> OffsetDateTime {
    instant
        .replace_day(1)
        .unwrap_or(instant)
        .replace_time(Time::MIDNIGHT)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn of_an_instant_the_month_stays() {
        assert_eq!(
            month(datetime!(2026-11-23 10:20:30 UTC)),
            datetime!(2026-11-01 00:00 UTC)
        );
    }
}
