//! Where in the order of entry the badges of each day stand, so that what was issued between two dates is
//! looked for only there, however many badges there are.
//!
//! Positions grow as time does, but not exactly: nodes sign at the same time, clocks are set back. What is
//! noted is therefore what was, never what should be: a stretch of positions is looked at when anything in
//! it was issued on one of the days.

use std::collections::BTreeSet;
use std::ops::Range;

use time::OffsetDateTime;

use super::{NewCredential, StoreError, Tx};

/// Positions in a stretch, as migration 0017 counts them too; a badge is found by reading through one or
/// two of them.
const STRETCH: i64 = 4096;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Days since 1970-01-01, UTC.
fn day(at: OffsetDateTime) -> i64 {
    at.unix_timestamp().div_euclid(SECONDS_OF_A_DAY)
}

impl Tx {
    /// Notes where these stand, which were stored in this transaction and in this order.
    pub(super) async fn note_issuing_days(
        &mut self,
        stored: &[&NewCredential],
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO issuing_days (day, stretch) \
             WITH RECURSIVE touched (stretch, last) AS ( \
               SELECT min(position) / $4, max(position) / $4 FROM credentials WHERE id IN ($2, $3) \
               UNION ALL SELECT stretch + 1, last FROM touched WHERE stretch < last) \
             SELECT $1, stretch FROM touched WHERE NOT EXISTS (SELECT 1 FROM issuing_days noted \
               WHERE noted.day = $1 AND noted.stretch = touched.stretch)";
        let (Some(first), Some(last)) = (stored.first(), stored.last()) else {
            return Ok(());
        };
        let days: BTreeSet<_> = stored.iter().map(|new| day(new.signed.issued_at)).collect();
        for day in days {
            on_each!(self, connection => sqlx::query(SQL).bind(day).bind(first.id).bind(last.id)
                .bind(STRETCH).execute(connection).await.map(drop))?;
        }
        Ok(())
    }

    /// The positions between which all stand that were issued at `from` or later, and before `before`;
    /// `None` when nothing was issued on any of these days.
    pub(super) async fn positions_issued(
        &mut self,
        from: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> Result<Option<Range<i64>>, StoreError> {
        const SQL: &str =
            "SELECT min(stretch), max(stretch) FROM issuing_days WHERE day BETWEEN $1 AND $2";
        let (from, before) = (from.map_or(i64::MIN, day), before.map_or(i64::MAX, day));
        let (first, last): (Option<i64>, Option<i64>) = on_each!(self, connection =>
            sqlx::query_as(SQL).bind(from).bind(before).fetch_one(connection).await)?;
        Ok(first.zip(last).map(|(first, last)| {
            let end = last.saturating_add(1).saturating_mul(STRETCH);
            first.saturating_mul(STRETCH)..end
        }))
    }
}
